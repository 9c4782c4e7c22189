/*
 * The text that was hidden of a client, to be found where a server repeats it:
 * the set of all runs of HIDDEN_RUN bytes in it, and of its short words.
 * Letters of ASCII are equal in both cases.
 *
 * The set keeps hashes in a table of fixed size and forgets nothing: what was
 * hidden is always found, and the more was hidden, the more is found that was
 * not.  With 100 bytes that is one run in 600 million, with 4096 one in 10,000.
 */
#ifndef HIDDEN_TEXT_H
#define HIDDEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HIDDEN_RUN = 6,
	HIDDEN_WORD = 4, /* the shortest word; the longest is HIDDEN_RUN - 1 */
	HIDDEN_BITS = 1 << 18
};

struct hidden_text {
	bool any;   /* the set is not empty */
	bool words; /* it has short words */
	/* Of the text that is being added: */
	uint64_t window;  /* its last 8 bytes */
	unsigned int run; /* its length, up to HIDDEN_RUN */
	size_t word;      /* the length of the word at its end */
	uint64_t bits[HIDDEN_BITS / 64];
};

/* Returns the window moved on by a byte. */
static inline uint64_t hidden_text_move(uint64_t window, char byte)
{
	unsigned char folded = (unsigned char)byte;

	folded -= folded >= 'a' && folded <= 'z' ? 'a' - 'A' : 0;
	return window << 8 | folded;
}

/*
 * Adds text that follows the text before; words: its words of HIDDEN_WORD to
 * HIDDEN_RUN - 1 bytes, too.  An empty structure is all zero.
 */
void hidden_text_add(struct hidden_text *hidden, const char *at, size_t len,
		     bool words);

/* The text ended; words as for its last bytes. */
void hidden_text_break(struct hidden_text *hidden, bool words);

/* True if the last n bytes of the window are a run, or a word, of the set. */
bool hidden_text_has(const struct hidden_text *hidden, uint64_t window,
		     unsigned int n);

#endif
