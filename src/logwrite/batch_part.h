/*
 * The part of a batch that one output gets: vectors, which are written one
 * after the other, and how far the file that they go to is from the size at
 * which it is rotated.  A file is due at a line end that is within the
 * tolerance of its size, or where the next byte has no room.
 *
 * An output that has no size, as alerts and status files, is never asked for
 * its room: its lines are added with batch_part_add.
 */
#ifndef BATCH_PART_H
#define BATCH_PART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/types.h>
#include <sys/uio.h>

enum { BATCH_PART_MAX = 256 };

struct batch_part {
	struct iovec vector[BATCH_PART_MAX];
	unsigned int first; /* the first vector that is not written whole */
	size_t skip;        /* bytes of it that are written */
	unsigned int n;
	uint64_t size;      /* most bytes of the file */
	uint64_t tolerance; /* due at line ends so near the size */
	uint64_t head;      /* least bytes of the beginning of a line */
	uint64_t least;     /* least bytes of its continuation */
	uint64_t bytes;     /* in the file, with the part so far */
	bool torn;          /* the file lacks a newline before the next line */
};

/*
 * Sets the size of a file that is empty.  head: bytes before each line, its
 * stamp and prefix; least: most bytes that one byte of input becomes.
 */
void batch_part_init(struct batch_part *part, uint64_t size, uint64_t tolerance,
		     size_t head, size_t least);

/* Removes all vectors. */
void batch_part_clear(struct batch_part *part);

/* Has all vectors written again. */
void batch_part_rewind(struct batch_part *part);

/* Returns true if there is no room for n more vectors. */
bool batch_part_lack(const struct batch_part *part, unsigned int n);

/*
 * Adds len > 0 bytes, which make no vector of their own if they follow the last
 * ones in memory.  There must be room for a vector.
 */
void batch_part_add(struct batch_part *part, const char *bytes, size_t len);

/*
 * Adds len > 0 bytes and, if the file is torn, a newline before them; counts
 * them as bytes of the file.  There must be room for two vectors.  Returns true
 * if there is room for two more.
 */
bool batch_part_append(struct batch_part *part, const char *bytes, size_t len);

/* Returns the next bytes to write and their number, or NULL if all is written.
 */
const char *batch_part_next(const struct batch_part *part, size_t *len);

/* Notes that n of the next bytes are written. */
void batch_part_written(struct batch_part *part, size_t n);

/*
 * Writes the rest of the vectors with one call.  Returns the number of bytes
 * written, 0 if none were left, or -1 with errno.
 */
ssize_t batch_part_write(struct batch_part *part, int fd);

/* Sets the bytes that the file has; they may be more than its size. */
void batch_part_set_bytes(struct batch_part *part, uint64_t bytes);

/* Notes whether the file ends within a line that gets no rest. */
void batch_part_set_torn(struct batch_part *part, bool torn);

/* Returns the bytes that the file has room for. */
uint64_t batch_part_left(const struct batch_part *part);

/* Returns the bytes before the file can be due at a line end. */
uint64_t batch_part_before_due(const struct batch_part *part);

/*
 * Returns true if there is no room for the next byte, which continues a line or
 * begins one: the file has to be rotated before.
 */
bool batch_part_is_reached(const struct batch_part *part, bool midline);

/* Returns true if the file is due, at the end of a line or within one. */
bool batch_part_is_due(const struct batch_part *part, bool at_line_end);

#endif
