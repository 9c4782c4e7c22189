/* Sessions as JSON; see show.h. */
#include <string.h>

#include "format.h"
#include "show.h"

static void key(struct out *o, const char *name)
{
	out_string(o, ",\"");
	out_string(o, name);
	out_string(o, "\":");
}

static void number(struct out *o, const char *name, uint64_t n)
{
	key(o, name);
	out_number(o, n);
}

static void string(struct out *o, const char *name, const char *text,
		   size_t len)
{
	if (!len)
		return;
	key(o, name);
	out_json(o, text, len);
}

static void words(struct out *o, const char *name, const struct words *w)
{
	const char *comma = "";

	key(o, name);
	out_string(o, "[");
	for (const char *p = NULL; (p = words_next(w, p)); comma = ",") {
		out_string(o, comma);
		out_json(o, p, strlen(p));
	}
	out_string(o, "]");
}

static void time_string(struct out *o, const char *name, int64_t time)
{
	char text[FORMAT_MAX];

	string(o, name, text, format_utc(text, time));
}

static void times(struct out *o, const struct group *g)
{
	char text[FORMAT_MAX];

	if (g->first == STAMP_NONE)
		return;
	time_string(o, "start", g->first);
	time_string(o, "end", g->last);
	key(o, "seconds");
	out_bytes(o, text, format_seconds(text, g->last - g->first));
}

static void marks(struct out *o, const struct session *s)
{
	char text[SHOW_MARKS], *at = text, *comma;

	show_marks(text, s);
	key(o, "marks");
	out_string(o, "[");
	for (; *at; at = comma) {
		comma = at + strcspn(at, ",");
		out_json(o, at, (size_t)(comma - at));
		if (*comma) {
			out_string(o, ",");
			comma++;
		}
	}
	out_string(o, "]");
}

static void codes(struct out *o, const struct dialogue *d)
{
	const char *comma = "";

	key(o, "replies");
	out_string(o, "[");
	for (unsigned int code = 0; code < DIALOGUE_CODES; code++)
		if (dialogue_replied(d, code)) {
			out_string(o, comma);
			out_number(o, code);
			comma = ",";
		}
	out_string(o, "]");
}

static void said(struct out *o, const struct dialogue *d)
{
	const char *helo = words_next(&d->helo, NULL);

	number(o, "in", d->bytes[DIALOGUE_IN]);
	number(o, "out", d->bytes[DIALOGUE_OUT]);
	if (helo)
		string(o, "helo", helo, strlen(helo));
	words(o, "from", &d->from);
	words(o, "recipients", &d->rcpt);
	number(o, "recipient_count", d->rcpt.count);
	number(o, "messages", d->messages);
	number(o, "size", d->message_bytes);
	string(o, "reply", d->reply, d->reply_len);
	codes(o, d);
}

struct lines {
	struct out *out;
	const char *comma;
};

static int give(void *ctx, const char *text, size_t len)
{
	struct lines *l = ctx;
	const char *newline;
	size_t n;

	for (; len; text += n + 1, len -= n + 1) {
		newline = memchr(text, '\n', len);
		n = (size_t)(newline - text);
		out_string(l->out, l->comma);
		out_json(l->out, text, n);
		l->comma = ",";
	}
	return 0;
}

int show_json(struct out *o, struct held_store *store, const struct session *s)
{
	struct lines l = {o, ""};

	out_string(o, "{\"session\":");
	out_number(o, s->group.number);
	number(o, "pid", s->group.key);
	times(o, &s->group);
	string(o, "peer", s->peer, strlen(s->peer));
	string(o, "port", s->port, strlen(s->port));
	string(o, "local", s->local, strlen(s->local));
	said(o, &s->said);
	if (s->ended && s->signal)
		number(o, "signal", (uint64_t)s->signal);
	else if (s->ended)
		number(o, "exit", (uint64_t)s->status);
	if (s->denied)
		out_string(o, ",\"denied\":true");
	marks(o, s);
	number(o, "lines_left_out", s->group.held.left_out);
	key(o, "lines");
	out_string(o, "[");
	if (held_each(store, &s->group.held, give, &l) < 0)
		return -1;
	out_string(o, "]}\n");
	return 0;
}
