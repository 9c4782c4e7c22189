/* Records and notes of recio (records.5) in the lines of a log. */
#ifndef RECORD_LINE_H
#define RECORD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record_line {
	uint64_t pid;
	char direction;      /* '<', '>', or ':' for a note */
	const char *payload; /* in the line, without the mark at its end */
	size_t len;
	bool dump;     /* the payload is a line of a hex dump (dump_line.h) */
	bool more;     /* the bytes end within a line of the session */
	bool unmarked; /* neither mark nor dump: a space was removed */
	bool eof;      /* the direction ended; the payload is empty */
};

/*
 * Parses a line of len bytes without its label and newline.  Returns false if
 * it is not a record or a note.  An unmarked record is one only where other
 * programs may have removed spaces at the ends of lines.
 */
bool record_line_parse(struct record_line *record, const char *text,
		       size_t len);

#endif
