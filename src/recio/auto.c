/*
 * Finding out the protocol: the server's first line tells it.  Until it comes,
 * and for ever if it tells nothing, all is shown but what is a secret in any of
 * the protocols.
 */
#include <string.h>

#include "protocol.h"

static const struct command_rule rules[] = {
    {.word = 1, .name = "PASS", .secret = 2, .loose = true},
    {.word = 1, .name = "APOP", .secret = 3, .loose = true},
    {.word = 1, .name = "AUTH", .secret = 3, .loose = true, .mechanism = true},
    {.word = 1, .name = "LOGIN", .secret = 3},
    {.word = 1, .name = "AUTHENTICATE", .secret = 3, .mechanism = true},
    {.word = 2, .name = "LOGIN", .secret = 4, .loose = true},
    {.word = 2,
     .name = "AUTHENTICATE",
     .secret = 4,
     .loose = true,
     .mechanism = true},
    {0},
};

static const char *const names[] = {
    "CAPA", "DATA", "DONE", "EHLO", "HELO", "LHLO", "LIST",     "LOGOUT",
    "NOOP", "QUIT", "RSET", "STAT", "STLS", "UIDL", "STARTTLS", NULL};

static bool starts_authentication(const struct command *c)
{
	return command_begins(c, 1, "AUTH") ||
	       command_begins(c, 2, "AUTHENTICATE");
}

static size_t any_client(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_IN];
	size_t n;

	if (machine_waits(p, at, len))
		return 0;
	n = machine_line(p, RELAY_IN, at, len);
	if (!c->ended)
		return n;
	if (!c->response && command_has_literal(c)) {
		machine_octets(p, RELAY_IN, c->literal.size,
			       c->secret ? SPAN_SECRET : SPAN_SHOW);
		return n;
	}
	if (!c->response && starts_authentication(c))
		command_respond(c);
	command_next(c);
	return n;
}

/*
 * 334, a plus or a string is a challenge, a star may come between; all else
 * ends an authentication.
 */
static size_t any_server(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_OUT];
	size_t n = machine_line(p, RELAY_OUT, at, len);

	if (!c->ended)
		return n;
	if (command_begins(c, 1, "334") || command_is(c, 1, "+"))
		command_respond(&p->command[RELAY_IN]);
	else if (c->word && !command_is(c, 1, "*") &&
		 !command_begins(c, 1, "\"") && !command_begins(c, 1, "{"))
		command_responded(&p->command[RELAY_IN]);
	command_next(c);
	return n;
}

static void give_up(struct protocol *p)
{
	p->command[RELAY_IN].secret = true;
}

const struct machine machine_any = {
    .name = "any",
    .rules = rules,
    .names = names,
    .strings = true,
    .client = any_client,
    .server = any_server,
    .give_up = give_up,
};

/* The protocol that a server's first line belongs to. */
static const struct machine *decide(const struct command *c)
{
	const char *code = c->text[0];

	if (command_is(c, 1, "*") || command_is(c, 2, "OK"))
		return &machine_imap;
	if (command_begins(c, 1, "+OK") || command_begins(c, 1, "-ERR"))
		return &machine_pop3;
	if (command_begins(c, 1, "\"") || command_is(c, 1, "OK") ||
	    command_is(c, 1, "NO") || command_is(c, 1, "BYE"))
		return &machine_sieve;
	if (c->len[0] >= 3 && code[0] >= '2' && code[0] <= '5' &&
	    code[1] >= '0' && code[1] <= '5' && code[2] >= '0' &&
	    code[2] <= '9' && (c->len[0] == 3 || code[3] == '-'))
		return &machine_smtp;
	return &machine_any;
}

static size_t client(struct protocol *p, const char *at, size_t len)
{
	struct undecided *u = &p->state.undecided;
	size_t room = sizeof u->client - u->client_len;
	size_t n = any_client(p, at, len < room ? len : room);

	memcpy(u->client + u->client_len, at, n);
	u->client_len += n;
	/* It says what we can't show again. */
	if (u->client_len == sizeof u->client || p->octets[RELAY_IN].left)
		p->machine = &machine_any;
	return n;
}

static size_t server(struct protocol *p, const char *at, size_t len)
{
	struct undecided *u = &p->state.undecided;
	struct command *c = &p->command[RELAY_OUT];
	size_t room = sizeof u->server - u->server_len, n;

	n = machine_line(p, RELAY_OUT, at, len < room ? len : room);
	memcpy(u->server + u->server_len, at, n);
	u->server_len += n;
	if (c->ended || u->server_len == sizeof u->server)
		machine_become(p, decide(c));
	return n;
}

const struct machine machine_auto = {
    .name = "auto",
    .rules = rules,
    .names = names,
    .strings = true,
    .client = client,
    .server = server,
    .give_up = give_up,
};
