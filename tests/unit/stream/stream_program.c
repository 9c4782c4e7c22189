/* The shared main of rlogship and rlogfetch: options, readiness and duties. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "stream/stream_program.h"

char const *PROG = "stream_program";

static void shared_options(void **state)
{
	struct stream_options options = {.ready = -1};

	(void)state;
	assert_int_equal(stream_options_set(&options, '1', NULL), 0);
	assert_int_equal(stream_options_set(&options, 'v', NULL), 0);
	assert_int_equal(stream_options_set(&options, 'c', "c"), 0);
	assert_int_equal(stream_options_set(&options, 's', "s"), 0);
	assert_int_equal(stream_options_set(&options, 'd', "2"), 0);
	assert_true(options.once && options.verbose);
	assert_string_equal(options.cursor, "c");
	assert_string_equal(options.status, "s");
	assert_int_equal(options.ready, 2);
	assert_int_equal(stream_options_set(&options, 'x', NULL), -1);
	assert_null(options.problem);
	assert_int_equal(stream_options_set(&options, 'd', "999"), -1);
	assert_string_equal(options.problem, "invalid descriptor");
	assert_string_equal(options.value, "999");
}

static void ready_is_told_once(void **state)
{
	struct stream_options options = {.ready = -1};
	struct stream_program program = {.options = &options};
	char bytes[4];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	options.ready = fds[1];
	stream_program_tell_ready(&program);
	stream_program_tell_ready(&program);
	assert_int_equal(read(fds[0], bytes, sizeof bytes), 1);
	assert_int_equal(bytes[0], '\n');
	assert_int_equal(read(fds[0], bytes, sizeof bytes), 0);
	close(fds[0]);
}

struct counts {
	int saved, written, reported;
};

static void count_save(void *ctx)
{
	((struct counts *)ctx)->saved++;
}

static void count_status(void *ctx)
{
	((struct counts *)ctx)->written++;
}

static void count_report(void *ctx)
{
	((struct counts *)ctx)->reported++;
}

static void duties_are_done_in_time(void **state)
{
	static const struct stream_duties duties = {count_save, count_status,
						    count_report};
	static const struct {
		int64_t now;
		bool unsaved;
		int saved, written, reported, wait;
	} rows[] = {
	    {5000, false, 0, 1, 0, 10000},     {5100, true, 1, 1, 0, 1000},
	    {6099, true, 1, 1, 0, 1},          {6100, true, 2, 1, 0, 1000},
	    {14999, false, 2, 1, 0, 1},        {15000, true, 3, 2, 0, 1000},
	    {86405000, false, 3, 3, 1, 10000},
	};
	struct stream_program program = {.signals = -1};
	struct counts counts = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(stream_program_do_duties(&program, &duties,
							  &counts, rows[i].now,
							  rows[i].unsaved),
				 rows[i].wait);
		assert_int_equal(counts.saved, rows[i].saved);
		assert_int_equal(counts.written, rows[i].written);
		assert_int_equal(counts.reported, rows[i].reported);
	}
}

static void no_duty_has_to_be(void **state)
{
	static const struct stream_duties duties = {NULL, NULL, NULL};
	struct stream_program program = {.signals = -1};

	(void)state;
	assert_int_equal(
	    stream_program_do_duties(&program, &duties, NULL, 7, true),
	    86400000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shared_options),
	    cmocka_unit_test(ready_is_told_once),
	    cmocka_unit_test(duties_are_done_in_time),
	    cmocka_unit_test(no_duty_has_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
