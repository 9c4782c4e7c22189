/* The frame of a page: its head, with style sheet and script, and its end. */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include "base/output.h"

/* Writes the head, the title twice: of the page, and as its heading. */
void html_page_begin(struct output *output, const char *title);

/* Writes the end; zone is the offset of local time in seconds. */
void html_page_end(struct output *output, long zone);

#endif
