/*
 * Lossless escapes of bytes that are unsafe to print (records.5): \xHH for
 * control bytes but TAB, for DEL, for the bytes of the characters that
 * escape_is_control names, and for bytes that are not valid UTF-8; \\ for a
 * backslash.  All other bytes stay as they are.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that one character, or one invalid byte, can become. */
enum { ESCAPE_MAX = 12 };

/*
 * Escapes as much of the len bytes at text as fits into the room bytes at out,
 * whole characters only.  Returns the number of bytes written; *used is the
 * number of bytes of text that they stand for.
 */
size_t escape_text(char *out, size_t room, const char *text, size_t len,
		   size_t *used);

/*
 * Escapes text as escape_text does, but leaves backslashes alone, since text of
 * a log has escapes already.  The result does not show which ones are new.
 */
size_t escape_shown(char *out, size_t room, const char *text, size_t len,
		    size_t *used);

/*
 * The length of a line, or of a record, which ends with a space, without the CR
 * at its end, which would only move a terminal's cursor.
 */
size_t escape_without_cr(const char *text, size_t len);

/* The length of the ASCII at the beginning that escape_text leaves alone. */
size_t escape_plain(const char *text, size_t len);

/*
 * The length of the valid UTF-8 character of two to four bytes at the beginning
 * of text, 0 if there is none (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF).
 */
size_t escape_utf8(const char *text, size_t len);

/*
 * True if the n bytes at text, which are valid UTF-8, are one character that
 * controls how text is displayed: the C1 controls U+0080 to U+009F; the
 * controls of the bidirectional algorithm (UAX #9, section 2) U+061C, U+200E,
 * U+200F, U+202A to U+202E and U+2066 to U+2069; the separators of lines and
 * paragraphs U+2028 and U+2029.
 */
bool escape_is_control(const char *text, size_t n);

#endif
