/* A line as a JSON object (rlogread.1, JSON). */
#ifndef OBJECT_H
#define OBJECT_H

#include "rlogread/form.h"

/* Puts it, without a newline.  0, or -1 and errno. */
int object_put(struct form *f, struct out *out, const struct source_line *line);

#endif
