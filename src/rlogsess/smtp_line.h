/*
 * The parts of a line of SMTP or LMTP (RFC 5321), without its newline and CR.
 * The readers of sessions share them, so that they agree about a line.
 */
#ifndef SMTP_LINE_H
#define SMTP_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/slice.h"

/* The argument of BDAT (RFC 3030). */
struct smtp_chunk {
	uint64_t size;
	bool last;
};

/*
 * Returns the address in "<ADDRESS> PARAMETERS" or "ADDRESS PARAMETERS", the
 * rest of a line after MAIL FROM: or RCPT TO:, without brackets.
 */
struct slice smtp_line_path(struct slice rest);

/* Parses the rest of a line after BDAT, "N" or "N LAST"; false if it differs.
 */
bool smtp_line_chunk(struct slice rest, struct smtp_chunk *chunk);

/*
 * Returns the code of a line of a reply, -1 if it is none; last: no line of the
 * same reply follows.
 */
int smtp_line_reply(struct slice line, bool *last);

#endif
