/*
 * Strings in JSON (RFC 8259).  What is valid UTF-8 becomes a string and comes
 * back from it byte for byte, NULs included; what is not has to go another way,
 * base64 (RFC 4648).
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that one character can become, or three bytes of base64. */
enum { JSON_MAX = 12 };

/* True if all of the len bytes at text are valid UTF-8. */
bool json_is_text(const char *text, size_t len);

/*
 * Writes as much of the len bytes at text, which are valid UTF-8, as fits into
 * the room bytes at out, at least JSON_MAX: what stands between the quotes.
 * Control bytes and the characters that escape_is_control names become \uHHHH,
 * so that the output is safe to print.  Returns the bytes written; *used gets
 * the bytes of text that they stand for.
 */
size_t json_text(char *out, size_t room, const char *text, size_t len,
		 size_t *used);

/* The same in base64 for any bytes; padded where text ends. */
size_t json_base64(char *out, size_t room, const char *text, size_t len,
		   size_t *used);

#endif
