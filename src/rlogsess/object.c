/* Objects in JSON; see object.h. */
#include "rlogsess/object.h"

#include <string.h>

#include "base/json.h"
#include "rlogsess/line_time.h"

void object_begin(struct out *o, const char *name, uint64_t number)
{
	out_string(o, "{\"");
	out_string(o, name);
	out_string(o, "\":");
	out_number(o, number);
}

void object_key(struct out *o, const char *name)
{
	out_string(o, ",\"");
	out_string(o, name);
	out_string(o, "\":");
}

void object_number(struct out *o, const char *name, uint64_t number)
{
	object_key(o, name);
	out_number(o, number);
}

void object_text(struct out *o, const char *name, const char *text, size_t len)
{
	if (!len)
		return;
	out_string(o, ",\"");
	out_string(o, name);
	out_string(o, json_is_text(text, len) ? "\":" : "_base64\":");
	out_json_string(o, text, len);
}

void object_string(struct out *o, const char *name, const char *text)
{
	object_text(o, name, text, strlen(text));
}

void object_time(struct out *o, const char *name, int64_t time)
{
	char text[LINE_TIME_TEXT];

	if (time != LINE_TIME_NONE)
		object_text(o, name, text, line_time_format_utc(text, time));
}

void object_seconds(struct out *o, const char *name, int64_t time, int64_t end)
{
	char text[LINE_TIME_TEXT];

	if (time == LINE_TIME_NONE || end == LINE_TIME_NONE)
		return;
	object_key(o, name);
	out_bytes(o, text, line_time_format_seconds(text, end - time));
}

void object_names(struct out *o, const char *name, const char *names)
{
	size_t n;

	object_key(o, name);
	out_string(o, "[");
	for (; *names; names += n) {
		n = strcspn(names, ",");
		out_json(o, names, n);
		if (names[n]) {
			out_string(o, ",");
			n++;
		}
	}
	out_string(o, "]");
}

struct array {
	struct out *out;
	const char *comma;
	void (*put)(struct out *out, const char *text, size_t len);
};

static void give(void *ctx, const char *line, size_t len)
{
	struct array *a = ctx;

	out_string(a->out, a->comma);
	a->put(a->out, line, len);
	a->comma = ",";
}

static int array(struct array *a, const char *name,
		 struct line_spool_store *store, const struct line_spool *held)
{
	object_key(a->out, name);
	out_string(a->out, "[");
	if (line_spool_each_line(store, held, give, a) < 0)
		return -1;
	out_string(a->out, "]");
	return 0;
}

int object_lines(struct out *o, const char *name,
		 struct line_spool_store *store, const struct line_spool *lines)
{
	struct array a = {o, "", out_json};

	return array(&a, name, store, lines);
}

int object_values(struct out *o, const char *name,
		  struct line_spool_store *store,
		  const struct line_spool *values)
{
	struct array a = {o, "", out_bytes};

	return array(&a, name, store, values);
}

void object_end(struct out *o)
{
	out_string(o, "}\n");
}
