/*
 * Reads the answer to a request for a message.  Quotes within a string of JSON
 * are escaped, so a name in quotes with a colon behind it is the name of a
 * member wherever it stands in the text.  A server sends the text: it need not
 * end with a NUL, and numbers must be digits that do not overflow.
 */
#include "stream/next_reply.h"

#include <limits.h>
#include <string.h>

#include "base/number.h"

enum { NO_MESSAGE = 10037, NUMBER_MAX = 21 };

/* Returns the value behind a member's name and colon, or NULL. */
static const char *find_reply_member(const char *text, const char *end,
				     const char *name)
{
	const size_t len = strlen(name);
	const char *at = memmem(text, (size_t)(end - text), name, len);

	if (!at)
		return NULL;
	at += len;
	while (at < end && (*at == ' ' || *at == '\n'))
		at++;
	return at;
}

/* Returns 0 if there is no number, or if it is 0. */
static uint64_t read_reply_number(const char *text, const char *end,
				  uint64_t most)
{
	char digits[NUMBER_MAX + 1] = "";
	uint64_t value = 0;
	size_t n = 0;

	while (n < NUMBER_MAX && text + n < end && text[n] >= '0' &&
	       text[n] <= '9') {
		digits[n] = text[n];
		n++;
	}
	return number_parse_count(&value, digits, most) ? value : 0;
}

int next_reply_parse(const char *text, size_t len, uint64_t *sequence,
		     int *code)
{
	const char *end = text + len;
	const char *error = find_reply_member(text, end, "\"err_code\":");
	const char *message = find_reply_member(text, end, "\"message\":");
	const char *number =
	    message ? find_reply_member(message, end, "\"seq\":") : NULL;

	*code = error ? (int)read_reply_number(error, end, INT_MAX) : 0;
	if (*code)
		return *code == NO_MESSAGE ? 0 : -1;
	*sequence = number ? read_reply_number(number, end, UINT64_MAX) : 0;
	return *sequence ? 1 : -1;
}
