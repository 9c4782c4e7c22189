/*
 * Counting what is not recorded: messages and scripts, of a known size or up
 * to a line with a dot.
 */
#ifndef CONTENT_H
#define CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum content_end {
	CONTENT_OPEN, /* it goes on */
	CONTENT_END,  /* CRLF, dot, CRLF */
	/* A line with a dot and a bare LF around it: some take it for the end
	 */
	CONTENT_DOUBT,
};

struct content {
	bool running;
	uint64_t bytes, lines; /* of what was counted, without the dot's line */
	unsigned int state, tail;
	bool strict, cr;
};

/* A new content; strict: what stands in front of it ended with CRLF. */
void content_begin(struct content *c, bool strict);

/*
 * Takes bytes up to the dot's line, that one included, and returns how many;
 * *end says why it stopped.  After a doubt it can be called again if that was
 * not the end: then the dot's line is part of the content.
 */
size_t content_dots(struct content *c, const char *at, size_t len,
		    enum content_end *end);

/* Takes all of these bytes, whatever they are. */
void content_octets(struct content *c, const char *at, size_t len);

/* True at the beginning of a line. */
bool content_at_start(const struct content *c);

#endif
