/* Text from the log on the output, safe where it must be. */
#ifndef LOG_TEXT_H
#define LOG_TEXT_H

#include <stddef.h>

#include "base/output.h"

/*
 * Adds whole lines.  On a safe output, bytes that could drive a terminal are
 * escaped, and a CR before a newline is left out.
 */
void log_text_lines(struct output *output, const char *text, size_t len);

/*
 * Adds text as a field of a table: TAB and control bytes are escaped.  Returns
 * the number of bytes added.
 */
size_t log_text_field(struct output *output, const char *text, size_t len);

#endif
