/* Members that sessions and messages share in JSON. */
#ifndef JSON_FIELDS_H
#define JSON_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "rlogsess/line_spool.h"

/* Adds a string, or nothing if it is empty. */
void json_fields_text(struct json *json, const char *name, const char *text,
		      size_t len);
void json_fields_string(struct json *json, const char *name, const char *text);

/* Adds a time in UTC, or nothing if it is LINE_TIME_NONE. */
void json_fields_time(struct json *json, const char *name, int64_t time);

/* Adds the seconds from time to end, or nothing if one is LINE_TIME_NONE. */
void json_fields_seconds(struct json *json, const char *name, int64_t time,
			 int64_t end);

/* Adds names with commas between them as an array of strings. */
void json_fields_names(struct json *json, const char *name, const char *names);

/*
 * Adds an array of the spooled lines: as strings, or as the JSON values that
 * they are.  Returns 0, or -1 with errno if they can't be read back.
 */
int json_fields_lines(struct json *json, const char *name,
		      struct line_spool_store *store,
		      const struct line_spool *lines);
int json_fields_values(struct json *json, const char *name,
		       struct line_spool_store *store,
		       const struct line_spool *values);

#endif
