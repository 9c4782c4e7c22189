/* Places on a logarithmic scale of durations. */
#include "rlogsess/html/log_scale.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void expect_place(double seconds, unsigned int expected)
{
	unsigned int place = log_scale_place((int64_t)(seconds * 1e9));

	/* Integers are not exact. */
	assert_in_range(place, expected ? expected - 1 : 0, expected + 1);
}

static void decades_are_equal(void **state)
{
	(void)state;
	expect_place(0.001, 0);
	expect_place(0.01, 1000);
	expect_place(0.1, 2000);
	expect_place(1, 3000);
	expect_place(10, 4000);
	expect_place(86400, 7937);
	expect_place(0.002, 301);
	expect_place(0.5, 2699);
	expect_place(30, 4477);
}

static void ends_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(log_scale_place(-1), 0);
	assert_int_equal(log_scale_place(INT64_MIN), 0);
	assert_int_equal(log_scale_place(0), 0);
	assert_int_equal(log_scale_place(INT64_MAX), LOG_SCALE_MAX);
	expect_place(1e6, LOG_SCALE_MAX);
}

static void it_ascends(void **state)
{
	unsigned int last = 0;

	(void)state;
	for (int64_t t = 1; t < INT64_MAX / 2; t += t / 50 + 1) {
		unsigned int place = log_scale_place(t);

		assert_true(place >= last);
		last = place;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decades_are_equal),
	    cmocka_unit_test(ends_are_bounded),
	    cmocka_unit_test(it_ascends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
