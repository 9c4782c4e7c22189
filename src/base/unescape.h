/* The bytes that the escapes of records stand for (escape.h, records.5). */
#ifndef UNESCAPE_H
#define UNESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Decodes the escapes of the len bytes at text into out, which has room for len
 * bytes and may be text itself; NULL only counts.  *count gets the number of
 * decoded bytes.  Returns false, with nothing decoded, if a backslash begins no
 * escape that escape_text writes: then text is not escaped.
 */
bool unescape_text(char *out, const char *text, size_t len, size_t *count);

#endif
