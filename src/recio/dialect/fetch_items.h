/*
 * The items of an IMAP FETCH response
 * (https://www.rfc-editor.org/rfc/rfc9051#section-7.5.2), byte by byte. Parts
 * of a message may also come as quoted strings, and only the name of the item
 * before one tells that it is a part.
 */
#ifndef FETCH_ITEMS_H
#define FETCH_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

/* Where in a response we are; all zero at its beginning. */
struct fetch_items {
	bool quoted, escaped; /* in a quoted string, after a backslash */
	bool bracket;         /* in the section of an item, as in BODY[1.2] */
	bool body;            /* the next string is part of a message */
	size_t len;           /* of the item's name, in upper case: */
	char item[8];
};

/* True if this byte lies in a quoted string that is part of a message. */
bool fetch_items_byte(struct fetch_items *items, char byte);

#endif
