/* A line as a JSON object (rlogread.1, JSON). */
#ifndef LINE_JSON_H
#define LINE_JSON_H

#include "rlogread/form.h"

/* Adds the object of a line, or of a piece of one, without a newline. */
void line_json_put(struct form *form, struct output *output,
		   const struct source_line *line);

#endif
