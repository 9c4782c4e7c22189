/*
 * Running a dialect; see protocol_session.h.  Invariants: what is held comes
 * before all that the client says later; a dialect sees each byte once.
 */
#include "recio/protocol_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct dialect *const dialects[] = {
    &dialect_smtp, &dialect_lmtp,  &dialect_pop3,
    &dialect_imap, &dialect_sieve, &dialect_auto,
};

const struct dialect *dialect_named(const char *name)
{
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
		if (strcmp(dialects[i]->name, name) == 0)
			return dialects[i];
	return NULL;
}

/*
 * The server's first byte after the client's hello: a record of TLS, the
 * types of which are 20 to 23, or it did not understand.
 */
static void answer_to_hello(struct protocol_session *p, char byte)
{
	if (byte >= 20 && byte <= 23)
		session_make_opaque(p, "TLS");
	else
		p->tls = SESSION_TLS_NO;
}

/* How many of these bytes of the client could be judged. */
static size_t judge(struct protocol_session *p, const char *at, size_t len)
{
	size_t done = 0, n;

	while (done < len && !p->opaque && p->tls != SESSION_TLS_HELLO) {
		p->client.partial = false;
		n = p->octets[RELAY_IN].left
			? client_take_octets(p, at + done, len - done)
			: p->dialect->client(p, at + done, len - done);
		if (!n)
			break;
		done += n;
	}
	return p->opaque ? len : done;
}

static void judge_held(struct protocol_session *p)
{
	size_t n = judge(p, p->hold, p->held);

	if (!n || p->opaque)
		return;
	p->held -= n;
	memmove(p->hold, p->hold + n, p->held);
}

static void begin(struct protocol_session *p, const struct dialect *dialect)
{
	p->dialect = dialect;
	p->command = (struct line_lexer){.strings = dialect->strings};
	line_lexer_next(&p->command);
	p->client = (struct client){.grammars = dialect->grammars,
				    .ended = p->client.ended};
	memset(&p->state, 0, sizeof p->state);
	if (dialect->begin)
		dialect->begin(p);
}

/* What was a secret for one dialect may be one, whatever the other knows. */
static void doubt_as_before(struct protocol_session *p,
			    const struct client *before)
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
 * The dialect has lost count of the answers.  What hides secrets without
 * counting goes on, so that no client can end the record by talking too much.
 */
static void lose_track(struct protocol_session *p)
{
	struct client before = p->client;
	char text[128];

	session_end_message(p, RELAY_OUT, false);
	snprintf(text, sizeof text,
		 "lost track behind < %" PRIu64 " bytes, > %" PRIu64
		 " bytes: too many answers are owed",
		 p->position[RELAY_IN], p->position[RELAY_OUT]);
	p->out.note(p->out.ctx, text);
	p->octets[RELAY_OUT].left = 0;
	begin(p, &dialect_any);
	doubt_as_before(p, &before);
	judge_held(p);
}

/*
 * There is no room to hold more, or no answer can come.  A hello that is so
 * long, or has no answer, is none.
 */
static void give_up(struct protocol_session *p)
{
	bool hello = p->tls == SESSION_TLS_HELLO;
	size_t before = p->held;

	p->tls = SESSION_TLS_NO;
	if (!hello) {
		client_give_up(p);
		p->dialect->give_up(p);
	}
	judge_held(p);
	if (p->held == before && !hello)
		lose_track(p);
}

static void client_data(struct protocol_session *p, const char *at, size_t len)
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

static void server_data(struct protocol_session *p, const char *at, size_t len)
{
	size_t n;

	if (len && p->tls == SESSION_TLS_HELLO)
		answer_to_hello(p, *at);
	if (len && p->tls == SESSION_TLS_FIRST && p->position[RELAY_IN])
		p->tls = SESSION_TLS_NO;
	while (len && !p->opaque) {
		n = p->octets[RELAY_OUT].left
			? session_take_octets(p, RELAY_OUT, at, len)
			: p->dialect->server(p, at, len);
		at += n;
		len -= n;
		/* Not in the middle of a line, wherever it is split. */
		if (p->held && !p->muted && at[-1] == '\n')
			judge_held(p);
	}
}

void session_begin(struct protocol_session *p, const struct dialect *dialect)
{
	p->tls = SESSION_TLS_FIRST;
	begin(p, dialect);
}

/* It was all shown already, so nothing of it can wait. */
static void replay_client(struct protocol_session *p, const char *at,
			  size_t len)
{
	size_t n = 1, before;

	for (; len; at += n, len -= n) {
		before = n;
		n = p->octets[RELAY_IN].left ? client_take_octets(p, at, len)
					     : p->dialect->client(p, at, len);
		if (!n && !before)
			break;
		if (!n) {
			client_give_up(p);
			p->dialect->give_up(p);
		}
	}
}

void session_become(struct protocol_session *p, const struct dialect *dialect)
{
	struct undecided seen = p->state.undecided;
	struct client before = p->client;

	p->octets[RELAY_IN].left = 0;
	begin(p, dialect);
	p->muted = true;
	replay_client(p, seen.client, seen.client_len);
	server_data(p, seen.server, seen.server_len);
	p->muted = false;
	doubt_as_before(p, &before);
}

/* An answer decides what the last that the client said was. */
static bool undecided(const struct protocol_session *p)
{
	return p->held || (p->content[RELAY_IN].tail && !p->giving_up);
}

/* Gives what is left of a direction, and its end. */
static void close_direction(struct protocol_session *p, enum relay_dir dir)
{
	if (!p->ended[dir] || (dir == RELAY_IN && undecided(p)))
		return;
	p->ended[dir] = false;
	session_show_hidden(p, dir);
	session_end_message(p, dir, false);
	p->out.end(p->out.ctx, dir);
}

void session_data(struct protocol_session *p, enum relay_dir dir,
		  const char *at, size_t len)
{
	if (dir == RELAY_IN) {
		client_data(p, at, len);
	} else {
		server_data(p, at, len);
		close_direction(p, RELAY_IN);
	}
}

static void no_more_answers(struct protocol_session *p)
{
	p->giving_up = true;
	judge_held(p);
	while (p->held && !p->client.partial)
		give_up(p);
}

/* What is held of a line is all that there will be of it. */
static void no_more_lines(struct protocol_session *p)
{
	p->client.ended = true;
	judge_held(p);
}

void session_end(struct protocol_session *p, enum relay_dir dir)
{
	p->ended[dir] = true;
	if (dir == RELAY_OUT)
		no_more_answers(p);
	else
		no_more_lines(p);
	close_direction(p, RELAY_IN);
	close_direction(p, RELAY_OUT);
}

void session_finish(struct protocol_session *p)
{
	no_more_lines(p);
	no_more_answers(p);
	client_finish(p);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		close_direction(p, dir);
		session_end_message(p, dir, false);
	}
	explicit_bzero(&p->echo, sizeof p->echo);
}
