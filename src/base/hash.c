/*
 * The hash; see hash.h.  A word is taken in by exclusive or, a multiplication
 * by an odd number and a rotation, all of which can be undone.  Long texts go
 * through four of these side by side, which a processor does at once.
 */
#include "base/hash.h"

#include <string.h>

enum { WORD = 8, LANES = 4 };

static const uint64_t odd = 0x9e3779b97f4a7c15; /* 2^64 / the golden ratio */

static inline uint64_t take(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * odd;
	return hash << 29 | hash >> 35;
}

static inline uint64_t load(const unsigned char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	uint64_t lane[LANES] = {1, 2, 3, 4}, hash = take(seed, n), word = 0;

	for (; n >= LANES * WORD; n -= LANES * WORD, at += LANES * WORD) {
		lane[0] = take(lane[0], load(at));
		lane[1] = take(lane[1], load(at + WORD));
		lane[2] = take(lane[2], load(at + 2 * WORD));
		lane[3] = take(lane[3], load(at + 3 * WORD));
	}
	hash = take(take(take(take(hash, lane[0]), lane[1]), lane[2]), lane[3]);
	for (; n >= WORD; n -= WORD, at += WORD)
		hash = take(hash, load(at));
	if (n)
		memcpy(&word, at, n);
	hash = take(hash, word);
	return hash ^ hash >> 32;
}
