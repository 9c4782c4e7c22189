/*
 * Reads a JSON object (RFC 8259) as json.h writes the lines of a log: its
 * members are strings, numbers without sign and fraction, true and false, and
 * objects with the single member base64.  Nothing is copied or kept but by
 * json_member_text.  The text may be a stranger's.
 */
#ifndef JSON_OBJECT_H
#define JSON_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

enum json_kind { JSON_STRING, JSON_BASE64, JSON_NUMBER, JSON_BOOL };

/* A member; name and value are slices of the object's text. */
struct json_member {
	const char *name; /* between its quotes, escapes left as they are */
	size_t name_len;
	enum json_kind kind;
	const char *value; /* of a string: between its quotes */
	size_t len;
};

/* Its members are for json_object.c. */
struct json_object {
	const char *at, *end;
	bool comma; /* a member was read */
};

/* Starts reading the object that is the whole text.  False if it is none. */
bool json_object_open(struct json_object *object, const char *text, size_t len);

/*
 * Reads the next member.  Returns 1; 0 after the last one, where the text must
 * end; -1 if the text is malformed or has a value of another type.
 */
int json_object_next(struct json_object *object, struct json_member *member);

/* True if the member has this name. */
bool json_member_is(const struct json_member *member, const char *name);

/* True if the value is true. */
bool json_member_is_true(const struct json_member *member);

/*
 * Decodes a string or base64 to out, which has room for member->len bytes.
 * Returns the length, or -1 if the value is another one or malformed.
 */
long json_member_text(const struct json_member *member, char *out);

#endif
