/* A server's line whose beginning tells its meaning. */
#ifndef STATUS_LINE_H
#define STATUS_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "recio/session_handle.h"

struct status_line {
	bool ended;     /* it is complete: the next byte begins another one */
	size_t len;     /* without LF */
	char start[16]; /* zero after its end, if the line is shorter */
	bool cr;        /* its last byte is CR */
};

/*
 * Takes and shows bytes of the server up to the end of a line. Returns how
 * many.
 */
size_t status_line_take(struct status_line *line,
			struct protocol_session *session, const char *at,
			size_t len);

/* Returns the code of three digits that begins the line, 0 if none does. */
unsigned int status_line_code(const struct status_line *line);

/*
 * Returns true if a complete line, without its first `skip` bytes, is this
 * word, in either case. The word ends within the 16 bytes of start.
 */
bool status_line_is(const struct status_line *line, size_t skip,
		    const char *word);

#endif
