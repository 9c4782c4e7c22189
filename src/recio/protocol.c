/*
 * Running a machine; see protocol.h.  Invariants: what is held comes before
 * all that the client says later; a machine sees each byte once.
 */
#include "recio/protocol.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct machine *const machines[] = {
    &machine_smtp, &machine_lmtp,  &machine_pop3,
    &machine_imap, &machine_sieve, &machine_auto,
};

const struct machine *protocol_named(const char *name)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (strcmp(machines[i]->name, name) == 0)
			return machines[i];
	return NULL;
}

/*
 * The server's first byte after the client's hello: a record of TLS, the
 * types of which are 20 to 23, or it did not understand.
 */
static void answer_to_hello(struct protocol *p, char byte)
{
	if (byte >= 20 && byte <= 23)
		machine_opaque(p, "TLS");
	else
		p->tls = PROTOCOL_TLS_NO;
}

/* How many of these bytes of the client could be judged. */
static size_t judge(struct protocol *p, const char *at, size_t len)
{
	size_t done = 0, n;

	while (done < len && !p->opaque && p->tls != PROTOCOL_TLS_HELLO) {
		p->client.partial = false;
		n = p->octets[RELAY_IN].left
			? client_take_octets(p, at + done, len - done)
			: p->machine->client(p, at + done, len - done);
		if (!n)
			break;
		done += n;
	}
	return p->opaque ? len : done;
}

static void judge_held(struct protocol *p)
{
	size_t n = judge(p, p->hold, p->held);

	if (!n || p->opaque)
		return;
	p->held -= n;
	memmove(p->hold, p->hold + n, p->held);
}

static void begin(struct protocol *p, const struct machine *machine)
{
	p->machine = machine;
	p->command = (struct command){.strings = machine->strings};
	command_next(&p->command);
	p->client = (struct client){.grammars = machine->grammars,
				    .ended = p->client.ended};
	memset(&p->state, 0, sizeof p->state);
	if (machine->begin)
		machine->begin(p);
}

/* What was a secret for one machine may be one, whatever the other knows. */
static void doubt_as_before(struct protocol *p, const struct client *before)
{
	struct client *c = &p->client;

	c->after_auth =
	    c->after_auth || before->after_auth ||
	    (before->auth != CLIENT_COMMANDS && c->auth == CLIENT_COMMANDS);
	c->cut_response =
	    c->cut_response ||
	    (p->held && (before->auth == CLIENT_RESPONDS ||
			 before->auth == CLIENT_BLIND || before->cut_response));
	if (before->rest && !c->rest)
		client_hide_rest(p);
}

/*
 * The machine has lost count of the answers.  What hides secrets without
 * counting goes on, so that no client can end the record by talking too much.
 */
static void lose_track(struct protocol *p)
{
	struct client before = p->client;
	char text[128];

	machine_content_over(p, RELAY_OUT, false);
	snprintf(text, sizeof text,
		 "lost track behind < %" PRIu64 " bytes, > %" PRIu64
		 " bytes: too many answers are owed",
		 p->position[RELAY_IN], p->position[RELAY_OUT]);
	p->out.note(p->out.ctx, text);
	p->octets[RELAY_OUT].left = 0;
	begin(p, &machine_any);
	doubt_as_before(p, &before);
	judge_held(p);
}

/*
 * There is no room to hold more, or no answer can come.  A hello that is so
 * long, or has no answer, is none.
 */
static void give_up(struct protocol *p)
{
	bool hello = p->tls == PROTOCOL_TLS_HELLO;
	size_t before = p->held;

	p->tls = PROTOCOL_TLS_NO;
	if (!hello) {
		client_give_up(p);
		p->machine->give_up(p);
	}
	judge_held(p);
	if (p->held == before && !hello)
		lose_track(p);
}

