/* Literals, as the standards have them, and as they are sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/line_literal.h"

static struct line_literal read_all(const char *text)
{
	return line_literal_read(text, strlen(text));
}

static void standard(void **state)
{
	static const char *const none[] = {
	    "",      "{",      "{}",       "{5",   "5}",           "{5+-}",
	    "{+5}",  "{ 5}",   "{5 }",     "{5}x", "x{5}",         "{5x}",
	    "{-5+}", "{5++}",  "{0x5}",    "~",    "{1234567890}", "\"{5}",
	    "{5}\r", "~~{5+}", "{5+}{5+}",
	};

	(void)state;
	assert_true(read_all("{5}").there);
	assert_true(read_all("{5}").waits);
	assert_int_equal(read_all("{5}").size, 5);
	assert_false(read_all("{123456789+}").waits);
	assert_int_equal(read_all("{123456789+}").size, 123456789);
	assert_true(read_all("~{5-}").there);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(read_all(none[i]).there);
}

static struct line_literal find(const char *text)
{
	return line_literal_loose(text, strlen(text));
}

static void loose(void **state)
{
	(void)state;
	assert_int_equal(find("a \"x {60+}").size, 60);
	assert_false(find("a \"x {60+}").waits);
	assert_false(find("a {5}").sure);
	assert_int_equal(find("{5}{7}").size, 7);
	assert_int_equal(find("{ +5 x}\v ").size, 5);
	assert_true(find("{x}").there);
	assert_int_equal(find("{x}").size, 0);
	assert_true(find("{99999999999999999999999+}").size == UINT64_MAX);
	assert_false(find("{5} x").there);
	assert_false(find("5}").there);
	assert_false(find("").there);
}

static void number(void **state)
{
	(void)state;
	assert_int_equal(line_literal_number("+5 6", 4), 5);
	assert_int_equal(line_literal_number("1x", 2), 1);
	assert_int_equal(line_literal_number("x", 1), 0);
	assert_true(line_literal_number("18446744073709551616", 20) ==
		    UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(standard),
	    cmocka_unit_test(loose),
	    cmocka_unit_test(number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
