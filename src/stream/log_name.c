/*
 * Names of logs.  The bytes of a part make no path but one of a directory in a
 * directory: there is no slash, and no name of one or two dots.  Those who read
 * a stream keep files of their own beside the directories, whose names begin
 * with a dot.
 *
 * Tested by tests/unit/rlogfetch/fetch_origin.c and tests/sh/rlogship-usage.t.
 */
#include "stream/log_name.h"

#include <string.h>

static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz0123456789._-";

bool log_name_is_part(const char *text, size_t len)
{
	if (!len || len >= LOG_NAME_MAX || *text == '.' || *text == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text[i] || !strchr(allowed, text[i]))
			return false;
	return true;
}
