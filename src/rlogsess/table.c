/* Tables; see table.h. */
#include "rlogsess/table.h"

#include <string.h>

#include <skalibs/uint64.h>

#include "rlogsess/line_time.h"
#include "rlogsess/log_text.h"

static void pad(struct output *o, int n)
{
	while (n-- > 0)
		output_bytes(o, " ", 1);
}

void table_field(struct table_row *r, const char *text, size_t len)
{
	int width = r->column[r->next].width, used;

	if (r->next++)
		output_bytes(r->out, r->wide ? " " : "\t", 1);
	if (!len) {
		text = "-";
		len = 1;
	}
	if (r->wide && width < 0)
		pad(r->out, -width - (int)len);
	used = (int)log_text_field(r->out, text, len);
	if (r->wide)
		pad(r->out, width - used);
}

void table_string(struct table_row *r, const char *text)
{
	table_field(r, text, strlen(text));
}

void table_number(struct table_row *r, uint64_t n)
{
	char text[UINT64_FMT];

	table_field(r, text, uint64_fmt(text, n));
}

void table_time(struct table_row *r, int64_t time)
{
	char text[LINE_TIME_TEXT];

	table_field(r, text, line_time_format_local(text, time));
}

void table_seconds(struct table_row *r, int64_t time, int64_t end)
{
	char text[LINE_TIME_TEXT];

	if (time == LINE_TIME_NONE || end == LINE_TIME_NONE)
		table_field(r, "", 0);
	else
		table_field(r, text,
			    line_time_format_seconds(text, end - time));
}

void table_end(struct table_row *r)
{
	output_bytes(r->out, "\n", 1);
}

void table_head(struct output *o, const struct table_column *column, int n)
{
	struct table_row r = {o, column, true, 0};

	while (r.next < n)
		table_string(&r, column[r.next].name);
	table_end(&r);
}
