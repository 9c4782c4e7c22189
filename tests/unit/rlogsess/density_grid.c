/* Counts by time: none is lost, and each is in the column of its time. */
#include "rlogsess/html/density_grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct density_grid *make_bins(void)
{
	struct density_grid *bins = calloc(1, sizeof *bins);

	assert_non_null(bins);
	return bins;
}

static uint64_t count_all(const struct density_grid *bins)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < DENSITY_GRID_COLUMNS; i++)
		for (size_t k = 0; k < OUTCOMES; k++)
			sum +=
			    density_grid_sum(bins, i, (enum session_outcome)k);
	return sum;
}

static uint64_t count_at(const struct density_grid *bins, int64_t second)
{
	int64_t column =
	    (second - density_grid_begin(bins)) / density_grid_span(bins);

	assert_in_range(column, 0, bins->used - 1);
	return density_grid_sum(bins, (size_t)column, OUTCOME_FINE);
}

static void seconds_have_columns(void **state)
{
	struct density_grid *bins = make_bins();

	(void)state;
	density_grid_add(bins, 1000, 0, OUTCOME_FINE);
	density_grid_add(bins, 1003, 0, OUTCOME_FINE);
	density_grid_add(bins, 1003, 4000, OUTCOME_FINE);
	density_grid_add(bins, 990, 0, OUTCOME_FINE);
	assert_int_equal(density_grid_span(bins), 1);
	assert_int_equal(density_grid_begin(bins), 990);
	assert_int_equal(bins->used, 14);
	assert_int_equal(count_at(bins, 990), 1);
	assert_int_equal(count_at(bins, 1000), 1);
	assert_int_equal(count_at(bins, 1003), 2);
	assert_int_equal(bins->count[13][16][OUTCOME_FINE], 1);
	free(bins);
}

/* Whatever the order of times. */
static void spans_grow_as_needed(void **state)
{
	static const int64_t times[] = {1795212000, 1795212239, 1795211000,
					1795298400, 1795212000, 0,
					-86400,     1795212000, 4000000000};

	(void)state;
	for (size_t from = 0; from < 9; from++) {
		struct density_grid *bins = make_bins();

		for (size_t i = 0; i < 9; i++) {
			density_grid_add(bins, times[(from + i) % 9], 0,
					 OUTCOME_FINE);
			assert_int_equal(count_all(bins), i + 1);
			for (size_t k = 0; k <= i; k++)
				assert_true(
				    count_at(bins, times[(from + k) % 9]) > 0);
		}
		assert_true(bins->used <= DENSITY_GRID_COLUMNS);
		free(bins);
	}
}

static void any_time_fits(void **state)
{
	struct density_grid *bins = make_bins();

	(void)state;
	density_grid_add(bins, INT64_MIN / 1000000000, LOG_SCALE_MAX,
			 OUTCOME_FINE);
	density_grid_add(bins, INT64_MAX / 1000000000, 0, OUTCOME_FINE);
	assert_int_equal(count_all(bins), 2);
	free(bins);
}

/* Columns that became one have all counts of both. */
static void merged_columns_keep_rows(void **state)
{
	struct density_grid *bins = make_bins();

	(void)state;
	for (int64_t i = 0; i < 1000; i++)
		density_grid_add(bins, i, (unsigned int)i * 9 % LOG_SCALE_MAX,
				 (enum session_outcome)(i % OUTCOMES));
	assert_int_equal(density_grid_span(bins), 5);
	assert_int_equal(bins->used, 200);
	assert_int_equal(count_all(bins), 1000);
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < OUTCOMES; k++)
			assert_int_equal(
			    density_grid_sum(bins, i, (enum session_outcome)k),
			    1);
	free(bins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seconds_have_columns),
	    cmocka_unit_test(spans_grow_as_needed),
	    cmocka_unit_test(any_time_fits),
	    cmocka_unit_test(merged_columns_keep_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
