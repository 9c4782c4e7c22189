/*
 * Compares what is shown of a dialogue with what should be, for every way to
 * split it: whole, byte by byte, and cut once at each byte.
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

/* All splits give want. */
static void dialogue_is(const char *name, const char *want,
			const char *const *piece)
{
	static struct dialogue d;
	size_t len = dialogue_length(piece);

	for (size_t cut = 0; cut <= len + 1; cut++) {
		dialogue_begin(&d, name);
		dialogue_feed(&d, piece, cut > len, cut > len ? 0 : cut);
		if (strcmp(d.text, want) != 0)
			print_error("cut at %zu of %zu:\n", cut, len);
		assert_string_equal(d.text, want);
	}
}

#define DIALOGUE(name, want, ...) \
	dialogue_is(name, want, (const char *const[]){__VA_ARGS__, NULL})

#endif
