/*
 * Hashes.  hash_bytes mixes a word into its state by exclusive or, a
 * multiplication by an odd number and a rotation, all of which can be undone.
 * Long texts go through four states side by side, since a processor multiplies
 * for all of them at once.
 */
#include "base/hash.h"

#include <string.h>

enum { WORD = 8, LANES = 4 };

static const uint64_t odd = 0x9e3779b97f4a7c15; /* 2^64 / the golden ratio */

static inline uint64_t mix_word(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * odd;
	return hash << 29 | hash >> 35;
}

static inline uint64_t load_word(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

uint64_t hash_fnv(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ at[i]) * 0x100000001b3;
	return hash;
}

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	uint64_t lane[LANES] = {1, 2, 3, 4}, hash = mix_word(seed, n), word = 0;

	for (; n >= LANES * WORD; n -= LANES * WORD, at += LANES * WORD) {
		lane[0] = mix_word(lane[0], load_word(at));
		lane[1] = mix_word(lane[1], load_word(at + WORD));
		lane[2] = mix_word(lane[2], load_word(at + 2 * WORD));
		lane[3] = mix_word(lane[3], load_word(at + 3 * WORD));
	}
	hash = mix_word(
	    mix_word(mix_word(mix_word(hash, lane[0]), lane[1]), lane[2]),
	    lane[3]);
	for (; n >= WORD; n -= WORD, at += WORD)
		hash = mix_word(hash, load_word(at));
	if (n)
		memcpy(&word, at, n);
	hash = mix_word(hash, word);
	return hash ^ hash >> 32;
}
