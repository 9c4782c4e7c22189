/*
 * Names of origins, each of whose parts is checked (stream/log_name.h).
 *
 * Tested by tests/unit/rlogfetch/fetch_origin.c.
 */
#include "rlogfetch/fetch_origin.h"

#include <stdio.h>
#include <string.h>

bool fetch_origin_parse(struct fetch_origin *origin, const char *text)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	const size_t len = slash ? (size_t)(slash - text) : 0;

	if (!slash || !log_name_is_part(text, len) ||
	    !log_name_is_part(slash + 1, strlen(slash + 1)))
		return false;
	memset(origin, 0, sizeof *origin);
	memcpy(origin->host, text, len);
	strcpy(origin->name, slash + 1);
	return true;
}

bool fetch_origin_is_same(const struct fetch_origin *a,
			  const struct fetch_origin *b)
{
	return strcmp(a->host, b->host) == 0 && strcmp(a->name, b->name) == 0;
}

void fetch_origin_format(char text[FETCH_ORIGIN_TEXT],
			 const struct fetch_origin *origin)
{
	snprintf(text, FETCH_ORIGIN_TEXT, "%s/%s", origin->host, origin->name);
}
