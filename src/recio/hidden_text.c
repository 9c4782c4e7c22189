/*
 * Sets of runs of bytes, as Bloom filters: an entry sets three bits of a table.
 * An entry is the bytes in upper case after their number, in 64 bits.
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

static void add_entry(struct hidden_text *hidden, unsigned int n)
{
	uint64_t hash = hash_entry(hidden->window, n);
	unsigned int bit;

	hidden->any = true;
	for (int i = 0; i < HASHES; i++, hash >>= HASH_BITS) {
		bit = hash & (HIDDEN_BITS - 1);
		hidden->bits[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

bool hidden_text_has(const struct hidden_text *hidden, uint64_t window,
		     unsigned int n)
{
	uint64_t hash = hash_entry(window, n);
	unsigned int bit;

	for (int i = 0; i < HASHES; i++, hash >>= HASH_BITS) {
		bit = hash & (HIDDEN_BITS - 1);
		if (!(hidden->bits[bit / 64] >> bit % 64 & 1))
			return false;
	}
	return true;
}

/* The word at the end of the text is complete. */
static void end_word(struct hidden_text *hidden, bool words)
{
	if (words && hidden->word >= HIDDEN_WORD && hidden->word < HIDDEN_RUN) {
		hidden->words = true;
		add_entry(hidden, (unsigned int)hidden->word);
	}
	hidden->word = 0;
}

void hidden_text_break(struct hidden_text *hidden, bool words)
{
	end_word(hidden, words);
	hidden->run = 0;
}

/* Ends of lines are no part of a secret. */
void hidden_text_add(struct hidden_text *hidden, const char *at, size_t len,
		     bool words)
{
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '\r' || at[i] == '\n') {
			hidden_text_break(hidden, words);
			continue;
		}
		if ((unsigned char)at[i] <= ' ' || at[i] == '"')
			end_word(hidden, words);
		else
			hidden->word++;
		hidden->window = hidden_text_move(hidden->window, at[i]);
		hidden->run += hidden->run < HIDDEN_RUN;
		if (hidden->run == HIDDEN_RUN)
			add_entry(hidden, HIDDEN_RUN);
	}
}
