/*
 * A state machine over the bytes of a server's line. Invariant: only the first
 * LINE_LEXER_WORDS words are kept, each up to LINE_LEXER_WORD_MAX bytes; their
 * full lengths are known.
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

static void add_literal_digit(struct line_lexer_literal *literal, char byte)
{
	unsigned int n = (unsigned int)(byte - '0');

	literal->size = literal->size > (UINT64_MAX - n) / 10
			    ? UINT64_MAX
			    : literal->size * 10 + n;
	literal->state = LITERAL_DIGIT;
}

static void take_literal_byte(struct line_lexer_literal *literal, char byte)
{
	if (byte == '{')
		*literal = (struct line_lexer_literal){.state = LITERAL_OPEN,
						       .waits = true};
	else if (is_ascii_digit(byte) && (literal->state == LITERAL_OPEN ||
					  literal->state == LITERAL_DIGIT))
		add_literal_digit(literal, byte);
	else if ((byte == '+' || byte == '-') &&
		 literal->state == LITERAL_DIGIT) {
		literal->state = LITERAL_PLUS;
		literal->waits = false;
	} else if (byte == '}' && (literal->state == LITERAL_DIGIT ||
				   literal->state == LITERAL_PLUS))
		literal->state = LITERAL_CLOSED;
	else if (byte != '\r' || literal->state != LITERAL_CLOSED)
		literal->state = LITERAL_NONE;
}

bool line_lexer_begins(const struct line_lexer *lexer, unsigned int n,
		       const char *name)
{
	size_t len = strlen(name);

	return lexer->len[n - 1] >= len &&
	       memcmp(lexer->text[n - 1], name, len) == 0;
}

bool line_lexer_is(const struct line_lexer *lexer, unsigned int n,
		   const char *name)
{
	return lexer->len[n - 1] == strlen(name) &&
	       line_lexer_begins(lexer, n, name);
}

static void end_lexer_word(struct line_lexer *lexer)
{
	lexer->inside = lexer->quoted = lexer->escaped = false;
}

static void begin_lexer_word(struct line_lexer *lexer, char byte)
{
	lexer->inside = true;
	lexer->word++;
	lexer->quoted = lexer->strings && byte == '"';
	if (lexer->word <= LINE_LEXER_WORDS)
		lexer->len[lexer->word - 1] = 0;
}

static void add_to_word(struct line_lexer *lexer, char byte)
{
	size_t *len;

	if (lexer->word == 1)
		lexer->tag = hash_fnv(lexer->tag, &byte, 1);
	if (lexer->word > LINE_LEXER_WORDS)
		return;
	len = &lexer->len[lexer->word - 1];
	if (*len < LINE_LEXER_WORD_MAX)
		lexer->text[lexer->word - 1][*len] = fold_case(byte);
	++*len;
}

static void take_quoted_byte(struct line_lexer *lexer, char byte)
{
	add_to_word(lexer, byte);
	if (lexer->escaped)
		lexer->escaped = false;
	else if (byte == '\\')
		lexer->escaped = true;
	else if (byte == '"')
		end_lexer_word(lexer);
}

void line_lexer_byte(struct line_lexer *lexer, char byte)
{
	if (byte == '\n') {
		end_lexer_word(lexer);
		lexer->ended = true;
		return;
	}
	if (byte == '{' || lexer->literal.state != LITERAL_NONE)
		take_literal_byte(&lexer->literal, byte);
	if (lexer->quoted) {
		take_quoted_byte(lexer, byte);
	} else if (line_lexer_blank(byte)) {
		end_lexer_word(lexer);
	} else {
		if (!lexer->inside)
			begin_lexer_word(lexer, byte);
		add_to_word(lexer, byte);
	}
}

void line_lexer_next(struct line_lexer *lexer)
{
	end_lexer_word(lexer);
	lexer->ended = false;
	lexer->word = 0;
	memset(lexer->len, 0, sizeof lexer->len);
	lexer->tag = HASH_FNV;
	lexer->literal.state = LITERAL_NONE;
}

void line_lexer_continue(struct line_lexer *lexer)
{
	end_lexer_word(lexer);
	lexer->ended = false;
	lexer->literal.state = LITERAL_NONE;
}

bool line_lexer_has_literal(const struct line_lexer *lexer)
{
	return lexer->strings && lexer->literal.state == LITERAL_CLOSED;
}
