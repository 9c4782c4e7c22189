/*
 * Two hashes of 64 bits.  Neither protects from a forger.
 *
 * hash_fnv is FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), byte by
 * byte. Its values are stored: in position files, and in the ring that keeps
 * the input of rlog.
 *
 * hash_bytes finds damage, fast.  Each of its steps can be undone, so that two
 * texts of one length that differ in one word of 8 bytes never have the same
 * hash.
 */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash_fnv of no bytes. */
#define HASH_FNV UINT64_C(0xcbf29ce484222325)

/* The hash of all bytes so far and n more; `hash` is that of those so far. */
uint64_t hash_fnv(uint64_t hash, const void *bytes, size_t n);

/* The hash of n bytes; each seed has hashes of its own. */
uint64_t hash_bytes(uint64_t seed, const void *bytes, size_t n);

#endif
