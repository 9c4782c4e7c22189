/* Counts over time: none is lost or moved when bins widen. */
#include "rlogsess/format/time_bins.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct time_bins bins;

static int begin(void **state)
{
	(void)state;
	memset(&bins, 0, sizeof bins);
	return 0;
}

static uint64_t sum_of(unsigned int row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < time_bins_count(&bins); i++)
		sum += time_bins_get(&bins, row, i);
	return sum;
}

static void width_is(const char *want)
{
	char text[TIME_BINS_NAME];

	time_bins_name_width(&bins, text);
	assert_string_equal(text, want);
}

static void minutes(void **state)
{
	(void)state;
	assert_int_equal(time_bins_count(&bins), 0);
	time_bins_fit(&bins, 1);
	time_bins_add(&bins, 0, 6000);
	time_bins_add(&bins, 0, 6059);
	time_bins_add(&bins, 1, 6120);
	time_bins_add(&bins, 0, 5999); /* before the first */
	assert_int_equal(time_bins_count(&bins), 4);
	assert_int_equal(time_bins_get(&bins, 0, 0), 1);
	assert_int_equal(time_bins_get(&bins, 0, 1), 2);
	assert_int_equal(time_bins_get(&bins, 1, 3), 1);
	assert_int_equal(time_bins_get(&bins, 0, 3), 0);
	width_is("1 minute");
}

static void wider_bins_have_the_same_counts(void **state)
{
	static const char *const widths[] = {
	    "5 minutes", "10 minutes", "30 minutes", "1 hour", "2 hours",
	    "6 hours",   "12 hours",   "1 day",      "8 days",
	};
	static const size_t counts[] = {205, 103, 35, 18, 10, 4, 3, 2, 1};

	(void)state;
	/* 1024 minutes around a midnight. */
	for (int64_t i = 0; i < TIME_BINS; i++)
		time_bins_add(&bins, 2, 86400 * 100 - 3600 + 60 * i);
	width_is("1 minute");
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		time_bins_fit(&bins, counts[i]);
		assert_int_equal(time_bins_count(&bins), counts[i]);
		assert_int_equal(sum_of(2), TIME_BINS);
		width_is(widths[i]);
		if (i == 3)
			assert_int_equal(time_bins_get(&bins, 2, 1), 60);
	}
}

static void any_time_has_room(void **state)
{
	static const int64_t times[] = {
	    1795212001, 0, -7, INT64_MAX / 1000000000, 1795212002, 60,
	};

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		time_bins_add(&bins, 4, times[i]);
		assert_true(time_bins_count(&bins) <= TIME_BINS);
		assert_int_equal(sum_of(4), i + 1);
	}
	assert_int_equal(sum_of(3), 0);
	time_bins_fit(&bins, 0);
	assert_int_equal(time_bins_count(&bins), 1);
	assert_int_equal(sum_of(4), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(minutes, begin),
	    cmocka_unit_test_setup(wider_bins_have_the_same_counts, begin),
	    cmocka_unit_test_setup(any_time_has_room, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
