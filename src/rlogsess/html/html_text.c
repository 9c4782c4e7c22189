/*
 * Text of a log in HTML.  Bytes go through escape_shown first, which leaves
 * printable characters alone; what it leaves is escaped for HTML.  Boxes are
 * counted, since each is an element, and a stranger chooses how many there are.
 * Tested by tests/unit/rlogsess/html_text.c and
 * tests/fuzz/rlogsess/html_text.c.
 */
#include "rlogsess/html/html_text.h"

#include <stdio.h>
#include <string.h>

#include "base/escape.h"

void html_text_init(struct html_text *text, struct output *output)
{
	*text = (struct html_text){output, HTML_TEXT_BOXES};
}

static const char *find_entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

/* Adds printable text. */
static void add_entities(struct output *output, const char *text, size_t len)
{
	size_t plain = 0;

	for (size_t i = 0; i < len; i++) {
		const char *entity = find_entity(text[i]);

		if (!entity)
			continue;
		output_bytes(output, text + plain, i - plain);
		output_string(output, entity);
		plain = i + 1;
	}
	output_bytes(output, text + plain, len - plain);
}

void html_text_plain(struct output *output, const char *bytes, size_t len)
{
	char shown[1024];
	size_t used;

	for (; len; bytes += used, len -= used) {
		size_t n = escape_shown(shown, sizeof shown, bytes, len, &used);

		add_entities(output, shown, n);
	}
}

/* Returns the code point of a valid character of n bytes, 2 to 4. */
static unsigned int decode_character(const char *text, size_t n)
{
	unsigned int code = (unsigned char)*text & (0xffu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

static void add_box(struct html_text *text, const char *character, size_t n)
{
	char box[32];

	text->boxes--;
	snprintf(box, sizeof box, "<b>U+%04X</b>",
		 decode_character(character, n));
	output_string(text->output, box);
}

void html_text_put(struct html_text *text, const char *bytes, size_t len)
{
	size_t plain = 0, n;

	for (size_t i = 0; i < len && text->boxes; i++) {
		if ((unsigned char)bytes[i] < 0x80)
			continue;
		n = escape_utf8(bytes + i, len - i);
		if (n && escape_is_control(bytes + i, n)) {
			html_text_plain(text->output, bytes + plain, i - plain);
			add_box(text, bytes + i, n);
			plain = i + n;
		}
		i += n ? n - 1 : 0;
	}
	html_text_plain(text->output, bytes + plain, len - plain);
}
