/*
 * Reads a line of a server byte by byte: its words, and a literal at its end.
 *
 * Blanks separate words; a blank is a space or any control byte except LF,
 * which alone ends a line.
 */
#ifndef LINE_LEXER_H
#define LINE_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kinds of bytes in a session. */
enum span_kind {
	SPAN_SHOW,
	SPAN_SECRET,
	SPAN_HIDDEN, /* not shown, but how many they are */
	SPAN_CONTENT,
};

enum { LINE_LEXER_WORDS = 3, LINE_LEXER_WORD_MAX = 20 };

/* {n}, {n+} or ~{n} at the end of a line: n bytes follow that are not lines. */
struct line_lexer_literal {
	uint64_t size; /* UINT64_MAX: at least that */
	int state;
	bool waits; /* without the +: for the other side to agree */
};

struct line_lexer {
	bool strings; /* "quoted" words and literals are known */
	bool ended;   /* the last byte ended it */
	bool inside;  /* of a word */
	bool quoted;  /* of a quoted word */
	bool escaped;
	unsigned int word; /* number of the current or last word */
	size_t len[LINE_LEXER_WORDS];
	char text[LINE_LEXER_WORDS][LINE_LEXER_WORD_MAX]; /* in upper case */
	uint64_t tag; /* a hash of the first word as it is */
	struct line_lexer_literal literal;
};

/* A blank, or the end of the line. */
static inline bool line_lexer_blank(char byte)
{
	return (unsigned char)byte <= ' ';
}

/* Takes the next byte. */
void line_lexer_byte(struct line_lexer *lexer, char byte);

/* Begins another line. */
void line_lexer_next(struct line_lexer *lexer);
/* Goes on with the line after a literal. */
void line_lexer_continue(struct line_lexer *lexer);

/* True if the line ended with a literal, whose size is in c->literal. */
bool line_lexer_has_literal(const struct line_lexer *lexer);

/* Word n is name; begins with name. */
bool line_lexer_is(const struct line_lexer *lexer, unsigned int n,
		   const char *name);
bool line_lexer_begins(const struct line_lexer *lexer, unsigned int n,
		       const char *name);

#endif
