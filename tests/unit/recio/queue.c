/* The answers that are owed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recio/queue.h"

static struct queue q;

static void order(void **state)
{
	(void)state;
	queue_clear(&q);
	assert_int_equal(queue_next(&q), -1);
	queue_pop(&q);
	queue_push(&q, 1);
	queue_push(&q, 1);
	queue_push(&q, 2);
	queue_push(&q, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(queue_next(&q), 1);
		queue_pop(&q);
	}
	assert_int_equal(queue_next(&q), 2);
	queue_pop(&q);
	assert_int_equal(queue_next(&q), 1);
	queue_pop(&q);
	assert_int_equal(queue_next(&q), -1);
}

/* Equal ones take no room; others do, and it is found again. */
static void room(void **state)
{
	(void)state;
	queue_clear(&q);
	for (int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < QUEUE_RUNS; i++) {
			assert_true(queue_has_room(&q));
			for (int j = 0; j < 1000; j++)
				queue_push(&q, i & 1);
		}
		assert_false(queue_has_room(&q));
		for (unsigned int i = 0; i < QUEUE_RUNS * 1000; i++) {
			assert_int_equal(queue_next(&q), i / 1000 & 1);
			queue_pop(&q);
		}
		/* Begins in another place the next time. */
		queue_push(&q, 2);
		queue_pop(&q);
	}
}

static void through(void **state)
{
	(void)state;
	queue_clear(&q);
	queue_push(&q, 1);
	queue_push(&q, 2);
	queue_push(&q, 2);
	queue_push(&q, 3);
	assert_true(queue_pop_through(&q, 2));
	assert_int_equal(queue_next(&q), 2);
	assert_false(queue_pop_through(&q, 4));
	assert_int_equal(queue_next(&q), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(order),
	    cmocka_unit_test(room),
	    cmocka_unit_test(through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
