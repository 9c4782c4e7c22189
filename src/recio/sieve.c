/*
 * ManageSieve (https://www.rfc-editor.org/rfc/rfc5804).  Literals of a client
 * never wait; scripts are content.
 */
#include "recio/protocol.h"

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

static void begin(struct protocol *p)
{
	queue_push(&p->state.sieve.queue, OTHER); /* the greeting */
}

/* The server sends a script. */
static bool in_script(const struct protocol *p)
{
	return p->command.word == 1 &&
	       queue_next(&p->state.sieve.queue) == SCRIPT;
}

/* A script may also come as a quoted string. */
static enum span_kind judge(struct protocol *p, char byte)
{
	struct command *c = &p->command;
	bool was = c->quoted;

	command_byte(c, byte);
	return machine_content_byte(p, byte, was && c->quoted && in_script(p))
		   ? SPAN_CONTENT
		   : SPAN_SHOW;
}

static void command(struct protocol *p, const struct client_line *line)
{
	struct sieve *s = &p->state.sieve;

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		queue_push(&s->queue, AUTH);
		client_authenticates(p);
		break;
	case C_TLS:
		queue_push(&s->queue, TLS);
		s->secured = true;
		break;
	case C_GET: queue_push(&s->queue, SCRIPT); break;
	case C_PROXY: break;
	default:
		if (!line->blank)
			queue_push(&s->queue, OTHER);
	}
}

static size_t client(struct protocol *p, const char *at, size_t len)
{
	struct sieve *s = &p->state.sieve;
	const struct literal *l;
	struct client_line line;
	size_t n;

	if (s->secured ||
	    (p->client.auth == CLIENT_COMMANDS && !queue_has_room(&s->queue)))
		return 0;
	n = client_line(p, at, len, &line);
	l = &line.literal;
	if (n && l->there)
		client_octets(p, l->size, l->kind, false);
	else if (n && line.over && !line.response)
		command(p, &line);
	return n;
}

static void give_up(struct protocol *p)
{
	p->state.sieve.secured = false;
}

static void answer(struct protocol *p, bool good)
{
	struct sieve *s = &p->state.sieve;
	int kind = queue_next(&s->queue);

	queue_pop(&s->queue);
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
		machine_tls(p);
}

static size_t server(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command;
	size_t n = machine_line_by(p, at, len, judge);

	if (!c->ended)
		return n;
	if (command_has_literal(c)) {
		machine_octets(p, RELAY_OUT, c->literal.size,
			       in_script(p) ? SPAN_CONTENT : SPAN_SHOW);
		return n;
	}
	if (command_is(c, 1, "OK") || command_is(c, 1, "NO") ||
	    command_is(c, 1, "BYE"))
		answer(p, command_is(c, 1, "OK"));
	else if (c->word && queue_next(&p->state.sieve.queue) == AUTH)
		client_challenged(p);
	command_next(c);
	return n;
}

const struct machine machine_sieve = {
    .name = "sieve",
    .grammars = grammars,
    .strings = true,
    .begin = begin,
    .client = client,
    .server = server,
    .give_up = give_up,
};
