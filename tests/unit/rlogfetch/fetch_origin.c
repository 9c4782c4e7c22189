/* Names of origins, and those that would leave the tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogfetch/fetch_origin.h"

#define SIXTEEN "abcdefghijklmnop"
#define LONGEST SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static void names(void **state)
{
	static const char *const texts[] = {"a/b", "mx1/smtp", "9/_",
					    "a.b-c_D/x..", LONGEST "/" LONGEST};
	struct fetch_origin origin, other;
	char text[FETCH_ORIGIN_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(fetch_origin_parse(&origin, texts[i]));
		fetch_origin_format(text, &origin);
		assert_string_equal(text, texts[i]);
	}
	assert_true(fetch_origin_parse(&other, "a/b"));
	assert_false(fetch_origin_is_same(&origin, &other));
	assert_true(fetch_origin_parse(&origin, "a/c"));
	assert_false(fetch_origin_is_same(&origin, &other));
	assert_true(fetch_origin_parse(&origin, "a/b"));
	assert_true(fetch_origin_is_same(&origin, &other));
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
	struct fetch_origin origin;

	(void)state;
	assert_false(fetch_origin_parse(&origin, NULL));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (fetch_origin_parse(&origin, texts[i]))
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
