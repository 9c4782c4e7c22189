/*
 * The style sheet and the script of a page, page.css and page.js, which the
 * Makefile turns into arrays.  Neither has "</" in it.
 */
#ifndef PAGE_ASSETS_H
#define PAGE_ASSETS_H

#include <stddef.h>

extern const char page_css[], page_js[];
extern const size_t page_css_len, page_js_len;

#endif
