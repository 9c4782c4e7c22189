/* A line as a JSON object (rlogread.1, JSON). */
#ifndef LINE_JSON_H
#define LINE_JSON_H

#include "rlogread/line_form.h"

/* Adds the object of a line, or of a piece of one, without a newline. */
void line_json_put(struct line_form *form, struct output *output,
		   const struct source_line *line);

#endif
