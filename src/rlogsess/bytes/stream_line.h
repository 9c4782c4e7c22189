/*
 * A line of a stream of bytes that arrives in pieces: its first STREAM_LINE
 * bytes and, if it is longer, its last STREAM_TAIL ones.
 */
#ifndef STREAM_LINE_H
#define STREAM_LINE_H

#include <stdbool.h>

#include "rlogsess/slice.h"

enum { STREAM_LINE = 1024, STREAM_TAIL = 64 };

/* Zero-initialised is the beginning of a line. */
struct stream_line {
	size_t len;      /* of text */
	size_t tail_len; /* of tail, 0 unless the line is longer */
	char text[STREAM_LINE];
	char tail[STREAM_TAIL];
};

/*
 * Adds bytes to the line, up to a newline.  Returns their number, the newline
 * included; *ends says whether there was one.
 */
size_t stream_line_add(struct stream_line *line, const char *bytes, size_t len,
		       bool *ends);

/*
 * Return the bytes of a line that has ended, without the CR at its end, and the
 * last ones, which are those of the text if the line is not longer.  They point
 * into the line.
 */
struct slice stream_line_text(const struct stream_line *line);
struct slice stream_line_tail(const struct stream_line *line);

/* Begins the next line. */
void stream_line_clear(struct stream_line *line);

#endif
