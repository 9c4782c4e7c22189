/*
 * Two streams through a protocol's dialect.  The input is read as lines, so
 * that seeds can be: what follows < comes from the client and what follows >
 * from the server, each with CRLF; ( and ) are the same without it; a lone =
 * says the last one again, many times; a lone ~ is a hello of TLS and its
 * answer: where TLS may begin, what follows is what TLS protects.  What follows
 * a lone - is said by the server within the login.
 *
 * What must hold: every split gives the same, and whatever was said before, and
 * by the server within it, the secret of the next login is not shown, neither
 * where the client says it nor where the server repeats it.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include <stdint.h>

#include "../../unit/recio/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In no login but as the secret. */
#define CANARY "QZQZQZQZ"

/* The pieces of a login, as in splits.h, if this dialect is at work then. */
struct login {
	const char *dialect;
	const char *piece[8];
};

enum { REPEATED = 300, SAID_MAX = 20000 };

static void fail(const char *one, const char *other)
{
	fprintf(stderr, "%s\n-- and --\n%s\n", one, other);
	abort();
}

/* Says one line of the input; every: in so many bytes at a time. */
static size_t say(struct dialogue *d, const char *at, size_t len, size_t every)
{
	bool client = *at == '<' || *at == '(';
	size_t size = len - 1, n;
	bool inside = d->protocol.inside_tls;
	char *text = malloc(size + 2);

	if (!text)
		abort();
	memcpy(text, at + 1, size);
	if (*at == '<' || *at == '>') {
		text[size++] = '\r';
		text[size++] = '\n';
	}
	/* The rest of TLS's first bytes is not what it protects. */
	for (size_t i = 0; i < size && d->protocol.inside_tls == inside;
	     i += n) {
		n = every && every < size - i ? every : size - i;
		dialogue_data(d, client ? RELAY_IN : RELAY_OUT, text + i, n);
	}
	free(text);
	return size;
}

/* Begins TLS, if that may begin here. */
static void say_hello(struct dialogue *d, size_t every)
{
	say(d, "(\x16\x03\x01", 4, every);
	say(d, ")\x16", 2, every);
}

/* A flood is not said byte by byte, which would take most of the time. */
static void converse(struct dialogue *d, const char *at, size_t len,
		     size_t every)
{
	const char *end = at + len, *newline, *last = NULL;
	size_t said = 0, last_len = 0;

	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			newline = end;
		if (newline > at && strchr("<>()", *at)) {
			last = at;
			last_len = (size_t)(newline - at);
			said += say(d, last, last_len, every);
		} else if (newline == at + 1 && *at == '~') {
			say_hello(d, every);
		} else if (newline == at + 1 && *at == '=' && last) {
			for (int i = 0; i < REPEATED && said < SAID_MAX; i++)
				said += say(d, last, last_len,
					    every == 1 ? 0 : every);
		}
	}
}

/*
 * A literal or a chunk may lie over the login, as it would for a server; also
 * one that is announced in what is held.
 */
static bool in_literal(struct protocol_session *p)
{
	int wait;

	for (size_t i = 0; i < p->held.len; i++)
		if (strchr("{Bb", p->held.bytes[i]))
			return true;
	/* The first member of its state: it waits for an answer. */
	memcpy(&wait, session_state(p), sizeof wait);
	if (strcmp(p->dialect->name, "imap") == 0 && wait)
		return true;
	return client_octets_left(&p->client) != 0;
}

/* What the server says behind a piece of the client's. */
static void interrupt(struct dialogue *d, const char *at, size_t len)
{
	const char *end = at + len, *newline;

	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			newline = end;
		if (newline > at && (*at == '>' || *at == ')'))
			say(d, at, (size_t)(newline - at), 0);
	}
}

/* What the client said may be a message, for a server as well. */
static bool is_counted(struct dialogue *d)
{
	return session_message(&d->protocol, RELAY_IN)->running ||
	       strstr(d->text, " bytes, ");
}

/*
 * The secret stands where the client says it, or where the server repeats it;
 * counted: it may have been a message, which a server may repeat.
 */
static bool is_shown(const char *text, bool counted)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (counted && *text == '>')
			continue;
		if (memmem(text, len, "QZ", 2) || memmem(text, len, "qzqz", 4))
			return true;
	}
	return false;
}

/* The server repeats the secret, in lines of its own and within others. */
static void repeat(struct dialogue *d)
{
	static const char text[] =
	    "\r\n500 \"" CANARY "\" not known\r\nxx" CANARY "xx BAD\r\n"
	    "-ERR qzqzqzqz\r\n" CANARY "\r\n";

	dialogue_data(d, RELAY_OUT, text, sizeof text - 1);
}

static void login(struct dialogue *d, const struct login *l, const char *within,
		  size_t len)
{
	const char *const *piece = l->piece;
	bool client, counted;

	if (strcmp(d->protocol.dialect->name, l->dialect) != 0)
		return;
	/* The end of a literal, and of the line. */
	for (int i = 0; i < 2; i++) {
		dialogue_data(d, RELAY_IN, "\r\n", 2);
		if (in_literal(&d->protocol))
			return;
	}
	d->len = 0;
	for (; *piece; piece++) {
		client = **piece == '<';
		dialogue_data(d, client ? RELAY_IN : RELAY_OUT, *piece + 1,
			      strlen(*piece + 1));
		if (!client)
			continue;
		if (strstr(*piece, CANARY))
			repeat(d);
		interrupt(d, within, len);
	}
	counted = is_counted(d);
	session_finish(&d->protocol);
	if (is_shown(d->text, counted || is_counted(d)))
		fail("a secret is shown", d->text);
}

static int conversation(const char *name, const struct login *logins,
			const uint8_t *data, size_t size)
{
	static struct dialogue before, whole, split;
	const char *at = (const char *)data,
		   *dash = memmem(at, size, "\n-\n", 3);
	const char *within = dash ? dash + 3 : at + size;
	size_t within_len = size - (size_t)(within - at);

	size -= within_len;
	dialogue_begin(&whole, name);
	dialogue_look_inside(&whole);
	converse(&whole, at, size, 0);
	before = whole;
	session_finish(&whole.protocol);
	for (size_t every = 1; every <= 3; every += 2) {
		dialogue_begin(&split, name);
		dialogue_look_inside(&split);
		converse(&split, at, size, every);
		session_finish(&split.protocol);
		if (strcmp(whole.text, split.text) != 0)
			fail(whole.text, split.text);
	}
	if (memmem(at, size + within_len, "QZ", 2) ||
	    memmem(at, size + within_len, "qz", 2))
		return 0;
	for (; logins->dialect; logins++) {
		whole = before;
		login(&whole, logins, within, within_len);
	}
	return 0;
}

#endif
