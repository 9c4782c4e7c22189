/*
 * The object that is sent for a session: that of `rlogsess -o json`, without
 * its lines, and with host, name and id first.
 */
#ifndef SESSION_OBJECT_H
#define SESSION_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "rlogship/ship_form.h"

/*
 * Writes the object with a newline.  The text of len bytes is a line of
 * rlogsess without its newline.  Returns false, with nothing written, if it is
 * none, or if the session has no start, so that it has no id.
 */
bool session_object_write(FILE *out, const struct log_name *origin,
			  const char *text, size_t len);

/*
 * Copies the id of an object that session_object_write wrote.  Returns its last
 * two parts, START/PID, within id; NULL if it has none.
 */
const char *session_object_id(char id[SHIP_ID_MAX], const char *text,
			      size_t len);

#endif
