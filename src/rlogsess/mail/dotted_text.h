/*
 * The text of a message that ends with a dot on a line of its own, as SMTP,
 * POP3 and NNTP send it (RFC 5321, section 4.5.2): a line that begins with a
 * dot has one more.  Lines end with CR LF or, in a text without any CR LF, with
 * LF.
 */
#ifndef DOTTED_TEXT_H
#define DOTTED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The beginning of a line, as far as it was seen. */
enum dotted_place {
	DOTTED_BEGIN,  /* nothing */
	DOTTED_DOT,    /* "." */
	DOTTED_DOT_CR, /* ".\r" */
	DOTTED_INSIDE, /* more */
};

/* Zero-initialised is the beginning of a text. */
struct dotted_text {
	enum dotted_place place;
	bool cr;      /* the last byte was a CR */
	bool bare;    /* the line before this one ended with LF alone */
	bool crlf;    /* a line ended with CR LF */
	bool over;    /* the line with the dot was seen */
	bool unclear; /* a line may or may not be dotted, or the end */
};

/*
 * Takes bytes of a text that is not over, up to its end, and passes the text
 * without its dots to put.  Returns the number of bytes that were taken: all,
 * or those up to the end of the text.
 */
size_t dotted_text_take(struct dotted_text *dotted, const char *bytes,
			size_t len,
			void (*put)(void *ctx, const char *text, size_t len),
			void *ctx);

#endif
