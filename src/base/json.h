/*
 * Writes JSON (RFC 8259) to an output.  Text that is valid UTF-8 becomes a
 * string from which every byte can be recovered, NULs included; any other text
 * becomes an object with the single member base64 (RFC 4648), in arrays and as
 * a member alike.  A string holds no control bytes and no characters that
 * escape_is_control names, so that it is safe to print.
 *
 * Each value takes the name of the member that it becomes; in an array, and for
 * the outermost value, the name is NULL.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output.h"

struct json {
	struct output *output;
	bool comma; /* the next value follows another one */
};

/* Starts a value; the output must stay until the value is complete. */
void json_init(struct json *json, struct output *output);

/* Opens and closes an object or an array; the caller pairs the calls. */
void json_open_object(struct json *json, const char *name);
void json_close_object(struct json *json);
void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);

/* Adds a string, or of text that is not UTF-8 the object with its base64. */
void json_text(struct json *json, const char *name, const char *text,
	       size_t len);
void json_string(struct json *json, const char *name, const char *text);

/* Adds a string of printable ASCII without quotes and backslashes. */
void json_plain(struct json *json, const char *name, const char *text,
		size_t len);

void json_number(struct json *json, const char *name, uint64_t number);
void json_bool(struct json *json, const char *name, bool value);

/* Adds a value that the caller has formatted as JSON. */
void json_value(struct json *json, const char *name, const char *value,
		size_t len);

#endif
