/* The words of progress, and that nothing is drawn where there is no terminal.
 */
#include "logread/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *words(uint64_t read, uint64_t total, int64_t took)
{
	static char text[PROGRESS_TEXT];
	struct progress progress = {
	    .read = read, .total = total, .begun = 5000};

	progress_format(&progress, 5000 + took, text);
	return text;
}

static void known_total(void **state)
{
	(void)state;
	assert_string_equal(words(250000000, 1000000000, 2000),
			    "250.0 MB of 1.0 GB, 25 %, 0:06 left, 125.0 MB/s");
	assert_string_equal(words(999, 999, 1000),
			    "999 B of 999 B, 100 %, 0:00 left, 999 B/s");
	assert_string_equal(words(1000, 600001000, 1000),
			    "1.0 kB of 600.0 MB, 0 %, 10000:00 left, 1.0 kB/s");
}

static void unknown_total(void **state)
{
	(void)state;
	assert_string_equal(words(1500, 0, 1000), "1.5 kB, 1.5 kB/s");
	/* Compressed files have more text than their sizes say. */
	assert_string_equal(words(1500, 1499, 1000), "1.5 kB, 1.5 kB/s");
	assert_string_equal(words(0, 100, 1000), "0 B, 0 B/s");
}

static void odd_times_and_numbers(void **state)
{
	(void)state;
	assert_string_equal(words(5, 0, 0), "5 B, 5.0 kB/s");
	assert_string_equal(words(5, 0, -7), "5 B, 5.0 kB/s");
	assert_true(strlen(words(1, UINT64_MAX, INT64_MAX - 5000)) <
		    PROGRESS_TEXT - 1);
	assert_true(strlen(words(UINT64_MAX, UINT64_MAX, 1)) <
		    PROGRESS_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_total),
	    cmocka_unit_test(unknown_total),
	    cmocka_unit_test(odd_times_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
