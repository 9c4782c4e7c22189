/* Sessions as JSON; see show_session.h. */
#include <string.h>

#include "rlogsess/json_fields.h"
#include "rlogsess/show_session.h"

static void add_words(struct json *json, const char *name,
		      const struct string_list *words)
{
	json_open_array(json, name);
	for (const char *p = NULL; (p = string_list_next(words, p));)
		json_string(json, NULL, p);
	json_close_array(json);
}

static void add_replies(struct json *json, const struct smtp_summary *t)
{
	json_open_array(json, "replies");
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (smtp_summary_replied(t, code))
			json_number(json, NULL, code);
	json_close_array(json);
}

static void add_dialogue(struct json *json, const struct dialogue *d)
{
	const struct smtp_summary *t = &d->talk;
	const char *helo = string_list_next(&t->helo, NULL);

	json_number(json, "in", d->bytes[DIALOGUE_IN]);
	json_number(json, "out", d->bytes[DIALOGUE_OUT]);
	if (helo)
		json_fields_string(json, "helo", helo);
	add_words(json, "from", &t->from);
	add_words(json, "recipients", &t->rcpt);
	json_number(json, "recipient_count", t->rcpt.count);
	json_number(json, "messages", t->messages);
	json_number(json, "size", t->message_bytes);
	json_fields_text(json, "reply", t->reply, t->reply_len);
	add_replies(json, t);
}

int show_session_json(struct output *output, struct line_spool_store *store,
		      const struct session *s)
{
	const struct group *g = &s->group;
	char marks[SHOW_MARKS];
	struct json json;

	json_init(&json, output);
	json_open_object(&json, NULL);
	json_number(&json, "session", g->number);
	json_number(&json, "pid", g->key);
	json_fields_time(&json, "start", g->first);
	json_fields_time(&json, "end", g->last);
	json_fields_seconds(&json, "seconds", g->first, g->last);
	json_fields_string(&json, "peer", s->peer);
	json_fields_string(&json, "port", s->port);
	json_fields_string(&json, "local", s->local);
	add_dialogue(&json, &s->said);
	if (s->ended && s->signal)
		json_number(&json, "signal", (uint64_t)s->signal);
	else if (s->ended)
		json_number(&json, "exit", (uint64_t)s->status);
	if (s->denied)
		json_bool(&json, "denied", true);
	show_session_marks(marks, s);
	json_fields_names(&json, "marks", marks);
	json_number(&json, "lines_left_out", g->held.left_out);
	if (json_fields_lines(&json, "lines", store, &g->held) < 0)
		return -1;
	json_close_object(&json);
	output_end_line(output, true);
	return 0;
}
