/*
 * Compares what is shown of a dialogue with what should be, for every way to
 * split it: whole, byte by byte, and cut once at each byte.  A dialogue is a
 * list of pieces, in the order in which a relay sees them: "<" and what the
 * client sends, or ">" and what the server does; "<!" and ">!" for the end of a
 * direction.
 */
#ifndef SPLITS_H
#define SPLITS_H

#include "dialogue.h"

static size_t dialogue_length(const char *const *piece)
{
	size_t len = 0;

	for (; *piece; piece++)
		len += strlen(*piece + 1);
	return len;
}

/*
 * Feeds the pieces, which end with NULL; each whole for every 0, byte by byte
 * for every 1, or in two at cut bytes into the dialogue.
 */
static void dialogue_feed(struct dialogue *d, const char *const *piece,
			  size_t every, size_t cut)
{
	for (; *piece; piece++) {
		enum relay_dir dir = **piece == '<' ? RELAY_IN : RELAY_OUT;
		const char *at = *piece + 1;
		size_t len = strlen(at), n;

		if (strcmp(at, "!") == 0) {
			session_end(&d->protocol, dir);
			continue;
		}
		for (; len; at += n, len -= n) {
			n = every ? every : len;
			if (cut && cut < len)
				n = cut;
			cut -= cut < n ? cut : n;
			dialogue_data(d, dir, at, n);
		}
	}
	session_finish(&d->protocol);
	dialogue_close(d, -1);
}

/* All splits give want; inside: also what TLS protects is shown. */
static void dialogue_is(const char *name, bool inside, const char *want,
			const char *const *piece)
{
	static struct dialogue d;
	size_t len = dialogue_length(piece);

	for (size_t cut = 0; cut <= len + 1; cut++) {
		dialogue_begin(&d, name);
		if (inside)
			dialogue_look_inside(&d);
		dialogue_feed(&d, piece, cut > len, cut > len ? 0 : cut);
		if (strcmp(d.text, want) != 0)
			print_error("cut at %zu of %zu:\n", cut, len);
		assert_string_equal(d.text, want);
	}
}

#define DIALOGUE(name, want, ...) \
	dialogue_is(name, false, want, (const char *const[]){__VA_ARGS__, NULL})

/* TLS begins with HELLO, and its answer, of which no more is given. */
#define HELLO "<\x16\x03\x01hello", ">\x16"

#define DIALOGUE_INSIDE(name, want, ...) \
	dialogue_is(name, true, want, (const char *const[]){__VA_ARGS__, NULL})

#endif
