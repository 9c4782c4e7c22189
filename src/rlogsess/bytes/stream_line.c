/*
 * Lines of a stream.  Memory does not depend on the length of a line: of a long
 * one only both ends are kept, since protocols say there what follows it.
 * Tested by tests/unit/rlogsess/stream_line.c.
 */
#include "rlogsess/bytes/stream_line.h"

#include <string.h>

/* Adds bytes that do not fit into the text. */
static void add_line_tail(struct stream_line *line, const char *bytes,
			  size_t len)
{
	size_t keep = len < STREAM_TAIL ? len : STREAM_TAIL;
	size_t old = STREAM_TAIL - keep;

	if (!len)
		return;
	if (!line->tail_len) {
		memcpy(line->tail, line->text + STREAM_LINE - STREAM_TAIL,
		       STREAM_TAIL);
		line->tail_len = STREAM_TAIL;
	}
	memmove(line->tail, line->tail + STREAM_TAIL - old, old);
	memcpy(line->tail + old, bytes + len - keep, keep);
}

size_t stream_line_add(struct stream_line *line, const char *bytes, size_t len,
		       bool *ends)
{
	const char *newline = memchr(bytes, '\n', len);
	size_t n = newline ? (size_t)(newline - bytes) : len;
	size_t room = sizeof line->text - line->len;
	size_t fits = n < room ? n : room;

	memcpy(line->text + line->len, bytes, fits);
	line->len += fits;
	add_line_tail(line, bytes + fits, n - fits);
	*ends = newline != NULL;
	return n + *ends;
}

static struct slice trim_cr(struct slice text)
{
	text.len -= text.len && text.at[text.len - 1] == '\r';
	return text;
}

struct slice stream_line_text(const struct stream_line *line)
{
	struct slice text = {line->text, line->len};

	return line->tail_len ? text : trim_cr(text);
}

struct slice stream_line_tail(const struct stream_line *line)
{
	if (!line->tail_len)
		return stream_line_text(line);
	return trim_cr((struct slice){line->tail, line->tail_len});
}

void stream_line_clear(struct stream_line *line)
{
	line->len = line->tail_len = 0;
}
