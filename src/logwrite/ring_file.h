/*
 * The file of the ring: finding it, making it, and putting a damaged one out of
 * the way.  Only a regular file that begins with the magic of a ring, of any
 * version, is ever opened for writing, renamed or removed: the name comes from
 * the user, and may be that of anything.
 */
#ifndef RING_FILE_H
#define RING_FILE_H

#include <stddef.h>

/* All versions begin so; a digit and a newline follow. */
#define RING_FAMILY "rlog intake "

struct ring_place {
	int directory;    /* an open descriptor, or AT_FDCWD */
	const char *name; /* in it */
};

enum ring_kind {
	RING_FILE_NONE,   /* nothing has this name */
	RING_FILE_RING,   /* a ring, damaged or not */
	RING_FILE_OTHER,  /* a ring of another version */
	RING_FILE_FOREIGN /* anything else */
};

/* Returns what is there, an enum ring_kind, or -1 and errno. */
int ring_file_kind(const struct ring_place *place);

/*
 * Opens and locks the ring that is there.  Returns a descriptor, or -1 and
 * errno: EBUSY if another process has it, EINVAL if its size is not this.
 */
int ring_file_open(const struct ring_place *place, size_t size);

/*
 * Makes a locked ring of this size that begins with this header, which is one
 * block, and ends with so many bytes RING_FILL.  It gets its name when it is
 * whole and on the disk, by way of NAME.new.  Returns a descriptor, or -1 and
 * errno: EEXIST if NAME.new is foreign.
 */
struct ring_image {
	char *header;
	size_t size;
	size_t data;
};
int ring_file_make(const struct ring_place *place,
		   const struct ring_image *image);

/*
 * Renames the ring that is there to NAME.bad.  Returns 0, or -1 and errno:
 * EEXIST if NAME.bad is foreign.
 */
int ring_file_set_aside(const struct ring_place *place);

#endif
