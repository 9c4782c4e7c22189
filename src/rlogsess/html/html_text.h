/*
 * Text of a log in HTML.  The result is safe as the content of any element but
 * script and style, and of any quoted attribute: no byte of the text can end
 * it, begin an element or be a control character.
 */
#ifndef HTML_TEXT_H
#define HTML_TEXT_H

#include <stddef.h>

#include "base/output.h"

/* The boxes of one element; later marks are escaped as in records.5. */
enum { HTML_TEXT_BOXES = 200 };

struct html_text {
	struct output *output;
	unsigned int boxes; /* that may follow */
};

/* Starts text with room for HTML_TEXT_BOXES boxes. */
void html_text_init(struct html_text *text, struct output *output);

/*
 * Adds text for an element.  A character that controls the order or the
 * separation of text (escape_is_control) becomes <b>U+202E</b>, other control
 * bytes but TAB, and bytes that are not UTF-8, become \xHH.
 */
void html_text_put(struct html_text *text, const char *bytes, size_t len);

/* Adds text for an attribute, where no boxes are possible. */
void html_text_plain(struct output *output, const char *bytes, size_t len);

#endif
