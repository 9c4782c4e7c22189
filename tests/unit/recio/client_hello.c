/* Where the random stands in hellos, whole, in fragments, cut and invalid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recio/client_hello.h"

enum { MESSAGE = 60 };

static unsigned char want[CLEAR_RANDOM];

/* A message whose random is 100, 101 and so on. */
static void make_message(char message[MESSAGE])
{
	memset(message, 7, MESSAGE);
	memcpy(message, "\1\0\0\70\3\3", 6);
	for (int i = 0; i < CLEAR_RANDOM; i++)
		message[6 + i] = (char)(want[i] = (unsigned char)(100 + i));
}

/* Writes the message in records of `size` bytes. Returns the length. */
static size_t make_records(char *out, const char *message, size_t size)
{
	char *end = out;

	for (size_t at = 0, n; at < MESSAGE; at += n) {
		n = size < MESSAGE - at ? size : MESSAGE - at;
		memcpy(end, "\26\3\1\0", 4);
		end[4] = (char)n;
		memcpy(end + 5, message + at, n);
		end += 5 + n;
	}
	return (size_t)(end - out);
}

/* Reads a copy of its own size, so that reading beyond it is seen. */
static bool read_random(unsigned char *random, const char *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);
	bool found;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	found = client_hello_random(random, copy, len);
	free(copy);
	return found;
}

static void whole_and_in_fragments(void **state)
{
	char message[MESSAGE], records[6 * MESSAGE];
	unsigned char random[CLEAR_RANDOM];

	(void)state;
	make_message(message);
	for (size_t size = 1; size <= MESSAGE; size++) {
		size_t len = make_records(records, message, size);

		memset(random, 0, sizeof random);
		assert_true(read_random(random, records, len));
		assert_memory_equal(random, want, CLEAR_RANDOM);
	}
}

/* It is there with its last byte, and not before. */
static void cut_anywhere(void **state)
{
	char message[MESSAGE], records[6 * MESSAGE];
	unsigned char random[CLEAR_RANDOM];

	(void)state;
	make_message(message);
	make_records(records, message, MESSAGE);
	for (size_t len = 0; len < 5 + 6 + CLEAR_RANDOM; len++)
		assert_false(read_random(random, records, len));
	assert_true(read_random(random, records, 5 + 6 + CLEAR_RANDOM));
}

static void not_a_hello(void **state)
{
	char message[MESSAGE], records[6 * MESSAGE];
	unsigned char random[CLEAR_RANDOM];
	size_t len;

	(void)state;
	make_message(message);
	message[0] = 2;
	len = make_records(records, message, MESSAGE);
	assert_false(read_random(random, records, len));
	message[0] = 1;
	len = make_records(records, message, 10);
	records[15] = 23; /* the second record is no handshake */
	assert_false(read_random(random, records, len));
	len = make_records(records, message, 10);
	records[1] = 2;
	assert_false(read_random(random, records, len));
	/* Records without bytes are not allowed, and would never end. */
	assert_false(read_random(random, "\26\3\1\0\0\26\3\1\0\0", 10));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_and_in_fragments),
	    cmocka_unit_test(cut_anywhere),
	    cmocka_unit_test(not_a_hello),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
