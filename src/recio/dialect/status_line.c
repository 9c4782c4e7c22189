/*
 * The server's lines of protocols whose answers begin with a status. Only the
 * first bytes of a line are kept; it may have any length.
 * Tested by tests/unit/recio/smtp.c and pop3.c.
 */
#include "recio/dialect/status_line.h"

#include <string.h>

#include "recio/argument_form.h"

size_t status_line_take(struct status_line *line,
			struct protocol_session *session, const char *at,
			size_t len)
{
	const char *newline = memchr(at, '\n', len);
	size_t n = newline ? (size_t)(newline - at) : len;

	if (line->ended)
		*line = (struct status_line){0};
	for (size_t i = 0; i < n && line->len + i < sizeof line->start; i++)
		line->start[line->len + i] = at[i];
	line->len += n;
	if (n)
		line->cr = at[n - 1] == '\r';
	line->ended = newline != NULL;
	session_emit(session, RELAY_OUT, SPAN_SHOW, at, n + line->ended);
	return n + line->ended;
}

unsigned int status_line_code(const struct status_line *line)
{
	unsigned int code = 0;

	for (int i = 0; i < 3; i++) {
		if (!argument_form_digit(line->start[i]))
			return 0;
		code = code * 10 + (unsigned int)(line->start[i] - '0');
	}
	return code >= 100 ? code : 0;
}

bool status_line_is(const struct status_line *line, size_t skip,
		    const char *word)
{
	size_t len = line->len - line->cr;

	return len >= skip &&
	       argument_form_is(line->start + skip, len - skip, word);
}
