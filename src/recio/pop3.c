/*
 * POP3 (https://www.rfc-editor.org/rfc/rfc1939), with CAPA (RFC 2449), STLS
 * (RFC 2595) and AUTH (RFC 5034).
 *
 * As in SMTP a challenge always makes the client's next lines secrets.
 */
#include <string.h>

#include "protocol.h"

/* Both begin with the first. */
enum { LINE, SECURED };            /* the client: STLS has no answer yet */
enum { STATUS, LISTING, MESSAGE }; /* what the server is to say, or says */
enum { SINGLE, LIST, MAIL, AUTH, STLS }; /* the answers that are owed */

static const struct command_rule rules[] = {
    {.word = 1, .name = "PASS", .secret = 2, .loose = true},
    {.word = 1, .name = "APOP", .secret = 3, .loose = true},
    {.word = 1, .name = "AUTH", .secret = 3, .loose = true, .mechanism = true},
    {0},
};

static const char *const names[] = {"AUTH", "CAPA", "LAST", "LIST",
				    "NOOP", "QUIT", "RSET", "STAT",
				    "STLS", "UIDL", NULL};

static void begin(struct protocol *p)
{
	queue_push(&p->state.pop3.queue, SINGLE); /* the greeting */
}

/* What answer this command will get. */
static unsigned int owed(const struct command *c)
{
	if (command_is(c, 1, "RETR") || command_is(c, 1, "TOP"))
		return MAIL;
	if (command_is(c, 1, "STLS"))
		return STLS;
	if (command_is(c, 1, "CAPA"))
		return LIST;
	if (command_is(c, 1, "AUTH") && c->word == 1)
		return LIST;
	if (command_begins(c, 1, "AUTH"))
		return AUTH;
	if ((command_is(c, 1, "LIST") || command_is(c, 1, "UIDL") ||
	     command_is(c, 1, "LANG")) &&
	    c->word == 1)
		return LIST;
	return SINGLE;
}

static size_t client(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_IN];
	struct pop3 *s = &p->state.pop3;
	unsigned int kind;
	size_t n;

	if (s->state != LINE || (!c->response && !queue_has_room(&s->queue)) ||
	    machine_waits(p, at, len))
		return 0;
	n = machine_line(p, RELAY_IN, at, len);
	if (!c->ended)
		return n;
	if (!c->response && !command_is(c, 1, "PROXY")) {
		kind = owed(c);
		queue_push(&s->queue, kind);
		if (kind == STLS)
			s->state = SECURED;
		if (kind == AUTH)
			command_respond(c);
	}
	command_next(c);
	return n;
}

static void give_up(struct protocol *p)
{
	if (p->state.pop3.state == LINE)
		command_judge_now(&p->command[RELAY_IN]);
	p->state.pop3.state = LINE;
}

static void challenge(struct protocol *p)
{
	struct pop3 *s = &p->state.pop3;

	queue_clear(&s->queue);
	queue_push(&s->queue, AUTH);
	s->state = LINE;
	command_respond(&p->command[RELAY_IN]);
}

static void answer(struct protocol *p, bool good)
{
	struct pop3 *s = &p->state.pop3;
	int kind = queue_next(&s->queue);

	queue_pop(&s->queue);
	if (kind == AUTH)
		command_responded(&p->command[RELAY_IN]);
	if (kind == STLS) {
		s->state = LINE;
		if (good)
			machine_tls(p);
	}
	if (!good)
		return;
	if (kind == LIST)
		s->answer = LISTING;
	if (kind == MAIL) {
		s->answer = MESSAGE;
		content_begin(&p->content[RELAY_OUT], !s->bare);
	}
}

/* A line of the server is complete. */
static void line_over(struct protocol *p)
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

static size_t message(struct protocol *p, const char *at, size_t len)
{
	struct pop3 *s = &p->state.pop3;
	enum content_end end;
	size_t n = content_dots(&p->content[RELAY_OUT], at, len, &end);

	machine_is(p, RELAY_OUT, SPAN_CONTENT, at, n);
	if (end == CONTENT_END || (end == CONTENT_DOUBT && s->bare)) {
		machine_content_over(p, RELAY_OUT, true);
		s->answer = STATUS;
	}
	return n;
}

static size_t server(struct protocol *p, const char *at, size_t len)
{
	struct pop3 *s = &p->state.pop3;
	size_t n;

	if (s->answer == MESSAGE)
		return message(p, at, len);
	n = machine_status(p, &s->line, at, len);
	if (s->line.ended)
		line_over(p);
	return n;
}

const struct machine machine_pop3 = {
    .name = "pop3",
    .rules = rules,
    .names = names,
    .begin = begin,
    .client = client,
    .server = server,
    .give_up = give_up,
};
