/*
 * Lines on a terminal.  All text from the log passes output_shown; the escape
 * sequences of colours are the only ones that reach the terminal.  Tested by
 * tests/sh/rlogread-forms.t.
 */
#include "rlogread/screen.h"

#include "base/escape.h"
#include "logread/record_line.h"

static const char *colour_of(char dir)
{
	switch (dir) {
	case '<': return "\033[36m";
	case '>': return "\033[32m";
	default: return "\033[33m";
	}
}

void screen_put(struct output *output, const struct source_line *line,
		size_t skip, bool colour)
{
	const char *text = line->text + skip;
	size_t len = line->len - skip, head = len && *text == ' ';
	struct record_line r;
	bool coloured = colour && line->begins && line->ends &&
			record_line_parse(&r, text + head, len - head) &&
			!r.unmarked;

	len = line->ends ? escape_without_cr(text, len) : len;
	if (!coloured) {
		output_shown(output, text, len);
		return;
	}
	head = (size_t)(r.payload - text) - 2;
	if (head > len)
		head = len;
	output_shown(output, text, head);
	output_string(output, colour_of(r.direction));
	output_shown(output, text + head, len - head);
	output_string(output, "\033[0m");
}
