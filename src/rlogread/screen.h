/* Lines on a terminal: nothing drives it, and records have colours. */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "logread/source.h"
#include "rlogread/out.h"

/*
 * Puts a line behind its first `skip` bytes, the label: control bytes and what
 * is not UTF-8 escaped as in records.5, but no backslashes, and without a CR at
 * its end.  0, or -1 and errno.
 */
int screen_put(struct out *out, const struct source_line *line, size_t skip,
	       bool colour);

#endif
