/*
 * Answers to a request for a message: what is accepted has its number behind a
 * name, within the text, and the text needs no NUL.
 */
#include "stream/next_reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Has the text the number behind the name? */
static int has_number(const char *text, size_t len, const char *name,
		      uint64_t number)
{
	char digits[24];
	const char *at = memmem(text, len, name, strlen(name));

	if (!at)
		return 0;
	snprintf(digits, sizeof digits, "%" PRIu64, number);
	return memmem(at, (size_t)(text + len - at), digits, strlen(digits)) !=
	       NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	uint64_t sequence = 0;
	int code = 0, n;

	if (!text)
		abort();
	memcpy(text, data, size);
	n = next_reply_parse(text, size, &sequence, &code);
	if (n < -1 || n > 1 || code < 0 || (n == 0) != (code == 10037))
		abort();
	if (code && !has_number(text, size, "\"err_code\":", (uint64_t)code))
		abort();
	if (n > 0 && (code || !sequence ||
		      !has_number(text, size, "\"seq\":", sequence)))
		abort();
	free(text);
	return 0;
}
