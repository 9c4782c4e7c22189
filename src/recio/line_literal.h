/*
 * {n}, {n+} or ~{n} at the end of a client's line: n bytes follow that are no
 * lines (https://www.rfc-editor.org/rfc/rfc7888).
 */
#ifndef LINE_LITERAL_H
#define LINE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/line_lexer.h"

struct line_literal {
	bool there;
	bool sure;  /* it has the right form, in the right place */
	bool waits; /* without the +: for the server to agree */
	enum span_kind kind;
	uint64_t size; /* UINT64_MAX: at least that */
};

/* Reads a literal in the form of the standards; it must be all these bytes. */
struct line_literal line_literal_read(const char *at, size_t len);

/* Reads a literal at the end of the bytes, in any form; it is not sure. */
struct line_literal line_literal_loose(const char *at, size_t len);

/*
 * Returns the offset of text right after a size, as in {5}NOOP; len if there is
 * no text, or if it may be within a quoted string.
 */
size_t line_literal_behind_size(const char *at, size_t len);

/* Returns the first number in these bytes, or 0. */
uint64_t line_literal_number(const char *at, size_t len);

#endif
