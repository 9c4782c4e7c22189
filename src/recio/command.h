/*
 * One line of a server's answers, byte by byte: its words, and a literal at its
 * end.
 *
 * Words are what stands between blanks; a blank is a space or any control byte
 * but LF, which alone ends a line.
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What bytes of a session are. */
enum span_kind {
	SPAN_SHOW,
	SPAN_SECRET,
	SPAN_HIDDEN, /* not shown, but how many they are */
	SPAN_CONTENT,
};

enum { COMMAND_WORDS = 3, COMMAND_WORD_MAX = 20 };

/* {n}, {n+} or ~{n} at the end of a line: n bytes follow that are not lines. */
struct command_literal {
	uint64_t size; /* UINT64_MAX: at least that */
	int state;
	bool waits; /* without the +: for the other side to agree */
};

struct command {
	bool strings; /* "quoted" words and literals are known */
	bool ended;   /* the last byte ended it */
	bool inside;  /* of a word */
	bool quoted;  /* of a quoted word */
	bool escaped;
	unsigned int word; /* number of the word we are in or behind */
	size_t len[COMMAND_WORDS];
	char text[COMMAND_WORDS][COMMAND_WORD_MAX]; /* in upper case */
	uint64_t tag; /* a hash of the first word as it is */
	struct command_literal literal;
};

/* A blank, or the end of the line. */
static inline bool command_blank(char byte)
{
	return (unsigned char)byte <= ' ';
}

/* Takes the next byte. */
void command_byte(struct command *c, char byte);

/* After the end of a line: another one begins, */
void command_next(struct command *c);
/* or it goes on behind a literal. */
void command_continue(struct command *c);

/* True if the line ended with a literal, whose size is in c->literal. */
bool command_has_literal(const struct command *c);

/* Word n is name; begins with name. */
bool command_is(const struct command *c, unsigned int n, const char *name);
bool command_begins(const struct command *c, unsigned int n, const char *name);

#endif
