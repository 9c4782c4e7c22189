/*
 * Where the random and the name stand in hellos: whole, in fragments, cut and
 * invalid.
 */
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

/* A hello with names in its extensions, as the numbers of its lists say. */
struct named {
	unsigned char bytes[512];
	size_t len;
};

static void append(struct named *hello, const void *bytes, size_t len)
{
	memcpy(hello->bytes + hello->len, bytes, len);
	hello->len += len;
}

static void set_length(struct named *hello, size_t at, size_t digits)
{
	size_t n = hello->len - at - digits;

	for (size_t i = digits; i > 0; i--, n >>= 8)
		hello->bytes[at + i - 1] = (unsigned char)n;
}

enum { LISTS = 6, EXTENSIONS = 54 };

/* The places of the lengths of its lists. */
static const struct {
	size_t at, digits;
} lists[LISTS] = {{1, 3},  {EXTENSIONS, 2},      {EXTENSIONS + 9, 2},
		  {65, 2}, {EXTENSIONS + 14, 2}, {46, 2}};

static void make_named(struct named *hello, const char *name, size_t len)
{
	static const char body[] = "\3\3rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
				   "\7session\0\4cccc\1\0";

	hello->len = 0;
	append(hello, "\1\0\0\0", 4);
	append(hello, body, sizeof body - 1);
	assert_int_equal(hello->len, EXTENSIONS);
	append(hello, "\0\0\0\53\0\1x\0\0\0\0\0\0\0\0\0", 16);
	append(hello, name, len);
	set_length(hello, EXTENSIONS + 14, 2);
	set_length(hello, EXTENSIONS + 11, 2);
	set_length(hello, EXTENSIONS + 9, 2);
	append(hello, "\0\20\0\0", 4);
	set_length(hello, EXTENSIONS, 2);
	set_length(hello, 1, 3);
}

/* Reads the name out of records of `size` bytes, in a copy of its own size. */
static bool read_name(char *name, const struct named *hello, size_t len,
		      size_t size)
{
	size_t room = len * 6, used = 0;
	char *copy = malloc(room ? room : 1), *whole;
	bool found;

	assert_non_null(copy);
	for (size_t at = 0, n; at < len; at += n, used += 5 + n) {
		n = size < len - at ? size : len - at;
		memcpy(copy + used, "\26\3\1", 3);
		copy[used + 3] = (char)(n >> 8);
		copy[used + 4] = (char)n;
		memcpy(copy + used + 5, hello->bytes + at, n);
	}
	whole = realloc(copy, used ? used : 1);
	assert_non_null(whole);
	found = client_hello_name(name, whole, used);
	free(whole);
	return found;
}

static void name_whole_and_in_fragments(void **state)
{
	char name[CLIENT_HELLO_NAME];
	struct named hello;

	(void)state;
	make_named(&hello, "mx.example.org", 14);
	for (size_t size = 1; size <= hello.len; size++) {
		assert_true(read_name(name, &hello, hello.len, size));
		assert_string_equal(name, "mx.example.org");
	}
}

/* A name is taken from a whole hello only. */
static void name_cut_anywhere(void **state)
{
	char name[CLIENT_HELLO_NAME];
	struct named hello;

	(void)state;
	make_named(&hello, "mx.example.org", 14);
	for (size_t len = 0; len < hello.len; len++)
		for (size_t size = 1; size <= 200; size += 199)
			assert_false(read_name(name, &hello, len, size));
}

/* A list must end within the one around it, and its own parts within it. */
static void name_in_wrong_lists(void **state)
{
	char name[CLIENT_HELLO_NAME];
	struct named hello;
	size_t last;

	(void)state;
	for (size_t i = 0; i < LISTS; i++)
		for (int d = -20; d <= 300; d++) {
			make_named(&hello, "mx.example.org", 14);
			last = lists[i].at + lists[i].digits - 1;
			hello.bytes[last] =
			    (unsigned char)(hello.bytes[last] + d);
			if (read_name(name, &hello, hello.len, 512))
				assert_true(strlen(name) < 254);
		}
	make_named(&hello, "mx.example.org", 14);
	hello.bytes[EXTENSIONS + 13] = 1; /* no name of a host */
	assert_false(read_name(name, &hello, hello.len, 512));
	make_named(&hello, "mx.example.org", 14);
	hello.bytes[EXTENSIONS + 8] = 1; /* another extension */
	assert_false(read_name(name, &hello, hello.len, 512));
	make_named(&hello, "mx.example.org", 14);
	hello.bytes[0] = 2; /* another message */
	assert_false(read_name(name, &hello, hello.len, 512));
}

static void names_of_hosts_only(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
	    {"a", true},        {"A-1_b.c", true},
	    {"a..b", false},    {".a", false},
	    {"a.", false},      {"", false},
	    {"a b", false},     {"a\nforged", false},
	    {"a\33[7m", false}, {"k\303\266ln", false},
	    {"a,b", false},     {"[::1]", false},
	    {"a/b", false},     {"***", false},
	};
	char name[CLIENT_HELLO_NAME], longest[300];
	struct named hello;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make_named(&hello, cases[i].text, strlen(cases[i].text));
		assert_int_equal(read_name(name, &hello, hello.len, 512),
				 cases[i].valid);
		if (cases[i].valid)
			assert_string_equal(name, cases[i].text);
	}
	make_named(&hello, "a\0b", 3);
	assert_false(read_name(name, &hello, hello.len, 512));
	for (size_t i = 0; i < sizeof longest; i++)
		longest[i] = i % 50 == 49 ? '.' : 'a';
	make_named(&hello, longest, 253);
	assert_true(read_name(name, &hello, hello.len, 512));
	assert_int_equal(strlen(name), 253);
	make_named(&hello, longest, 254);
	assert_false(read_name(name, &hello, hello.len, 512));
	memset(longest, 'a', 64);
	make_named(&hello, longest, 63);
	assert_true(read_name(name, &hello, hello.len, 512));
	make_named(&hello, longest, 64);
	assert_false(read_name(name, &hello, hello.len, 512));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_and_in_fragments),
	    cmocka_unit_test(cut_anywhere),
	    cmocka_unit_test(not_a_hello),
	    cmocka_unit_test(name_whole_and_in_fragments),
	    cmocka_unit_test(name_cut_anywhere),
	    cmocka_unit_test(name_in_wrong_lists),
	    cmocka_unit_test(names_of_hosts_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
