/* The answers that are owed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recio/pending_replies.h"

static struct pending_replies q;

static void values_keep_their_order(void **state)
{
	(void)state;
	pending_replies_clear(&q);
	assert_int_equal(pending_replies_next(&q), -1);
	pending_replies_pop(&q);
	pending_replies_push(&q, 1);
	pending_replies_push(&q, 1);
	pending_replies_push(&q, 2);
	pending_replies_push(&q, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pending_replies_next(&q), 1);
		pending_replies_pop(&q);
	}
	assert_int_equal(pending_replies_next(&q), 2);
	pending_replies_pop(&q);
	assert_int_equal(pending_replies_next(&q), 1);
	pending_replies_pop(&q);
	assert_int_equal(pending_replies_next(&q), -1);
}

/* Equal ones take no room; others do, and it is found again. */
static void room_for_all_runs(void **state)
{
	(void)state;
	pending_replies_clear(&q);
	for (int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < PENDING_REPLIES_RUNS; i++) {
			assert_true(pending_replies_have_room(&q, 1));
			for (int j = 0; j < 1000; j++)
				pending_replies_push(&q, i & 1);
		}
		assert_false(pending_replies_have_room(&q, 1));
		for (unsigned int i = 0; i < PENDING_REPLIES_RUNS * 1000; i++) {
			assert_int_equal(pending_replies_next(&q),
					 i / 1000 & 1);
			pending_replies_pop(&q);
		}
		/* Begins in another place the next time. */
		pending_replies_push(&q, 2);
		pending_replies_pop(&q);
	}
}

static void popped_through_a_value(void **state)
{
	(void)state;
	pending_replies_clear(&q);
	pending_replies_push(&q, 1);
	pending_replies_push(&q, 2);
	pending_replies_push(&q, 2);
	pending_replies_push(&q, 3);
	assert_true(pending_replies_pop_through(&q, 2));
	assert_int_equal(pending_replies_next(&q), 2);
	assert_false(pending_replies_pop_through(&q, 4));
	assert_int_equal(pending_replies_next(&q), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_keep_their_order),
	    cmocka_unit_test(room_for_all_runs),
	    cmocka_unit_test(popped_through_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
