/* Lines of a hex dump, and lines that are almost one. */
#include "logread/dump_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_dump(void **state)
{
	static const char whole[] =
	    "00000010  45 48 4c 4f 20 6d 65 0d  0a                       "
	    "|EHLO me..|";
	const size_t len = sizeof whole - 1;
	struct dump_line dump;
	char text[sizeof whole];

	(void)state;
	assert_true(dump_line_parse(&dump, whole, len));
	assert_int_equal(dump.offset, 16);
	assert_int_equal(dump.count, 9);
	assert_memory_equal(dump.bytes, "EHLO me\r\n", 9);
	/* No byte of it may be another one. */
	for (size_t i = 8; i < len; i++) {
		memcpy(text, whole, sizeof whole);
		text[i] = text[i] == 'g' ? 'h' : 'g';
		assert_false(dump_line_parse(&dump, text, len));
	}
	for (size_t n = 0; n < len; n++)
		assert_false(dump_line_parse(&dump, whole, n));
}

/* Offsets beyond 4 GiB have more digits. */
static void offsets(void **state)
{
	static const struct {
		const char *digits;
		bool good;
		uint64_t offset;
	} cases[] = {
	    {"0000000", false, 0},
	    {"00000000", true, 0},
	    {"123456789", true, 0x123456789},
	    {"ffffffffffffffff", true, UINT64_MAX},
	    {"10000000000000000", false, 0},
	};
	struct dump_line dump;
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int n = snprintf(text, sizeof text, "%s  61%48s|a|",
				 cases[i].digits, "");

		assert_int_equal(dump_line_parse(&dump, text, (size_t)n),
				 cases[i].good);
		if (cases[i].good)
			assert_true(dump.offset == cases[i].offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_dump),
	    cmocka_unit_test(offsets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
