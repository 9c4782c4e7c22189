/* The words of a server's line, and the literal at its end; see line_lexer.h.
 */
#include "recio/line_lexer.h"

#include <string.h>

#include "base/hash.h"

enum {
	LITERAL_NONE,
	LITERAL_OPEN,
	LITERAL_DIGIT,
	LITERAL_PLUS,
	LITERAL_CLOSED
};

static char fold_case(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static bool is_ascii_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void add_literal_digit(struct line_lexer_literal *l, char byte)
{
	unsigned int n = (unsigned int)(byte - '0');

	l->size =
	    l->size > (UINT64_MAX - n) / 10 ? UINT64_MAX : l->size * 10 + n;
	l->state = LITERAL_DIGIT;
}

static void take_literal_byte(struct line_lexer_literal *l, char byte)
{
	if (byte == '{')
		*l = (struct line_lexer_literal){.state = LITERAL_OPEN,
						 .waits = true};
	else if (is_ascii_digit(byte) &&
		 (l->state == LITERAL_OPEN || l->state == LITERAL_DIGIT))
		add_literal_digit(l, byte);
	else if ((byte == '+' || byte == '-') && l->state == LITERAL_DIGIT) {
		l->state = LITERAL_PLUS;
		l->waits = false;
	} else if (byte == '}' &&
		   (l->state == LITERAL_DIGIT || l->state == LITERAL_PLUS))
		l->state = LITERAL_CLOSED;
	else if (byte != '\r' || l->state != LITERAL_CLOSED)
		l->state = LITERAL_NONE;
}

bool line_lexer_begins(const struct line_lexer *c, unsigned int n,
		       const char *name)
{
	size_t len = strlen(name);

	return c->len[n - 1] >= len && memcmp(c->text[n - 1], name, len) == 0;
}

bool line_lexer_is(const struct line_lexer *c, unsigned int n, const char *name)
{
	return c->len[n - 1] == strlen(name) && line_lexer_begins(c, n, name);
}

static void end_lexer_word(struct line_lexer *c)
{
	c->inside = c->quoted = c->escaped = false;
}

static void begin_lexer_word(struct line_lexer *c, char byte)
{
	c->inside = true;
	c->word++;
	c->quoted = c->strings && byte == '"';
	if (c->word <= LINE_LEXER_WORDS)
		c->len[c->word - 1] = 0;
}

static void add_to_word(struct line_lexer *c, char byte)
{
	size_t *len;

	if (c->word == 1)
		c->tag = hash_fnv(c->tag, &byte, 1);
	if (c->word > LINE_LEXER_WORDS)
		return;
	len = &c->len[c->word - 1];
	if (*len < LINE_LEXER_WORD_MAX)
		c->text[c->word - 1][*len] = fold_case(byte);
	++*len;
}

static void take_quoted_byte(struct line_lexer *c, char byte)
{
	add_to_word(c, byte);
	if (c->escaped)
		c->escaped = false;
	else if (byte == '\\')
		c->escaped = true;
	else if (byte == '"')
		end_lexer_word(c);
}

void line_lexer_byte(struct line_lexer *c, char byte)
{
	if (byte == '\n') {
		end_lexer_word(c);
		c->ended = true;
		return;
	}
	if (byte == '{' || c->literal.state != LITERAL_NONE)
		take_literal_byte(&c->literal, byte);
	if (c->quoted) {
		take_quoted_byte(c, byte);
	} else if (line_lexer_blank(byte)) {
		end_lexer_word(c);
	} else {
		if (!c->inside)
			begin_lexer_word(c, byte);
		add_to_word(c, byte);
	}
}

void line_lexer_next(struct line_lexer *c)
{
	end_lexer_word(c);
	c->ended = false;
	c->word = 0;
	memset(c->len, 0, sizeof c->len);
	c->tag = HASH_FNV;
	c->literal.state = LITERAL_NONE;
}

void line_lexer_continue(struct line_lexer *c)
{
	end_lexer_word(c);
	c->ended = false;
	c->literal.state = LITERAL_NONE;
}

bool line_lexer_has_literal(const struct line_lexer *c)
{
	return c->strings && c->literal.state == LITERAL_CLOSED;
}