static void client_data(struct protocol *p, const char *at, size_t len)
{
	size_t n;

	while (len && !p->opaque) {
		n = p->held ? 0 : judge(p, at, len);
		at += n;
		len -= n;
		if (!len || p->opaque)
			return;
		n = sizeof p->hold - p->held;
		n = len < n ? len : n;
		memcpy(p->hold + p->held, at, n);
		p->held += n;
		at += n;
		len -= n;
		judge_held(p);
		if (p->held == sizeof p->hold ||
		    (p->held && p->giving_up && !p->client.partial))
			give_up(p);
	}
}

static void server_data(struct protocol *p, const char *at, size_t len)
{
	size_t n;

	if (len && p->tls == PROTOCOL_TLS_HELLO)
		answer_to_hello(p, *at);
	if (len && p->tls == PROTOCOL_TLS_FIRST && p->position[RELAY_IN])
		p->tls = PROTOCOL_TLS_NO;
	while (len && !p->opaque) {
		n = p->octets[RELAY_OUT].left
			? machine_take_octets(p, RELAY_OUT, at, len)
			: p->machine->server(p, at, len);
		at += n;
		len -= n;
		/* Not in the middle of a line, wherever it is split. */
		if (p->held && !p->muted && at[-1] == '\n')
			judge_held(p);
	}
}

void protocol_begin(struct protocol *p, const struct machine *machine)
{
	p->tls = PROTOCOL_TLS_FIRST;
	begin(p, machine);
}

/* It was all shown already, so nothing of it can wait. */
static void replay_client(struct protocol *p, const char *at, size_t len)
{
	size_t n = 1, before;

	for (; len; at += n, len -= n) {
		before = n;
		n = p->octets[RELAY_IN].left ? client_take_octets(p, at, len)
					     : p->machine->client(p, at, len);
		if (!n && !before)
			break;
		if (!n) {
			client_give_up(p);
			p->machine->give_up(p);
		}
	}
}

void machine_become(struct protocol *p, const struct machine *machine)
{
	struct undecided seen = p->state.undecided;
	struct client before = p->client;

	p->octets[RELAY_IN].left = 0;
	begin(p, machine);
	p->muted = true;
	replay_client(p, seen.client, seen.client_len);
	server_data(p, seen.server, seen.server_len);
	p->muted = false;
	doubt_as_before(p, &before);
}

/* An answer decides what the last that the client said was. */
static bool undecided(const struct protocol *p)
{
	return p->held || (p->content[RELAY_IN].tail && !p->giving_up);
}

/* Gives what is left of a direction, and its end. */
static void close_direction(struct protocol *p, enum relay_dir dir)
{
	if (!p->ended[dir] || (dir == RELAY_IN && undecided(p)))
		return;
	p->ended[dir] = false;
	machine_count_hidden(p, dir);
	machine_content_over(p, dir, false);
	p->out.end(p->out.ctx, dir);
}

void protocol_data(struct protocol *p, enum relay_dir dir, const char *at,
		   size_t len)
{
	if (dir == RELAY_IN) {
		client_data(p, at, len);
	} else {
		server_data(p, at, len);
		close_direction(p, RELAY_IN);
	}
}

static void no_more_answers(struct protocol *p)
{
	p->giving_up = true;
	judge_held(p);
	while (p->held && !p->client.partial)
		give_up(p);
}

/* What is held of a line is all that there will be of it. */
static void no_more_lines(struct protocol *p)
{
	p->client.ended = true;
	judge_held(p);
}

void protocol_end(struct protocol *p, enum relay_dir dir)
{
	p->ended[dir] = true;
	if (dir == RELAY_OUT)
		no_more_answers(p);
	else
		no_more_lines(p);
	close_direction(p, RELAY_IN);
	close_direction(p, RELAY_OUT);
}

void protocol_finish(struct protocol *p)
{
	no_more_lines(p);
	no_more_answers(p);
	client_finish(p);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		close_direction(p, dir);
		machine_content_over(p, dir, false);
	}
	explicit_bzero(&p->echo, sizeof p->echo);
}
