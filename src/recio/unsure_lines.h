/*
 * A range of a client's bytes that the server may read as octets or as lines,
 * because the size of the octets was refused, or is read differently. One line
 * more belongs to the range, since the octets may have begun it.
 */
#ifndef UNSURE_LINES_H
#define UNSURE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unsure_lines {
	bool running;
	bool last;      /* only the line after the range is left of it */
	bool secret;    /* octets there would be a secret */
	uint64_t bytes; /* left of the range */
	uint64_t tag;   /* of the last command in it */
};

/* Begins a range of size bytes, or widens the running one to them. */
void unsure_lines_begin(struct unsure_lines *unsure, uint64_t size,
			bool secret);

/*
 * Takes bytes at at out of the range. goes_on: after octets their line goes on.
 * Returns true if the range is over with them.
 */
bool unsure_lines_pass(struct unsure_lines *unsure, const char *at, size_t len,
		       bool goes_on);

/* Notes the tag of a command in the range. */
void unsure_lines_set_tag(struct unsure_lines *unsure, uint64_t tag);

/* Ends the range. Returns false if none was running. */
bool unsure_lines_end(struct unsure_lines *unsure);

#endif
