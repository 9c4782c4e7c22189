/* Marks: each member outlives packing, and other bytes are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogfetch/fetch_mark.h"

static uint64_t any_number(void)
{
	uint64_t n = 0;

	for (int i = 0; i < 8; i++)
		n = n << 8 | (rand() & 0xff);
	return n;
}

static struct fetch_mark any_mark(void)
{
	const int flags = rand();

	return (struct fetch_mark){
	    .stream = any_number(),
	    .sequence = any_number(),
	    .subject = (uint32_t)any_number(),
	    .time = (int64_t)any_number(),
	    .offset = (uint32_t)any_number(),
	    .whole = flags & 1,
	    .join = {.midline = flags & 2,
		     .ended = flags & 4,
		     .labelled = flags & 8,
		     .behind = flags & 16,
		     .met = flags & 32,
		     .last = {.sec = {any_number()},
			      .nano = (uint32_t)any_number() % 1000000000},
		     .missed = any_number()},
	};
}

static void assert_same(const struct fetch_mark *a, const struct fetch_mark *b)
{
	assert_true(a->stream == b->stream);
	assert_true(a->sequence == b->sequence);
	assert_int_equal(a->subject, b->subject);
	assert_true(a->time == b->time);
	assert_int_equal(a->offset, b->offset);
	assert_int_equal(a->whole, b->whole);
	assert_int_equal(a->join.midline, b->join.midline);
	assert_int_equal(a->join.ended, b->join.ended);
	assert_int_equal(a->join.labelled, b->join.labelled);
	assert_int_equal(a->join.behind, b->join.behind);
	assert_int_equal(a->join.met, b->join.met);
	assert_true(a->join.last.sec.x == b->join.last.sec.x);
	assert_int_equal(a->join.last.nano, b->join.last.nano);
	assert_true(a->join.missed == b->join.missed);
}

static void packed_and_unpacked(void **state)
{
	unsigned char bytes[RING_MARK];
	struct fetch_mark mark, again;

	(void)state;
	srand(1);
	for (int i = 0; i < 10000; i++) {
		mark = any_mark();
		fetch_mark_pack(bytes, &mark);
		assert_true(fetch_mark_unpack(&again, bytes));
		assert_same(&mark, &again);
	}
}

static void other_bytes(void **state)
{
	unsigned char bytes[RING_MARK] = {0};
	struct fetch_mark mark = any_mark();

	(void)state;
	assert_false(fetch_mark_unpack(&mark, bytes));
	fetch_mark_pack(bytes, &mark);
	bytes[6]++;
	assert_false(fetch_mark_unpack(&mark, bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(packed_and_unpacked),
	    cmocka_unit_test(other_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
