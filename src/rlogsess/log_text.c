/*
 * Text from the log.  Peers wrote it, so every byte of it reaches a terminal or
 * a table through output_shown.  Tested by tests/sh/rlogsess-sessions.t and
 * tests/fuzz/rlogsess/sessions.c.
 */
#include "rlogsess/log_text.h"

#include <string.h>

#include "base/escape.h"

void log_text_lines(struct output *output, const char *text, size_t len)
{
	const char *newline;
	size_t n;

	if (!output_is_safe(output)) {
		output_bytes(output, text, len);
		return;
	}
	for (; len; text += n, len -= n) {
		newline = memchr(text, '\n', len);
		n = newline ? (size_t)(newline - text) : len;
		output_shown(output, text, escape_without_cr(text, n));
		if (newline) {
			output_bytes(output, "\n", 1);
			n++;
		}
	}
}

size_t log_text_field(struct output *output, const char *text, size_t len)
{
	static const char escaped[] = "\\x09";
	size_t total = 0, n;
	const char *tab;

	while (len && (tab = memchr(text, '\t', len))) {
		n = (size_t)(tab - text);
		total += output_shown(output, text, n) + sizeof escaped - 1;
		output_string(output, escaped);
		text += n + 1;
		len -= n + 1;
	}
	return total + output_shown(output, text, len);
}
