/*
 * Sets of runs of bytes, as Bloom filters: an entry sets three bits of a table.
 * An entry is the bytes in upper case with their number in front, in 64 bits.
 */
#include "recio/hidden_text.h"

enum { HASHES = 3, HASH_BITS = 18 };

/* A hash of which each HASH_BITS bits are as good as the others. */
static uint64_t hash_entry(uint64_t window, unsigned int n)
{
	uint64_t bytes = window & (UINT64_MAX >> (64 - 8 * n));
	uint64_t hash = bytes | (uint64_t)n << 56;

	hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15;
	hash = (hash ^ hash >> 29) * 0xd6e8feb86659fd93;
	return hash ^ hash >> 32;
}

static void add_entry(struct hidden_text *h, unsigned int n)
{
	uint64_t hash = hash_entry(h->window, n);
	unsigned int bit;

	h->any = true;
	for (int i = 0; i < HASHES; i++, hash >>= HASH_BITS) {
		bit = hash & (HIDDEN_BITS - 1);
		h->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

bool hidden_text_has(const struct hidden_text *h, uint64_t window,
		     unsigned int n)
{
	uint64_t hash = hash_entry(window, n);
	unsigned int bit;

	for (int i = 0; i < HASHES; i++, hash >>= HASH_BITS) {
		bit = hash & (HIDDEN_BITS - 1);
		if (!(h->bits[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}

/* The word at the end of the text is complete. */
static void end_word(struct hidden_text *h, bool words)
{
	if (words && h->word >= HIDDEN_WORD && h->word < HIDDEN_RUN) {
		h->words = true;
		add_entry(h, (unsigned int)h->word);
	}
	h->word = 0;
}

void hidden_text_break(struct hidden_text *h, bool words)
{
	end_word(h, words);
	h->run = 0;
	h->window = 0;
}

/* Ends of lines are no part of a secret. */
void hidden_text_add(struct hidden_text *h, const char *at, size_t len,
		     bool words)
{
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\r' || at[i] == '\n') {
			hidden_text_break(h, words);
			continue;
		}
		if ((unsigned char)at[i] <= ' ' || at[i] == '"')
			end_word(h, words);
		else
			h->word++;
		h->window = hidden_text_move(h->window, at[i]);
		h->run += h->run < HIDDEN_RUN;
		if (h->run == HIDDEN_RUN)
			add_entry(h, HIDDEN_RUN);
	}
}
