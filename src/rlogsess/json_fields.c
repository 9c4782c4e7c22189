/*
 * Members that sessions and messages share in JSON.  A value that is not known
 * has no member.  Tested by tests/sh/rlogsess-sessions.t.
 */
#include "rlogsess/json_fields.h"

#include <string.h>

#include "rlogsess/line_time.h"

void json_fields_text(struct json *json, const char *name, const char *text,
		      size_t len)
{
	if (len)
		json_text(json, name, text, len);
}

void json_fields_string(struct json *json, const char *name, const char *text)
{
	json_fields_text(json, name, text, strlen(text));
}

void json_fields_time(struct json *json, const char *name, int64_t time)
{
	char text[LINE_TIME_TEXT];

	if (time != LINE_TIME_NONE)
		json_plain(json, name, text, line_time_format_utc(text, time));
}

void json_fields_seconds(struct json *json, const char *name, int64_t time,
			 int64_t end)
{
	char text[LINE_TIME_TEXT];

	if (time != LINE_TIME_NONE && end != LINE_TIME_NONE)
		json_value(json, name, text,
			   line_time_format_seconds(text, end - time));
}

void json_fields_names(struct json *json, const char *name, const char *names)
{
	size_t n;

	json_open_array(json, name);
	for (; *names; names += n) {
		n = strcspn(names, ",");
		json_plain(json, NULL, names, n);
		n += names[n] == ',';
	}
	json_close_array(json);
}

static void add_line(void *json, const char *line, size_t len)
{
	json_text(json, NULL, line, len);
}

static void add_value(void *json, const char *value, size_t len)
{
	json_value(json, NULL, value, len);
}

int json_fields_lines(struct json *json, const char *name,
		      struct line_spool_store *store,
		      const struct line_spool *lines)
{
	json_open_array(json, name);
	if (line_spool_each_line(store, lines, add_line, json) < 0)
		return -1;
	json_close_array(json);
	return 0;
}

int json_fields_values(struct json *json, const char *name,
		       struct line_spool_store *store,
		       const struct line_spool *values)
{
	json_open_array(json, name);
	if (line_spool_each_line(store, values, add_value, json) < 0)
		return -1;
	json_close_array(json);
	return 0;
}
