/* Bytes of one direction that are not lines: their number and kind are known.
 */
#ifndef EXPECTED_OCTETS_H
#define EXPECTED_OCTETS_H

#include <stddef.h>
#include <stdint.h>

#include "recio/redactor.h"

struct expected_octets {
	struct redactor *redactor;
	enum relay_dir dir;
	uint64_t left; /* bytes still to come; 0: lines come */
	enum span_kind kind;
};

/* Expects lines of this direction. */
void expected_octets_init(struct expected_octets *octets,
			  struct redactor *redactor, enum relay_dir dir);

/* Expects size bytes of kind. A message begins with them. */
void expected_octets_begin(struct expected_octets *octets, uint64_t size,
			   enum span_kind kind);

/* Those that are left are of this kind. */
void expected_octets_set_kind(struct expected_octets *octets,
			      enum span_kind kind);

/*
 * Emits some of the expected bytes, and ends their message with the last.
 * Returns how many it took.
 */
size_t expected_octets_take(struct expected_octets *octets, const char *at,
			    size_t len);

/* Expects lines again. */
void expected_octets_drop(struct expected_octets *octets);

#endif
