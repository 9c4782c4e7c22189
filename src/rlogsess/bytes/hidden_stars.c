/*
 * Stars in place of hidden bytes.  A line is judged by its first three bytes,
 * its last ones, and whether the line before it announced a literal, so that
 * memory does not depend on the stream.  Data that looks the same is found,
 * too.  Tested by tests/unit/rlogsess/session_bytes.c.
 */
#include "rlogsess/bytes/hidden_stars.h"

#include <string.h>

/* Adds bytes of one line to its head and tail. */
static void add_line_bytes(struct hidden_stars *stars, const char *text,
			   size_t len)
{
	size_t keep = len < sizeof stars->tail ? len : sizeof stars->tail;
	size_t old = sizeof stars->tail - keep;

	for (size_t i = 0; i < len && stars->line_len + i < 3; i++)
		stars->head[stars->line_len + i] = text[i];
	if (old > stars->len)
		old = stars->len;
	memmove(stars->tail, stars->tail + stars->len - old, old);
	memcpy(stars->tail + old, text + len - keep, keep);
	stars->len = old + keep;
	stars->line_len += len;
}

static bool ends_with(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && memcmp(text + len - n, word, n) == 0;
}

/* "***" or "*** N bytes" at the end */
static bool ends_with_stars(const char *text, size_t len)
{
	static const char bytes[] = " bytes";
	size_t n = len;

	if (ends_with(text, len, "***"))
		return true;
	if (!ends_with(text, len, bytes))
		return false;
	n -= sizeof bytes - 1;
	while (n && text[n - 1] >= '0' && text[n - 1] <= '9')
		n--;
	return n + sizeof bytes - 1 < len && ends_with(text, n, "*** ");
}

/* True if the line, which may be incomplete, has stars of recio. */
static bool has_line_stars(const struct hidden_stars *stars)
{
	if (ends_with_stars(stars->tail, stars->len))
		return true;
	return stars->literal && stars->line_len >= 3 &&
	       memcmp(stars->head, "***", 3) == 0;
}

static void end_star_line(struct hidden_stars *stars)
{
	stars->ends += has_line_stars(stars);
	stars->literal = ends_with(stars->tail, stars->len, "}") ||
			 ends_with(stars->tail, stars->len, "}\r");
	stars->line_len = stars->len = 0;
}

static void count_stars(struct hidden_stars *stars, const char *text,
			size_t len)
{
	const char *at = text, *end = text + len;

	while (at < end) {
		if (*at != '*') {
			stars->run = 0;
			at = memchr(at, '*', (size_t)(end - at));
			if (!at)
				return;
		}
		if (++stars->run == 3)
			stars->anywhere++;
		at++;
	}
}

void hidden_stars_take(struct hidden_stars *stars, const char *text, size_t len)
{
	const char *at = text, *end = text + len, *newline;

	count_stars(stars, text, len);
	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		add_line_bytes(stars, at, (size_t)(newline - at));
		end_star_line(stars);
		at = newline + 1;
	}
	add_line_bytes(stars, at, (size_t)(end - at));
}

void hidden_stars_finish(struct hidden_stars *stars)
{
	if (stars->line_len)
		end_star_line(stars);
}
