/* Decoding gives back every byte that escaping takes, and nothing else. */
#include "base/unescape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/escape.h"

static void assert_decoded(const char *text, const char *want, size_t want_len)
{
	char out[64];
	size_t n = 77, len = strlen(text);

	assert_true(unescape_text(out, text, len, &n));
	assert_int_equal(n, want_len);
	assert_memory_equal(out, want, want_len);
	n = 77;
	assert_true(unescape_text(NULL, text, len, &n));
	assert_int_equal(n, want_len);
	memcpy(out, text, len);
	assert_true(unescape_text(out, out, len, &n));
	assert_memory_equal(out, want, want_len);
}

static void escapes(void **state)
{
	(void)state;
	assert_decoded("", "", 0);
	assert_decoded("plain", "plain", 5);
	assert_decoded("\\\\", "\\", 1);
	assert_decoded("a\\\\b", "a\\b", 3);
	assert_decoded("\\x00", "\0", 1);
	assert_decoded("\\x1b[0m\\xff", "\033[0m\xff", 5);
	assert_decoded("\\\\x1b", "\\x1b", 4);
	assert_decoded("\\\\\\x7f\\\\", "\\\177\\", 3);
	assert_decoded("x\r", "x\r", 2);
}

static void unescaped_text(void **state)
{
	static const char *const row[] = {
	    "\\",    "a\\",   "\\n",    "\\x",     "\\x1",    "\\xg0",
	    "\\x1B", "\\x41", "\\\\\\", "\\x1b\\", "\\ \\x00"};
	char out[16];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		memset(out, '#', sizeof out);
		assert_false(unescape_text(out, row[i], strlen(row[i]), &n));
		assert_int_equal(out[0], '#');
	}
}

/* Random bytes, many of which are special. */
static void round_trip(void **state)
{
	static const char special[] = "\\x0\r\n\t\xc3\xa9\xe2\x80\xae";
	char text[300], escaped[4 * sizeof text], back[sizeof escaped];
	size_t len, used, n, count;

	(void)state;
	srandom(12);
	for (int round = 0; round < 20000; round++) {
		len = (size_t)random() % sizeof text;
		for (size_t i = 0; i < len; i++)
			text[i] = random() % 2 ? (char)random()
					       : special[(size_t)random() %
							 (sizeof special - 1)];
		n = escape_text(escaped, sizeof escaped, text, len, &used);
		assert_int_equal(used, len);
		assert_true(unescape_text(back, escaped, n, &count));
		assert_int_equal(count, len);
		assert_memory_equal(back, text, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(escapes),
	    cmocka_unit_test(unescaped_text),
	    cmocka_unit_test(round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
