/* The table of sessions; see show_session.h. */
#include <stdio.h>
#include <string.h>

#include "rlogsess/show_session.h"
#include "rlogsess/table.h"

static const struct table_column column[] = {
    {"start", 26}, {"seconds", -9}, {"peer", 15},       {"pid", -7},
    {"helo", 20},  {"from", 24},    {"recipients", 24}, {"messages", -8},
    {"size", -9},  {"reply", 30},   {"in", -9},         {"out", -9},
    {"exit", -6},  {"marks", 0},
};

size_t show_session_marks(char text[SHOW_MARKS], const struct session *s)
{
	size_t n = show_marks(text, &s->group);

	if (s->said.lost || s->group.held.left_out)
		n += (size_t)snprintf(text + n, SHOW_MARKS - n,
				      "%slines-missing", n ? "," : "");
	return n;
}

/* The words with commas between, and how many more there are. */
static void words(struct table_row *r, const struct string_list *w)
{
	char text[STRING_LIST_ROOM + 32];
	size_t n = 0;

	for (const char *p = NULL; (p = string_list_next(w, p));) {
		if (n)
			text[n++] = ',';
		memcpy(text + n, p, strlen(p));
		n += strlen(p);
	}
	if (w->count > w->kept)
		n += (size_t)snprintf(text + n, sizeof text - n, ",+%u",
				      w->count - w->kept);
	table_field(r, text, n);
}

static void exit_status(struct table_row *r, const struct session *s)
{
	char text[24];

	if (!s->ended)
		*text = 0;
	else if (s->signal)
		snprintf(text, sizeof text, "sig%d", s->signal);
	else
		snprintf(text, sizeof text, "%d", s->status);
	table_string(r, text);
}

void show_session_table_head(struct output *o)
{
	table_head(o, column, sizeof column / sizeof *column);
}

void show_session_table(struct output *o, const struct session *s, bool wide)
{
	const struct dialogue *d = &s->said;
	const struct smtp_summary *t = &d->talk;
	struct table_row r = {o, column, wide, 0};
	char marks[SHOW_MARKS];

	table_time(&r, s->group.first);
	table_seconds(&r, s->group.first, s->group.last);
	table_string(&r, s->peer);
	table_number(&r, s->group.key);
	words(&r, &t->helo);
	words(&r, &t->from);
	words(&r, &t->rcpt);
	table_number(&r, t->messages);
	table_number(&r, t->message_bytes);
	table_field(&r, t->reply, t->reply_len);
	table_number(&r, d->bytes[DIALOGUE_IN]);
	table_number(&r, d->bytes[DIALOGUE_OUT]);
	exit_status(&r, s);
	table_field(&r, marks, show_session_marks(marks, s));
	table_end(&r);
}
