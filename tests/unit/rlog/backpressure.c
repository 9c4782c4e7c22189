/* Backpressure: when the user is told, and when it has lasted too long. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlog/backpressure.h"

static struct turn turn;

static struct event event;

/* Notes the state at second `at`: the event that this causes, or -1. */
static int update(struct backpressure *b, uint64_t at, bool blocked,
		  bool paused)
{
	turn.now.sec.x = at;
	turn.deadline = tain_infinite;
	return backpressure_update(b, blocked, paused, &turn, &event)
		   ? (int)event.kind
		   : -1;
}

static void told_once_and_for_how_long(void **state)
{
	struct backpressure b = {0};

	(void)state;
	assert_int_equal(update(&b, 100, true, false), -1);
	assert_false(tain_less(&turn.deadline, &tain_infinite));
	assert_int_equal(update(&b, 110, true, true), -1);
	assert_int_equal(turn.deadline.sec.x, 110 + BACKPRESSURE_TOLD);
	/* Not for so short a time. */
	assert_int_equal(update(&b, 110, false, false), -1);
	assert_int_equal(update(&b, 120, true, true), -1);
	assert_int_equal(update(&b, 121, true, true), EVENT_INPUT_PAUSED);
	assert_int_equal(update(&b, 130, true, true), -1);
	assert_false(tain_less(&turn.deadline, &tain_infinite));
	assert_int_equal(update(&b, 132, false, false), EVENT_INPUT_RESUMED);
	assert_int_equal(event.seconds, 12);
	assert_int_equal(update(&b, 133, false, false), -1);
}

/* The limit counts from when the outputs were blocked, if input is paused. */
static void over_after_the_limit(void **state)
{
	struct backpressure b = {0};

	(void)state;
	update(&b, 100, true, false);
	turn.now.sec.x = 200;
	assert_false(backpressure_is_over(&b, 5000, &turn));
	assert_int_equal(update(&b, 103, true, true), -1);
	turn.deadline = tain_infinite;
	assert_false(backpressure_is_over(&b, 0, &turn));
	assert_false(backpressure_is_over(&b, 5000, &turn));
	assert_int_equal(turn.deadline.sec.x, 105);
	turn.now.sec.x = 105;
	assert_true(backpressure_is_over(&b, 5000, &turn));
	/* The outputs wrote in between. */
	assert_int_equal(update(&b, 103, false, false), -1);
	assert_int_equal(update(&b, 104, true, true), -1);
	turn.now.sec.x = 108;
	assert_false(backpressure_is_over(&b, 5000, &turn));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(told_once_and_for_how_long),
	    cmocka_unit_test(over_after_the_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
