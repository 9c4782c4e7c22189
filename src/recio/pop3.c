/*
 * POP3 (https://www.rfc-editor.org/rfc/rfc1939), with CAPA (RFC 2449), STLS
 * (RFC 2595) and AUTH (RFC 5034).
 *
 * As in SMTP a challenge always makes the client's next lines secrets.
 */
#include <string.h>

#include "recio/protocol_session.h"

/* Both begin with the first. */
enum { LINE, SECURED };            /* the client: STLS has no answer yet */
enum { STATUS, LISTING, MESSAGE }; /* what the server is to say, or says */
enum { SINGLE, LIST, MAIL, AUTH, STLS }; /* the answers that are owed */

/* The commands that matter. */
enum { C_AUTH = 1, C_MAIL, C_LIST, C_MAY_LIST, C_TLS, C_PROXY };

static const struct grammar_command commands[] = {
    {"USER", 0, "u"},
    {"PASS", 0, "x"},
    {"APOP", 0, "ux"},
    {"AUTH", C_AUTH, "Mx"},
    {"RPOP", 0, "x"},
    {"STAT", 0, ""},
    {"LIST", C_MAY_LIST, "n?"},
    {"UIDL", C_MAY_LIST, "n?"},
    {"RETR", C_MAIL, "n"},
    {"TOP", C_MAIL, "nn"},
    {"DELE", 0, "n"},
    {"NOOP", 0, ""},
    {"LAST", 0, ""},
    {"RSET", 0, ""},
    {"QUIT", 0, ""},
    {"CAPA", C_LIST, ""},
    {"STLS", C_TLS, ""},
    {"UTF8", 0, "w?"},
    {"LANG", C_MAY_LIST, "w?"},
    {"XCLIENT", 0, "A"},
    {"PROXY", C_PROXY, "pa?a?n?n?"},
    {NULL, 0, NULL},
};

const struct grammar grammar_pop3 = {.plain = commands};
static const struct grammar *const grammars[] = {&grammar_pop3, NULL};

static void begin(struct protocol_session *p)
{
	pending_replies_push(&p->state.pop3.queue, SINGLE); /* the greeting */
}

/* What answer this command will get. */
static unsigned int owed(const struct client_line *line)
{
	switch (line->command ? line->command->id : 0) {
	case C_MAIL: return MAIL;
	case C_LIST: return LIST;
	case C_TLS: return STLS;
	case C_AUTH: return line->alone ? LIST : AUTH;
	case C_MAY_LIST: return line->alone ? LIST : SINGLE;
	default: return SINGLE;
	}
}

static size_t client(struct protocol_session *p, const char *at, size_t len)
{
	struct pop3 *s = &p->state.pop3;
	struct client_line line;
	unsigned int kind;
	size_t n;

	if (s->state != LINE || (p->client.auth == CLIENT_COMMANDS &&
				 !pending_replies_has_room(&s->queue)))
		return 0;
	n = client_line(p, at, len, &line);
	if (!n || !line.over || line.response ||
	    (line.command && line.command->id == C_PROXY))
		return n;
	kind = owed(&line);
	pending_replies_push(&s->queue, kind);
	if (kind == STLS)
		s->state = SECURED;
	if (kind == AUTH)
		client_authenticates(p);
	return n;
}

static void give_up(struct protocol_session *p)
{
	p->state.pop3.state = LINE;
}

static void challenge(struct protocol_session *p)
{
	struct pop3 *s = &p->state.pop3;

	pending_replies_clear(&s->queue);
	pending_replies_push(&s->queue, AUTH);
	s->state = LINE;
	client_challenged(p);
}

static void answer(struct protocol_session *p, bool good)
{
	struct pop3 *s = &p->state.pop3;
	int kind = pending_replies_next(&s->queue);

	pending_replies_pop(&s->queue);
	if (kind == AUTH)
		client_answered(p);
	if (kind == STLS) {
		s->state = LINE;
		if (good)
			session_allow_tls(p);
	}
	if (!good)
		return;
	if (kind == LIST)
		s->answer = LISTING;
	if (kind == MAIL) {
		s->answer = MESSAGE;
		message_counter_begin(&p->content[RELAY_OUT], !s->bare);
	}
}

/* A line of the server is complete. */
static void line_over(struct protocol_session *p)
{
	struct pop3 *s = &p->state.pop3;
	const char *start = s->line.start;

	if (s->line.len)
		s->bare = !s->line.cr;
	if (s->answer == LISTING) {
		if (start[0] == '.' && (s->line.len == 1 || start[1] == '\r'))
			s->answer = STATUS;
	} else if (start[0] == '-') {
		answer(p, false);
	} else if (start[0] == '+') {
		if (start[1] == 'O' || start[1] == 'o')
			answer(p, true);
		else
			challenge(p);
	}
}

static size_t message(struct protocol_session *p, const char *at, size_t len)
{
	struct pop3 *s = &p->state.pop3;
	enum message_counter_end end;
	size_t n = message_counter_dots(&p->content[RELAY_OUT], at, len, &end);

	session_emit(p, RELAY_OUT, SPAN_CONTENT, at, n);
	if (end == MESSAGE_COUNTER_END ||
	    (end == MESSAGE_COUNTER_DOUBT && s->bare)) {
		session_end_message(p, RELAY_OUT, true);
		s->answer = STATUS;
	}
	return n;
}

static size_t server(struct protocol_session *p, const char *at, size_t len)
{
	struct pop3 *s = &p->state.pop3;
	size_t n;

	if (s->answer == MESSAGE)
		return message(p, at, len);
	n = session_status(p, &s->line, at, len);
	if (s->line.ended)
		line_over(p);
	return n;
}

const struct dialect dialect_pop3 = {
    .name = "pop3",
    .grammars = grammars,
    .begin = begin,
    .client = client,
    .server = server,
    .give_up = give_up,
};
