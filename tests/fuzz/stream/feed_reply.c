/*
 * Reply subjects of messages: what is accepted is, from its stream's name on,
 * exactly the numbers that were read.
 */
#include "stream/feed_reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes number n of a text's words, without leading zeros. */
static void copy_number(char to[32], const char *text, int n)
{
	for (; n > 0; n--)
		text = strchr(text, '.') + 1;
	while (*text == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	snprintf(to, 32, "%.*s", (int)strcspn(text, "."), text);
}

static int count_dots(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '.';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed_reply reply;
	char *text = malloc(size + 1), number[32], want[32];
	const char *names;

	if (!text)
		abort();
	memcpy(text, data, size);
	text[size] = 0;
	if (feed_reply_parse(&reply, text, "S", "C")) {
		const uint64_t values[] = {reply.delivered, reply.sequence,
					   reply.number, (uint64_t)reply.time,
					   reply.pending};

		if (strncmp(text, "$JS.ACK.", 8) != 0)
			abort();
		names = text + 8;
		if (count_dots(text) != 8) /* domain and account */
			names = strchr(strchr(names, '.') + 1, '.') + 1;
		if (strncmp(names, "S.C.", 4) != 0)
			abort();
		for (int i = 0; i < 5; i++) {
			copy_number(number, names, i + 2);
			snprintf(want, sizeof want, "%" PRIu64, values[i]);
			if (strcmp(number, want) != 0)
				abort();
		}
		if (!reply.delivered || !reply.sequence || !reply.number)
			abort();
	}
	free(text);
	return 0;
}
