/* How sessions are shown; see show.h. */
#include "show.h"

#include <stdio.h>
#include <string.h>

static const struct {
	enum session_mark mark;
	const char *name, *text;
} marks[] = {
    {SESSION_NO_START, "no-start", "its beginning is not in this log"},
    {SESSION_OPEN, "open", "it goes on behind this log"},
    {SESSION_NO_END, "no-end", "its process ID was used again"},
    {SESSION_QUIET, "quiet", "nothing more was said for the quiet time"},
    {SESSION_CROWDED, "crowded", "too many sessions were open to wait for it"},
};

enum { MARKS = sizeof marks / sizeof *marks };

static size_t add(char *text, size_t n, const char *name)
{
	return n + (size_t)snprintf(text + n, SHOW_MARKS - n, "%s%s",
				    n ? "," : "", name);
}

size_t show_marks(char text[SHOW_MARKS], const struct session *s)
{
	size_t n = 0;

	*text = 0;
	for (int i = 0; i < MARKS; i++)
		if (s->marks & marks[i].mark)
			n = add(text, n, marks[i].name);
	if (s->said.lost || s->group.held.left_out)
		n = add(text, n, "lines-missing");
	return n;
}

static void remark(struct out *o, const struct session *s, const char *text)
{
	out_string(o, "rlogsess: session of ");
	out_number(o, s->group.key);
	out_string(o, ": ");
	out_string(o, text);
	out_string(o, "\n");
}

static int give_log(void *ctx, const char *lines, size_t len)
{
	struct out *o = ctx;

	out_log(o, lines, len);
	return 0;
}

int show_text(struct out *o, struct held_store *store, const struct session *s)
{
	char text[96];

	if (held_each(store, &s->group.held, give_log, o) < 0)
		return -1;
	if (s->group.held.left_out) {
		snprintf(text, sizeof text, "%llu more lines are left out",
			 (unsigned long long)s->group.held.left_out);
		remark(o, s, text);
	}
	for (int i = 0; i < MARKS; i++)
		if (s->marks & marks[i].mark)
			remark(o, s, marks[i].text);
	out_string(o, "\n");
	return 0;
}

void show_flat(struct out *o, const struct session *s, const char *text,
	       size_t len)
{
	out_number(o, s->group.number);
	out_string(o, " ");
	if (*s->peer)
		out_field(o, s->peer, strlen(s->peer));
	else
		out_string(o, "-");
	out_string(o, " ");
	out_log(o, text, len);
	out_string(o, "\n");
}

struct flat {
	struct out *out;
	const struct session *session;
};

static int give_flat(void *ctx, const char *lines, size_t len)
{
	struct flat *f = ctx;
	const char *newline;
	size_t n;

	for (; len; lines += n + 1, len -= n + 1) {
		newline = memchr(lines, '\n', len);
		n = (size_t)(newline - lines);
		show_flat(f->out, f->session, lines, n);
	}
	return 0;
}

int show_flat_all(struct out *o, struct held_store *store,
		  const struct session *s)
{
	struct flat f = {o, s};

	return held_each(store, &s->group.held, give_flat, &f);
}
