/*
 * A fragment: the bytes that a batch takes at once.  Mostly it is a line; of a
 * line that is long, or that a file has no room for, it is a part.
 */
#ifndef FRAGMENT_H
#define FRAGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "rlog/line_stamp.h"

/* What follows the bytes of the input. */
enum fragment_more {
	FRAGMENT_MORE, /* more bytes: a partial line waits for them */
	FRAGMENT_FULL, /* nothing before these bytes are taken */
	FRAGMENT_END   /* nothing: a partial line gets its newline */
};

struct fragment {
	const struct line_stamp *stamp; /* NULL if it continues a line */
	const char *bytes;              /* in the intake */
	size_t len;
	size_t taken; /* bytes of the intake, with a newline that is there */
	bool ends;    /* it gets a newline */
};

struct fragment_input {
	const char *bytes;
	size_t n;
	size_t scanned; /* of these bytes, known to have no newline */
	enum fragment_more more;
	bool midline; /* the first byte continues a line */
	bool first;   /* nothing was taken since the last batch */
};

/*
 * Finds the next fragment, without its stamp.  Returns false if it is not whole
 * yet and may not be taken in parts; then sets input->scanned.
 */
bool fragment_find(struct fragment *fragment, struct fragment_input *input);

/*
 * Shortens the fragment to its first len bytes, and so that it has no newline.
 * escaped: also by the bytes whose escaping depends on the next byte.
 */
void fragment_shorten(struct fragment *fragment, size_t len, bool escaped);

/*
 * Returns the last place up to n > 0, but not 0, where an escaped fragment can
 * be cut so that both parts are escaped as the whole is.
 */
size_t fragment_boundary(const struct fragment *fragment, size_t n);

#endif
