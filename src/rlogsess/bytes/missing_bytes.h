/* Says in words which bytes of a session are missing in its log. */
#ifndef MISSING_BYTES_H
#define MISSING_BYTES_H

#include "rlogsess/bytes/session_bytes.h"
#include "rlogsess/format/format.h"

enum {
	MISSING_BYTES_TEXT = 768,
	MISSING_BYTES_TITLE = 128, /* and the path of the source */
};

/*
 * Writes why bytes of a direction of an examined session are missing or in
 * doubt: phrases with semicolons between, and a NUL.  Returns false, and writes
 * an empty text, if the bytes are those of the session.
 */
bool missing_bytes_explain(char text[MISSING_BYTES_TEXT],
			   const struct session_bytes *bytes, int direction);

/*
 * True if bytes that the session did not have may stand between those of either
 * direction, or bytes of it may be missing there without a note in this place.
 */
bool missing_bytes_in_doubt(const struct session_bytes *bytes);

/*
 * Tells why bytes of the directions are missing, a sentence for each; direction
 * is NULL for both.
 */
void missing_bytes_tell(const struct session_bytes *bytes, const int *direction,
			const struct format_warning *warning);

#endif
