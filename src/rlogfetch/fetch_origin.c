/*
 * Names of origins.  The bytes that a name may have make no path but one of a
 * directory in a directory: neither a slash, nor a name of one or two dots, nor
 * one of the files that rlogfetch itself keeps beside them, which begin with a
 * dot.
 */
#include "rlogfetch/fetch_origin.h"

#include <stdio.h>
#include <string.h>

static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789._-";

static bool is_part(const char *text, size_t len)
{
	return len > 0 && len <= FETCH_ORIGIN_PART && *text != '.' &&
	       *text != '-' && strspn(text, allowed) >= len;
}

bool fetch_origin_is_part(const char *text)
{
	return is_part(text, strlen(text));
}

bool fetch_origin_parse(struct fetch_origin *origin, const char *text)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	const size_t len = slash ? (size_t)(slash - text) : 0;

	if (!slash || !is_part(text, len) || !fetch_origin_is_part(slash + 1))
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
