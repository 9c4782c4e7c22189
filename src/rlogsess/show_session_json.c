/* Sessions as JSON; see show_session.h. */
#include <string.h>

#include "rlogsess/object.h"
#include "rlogsess/show_session.h"

static void words(struct out *o, const char *name, const struct string_list *w)
{
	const char *comma = "";

	object_key(o, name);
	out_string(o, "[");
	for (const char *p = NULL; (p = string_list_next(w, p)); comma = ",") {
		out_string(o, comma);
		out_json(o, p, strlen(p));
	}
	out_string(o, "]");
}

static void replies(struct out *o, const struct smtp_summary *t)
{
	const char *comma = "";

	object_key(o, "replies");
	out_string(o, "[");
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (smtp_summary_replied(t, code)) {
			out_string(o, comma);
			out_number(o, code);
			comma = ",";
		}
	out_string(o, "]");
}

static void said(struct out *o, const struct dialogue *d)
{
	const struct smtp_summary *t = &d->talk;
	const char *helo = string_list_next(&t->helo, NULL);

	object_number(o, "in", d->bytes[DIALOGUE_IN]);
	object_number(o, "out", d->bytes[DIALOGUE_OUT]);
	if (helo)
		object_string(o, "helo", helo);
	words(o, "from", &t->from);
	words(o, "recipients", &t->rcpt);
	object_number(o, "recipient_count", t->rcpt.count);
	object_number(o, "messages", t->messages);
	object_number(o, "size", t->message_bytes);
	object_text(o, "reply", t->reply, t->reply_len);
	replies(o, t);
}

int show_session_json(struct out *o, struct line_spool_store *store,
		      const struct session *s)
{
	const struct group *g = &s->group;
	char marks[SHOW_MARKS];

	object_begin(o, "session", g->number);
	object_number(o, "pid", g->key);
	object_time(o, "start", g->first);
	object_time(o, "end", g->last);
	object_seconds(o, "seconds", g->first, g->last);
	object_string(o, "peer", s->peer);
	object_string(o, "port", s->port);
	object_string(o, "local", s->local);
	said(o, &s->said);
	if (s->ended && s->signal)
		object_number(o, "signal", (uint64_t)s->signal);
	else if (s->ended)
		object_number(o, "exit", (uint64_t)s->status);
	if (s->denied)
		out_string(o, ",\"denied\":true");
	show_session_marks(marks, s);
	object_names(o, "marks", marks);
	object_number(o, "lines_left_out", g->held.left_out);
	if (object_lines(o, "lines", store, &g->held) < 0)
		return -1;
	object_end(o);
	return 0;
}
