/*
 * ManageSieve (https://www.rfc-editor.org/rfc/rfc5804).  Literals of a client
 * never wait; scripts are content.
 */
#include "recio/dialect/dialect.h"
#include "recio/pending_replies.h"

/* Kinds of replies that are owed. */
enum { OTHER, AUTH, TLS, SCRIPT };

/* Commands from which something follows. */
enum { C_AUTH = 1, C_TLS, C_GET, C_PROXY };

static const struct grammar_command commands[] = {
    {"AUTHENTICATE", C_AUTH, "Mx"},
    {"STARTTLS", C_TLS, ""},
    {"LOGOUT", 0, ""},
    {"CAPABILITY", 0, ""},
    {"HAVESPACE", 0, "mn"},
    {"PUTSCRIPT", 0, "mc"},
    {"CHECKSCRIPT", 0, "c"},
    {"LISTSCRIPTS", 0, ""},
    {"SETACTIVE", 0, "m"},
    {"GETSCRIPT", C_GET, "m"},
    {"DELETESCRIPT", 0, "m"},
    {"RENAMESCRIPT", 0, "mm"},
    {"NOOP", 0, "m?"},
    {"UNAUTHENTICATE", 0, ""},
    {"XCLIENT", 0, "A"},
    {"PROXY", C_PROXY, "pa?a?n?n?"},
    {NULL, 0, NULL},
};

static const struct grammar rules = {.plain = commands, .strings = true};

struct sieve {
	bool secured; /* the client sent STARTTLS; no reply yet */
	bool early;   /* the reply to the client's next line is owed already */
	struct pending_replies queue;
};
_Static_assert(sizeof(struct sieve) <= DIALECT_STATE, "state is too large");

static void sieve_begin(struct protocol_session *session)
{
	struct sieve *sieve = session_state(session);

	pending_replies_push(&sieve->queue, OTHER); /* the greeting */
}

static int sieve_next_reply(struct protocol_session *session)
{
	const struct sieve *sieve = session_state(session);

	return pending_replies_next(&sieve->queue);
}

/* Returns true if the first word of the server's line is a script. */
static bool sieve_in_script(struct protocol_session *session)
{
	return session_lexer(session)->word == 1 &&
	       sieve_next_reply(session) == SCRIPT;
}

/* A script may also come as a quoted string. */
static enum span_kind classify_script(struct protocol_session *session,
				      char byte, bool quoted)
{
	const struct line_lexer *line = session_lexer(session);

	return session_classify_quoted(
	    session, byte, quoted && line->quoted && sieve_in_script(session));
}

/* Returns true if the line has a reply, and sets its kind. */
static bool sieve_has_reply(const struct client_line *line, unsigned int *kind)
{
	*kind = OTHER;
	switch (line->command ? line->command->id : 0) {
	case C_AUTH: *kind = AUTH; return true;
	case C_TLS: *kind = TLS; return true;
	case C_GET: *kind = SCRIPT; return true;
	case C_PROXY: return false;
	default: return !line->blank;
	}
}

/* Some servers answer a line at its CR. */
static void sieve_owe_early(struct protocol_session *session)
{
	struct sieve *sieve = session_state(session);
	struct client_line line;
	unsigned int kind;

	if (sieve->early || sieve_next_reply(session) >= 0 ||
	    !session_cut_line(session, &line) || !sieve_has_reply(&line, &kind))
		return;
	pending_replies_push(&sieve->queue, kind);
	sieve->early = true;
}

static void sieve_take_command(struct protocol_session *session,
			       const struct client_line *line, bool early)
{
	struct sieve *sieve = session_state(session);
	unsigned int kind;

	if (!sieve_has_reply(line, &kind))
		return;
	if (!early)
		pending_replies_push(&sieve->queue, kind);
	else if (sieve_next_reply(session) < 0)
		return;
	if (kind == AUTH)
		client_authenticates(session_client(session));
	if (kind == TLS)
		sieve->secured = true;
}

static size_t sieve_client(struct protocol_session *session, const char *at,
			   size_t len)
{
	struct sieve *sieve = session_state(session);
	struct client *client = session_client(session);
	const struct line_literal *literal;
	struct client_line line;
	bool early = sieve->early;
	size_t n;

	if (sieve->secured || (!client_in_auth(client) &&
			       !pending_replies_have_room(&sieve->queue, 1)))
		return 0;
	n = client_line(client, at, len, &line);
	literal = &line.literal;
	if (n && literal->there) {
		client_octets(client, literal->size, literal->kind, false);
	} else if (n && line.over) {
		sieve->early = false;
		if (!line.response)
			sieve_take_command(session, &line, early);
	}
	return n;
}

static void sieve_give_up(struct protocol_session *session)
{
	struct sieve *sieve = session_state(session);

	sieve->secured = false;
}

static void sieve_take_reply(struct protocol_session *session, bool good)
{
	struct sieve *sieve = session_state(session);
	struct client *client = session_client(session);
	int kind = pending_replies_next(&sieve->queue);

	pending_replies_pop(&sieve->queue);
	if (good)
		client_octets_taken(client);
	else
		client_octets_refused(client);
	if (kind == AUTH)
		client_answered(client);
	if (kind != TLS)
		return;
	sieve->secured = false;
	if (good)
		session_allow_tls(session);
}

static bool sieve_is_reply(const struct line_lexer *line)
{
	return line_lexer_is(line, 1, "OK") || line_lexer_is(line, 1, "NO") ||
	       line_lexer_is(line, 1, "BYE");
}

static size_t sieve_server(struct protocol_session *session, const char *at,
			   size_t len)
{
	const struct line_lexer *line = session_lexer(session);
	size_t n;

	sieve_owe_early(session);
	n = session_line_by(session, at, len, classify_script);
	if (!line->ended)
		return n;
	if (line_lexer_has_literal(line)) {
		session_expect_octets(session, line->literal.size,
				      sieve_in_script(session) ? SPAN_CONTENT
							       : SPAN_SHOW);
		return n;
	}
	if (sieve_is_reply(line))
		sieve_take_reply(session, line_lexer_is(line, 1, "OK"));
	else if (line->word && sieve_next_reply(session) == AUTH)
		client_challenged(session_client(session));
	session_next_line(session);
	return n;
}

/* Capabilities come as strings. */
static bool sieve_greeting_matches(const struct line_lexer *line)
{
	return line_lexer_begins(line, 1, "\"") || sieve_is_reply(line);
}

const struct dialect dialect_sieve = {
    .name = "sieve",
    .greeting_matches = sieve_greeting_matches,
    .state_size = sizeof(struct sieve),
    .rules = &rules,
    .strings = true,
    .begin = sieve_begin,
    .client = sieve_client,
    .server = sieve_server,
    .give_up = sieve_give_up,
};
