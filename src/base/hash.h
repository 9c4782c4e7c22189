/*
 * A hash of 64 bits that finds what went wrong by chance: each step can be
 * undone, so that two texts of one length that differ in one word of 8 bytes,
 * in one bit as well, never have the same hash.  It is no protection from who
 * forges one.
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of n bytes; each seed has hashes of its own. */
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t n);

#endif
