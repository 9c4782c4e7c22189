/*
 * The table of sessions; see show.h.  A field is never empty, and holds no TAB,
 * so that it can be cut at TABs.
 */
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "show.h"

static const struct {
	const char *name;
	int width; /* negative: to the right */
} column[] = {
    {"start", 26}, {"seconds", -9}, {"peer", 15},       {"pid", -7},
    {"helo", 20},  {"from", 24},    {"recipients", 24}, {"messages", -8},
    {"size", -9},  {"reply", 30},   {"in", -9},         {"out", -9},
    {"exit", -6},  {"marks", 0},
};

enum { COLUMNS = sizeof column / sizeof *column };

/* Where a line is written to. */
struct row {
	struct out *out;
	bool wide;
	int next; /* column */
};

static void pad(struct out *o, int n)
{
	while (n-- > 0)
		out_bytes(o, " ", 1);
}

static void field(struct row *r, const char *text, size_t len)
{
	int width = column[r->next].width, used;

	if (r->next++)
		out_bytes(r->out, r->wide ? " " : "\t", 1);
	if (!len) {
		text = "-";
		len = 1;
	}
	if (r->wide && width < 0)
		pad(r->out, -width - (int)len);
	used = (int)out_field(r->out, text, len);
	if (r->wide)
		pad(r->out, width - used);
}

static void string(struct row *r, const char *text)
{
	field(r, text, strlen(text));
}

static void number(struct row *r, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	string(r, text);
}

/* The words with commas between, and how many more there are. */
static void words(struct row *r, const struct words *w)
{
	char text[WORDS_ROOM + 32];
	size_t n = 0;

	for (const char *p = NULL; (p = words_next(w, p));) {
		if (n)
			text[n++] = ',';
		memcpy(text + n, p, strlen(p));
		n += strlen(p);
	}
	if (w->count > w->kept)
		n += (size_t)snprintf(text + n, sizeof text - n, ",+%u",
				      w->count - w->kept);
	field(r, text, n);
}

static void times(struct row *r, const struct group *g)
{
	char text[FORMAT_MAX];

	field(r, text, format_local(text, g->first));
	if (g->first == STAMP_NONE)
		field(r, "", 0);
	else
		field(r, text, format_seconds(text, g->last - g->first));
}

static void exit_status(struct row *r, const struct session *s)
{
	char text[24];

	if (!s->ended) {
		string(r, "-");
		return;
	}
	if (s->signal)
		snprintf(text, sizeof text, "sig%d", s->signal);
	else
		snprintf(text, sizeof text, "%d", s->status);
	string(r, text);
}

void show_table_head(struct out *o)
{
	struct row r = {o, true, 0};

	while (r.next < COLUMNS)
		string(&r, column[r.next].name);
	out_string(o, "\n");
}

void show_table(struct out *o, const struct session *s, bool wide)
{
	const struct dialogue *d = &s->said;
	struct row r = {o, wide, 0};
	char marks[SHOW_MARKS];

	times(&r, &s->group);
	string(&r, s->peer);
	number(&r, s->group.key);
	words(&r, &d->helo);
	words(&r, &d->from);
	words(&r, &d->rcpt);
	number(&r, d->messages);
	number(&r, d->message_bytes);
	field(&r, d->reply, d->reply_len);
	number(&r, d->bytes[DIALOGUE_IN]);
	number(&r, d->bytes[DIALOGUE_OUT]);
	exit_status(&r, s);
	field(&r, marks, show_marks(marks, s));
	out_string(o, "\n");
}
