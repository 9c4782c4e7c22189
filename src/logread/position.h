/*
 * A place in a log, to go on from: the identity of a file and an offset in it.
 * Labels repeat in multilog's logs, and inode numbers are used again, so a
 * file is known by its first bytes, which begin with its first label, and by
 * those in front of the offset.
 */
#ifndef POSITION_H
#define POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/label.h"

enum {
	POSITION_HEAD =
	    256, /* so many first bytes count, or all before offset */
	POSITION_TAIL = 64,  /* and so many before the offset */
	POSITION_TEXT = 192, /* bytes of its text, with a NUL */
};

struct position {
	uint64_t offset;
	uint64_t head, tail; /* hashes */
	bool labelled;       /* last is known: */
	struct tain_s last;  /* the label of the last line before it */
};

/* Hashes bytes (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
uint64_t position_hash(const char *bytes, size_t len);

/* How many bytes of a head or tail of `most` bytes lie before the offset. */
size_t position_length(uint64_t offset, size_t most);

/* Writes it as text without spaces at its ends; the length. */
size_t position_format(char *text, const struct position *place);

/* Reads what position_format has written: bytes used, 0 if it is none. */
size_t position_scan(struct position *place, const char *text);

#endif
