/* Lines on a terminal; see screen.h. */
#include "rlogread/screen.h"

#include <string.h>

#include "base/escape.h"
#include "logread/scan.h"

enum { ROOM = 4096 };

static int put_safe(struct out *out, const char *text, size_t len)
{
	char buf[ROOM];
	size_t n, used;

	for (; len; text += used, len -= used) {
		n = escape_shown(buf, sizeof buf, text, len, &used);
		if (out_put(out, buf, n) < 0)
			return -1;
	}
	return 0;
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

	len = line->ends ? escape_without_cr(text, len) : len;
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
