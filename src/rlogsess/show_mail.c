/* Messages as text, flat and as a table of deliveries; see show_mail.h. */
#include "show_mail.h"

#include <stdio.h>
#include <string.h>

#include "table.h"

static const struct {
	enum mail_mark mark;
	const char *name, *text;
} marks[] = {
    {MAIL_NO_START, "no-start", "its beginning is not in this log"},
    {MAIL_OPEN, "open", "it is still in the queue where this log ends"},
    {MAIL_NO_END, "no-end", "its number was used again"},
    {MAIL_QUIET, "quiet", "nothing more was said for the quiet time"},
    {MAIL_CROWDED, "crowded", "too many messages were open to wait for it"},
};

enum { MARKS = sizeof marks / sizeof *marks };

size_t show_mail_marks(char text[SHOW_MAIL_MARKS], const struct mail *m)
{
	size_t n = 0;

	*text = 0;
	for (int i = 0; i < MARKS; i++)
		if (m->marks & marks[i].mark)
			n += (size_t)snprintf(text + n, SHOW_MAIL_MARKS - n,
					      "%s%s", n ? "," : "",
					      marks[i].name);
	return n;
}

const char *show_mail_outcome(enum mail_outcome outcome)
{
	static const char *const names[] = {"success", "deferral", "failure",
					    "unknown"};

	return names[outcome];
}

static int give_log(void *ctx, const char *lines, size_t len)
{
	struct out *o = ctx;

	out_log(o, lines, len);
	return 0;
}

static void remark(struct out *o, const struct mail *m, const char *text)
{
	out_string(o, "rlogsess: message ");
	out_number(o, m->group.key);
	out_string(o, ": ");
	out_string(o, text);
	out_string(o, "\n");
}

int show_mail_text(struct out *o, struct held_store *store,
		   const struct mail *m)
{
	if (held_each(store, &m->group.held, give_log, o) < 0)
		return -1;
	if (m->group.held.left_out)
		remark(o, m, "more lines are left out");
	for (int i = 0; i < MARKS; i++)
		if (m->marks & marks[i].mark)
			remark(o, m, marks[i].text);
	out_string(o, "\n");
	return 0;
}

void show_mail_flat(struct out *o, const struct mail *m, const char *text,
		    size_t len)
{
	out_number(o, m->group.number);
	out_string(o, " ");
	if (*m->from)
		out_field(o, m->from, strlen(m->from));
	else
		out_string(o, "-");
	out_string(o, " ");
	out_log(o, text, len);
	out_string(o, "\n");
}

struct flat {
	struct out *out;
	const struct mail *mail;
};

static int give_flat(void *ctx, const char *lines, size_t len)
{
	struct flat *f = ctx;
	const char *newline;
	size_t n;

	for (; len; lines += n + 1, len -= n + 1) {
		newline = memchr(lines, '\n', len);
		n = (size_t)(newline - lines);
		show_mail_flat(f->out, f->mail, lines, n);
	}
	return 0;
}

int show_mail_flat_all(struct out *o, struct held_store *store,
		       const struct mail *m)
{
	struct flat f = {o, m};

	return held_each(store, &m->group.held, give_flat, &f);
}

static const struct table_column column[] = {
    {"start", 26},  {"seconds", -9}, {"age", -9},    {"message", -10},
    {"from", 24},   {"size", -9},    {"channel", 7}, {"recipient", 24},
    {"outcome", 8}, {"text", 0},
};

void show_mail_table_head(struct out *o)
{
	table_head(o, column, sizeof column / sizeof *column);
}

void show_mail_table(struct out *o, const struct mail_result *r, bool wide)
{
	static const struct mail no_mail;
	static const struct mail_delivery no_delivery;
	const struct mail *m = r->mail ? r->mail : &no_mail;
	const struct mail_delivery *d =
	    r->delivery ? r->delivery : &no_delivery;
	int64_t begin = r->delivery ? d->group.first : STAMP_NONE;
	struct table_row row = {o, column, wide, 0};

	table_time(&row, begin);
	table_seconds(&row, begin, r->time);
	table_seconds(&row, m->started ? m->group.first : STAMP_NONE, r->time);
	if (r->mail)
		table_number(&row, m->group.key);
	else
		table_string(&row, "");
	table_string(&row, m->from);
	if (*m->from)
		table_number(&row, m->bytes);
	else
		table_string(&row, "");
	table_string(&row, d->channel);
	table_string(&row, d->recipient);
	table_string(&row, show_mail_outcome(r->outcome));
	table_field(&row, r->why.at, r->why.len);
	table_end(&row);
}
