/*
 * ManageSieve (https://www.rfc-editor.org/rfc/rfc5804).  Literals of a client
 * never wait; scripts are content.
 */
#include "recio/protocol_session.h"

enum { OTHER, AUTH, TLS, SCRIPT }; /* the answers that are owed */

/* The commands that matter. */
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

const struct grammar grammar_sieve = {.plain = commands, .strings = true};
static const struct grammar *const grammars[] = {&grammar_sieve, NULL};

static void begin(struct protocol_session *p)
{
	pending_replies_push(&p->state.sieve.queue, OTHER); /* the greeting */
}

/* The server sends a script. */
static bool in_script(const struct protocol_session *p)
{
	return p->command.word == 1 &&
	       pending_replies_next(&p->state.sieve.queue) == SCRIPT;
}

/* A script may also come as a quoted string. */
static enum span_kind judge(struct protocol_session *p, char byte)
{
	struct line_lexer *c = &p->command;
	bool was = c->quoted;

	line_lexer_byte(c, byte);
	return session_emit_quoted(p, byte, was && c->quoted && in_script(p))
		   ? SPAN_CONTENT
		   : SPAN_SHOW;
}

static void command(struct protocol_session *p, const struct client_line *line)
{
	struct sieve *s = &p->state.sieve;

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		pending_replies_push(&s->queue, AUTH);
		client_authenticates(p);
		break;
	case C_TLS:
		pending_replies_push(&s->queue, TLS);
		s->secured = true;
		break;
	case C_GET: pending_replies_push(&s->queue, SCRIPT); break;
	case C_PROXY: break;
	default:
		if (!line->blank)
			pending_replies_push(&s->queue, OTHER);
	}
}

static size_t client(struct protocol_session *p, const char *at, size_t len)
{
	struct sieve *s = &p->state.sieve;
	const struct line_literal *l;
	struct client_line line;
	size_t n;

	if (s->secured || (p->client.auth == CLIENT_COMMANDS &&
			   !pending_replies_has_room(&s->queue)))
		return 0;
	n = client_line(p, at, len, &line);
	l = &line.literal;
	if (n && l->there)
		client_octets(p, l->size, l->kind, false);
	else if (n && line.over && !line.response)
		command(p, &line);
	return n;
}

static void give_up(struct protocol_session *p)
{
	p->state.sieve.secured = false;
}

static void answer(struct protocol_session *p, bool good)
{
	struct sieve *s = &p->state.sieve;
	int kind = pending_replies_next(&s->queue);

	pending_replies_pop(&s->queue);
	if (good)
		client_octets_taken(p);
	else
		client_octets_refused(p);
	if (kind == AUTH)
		client_answered(p);
	if (kind != TLS)
		return;
	s->secured = false;
	if (good)
		session_allow_tls(p);
}

static size_t server(struct protocol_session *p, const char *at, size_t len)
{
	struct line_lexer *c = &p->command;
	size_t n = session_line_by(p, at, len, judge);

	if (!c->ended)
		return n;
	if (line_lexer_has_literal(c)) {
		session_expect_octets(p, RELAY_OUT, c->literal.size,
				      in_script(p) ? SPAN_CONTENT : SPAN_SHOW);
		return n;
	}
	if (line_lexer_is(c, 1, "OK") || line_lexer_is(c, 1, "NO") ||
	    line_lexer_is(c, 1, "BYE"))
		answer(p, line_lexer_is(c, 1, "OK"));
	else if (c->word && pending_replies_next(&p->state.sieve.queue) == AUTH)
		client_challenged(p);
	line_lexer_next(c);
	return n;
}

const struct dialect dialect_sieve = {
    .name = "sieve",
    .grammars = grammars,
    .strings = true,
    .begin = begin,
    .client = client,
    .server = server,
    .give_up = give_up,
};
