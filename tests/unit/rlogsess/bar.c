/* Bars: as long as their counts, and never away where there is a count. */
#include "rlogsess/format/bar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../composed.h"

static const struct screen page, utf8 = {.utf8 = true};

static const char *row(const struct screen *screen, uint64_t count,
		       uint64_t most)
{
	static struct output out;

	output_init(&out, -1);
	bar_write_row(&out, screen, count, most, 10);
	return composed_text(&out);
}

static const char *column(const struct screen *screen, uint64_t count,
			  uint64_t most)
{
	static struct output out;

	output_init(&out, -1);
	bar_write_column(&out, screen, count, most);
	return composed_text(&out);
}

static void rows(void **state)
{
	(void)state;
	assert_string_equal(row(&page, 0, 0), "");
	assert_string_equal(row(&page, 0, 5), "");
	assert_string_equal(row(&page, 5, 5), "##########");
	assert_string_equal(row(&page, 1, 2), "#####");
	assert_string_equal(row(&page, 1, UINT64_MAX), "#");
	assert_string_equal(row(&page, UINT64_MAX, UINT64_MAX), "##########");
	assert_string_equal(row(&utf8, 1, UINT64_MAX), "\xe2\x96\x8f");
	/* 1.125 characters. */
	assert_string_equal(row(&utf8, 9, 80), "\xe2\x96\x88\xe2\x96\x8f");
	assert_string_equal(row(&utf8, 15, 80), "\xe2\x96\x88\xe2\x96\x89");
}

static void columns(void **state)
{
	(void)state;
	assert_string_equal(column(&page, 0, 7), " ");
	assert_string_equal(column(&page, 1, 7), ".");
	assert_string_equal(column(&page, 1, 1000), ".");
	assert_string_equal(column(&page, 7, 7), "#");
	assert_string_equal(column(&page, 6, 7), "*");
	assert_string_equal(column(&utf8, 0, 7), " ");
	assert_string_equal(column(&utf8, 1, 1000), "\xe2\x96\x81");
	assert_string_equal(column(&utf8, 8, 8), "\xe2\x96\x88");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
