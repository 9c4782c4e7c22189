/* A few words in a fixed room: helo names, senders, recipients. */
#ifndef STRING_LIST_H
#define STRING_LIST_H

#include <stddef.h>
#include <stdint.h>

enum { STRING_LIST_ROOM = 512 };

/* Zero-initialised is an empty list. */
struct string_list {
	uint16_t len;   /* of text */
	uint32_t count; /* of words, with those that found no room */
	uint32_t kept;
	char text[STRING_LIST_ROOM]; /* the words, a NUL behind each */
};

/* Adds a word; one that has no room is counted only. */
void string_list_add(struct string_list *words, const char *text, size_t len);

/* The word behind word, or the first one for NULL; NULL at the end. */
const char *string_list_next(const struct string_list *words, const char *word);

/*
 * Writes the words with commas between them, without a NUL, and returns the
 * length.
 */
size_t string_list_join(const struct string_list *list,
			char text[STRING_LIST_ROOM]);

#endif
