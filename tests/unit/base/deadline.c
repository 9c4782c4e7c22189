/* Deadlines: the earlier of two, milliseconds after a time, and past ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/deadline.h"

static void lower_takes_the_earlier(void **state)
{
	const struct tain_s early = {{7}, 999999999}, late = {{8}, 0};
	struct tain_s deadline = late;

	(void)state;
	deadline_lower(&deadline, &early);
	assert_true(deadline.sec.x == 7 && deadline.nano == 999999999);
	deadline_lower(&deadline, &late);
	assert_true(deadline.sec.x == 7 && deadline.nano == 999999999);
}

static void after_carries(void **state)
{
	const struct tain_s now = {{7}, 500000001};
	struct tain_s deadline;

	(void)state;
	deadline_after(&deadline, &now, 0);
	assert_true(deadline.sec.x == 7 && deadline.nano == 500000001);
	deadline_after(&deadline, &now, 1499);
	assert_true(deadline.sec.x == 8 && deadline.nano == 999000001);
	deadline_after(&deadline, &now, 1500);
	assert_true(deadline.sec.x == 9 && deadline.nano == 1);
	/* The longest that number_duration reads, 100 years. */
	deadline_after(&deadline, &now, UINT64_C(36500) * 86400000);
	assert_true(deadline.sec.x == 7 + UINT64_C(36500) * 86400);
}

static void past_from_its_time_on(void **state)
{
	const struct tain_s deadline = {{7}, 5}, before = {{7}, 4},
			    after = {{8}, 0};

	(void)state;
	assert_false(deadline_is_past(&deadline, &before));
	assert_true(deadline_is_past(&deadline, &deadline));
	assert_true(deadline_is_past(&deadline, &after));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lower_takes_the_earlier),
	    cmocka_unit_test(after_carries),
	    cmocka_unit_test(past_from_its_time_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
