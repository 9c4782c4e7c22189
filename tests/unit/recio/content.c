/* Counting content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/content.h"

static struct content c;

/* Takes text in pieces of step bytes up to an end; how much was taken. */
static size_t take(const char *text, size_t step, enum content_end *end)
{
	size_t len = strlen(text), done = 0, n;

	*end = CONTENT_OPEN;
	while (done < len && *end == CONTENT_OPEN) {
		n = step < len - done ? step : len - done;
		done += content_dots(&c, text + done, n, end);
	}
	return done;
}

static void is(const char *text, enum content_end want, size_t taken,
	       unsigned int bytes, unsigned int lines)
{
	enum content_end end;

	for (size_t step = 1; step <= strlen(text); step++) {
		content_begin(&c, true);
		assert_int_equal(take(text, step, &end), taken);
		assert_int_equal(end, want);
		assert_int_equal(c.bytes, bytes);
		assert_int_equal(c.lines, lines);
	}
}

static void dots(void **state)
{
	(void)state;
	is("a\r\n.\r\nx", CONTENT_END, 6, 3, 1);
	is(".\r\nx", CONTENT_END, 3, 0, 0);
	is("..\r\n.x\r\n. \r\n.\r\n", CONTENT_END, 15, 12, 3);
	is("a\r.\r\n", CONTENT_OPEN, 5, 5, 1);
	is("a\r\n.\r\r\n", CONTENT_OPEN, 7, 7, 2);
	is("\r\n\r\n.\r", CONTENT_OPEN, 6, 6, 2);
}

static void doubts(void **state)
{
	enum content_end end;

	(void)state;
	is("a\n.\r\nx", CONTENT_DOUBT, 5, 2, 1);
	is("a\r\n.\nx", CONTENT_DOUBT, 5, 3, 1);
	is("\n.\nx", CONTENT_DOUBT, 3, 1, 1);
	/* It was not the end. */
	content_begin(&c, true);
	assert_int_equal(take("a\n.\n", 4, &end), 4);
	assert_int_equal(take(".\r\nb\r\n.\r\n", 10, &end), 3);
	assert_int_equal(end, CONTENT_DOUBT);
	assert_int_equal(take("b\r\n.\r\n", 10, &end), 6);
	assert_int_equal(end, CONTENT_END);
	assert_int_equal(c.bytes, 10);
	assert_int_equal(c.lines, 4);
}

static void octets(void **state)
{
	(void)state;
	content_begin(&c, true);
	assert_true(content_at_start(&c));
	content_octets(&c, "a\nb\n\nc", 6);
	assert_int_equal(c.bytes, 6);
	assert_int_equal(c.lines, 3);
	assert_false(content_at_start(&c));
	content_octets(&c, "", 0);
	assert_false(content_at_start(&c));
	content_octets(&c, "\n", 1);
	assert_true(content_at_start(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dots),
	    cmocka_unit_test(doubts),
	    cmocka_unit_test(octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
