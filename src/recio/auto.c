/*
 * Finding out the protocol: the server's first line tells it.  Until it comes,
 * and for ever if it tells nothing, all is shown but what is a secret in any of
 * the protocols.
 */
#include <string.h>

#include "recio/protocol_session.h"

/*
 * The first that knows a command says what it may hold.  IMAP's tags can be any
 * word, such as AUTH.
 */
static const struct grammar *const grammars[] = {
    &grammar_smtp, &grammar_pop3, &grammar_sieve, &grammar_imap, NULL};

static size_t any_client(struct protocol_session *p, const char *at, size_t len)
{
	struct client_line line;
	size_t n = client_line(p, at, len, &line);

	if (n && line.literal.there)
		client_octets(p, line.literal.size, line.literal.kind, false);
	else if (n && line.over && !line.response &&
		 grammar_authenticates(line.command))
		client_authenticates(p);
	return n;
}

static bool begins_string(const struct line_lexer *c)
{
	return line_lexer_begins(c, 1, "\"") || line_lexer_begins(c, 1, "{");
}

/*
 * 334, a plus or a string is a challenge, a star may come between; all else
 * ends an authentication.
 */
static size_t any_server(struct protocol_session *p, const char *at, size_t len)
{
	struct line_lexer *c = &p->command;
	size_t n = session_line(p, at, len);

	if (!c->ended)
		return n;
	client_octets_named(p);
	if (line_lexer_begins(c, 1, "334") || line_lexer_is(c, 1, "+") ||
	    (p->client.auth != CLIENT_COMMANDS && begins_string(c)))
		client_challenged(p);
	else if (c->word && !line_lexer_is(c, 1, "*") && !begins_string(c))
		client_answered(p);
	line_lexer_next(c);
	return n;
}

static void give_up(struct protocol_session *p)
{
	(void)p;
}

const struct dialect dialect_any = {
    .name = "any",
    .grammars = grammars,
    .strings = true,
    .client = any_client,
    .server = any_server,
    .give_up = give_up,
};

/* The protocol that a server's first line belongs to. */
static const struct dialect *decide(const struct line_lexer *c)
{
	const char *code = c->text[0];

	if (line_lexer_is(c, 1, "*") || line_lexer_is(c, 2, "OK"))
		return &dialect_imap;
	if (line_lexer_begins(c, 1, "+OK") || line_lexer_begins(c, 1, "-ERR"))
		return &dialect_pop3;
	if (line_lexer_begins(c, 1, "\"") || line_lexer_is(c, 1, "OK") ||
	    line_lexer_is(c, 1, "NO") || line_lexer_is(c, 1, "BYE"))
		return &dialect_sieve;
	if (c->len[0] >= 3 && code[0] >= '2' && code[0] <= '5' &&
	    code[1] >= '0' && code[1] <= '5' && code[2] >= '0' &&
	    code[2] <= '9' && (c->len[0] == 3 || code[3] == '-'))
		return &dialect_smtp;
	return &dialect_any;
}

static size_t client(struct protocol_session *p, const char *at, size_t len)
{
	struct undecided *u = &p->state.undecided;
	size_t room = sizeof u->client - u->client_len;
	size_t n = any_client(p, at, len);

	/* It says what we can't keep to look at it again. */
	if (n > room || p->octets[RELAY_IN].left) {
		p->dialect = &dialect_any;
		return n;
	}
	memcpy(u->client + u->client_len, at, n);
	u->client_len += n;
	return n;
}

static size_t server(struct protocol_session *p, const char *at, size_t len)
{
	struct undecided *u = &p->state.undecided;
	struct line_lexer *c = &p->command;
	size_t room = sizeof u->server - u->server_len, n;

	n = session_line(p, at, len < room ? len : room);
	memcpy(u->server + u->server_len, at, n);
	u->server_len += n;
	if (c->ended || u->server_len == sizeof u->server)
		session_become(p, decide(c));
	return n;
}

const struct dialect dialect_auto = {
    .name = "auto",
    .grammars = grammars,
    .strings = true,
    .client = client,
    .server = server,
    .give_up = give_up,
};
