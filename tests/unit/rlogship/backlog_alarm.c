/* The alarm of a backlog: at which of many looks it warns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rlogship/backlog_alarm.h"

static struct backlog_alarm alarm;

static int reset(void **state)
{
	(void)state;
	alarm = (struct backlog_alarm){0};
	return 0;
}

/* Looks at a log of 100 bytes in files, of which so many are not sent. */
static bool look_at(uint64_t behind, bool failing)
{
	const struct backlog backlog = {behind, 100, 3, 0};

	return backlog_alarm_look(&alarm, &backlog, failing);
}

static void a_server_that_fails(void **state)
{
	(void)state;
	assert_false(look_at(50, true));
	assert_true(look_at(51, true));
	assert_false(look_at(52, true));
	assert_false(look_at(100, true));
}

static void a_server_that_fails_at_first(void **state)
{
	(void)state;
	assert_true(look_at(100, true));
	assert_false(look_at(100, true));
}

/* One batch of many arrives, so the last try is a success now and then. */
static void a_server_that_fails_at_times(void **state)
{
	(void)state;
	assert_true(look_at(60, true));
	assert_false(look_at(55, false));
	assert_false(look_at(65, true));
	assert_false(look_at(45, false));
	assert_false(look_at(60, true));
}

static void a_log_that_is_sent_for_the_first_time(void **state)
{
	(void)state;
	assert_false(look_at(100, false));
	assert_false(look_at(90, false));
	assert_false(look_at(51, false));
	assert_false(look_at(10, false));
}

/* The logger is faster than the server. */
static void a_slow_server(void **state)
{
	(void)state;
	assert_false(look_at(0, false));
	assert_false(look_at(40, false));
	assert_true(look_at(60, false));
	assert_false(look_at(100, false));
	assert_false(look_at(100, false));
}

static void a_slow_server_from_the_start(void **state)
{
	(void)state;
	assert_false(look_at(100, false));
	assert_true(look_at(100, false));
	assert_false(look_at(100, false));
}

static void a_second_warning_needs_a_log_that_was_sent(void **state)
{
	(void)state;
	assert_true(look_at(60, true));
	assert_false(look_at(25, false));
	assert_false(look_at(60, true));
	assert_false(look_at(24, false));
	assert_true(look_at(60, true));
}

static void a_log_without_archives(void **state)
{
	const struct backlog backlog = {100, 100, 0, 0};

	(void)state;
	assert_false(backlog_alarm_look(&alarm, &backlog, true));
	assert_false(backlog_alarm_look(&alarm, &backlog, true));
}

static void an_unknown_backlog(void **state)
{
	const struct backlog unknown = {0};

	(void)state;
	assert_false(backlog_alarm_look(&alarm, &unknown, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(a_server_that_fails, reset),
	    cmocka_unit_test_setup(a_server_that_fails_at_first, reset),
	    cmocka_unit_test_setup(a_server_that_fails_at_times, reset),
	    cmocka_unit_test_setup(a_log_that_is_sent_for_the_first_time,
				   reset),
	    cmocka_unit_test_setup(a_slow_server, reset),
	    cmocka_unit_test_setup(a_slow_server_from_the_start, reset),
	    cmocka_unit_test_setup(a_second_warning_needs_a_log_that_was_sent,
				   reset),
	    cmocka_unit_test_setup(a_log_without_archives, reset),
	    cmocka_unit_test_setup(an_unknown_backlog, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
