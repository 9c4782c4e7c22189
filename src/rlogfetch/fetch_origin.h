/*
 * The origin of a message: HOST/NAME, as header Rlog-Name has it.  The header
 * is a stranger's, and names a directory here: it is checked.
 */
#ifndef FETCH_ORIGIN_H
#define FETCH_ORIGIN_H

#include <stdbool.h>

#include "stream/log_name.h"

enum { FETCH_ORIGIN_TEXT = 2 * LOG_NAME_MAX };

struct fetch_origin {
	char host[LOG_NAME_MAX];
	char name[LOG_NAME_MAX];
};

/* Reads HOST/NAME.  Returns false if it is none, as NULL is not. */
bool fetch_origin_parse(struct fetch_origin *origin, const char *text);

bool fetch_origin_is_same(const struct fetch_origin *a,
			  const struct fetch_origin *b);

/* Writes HOST/NAME. */
void fetch_origin_format(char text[FETCH_ORIGIN_TEXT],
			 const struct fetch_origin *origin);

#endif
