/* A few words in a fixed room: helo names, senders, recipients. */
#ifndef RLOGSESS_WORDS_H
#define RLOGSESS_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum { WORDS_ROOM = 512 };

/* Zero-initialised is an empty list. */
struct words {
	uint16_t len;   /* of text */
	uint32_t count; /* of words, with those that found no room */
	uint32_t kept;
	char text[WORDS_ROOM]; /* the words, a NUL behind each */
};

/* Adds a word; one that has no room is counted only. */
void words_add(struct words *words, const char *text, size_t len);

/* The word behind word, or the first one for NULL; NULL at the end. */
const char *words_next(const struct words *words, const char *word);

#endif
