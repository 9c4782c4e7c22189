/* Lines on a terminal: made safe to print, and with coloured records. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/output.h"
#include "logread/source.h"

/*
 * Adds the bytes of a line after the first `skip`, which are its label: control
 * bytes and bytes that are not UTF-8 are escaped as in records.5, backslashes
 * stay, and a CR at the end of the line is left out.
 */
void screen_put(struct output *output, const struct source_line *line,
		size_t skip, bool colour);

#endif
