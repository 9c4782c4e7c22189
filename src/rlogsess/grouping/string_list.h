/* A list of short strings in fixed memory: names, senders, recipients. */
#ifndef STRING_LIST_H
#define STRING_LIST_H

#include <stddef.h>
#include <stdint.h>

enum { STRING_LIST_ROOM = 512 };

/* Zero-initialised is an empty list. */
struct string_list {
	uint16_t len;                /* of text */
	uint32_t count;              /* strings that were added */
	uint32_t kept;               /* strings that are in text */
	char text[STRING_LIST_ROOM]; /* the strings, each with a NUL */
};

/*
 * Adds a string.  Once one does not fit, it and all later ones are only
 * counted.
 */
void string_list_add(struct string_list *list, const char *text, size_t len);

/* Returns the string after string, or the first one if that is NULL; or NULL.
 */
const char *string_list_next(const struct string_list *list,
			     const char *string);

/*
 * Writes the strings with commas between them, without a NUL, and returns the
 * length.
 */
size_t string_list_join(const struct string_list *list,
			char text[STRING_LIST_ROOM]);

#endif
