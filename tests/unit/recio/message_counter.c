/* Counting content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/message_counter.h"

static struct message_counter c;

/* Takes text in pieces of step bytes up to an end; how much was taken. */
static size_t take(const char *text, size_t step, enum message_counter_end *end)
{
	size_t len = strlen(text), done = 0, n;

	*end = MESSAGE_COUNTER_OPEN;
	while (done < len && *end == MESSAGE_COUNTER_OPEN) {
		n = step < len - done ? step : len - done;
		done += message_counter_dots(&c, text + done, n, end);
	}
	return done;
}

static void is(const char *text, enum message_counter_end want, size_t taken,
	       unsigned int bytes, unsigned int lines)
{
	enum message_counter_end end;

	for (size_t step = 1; step <= strlen(text); step++) {
		message_counter_begin(&c, true);
		assert_int_equal(take(text, step, &end), taken);
		assert_int_equal(end, want);
		assert_int_equal(c.bytes, bytes);
		assert_int_equal(c.lines, lines);
	}
}

static void dots(void **state)
{
	(void)state;
	is("a\r\n.\r\nx", MESSAGE_COUNTER_END, 6, 3, 1);
	is(".\r\nx", MESSAGE_COUNTER_END, 3, 0, 0);
	is("..\r\n.x\r\n. \r\n.\r\n", MESSAGE_COUNTER_END, 15, 12, 3);
	is("a\r.\r\n", MESSAGE_COUNTER_OPEN, 5, 5, 1);
	is("a\r\n.\r\r\n", MESSAGE_COUNTER_OPEN, 7, 7, 2);
	is("\r\n\r\n.\r", MESSAGE_COUNTER_OPEN, 6, 6, 2);
}

static void doubts(void **state)
{
	enum message_counter_end end;

	(void)state;
	is("a\n.\r\nx", MESSAGE_COUNTER_DOUBT, 5, 2, 1);
	is("a\r\n.\nx", MESSAGE_COUNTER_DOUBT, 5, 3, 1);
	is("\n.\nx", MESSAGE_COUNTER_DOUBT, 3, 1, 1);
	/* It was not the end. */
	message_counter_begin(&c, true);
	assert_int_equal(take("a\n.\n", 4, &end), 4);
	assert_int_equal(take(".\r\nb\r\n.\r\n", 10, &end), 3);
	assert_int_equal(end, MESSAGE_COUNTER_DOUBT);
	assert_int_equal(take("b\r\n.\r\n", 10, &end), 6);
	assert_int_equal(end, MESSAGE_COUNTER_END);
	assert_int_equal(c.bytes, 10);
	assert_int_equal(c.lines, 4);
}

static void octets(void **state)
{
	(void)state;
	message_counter_begin(&c, true);
	assert_true(message_counter_at_start(&c));
	message_counter_octets(&c, "a\nb\n\nc", 6);
	assert_int_equal(c.bytes, 6);
	assert_int_equal(c.lines, 3);
	assert_false(message_counter_at_start(&c));
	message_counter_octets(&c, "", 0);
	assert_false(message_counter_at_start(&c));
	message_counter_octets(&c, "\n", 1);
	assert_true(message_counter_at_start(&c));
}

/* Counts and the last bytes are as good as the bytes. */
static void skipped(void **state)
{
	enum message_counter_end end;

	(void)state;
	message_counter_begin(&c, true);
	assert_true(message_counter_skip(&c, 100, 3));
	assert_int_equal(message_counter_dots(&c, "\r\n.\r\n", 5, &end), 5);
	assert_int_equal(end, MESSAGE_COUNTER_END);
	assert_int_equal(c.bytes, 102);
	assert_int_equal(c.lines, 4);
	message_counter_begin(&c, true);
	assert_true(message_counter_skip(&c, 100, 3));
	assert_int_equal(message_counter_dots(&c, "\n.\r\n", 4, &end), 4);
	assert_int_equal(end, MESSAGE_COUNTER_DOUBT);
	/* The first bytes decide what the dot's line was. */
	assert_false(message_counter_skip(&c, 100, 3));
	assert_int_equal(c.bytes, 101);
	assert_int_equal(c.lines, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dots),
	    cmocka_unit_test(doubts),
	    cmocka_unit_test(octets),
	    cmocka_unit_test(skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
