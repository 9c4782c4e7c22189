/*
 * ManageSieve (https://www.rfc-editor.org/rfc/rfc5804).  Literals of a client
 * never wait; scripts are content.
 */
#include "protocol.h"

enum { OTHER, AUTH, TLS, SCRIPT }; /* the answers that are owed */

static const struct command_rule rules[] = {
    {.word = 1,
     .name = "AUTHENTICATE",
     .secret = 3,
     .loose = true,
     .mechanism = true},
    {0},
};

static const char *const names[] = {
    "CAPABILITY",  "CHECKSCRIPT", "DELETESCRIPT",   "GETSCRIPT", "HAVESPACE",
    "LISTSCRIPTS", "LOGOUT",      "NOOP",           "PUTSCRIPT", "RENAMESCRIPT",
    "SETACTIVE",   "STARTTLS",    "UNAUTHENTICATE", NULL};

static void begin(struct protocol *p)
{
	queue_push(&p->state.sieve.queue, OTHER); /* the greeting */
}

/* The word that we are in or behind is a script, or the server sends one. */
static bool in_script(const struct protocol *p, enum relay_dir dir)
{
	const struct command *c = &p->command[dir];

	if (dir == RELAY_OUT)
		return c->word == 1 &&
		       queue_next(&p->state.sieve.queue) == SCRIPT;
	return (c->word > 2 && command_is(c, 1, "PUTSCRIPT")) ||
	       (c->word > 1 && command_is(c, 1, "CHECKSCRIPT"));
}

/* A script may also come as a quoted string. */
static enum span_kind judge(struct protocol *p, enum relay_dir dir, char byte)
{
	struct command *c = &p->command[dir];
	bool was = c->quoted;
	enum span_kind kind = command_byte(c, byte);
	bool script =
	    was && c->quoted && kind == SPAN_SHOW && in_script(p, dir);

	return machine_content_byte(p, dir, byte, script) ? SPAN_CONTENT : kind;
}

/* A literal that this line ends with: true. */
static bool literal(struct protocol *p, enum relay_dir dir)
{
	struct command *c = &p->command[dir];
	enum span_kind kind = SPAN_SHOW;

	if (c->response || !command_has_literal(c))
		return false;
	if (c->secret)
		kind = SPAN_SECRET;
	else if (in_script(p, dir))
		kind = SPAN_CONTENT;
	machine_octets(p, dir, c->literal.size, kind);
	return true;
}

static void command(struct protocol *p, struct command *c)
{
	struct sieve *s = &p->state.sieve;

	if (command_begins(c, 1, "AUTHENTICATE")) {
		queue_push(&s->queue, AUTH);
		command_respond(c);
	} else if (command_is(c, 1, "STARTTLS")) {
		queue_push(&s->queue, TLS);
		s->secured = true;
	} else if (command_is(c, 1, "GETSCRIPT")) {
		queue_push(&s->queue, SCRIPT);
	} else if ((c->word || c->secret) && !command_is(c, 1, "PROXY")) {
		queue_push(&s->queue, OTHER);
	}
}

static size_t client(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_IN];
	struct sieve *s = &p->state.sieve;
	size_t n;

	if (s->secured || (!c->response && !queue_has_room(&s->queue)) ||
	    machine_waits(p, at, len))
		return 0;
	n = machine_line_by(p, RELAY_IN, at, len, judge);
	if (!c->ended || literal(p, RELAY_IN))
		return n;
	if (!c->response)
		command(p, c);
	command_next(c);
	return n;
}

static void give_up(struct protocol *p)
{
	if (!p->state.sieve.secured)
		command_judge_now(&p->command[RELAY_IN]);
	p->state.sieve.secured = false;
}

static void answer(struct protocol *p, bool good)
{
	struct sieve *s = &p->state.sieve;
	int kind = queue_next(&s->queue);

	queue_pop(&s->queue);
	if (kind == AUTH)
		command_responded(&p->command[RELAY_IN]);
	if (kind != TLS)
		return;
	s->secured = false;
	if (good)
		machine_tls(p);
}

static size_t server(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_OUT];
	size_t n = machine_line_by(p, RELAY_OUT, at, len, judge);

	if (!c->ended || literal(p, RELAY_OUT))
		return n;
	if (command_is(c, 1, "OK") || command_is(c, 1, "NO") ||
	    command_is(c, 1, "BYE"))
		answer(p, command_is(c, 1, "OK"));
	command_next(c);
	return n;
}

const struct machine machine_sieve = {
    .name = "sieve",
    .rules = rules,
    .names = names,
    .strings = true,
    .begin = begin,
    .client = client,
    .server = server,
    .give_up = give_up,
};
