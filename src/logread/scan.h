/*
 * What a line of a log says about itself: its label, and whether it is a
 * record (records.5).
 */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/label.h"

/*
 * True if the len bytes at text begin with a label: "@" and 24 hexadecimal
 * digits in either case, and then the end or a byte that is no such digit.
 * 10^9 nanoseconds or more, or a second from 2^63 on, are no label.
 */
bool scan_label(struct tain_s *label, const char *text, size_t len);

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
