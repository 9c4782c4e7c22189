/*
 * POP3 (https://www.rfc-editor.org/rfc/rfc1939), with CAPA (RFC 2449), STLS
 * (RFC 2595) and AUTH (RFC 5034).
 *
 * As in SMTP a challenge always makes the client's next lines secrets.
 */
#include "recio/dialect/dialect.h"
#include "recio/dialect/dot_body.h"
#include "recio/dialect/status_line.h"
#include "recio/pending_replies.h"

/* The server is to send, or sends: */
enum reply {
	REPLY_STATUS,
	REPLY_LIST, /* lines up to a dot */
	REPLY_MAIL,
};

/* Kinds of replies that are owed. */
enum { SINGLE, LIST, MAIL, AUTH, STLS };

/* Commands from which something follows. */
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

static const struct grammar rules = {.plain = commands};

struct pop3 {
	bool secured; /* the client sent STLS; no reply yet */
	bool early;   /* the reply to the client's next line is owed already */
	bool bare;    /* the server ends lines with a bare LF */
	enum reply reply;
	struct status_line line;
	struct pending_replies queue;
};
_Static_assert(sizeof(struct pop3) <= DIALECT_STATE, "state is too large");

static void pop3_begin(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);

	pending_replies_push(&pop3->queue, SINGLE); /* the greeting */
}

static void pop3_skip_greeting(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);

	pending_replies_clear(&pop3->queue);
}

/* Returns the kind of reply that this command is owed. */
static unsigned int pop3_reply_to(const struct client_line *line)
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

/* Some servers answer a line at its CR. */
static void pop3_owe_early(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);
	struct client_line line;

	if (pop3->early || pending_replies_next(&pop3->queue) >= 0 ||
	    !session_cut_line(session, &line) ||
	    (line.command && line.command->id == C_PROXY))
		return;
	pending_replies_push(&pop3->queue, pop3_reply_to(&line));
	pop3->early = true;
}

static void pop3_take_command(struct protocol_session *session,
			      const struct client_line *line, bool early)
{
	struct pop3 *pop3 = session_state(session);
	unsigned int kind = pop3_reply_to(line);

	if (!early)
		pending_replies_push(&pop3->queue, kind);
	else if (pending_replies_next(&pop3->queue) < 0)
		return;
	if (kind == STLS)
		pop3->secured = true;
	if (kind == AUTH)
		client_authenticates(session_client(session));
}

static size_t pop3_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct pop3 *pop3 = session_state(session);
	struct client *client = session_client(session);
	struct client_line line;
	bool early = pop3->early;
	size_t n;

	if (pop3->secured || (!client_in_auth(client) &&
			      !pending_replies_have_room(&pop3->queue, 1)))
		return 0;
	n = client_line(client, at, len, &line);
	if (!n || !line.over)
		return n;
	pop3->early = false;
	if (!line.response && !(line.command && line.command->id == C_PROXY))
		pop3_take_command(session, &line, early);
	return n;
}

static void pop3_give_up(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);

	pop3->secured = false;
}

static void pop3_take_challenge(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);

	pending_replies_clear(&pop3->queue);
	pending_replies_push(&pop3->queue, AUTH);
	pop3->secured = false;
	client_challenged(session_client(session));
}

static void pop3_take_status(struct protocol_session *session, bool good)
{
	struct pop3 *pop3 = session_state(session);
	int kind = pending_replies_next(&pop3->queue);

	pending_replies_pop(&pop3->queue);
	if (kind == AUTH)
		client_answered(session_client(session));
	if (kind == STLS) {
		pop3->secured = false;
		if (good)
			session_allow_tls(session);
	}
	if (!good)
		return;
	if (kind == LIST)
		pop3->reply = REPLY_LIST;
	if (kind == MAIL) {
		pop3->reply = REPLY_MAIL;
		dot_body_begin_reply(session, pop3->bare);
	}
}

/* A line of the server is complete. */
static void pop3_take_line(struct protocol_session *session)
{
	struct pop3 *pop3 = session_state(session);
	const struct status_line *line = &pop3->line;
	const char *start = line->start;

	if (line->len)
		pop3->bare = !line->cr;
	if (pop3->reply == REPLY_LIST) {
		if (start[0] == '.' && (line->len == 1 || start[1] == '\r'))
			pop3->reply = REPLY_STATUS;
	} else if (start[0] == '-') {
		pop3_take_status(session, false);
	} else if (start[0] == '+') {
		if (start[1] == 'O' || start[1] == 'o')
			pop3_take_status(session, true);
		else
			pop3_take_challenge(session);
	}
}

static size_t pop3_take_mail(struct protocol_session *session, const char *at,
			     size_t len)
{
	struct pop3 *pop3 = session_state(session);
	bool ended;
	size_t n = dot_body_take_reply(session, pop3->bare, at, len, &ended);

	if (ended)
		pop3->reply = REPLY_STATUS;
	return n;
}

static size_t pop3_server(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct pop3 *pop3 = session_state(session);
	size_t n;

	pop3_owe_early(session);
	if (pop3->reply == REPLY_MAIL)
		return pop3_take_mail(session, at, len);
	n = status_line_take(&pop3->line, session, at, len);
	if (pop3->line.ended)
		pop3_take_line(session);
	return n;
}

static bool pop3_counts(const struct protocol_session *session,
			enum relay_dir dir)
{
	const struct pop3 *pop3 = session_peek_state(session);

	return dir == RELAY_OUT && pop3->reply == REPLY_MAIL;
}

static bool pop3_greeting_matches(const struct line_lexer *line)
{
	return line_lexer_begins(line, 1, "+OK") ||
	       line_lexer_begins(line, 1, "-ERR");
}

const struct dialect dialect_pop3 = {
    .name = "pop3",
    .greeting_matches = pop3_greeting_matches,
    .state_size = sizeof(struct pop3),
    .rules = &rules,
    .begin = pop3_begin,
    .skip_greeting = pop3_skip_greeting,
    .client = pop3_client,
    .server = pop3_server,
    .counts = pop3_counts,
    .give_up = pop3_give_up,
};
