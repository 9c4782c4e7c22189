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

/* All of these bytes are a literal, in the form of the standards. */
struct line_literal line_literal_read(const char *at, size_t len);

/* These bytes end with one, written rightly or wrongly; it is not sure. */
struct line_literal line_literal_loose(const char *at, size_t len);

/*
 * Where something stands right behind a size, as in {5}NOOP; len if nothing
 * does, or if a quoted string may be around it.
 */
size_t line_literal_behind_size(const char *at, size_t len);

/* The first number in these bytes, 0 if there is none. */
uint64_t line_literal_number(const char *at, size_t len);

#endif
