/*
 * Names of logs.  The bytes of a part make no path but one of a directory in a
 * directory: there is no slash, and no name of one or two dots.  Those who read
 * a stream keep files of their own beside the directories, whose names begin
 * with a dot.
 *
 * Tested by tests/unit/stream/log_name.c.
 */
#include "stream/log_name.h"

#include <stdio.h>
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

bool log_name_parse(struct log_name *log, const char *text)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	const size_t len = slash ? (size_t)(slash - text) : 0;

	if (!slash || !log_name_is_part(text, len) ||
	    !log_name_is_part(slash + 1, strlen(slash + 1)))
		return false;
	memset(log, 0, sizeof *log);
	memcpy(log->host, text, len);
	strcpy(log->name, slash + 1);
	return true;
}

void log_name_format(char text[LOG_NAME_TEXT], const struct log_name *log)
{
	snprintf(text, LOG_NAME_TEXT, "%s/%s", log->host, log->name);
}

bool log_name_is_same(const struct log_name *a, const struct log_name *b)
{
	return strcmp(a->host, b->host) == 0 && strcmp(a->name, b->name) == 0;
}

bool log_name_is_text(const struct log_name *log, const char *text)
{
	char own[LOG_NAME_TEXT];

	log_name_format(own, log);
	return strcmp(own, text) == 0;
}
