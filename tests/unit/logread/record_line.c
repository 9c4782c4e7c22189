/* Records and notes in lines, and lines that are neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "logread/record_line.h"

static bool parse(struct record_line *r, const char *text)
{
	return record_line_parse(r, text, strlen(text));
}

static void records(void **state)
{
	struct record_line r;

	(void)state;
	assert_true(parse(&r, "4711 < EHLO me "));
	assert_int_equal(r.pid, 4711);
	assert_int_equal(r.direction, '<');
	assert_memory_equal(r.payload, "EHLO me", r.len);
	assert_int_equal(r.len, 7);
	assert_false(r.more || r.eof || r.unmarked);
	assert_true(parse(&r, "1 > 250 ok+"));
	assert_int_equal(r.direction, '>');
	assert_int_equal(r.len, 6);
	assert_true(r.more && !r.eof);
	assert_true(parse(&r, "1 < [EOF]"));
	assert_true(r.eof && !r.more && !r.unmarked && !r.len);
	assert_true(parse(&r, "1 < [EOF] "));
	assert_false(r.eof);
	assert_int_equal(r.len, 5);
	assert_true(parse(&r, "1 <  "));
	assert_int_equal(r.len, 0);
	assert_true(parse(&r, "1 : end"));
	assert_int_equal(r.direction, ':');
	assert_int_equal(r.len, 3);
}

static void records_without_a_mark(void **state)
{
	struct record_line r;

	(void)state;
	assert_true(parse(&r, "1 < x"));
	assert_true(r.unmarked && !r.more && !r.eof);
	assert_int_equal(r.len, 1);
	assert_true(parse(&r, "1 < "));
	assert_true(r.unmarked);
	assert_int_equal(r.len, 0);
	assert_true(parse(&r, "1 > [EOF]x"));
	assert_true(r.unmarked && !r.eof);
	assert_int_equal(r.len, 6);
	assert_true(parse(&r, "1 : x"));
	assert_false(r.unmarked);
}

#define PAD "                                             "

static void dumps(void **state)
{
	struct record_line r;

	(void)state;
	assert_true(parse(&r, "1 < 00000000  61 0a" PAD "|a.|"));
	assert_true(r.dump && !r.more && !r.eof && !r.unmarked);
	assert_int_equal(r.len, strlen("00000000  61 0a" PAD "|a.|"));
	assert_true(parse(&r, "1 > 00000000  0a 61" PAD "|.a|"));
	assert_true(r.dump && r.more);
	assert_true(parse(&r, "1 > 00000000  0a 61" PAD "|.b|"));
	assert_true(!r.dump && r.unmarked && !r.more);
	/* A mark behind it: these are bytes of the session. */
	assert_true(parse(&r, "1 > 00000000  0a 61" PAD "|.a| "));
	assert_true(!r.dump && !r.unmarked);
	assert_true(parse(&r, "1 : 00000000  0a 61" PAD "|.a|"));
	assert_false(r.dump);
}

static void no_records(void **state)
{
	static const char *const bad[] = {
	    "",
	    "1",
	    "1 ",
	    "1 <",
	    "< x ",
	    "1 <x ",
	    "1 = x ",
	    "x < y ",
	    "1  < x ",
	    "-1 < x ",
	    "12345678901 < x ",
	    "tcpserver: pid 1 from 127.0.0.1",
	};
	struct record_line r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (parse(&r, bad[i]))
			fail_msg("a record: %s", bad[i]);
	assert_false(record_line_parse(&r, "1 \0 x ", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records),
	    cmocka_unit_test(records_without_a_mark),
	    cmocka_unit_test(dumps),
	    cmocka_unit_test(no_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
