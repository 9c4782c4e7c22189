/*
 * The origin of a message: HOST/NAME, as header Rlog-Name has it.  The header
 * is a stranger's, and names a directory here: it is checked.
 */
#ifndef FETCH_ORIGIN_H
#define FETCH_ORIGIN_H

#include <stdbool.h>

enum {
	FETCH_ORIGIN_PART = 64, /* most bytes of HOST, and of NAME */
	FETCH_ORIGIN_TEXT = 2 * FETCH_ORIGIN_PART + 2
};

struct fetch_origin {
	char host[FETCH_ORIGIN_PART + 1];
	char name[FETCH_ORIGIN_PART + 1];
};

/*
 * Returns true if the text is HOST/NAME, both of 1 to 64 of the bytes A-Z a-z
 * 0-9 . _ - and not beginning with a dot or a dash.  A NULL text is not.
 */
bool fetch_origin_parse(struct fetch_origin *origin, const char *text);

/* Returns true if the text, with its NUL, can be HOST or NAME. */
bool fetch_origin_is_part(const char *text);

bool fetch_origin_is_same(const struct fetch_origin *a,
			  const struct fetch_origin *b);

/* Writes HOST/NAME. */
void fetch_origin_format(char text[FETCH_ORIGIN_TEXT],
			 const struct fetch_origin *origin);

#endif
