/* Lines on a terminal; see screen.h. */
#include "rlogread/screen.h"

#include <string.h>

#include "escape.h"
#include "scan.h"

enum { ROOM = 4096 };

/* Backslashes stay, so that escapes that are there already can be read. */
static int put_safe(struct out *out, const char *text, size_t len)
{
	const char *backslash;
	char buf[ROOM];
	size_t n, used;

	while (len) {
		if (*text == '\\') {
			if (out_put(out, text, 1) < 0)
				return -1;
			text++;
			len--;
			continue;
		}
		backslash = memchr(text, '\\', len);
		n = backslash ? (size_t)(backslash - text) : len;
		n = escape_text(buf, sizeof buf, text, n, &used);
		if (out_put(out, buf, n) < 0)
			return -1;
		text += used;
		len -= used;
	}
	return 0;
}

/* A CR at the end, and the space of a record behind it. */
static size_t without_cr(const char *text, size_t len)
{
	if (len && text[len - 1] == '\r')
		return len - 1;
	if (len > 1 && text[len - 2] == '\r' && text[len - 1] == ' ')
		return len - 2;
	return len;
}

static const char *colour_of(char dir)
{
	switch (dir) {
	case '<': return "\033[36m";
	case '>': return "\033[32m";
	default: return "\033[33m";
	}
}

static int put_colour(struct out *out, const char *colour)
{
	return out_put(out, colour, strlen(colour));
}

int screen_put(struct out *out, const struct source_line *line, size_t skip,
	       bool colour)
{
	const char *text = line->text + skip;
	size_t len = line->len - skip, head = len && *text == ' ';
	struct scan_record r;
	bool coloured = colour && line->begins && line->ends &&
			scan_record(&r, text + head, len - head);

	len = line->ends ? without_cr(text, len) : len;
	if (!coloured)
		return put_safe(out, text, len);
	head = (size_t)(r.payload - text) - 2;
	if (head > len)
		head = len;
	if (put_safe(out, text, head) < 0 ||
	    put_colour(out, colour_of(r.dir)) < 0 ||
	    put_safe(out, text + head, len - head) < 0)
		return -1;
	return put_colour(out, "\033[0m");
}
