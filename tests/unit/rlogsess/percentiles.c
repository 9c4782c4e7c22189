/* Percentiles, compared with those of all durations in order. */
#include "rlogsess/format/percentiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct percentiles percentiles;

static int begin(void **state)
{
	(void)state;
	memset(&percentiles, 0, sizeof percentiles);
	return 0;
}

static bool is_near(double got, double want)
{
	return got >= want - 1e-9 && got <= want * 33 / 32 + 1e-6;
}

static void none_and_odd_ones(void **state)
{
	(void)state;
	assert_true(percentiles_get(&percentiles, 50) == 0);
	percentiles_add(&percentiles, -5);
	assert_true(percentiles_get(&percentiles, 99) == 0);
	percentiles_add(&percentiles, INT64_MAX);
	assert_true(is_near(percentiles_get(&percentiles, 99),
			    (double)(INT64_MAX / 1000) / 1e6));
	assert_true(percentiles_get(&percentiles, 50) == 0);
}

/* The end of a step may exceed all durations. */
static void one_is_all(void **state)
{
	(void)state;
	percentiles_add(&percentiles, 1600001000);
	assert_true(percentiles_get(&percentiles, 50) == 1600001 / 1e6);
	assert_true(percentiles.sum > 1.600 && percentiles.sum < 1.601);
}

static int compare(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static void many(void **state)
{
	enum { MANY = 4001 };
	static double all[MANY];
	uint64_t random = 1;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		int64_t duration;

		random = random * UINT64_C(6364136223846793005) + 1442695;
		/* From a microsecond to 18 minutes, as often of each order. */
		duration = (int64_t)(1000 + (random >> 34))
			   << (random >> 20) % 11;
		percentiles_add(&percentiles, duration);
		all[i] = (double)(duration / 1000) / 1e6;
	}
	qsort(all, MANY, sizeof *all, compare);
	for (unsigned int p = 1; p <= 100; p++) {
		size_t rank = (MANY * p + 99) / 100;

		assert_true(
		    is_near(percentiles_get(&percentiles, p), all[rank - 1]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(none_and_odd_ones, begin),
	    cmocka_unit_test_setup(one_is_all, begin),
	    cmocka_unit_test_setup(many, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
