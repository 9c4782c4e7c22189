/*
 * What tells a `current` from any other file: an inode number is used again
 * when a file is gone, and another logger may have used the directory.
 */
#ifndef FINGERPRINT_H
#define FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logwrite/batch_part.h"
#include "logwrite/ring.h"

enum { FINGERPRINT_LAST = 64 }; /* bytes */

struct fingerprint {
	uint64_t birth;                       /* nanoseconds; 0: not known */
	unsigned char last[FINGERPRINT_LAST]; /* the end of the file */
	size_t last_n;
};

/* Takes it of this file, which has `size` bytes.  0, or -1 and errno. */
int fingerprint_take(struct fingerprint *print, int fd, uint64_t size);

/* Notes that the vectors of the part were appended to the file. */
void fingerprint_append(struct fingerprint *print,
			const struct batch_part *part);

/* Stores it for a file that the vectors of the part will be appended to. */
void fingerprint_store(const struct fingerprint *print,
		       const struct batch_part *part, struct ring_file *file);

/*
 * True if this file, of `size` bytes and open for reading, is the one that was
 * stored: with all of what was to be appended then or, if partly, any first
 * part of it.
 */
bool fingerprint_fits(int fd, uint64_t size, const struct ring_file *file,
		      bool partly);

#endif
