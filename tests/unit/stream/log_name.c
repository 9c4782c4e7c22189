/* Names of logs, and those that would leave the tree of rlogfetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "stream/log_name.h"

#define SIXTEEN "abcdefghijklmnop"
#define LONGEST SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static void names(void **state)
{
	static const char *const texts[] = {"a/b", "mx1/smtp", "9/_",
					    "a.b-c_D/x..", LONGEST "/" LONGEST};
	struct log_name log, other;
	char text[LOG_NAME_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(log_name_parse(&log, texts[i]));
		log_name_format(text, &log);
		assert_string_equal(text, texts[i]);
		assert_true(log_name_is_text(&log, texts[i]));
		assert_false(log_name_is_text(&log, "a/bc"));
	}
	assert_true(log_name_parse(&other, "a/b"));
	assert_false(log_name_is_same(&log, &other));
	assert_true(log_name_parse(&log, "a/c"));
	assert_false(log_name_is_same(&log, &other));
	assert_true(log_name_parse(&log, "a/b"));
	assert_true(log_name_is_same(&log, &other));
}

static void strangers(void **state)
{
	static const char *const texts[] = {"",
					    "/",
					    "a",
					    "a/",
					    "/a",
					    "a/b/c",
					    "../a",
					    "a/..",
					    "./a",
					    "a/.",
					    "-a/b",
					    "a/-b",
					    "a b/c",
					    "a/b ",
					    "a//b",
					    "a/b\n",
					    "a\\b/c",
					    "a*/b",
					    "\xc3/b",
					    "a/b%2f",
					    LONGEST "x/a",
					    "a/" LONGEST "x"};
	struct log_name log;

	(void)state;
	assert_false(log_name_parse(&log, NULL));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (log_name_parse(&log, texts[i]))
			fail_msg("accepted: %s", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
