/* Records (records.5) in the lines of a log. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The parts of a record or a note; they point into the line. */
struct scan_record {
	uint64_t pid;
	char dir;            /* '<', '>', or ':' for a note */
	const char *payload; /* without the space, plus or [EOF] at its end */
	size_t len;
	bool more; /* no newline followed these bytes in the stream */
	bool eof;  /* this direction ended; the payload is empty */
};

/*
 * True if the len bytes at text, a line without its label and newline, are a
 * record.
 */
bool scan_record(struct scan_record *record, const char *text, size_t len);

#endif
