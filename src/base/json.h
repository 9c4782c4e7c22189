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

/* Opens an object, whose members follow until json_close_object. */
void json_open_object(struct json *json, const char *name);

/* Closes the object that was opened last and is not closed. */
void json_close_object(struct json *json);

/* Opens an array, whose values follow, without names, until json_close_array.
 */
void json_open_array(struct json *json, const char *name);

/* Closes the array that was opened last and is not closed. */
void json_close_array(struct json *json);

/* Adds a string, or of text that is not UTF-8 the object with its base64. */
void json_text(struct json *json, const char *name, const char *text,
	       size_t len);

/* Adds text that ends with a NUL, as json_text does. */
void json_string(struct json *json, const char *name, const char *text);

/* Adds a string of printable ASCII without quotes and backslashes. */
void json_plain(struct json *json, const char *name, const char *text,
		size_t len);

/* Adds a number, in decimal digits. */
void json_number(struct json *json, const char *name, uint64_t number);

/* Adds true or false. */
void json_bool(struct json *json, const char *name, bool value);

/* Adds members that the caller has formatted as JSON, with commas between. */
void json_members(struct json *json, const char *members, size_t len);

/* Adds a value that the caller has formatted as JSON. */
void json_value(struct json *json, const char *name, const char *value,
		size_t len);

#endif
