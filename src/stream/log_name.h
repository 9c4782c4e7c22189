/*
 * The two parts of the name HOST/NAME by which a log is known to a stream.  A
 * part becomes a header of messages, and the name of a directory where they are
 * taken.
 */
#ifndef LOG_NAME_H
#define LOG_NAME_H

#include <stdbool.h>
#include <stddef.h>

enum { LOG_NAME_MAX = 65 }; /* bytes of a part, with its NUL */

/*
 * Returns true if the len bytes can be a part: 1 to 64 of A-Z a-z 0-9 . _ -,
 * with neither a dot nor a dash first.
 */
bool log_name_is_part(const char *text, size_t len);

#endif
