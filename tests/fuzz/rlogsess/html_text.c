/*
 * Text of a stranger in HTML: the only elements are boxes, which are whole and
 * bounded, each ampersand begins an entity, and no control byte or character is
 * in it.
 */
#include "rlogsess/html/html_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../unit/escapes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool fine)
{
	if (!fine)
		abort();
}

/* Returns the length of the element of a box at the beginning, or 0. */
static size_t find_box(const char *text, size_t len)
{
	size_t n = 5;

	if (len < n || memcmp(text, "<b>U+", n) != 0)
		return 0;
	while (n < len && strchr("0123456789ABCDEF", text[n]) && text[n])
		n++;
	check(n >= 9 && n <= 11);
	check(len - n >= 4 && memcmp(text + n, "</b>", 4) == 0);
	return n + 4;
}

static bool is_entity(const char *text, size_t len)
{
	static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;",
					    "&#39;"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (len >= strlen(names[i]) &&
		    memcmp(text, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void check_html(struct output *output, bool boxes)
{
	size_t len, box, count = 0;
	const char *text = output_composed(output, &len);

	for (size_t i = 0; i < len; i++) {
		check((unsigned char)text[i] >= ' ' || text[i] == '\t');
		check(!strchr("\x7f>\"'", text[i]));
		check(text[i] != '&' || is_entity(text + i, len - i));
		if (text[i] != '<')
			continue;
		box = find_box(text + i, len - i);
		check(boxes && box);
		count++;
		i += box - 1;
	}
	check(count <= HTML_TEXT_BOXES);
	check(escapes_safe(text, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct html_text html;
	struct output *output = malloc(sizeof *output);
	size_t cut = size ? *data % size : 0;

	/* All of the text has room in the output. */
	if (!output || size > 8192) {
		free(output);
		return 0;
	}
	output_init(output, -1);
	html_text_init(&html, output);
	html_text_put(&html, (const char *)data, cut);
	html_text_put(&html, (const char *)data + cut, size - cut);
	check_html(output, true);
	output_init(output, -1);
	html_text_plain(output, (const char *)data, size);
	check_html(output, false);
	free(output);
	return 0;
}
