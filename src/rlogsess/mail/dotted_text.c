/*
 * Undotting.  Bytes inside of lines are passed on together; at the beginning of
 * a line, a dot and a CR behind it wait for the next byte.  In a text with both
 * ends of lines, servers disagree about a dot behind a bare LF: such a text is
 * unclear, and its lines stay as they are.
 */
#include "rlogsess/mail/dotted_text.h"

#include <string.h>

/* True if servers agree that this dot stands at the beginning of a line. */
static bool is_clear_dot(const struct dotted_text *dotted)
{
	return !dotted->bare || !dotted->crlf;
}

/* Ends a line with a newline; cr: a CR was before it. */
static void end_dotted_line(struct dotted_text *dotted, bool cr)
{
	dotted->bare = !cr;
	dotted->crlf |= cr;
	dotted->cr = false;
	dotted->place = DOTTED_BEGIN;
}

/* Takes the newline behind the dot, or the dot and a CR. */
static void take_lone_dot(struct dotted_text *dotted, bool cr,
			  void (*put)(void *ctx, const char *text, size_t len),
			  void *ctx)
{
	bool clear = cr ? !dotted->bare : !dotted->crlf;

	if (clear) {
		dotted->over = true;
		return;
	}
	dotted->unclear = true;
	put(ctx, cr ? ".\r\n" : ".\n", cr ? 3 : 2);
	end_dotted_line(dotted, cr);
}

/* The line has more than a dot, which goes if it is clear. */
static void drop_dot(struct dotted_text *dotted,
		     void (*put)(void *ctx, const char *text, size_t len),
		     void *ctx)
{
	bool cr = dotted->place == DOTTED_DOT_CR;

	if (!is_clear_dot(dotted)) {
		dotted->unclear = true;
		put(ctx, ".", 1);
	}
	if (cr)
		put(ctx, "\r", 1);
	dotted->cr = cr;
	dotted->place = DOTTED_INSIDE;
}

/* Takes the byte behind a dot; false if it is one of the rest of the line. */
static bool take_after_dot(struct dotted_text *dotted, char byte,
			   void (*put)(void *ctx, const char *text, size_t len),
			   void *ctx)
{
	bool cr = dotted->place == DOTTED_DOT_CR;

	if (byte == '\n') {
		take_lone_dot(dotted, cr, put, ctx);
		return true;
	}
	if (byte == '\r' && !cr) {
		dotted->place = DOTTED_DOT_CR;
		return true;
	}
	drop_dot(dotted, put, ctx);
	return false;
}

/* Passes on the rest of the line, or of the bytes; returns its length. */
static size_t
take_line_rest(struct dotted_text *dotted, const char *bytes, size_t len,
	       void (*put)(void *ctx, const char *text, size_t len), void *ctx)
{
	const char *newline = memchr(bytes, '\n', len);
	size_t n = newline ? (size_t)(newline - bytes) : len;
	bool cr = n ? bytes[n - 1] == '\r' : dotted->cr;

	dotted->place = DOTTED_INSIDE;
	dotted->cr = cr;
	if (newline) {
		end_dotted_line(dotted, cr);
		n++;
	}
	put(ctx, bytes, n);
	return n;
}

size_t dotted_text_take(struct dotted_text *dotted, const char *bytes,
			size_t len,
			void (*put)(void *ctx, const char *text, size_t len),
			void *ctx)
{
	size_t i = 0;

	while (i < len && !dotted->over) {
		if (dotted->place == DOTTED_BEGIN && bytes[i] == '.') {
			dotted->place = DOTTED_DOT;
			i++;
			continue;
		}
		if ((dotted->place == DOTTED_DOT ||
		     dotted->place == DOTTED_DOT_CR) &&
		    take_after_dot(dotted, bytes[i], put, ctx)) {
			i++;
			continue;
		}
		i += take_line_rest(dotted, bytes + i, len - i, put, ctx);
	}
	return i;
}
