/* Records in lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "logread/scan.h"

static bool scan(struct scan_record *r, const char *text)
{
	return scan_record(r, text, strlen(text));
}

static void records(void **state)
{
	struct scan_record r;

	(void)state;
	assert_true(scan(&r, "4711 < EHLO me "));
	assert_int_equal(r.pid, 4711);
	assert_int_equal(r.dir, '<');
	assert_memory_equal(r.payload, "EHLO me", r.len);
	assert_int_equal(r.len, 7);
	assert_false(r.more || r.eof);
	assert_true(scan(&r, "1 > 250 ok+"));
	assert_int_equal(r.dir, '>');
	assert_int_equal(r.len, 6);
	assert_true(r.more && !r.eof);
	assert_true(scan(&r, "1 < [EOF]"));
	assert_true(r.eof && !r.more && !r.len);
	assert_true(scan(&r, "1 < [EOF] "));
	assert_false(r.eof);
	assert_int_equal(r.len, 5);
	assert_true(scan(&r, "1 <  "));
	assert_int_equal(r.len, 0);
	assert_true(scan(&r, "1 : end"));
	assert_int_equal(r.dir, ':');
	assert_int_equal(r.len, 3);
}

static void no_records(void **state)
{
	static const char *const bad[] = {
	    "",
	    "1",
	    "1 ",
	    "1 <",
	    "1 < ",
	    "< x ",
	    "1 <x ",
	    "1 = x ",
	    "1 < x",
	    "x < y ",
	    "1  < x ",
	    "-1 < x ",
	    "12345678901 < x ",
	    "1 < [EOF]x",
	    "tcpserver: pid 1 from 127.0.0.1",
	};
	struct scan_record r;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (scan(&r, bad[i]))
			fail_msg("a record: %s", bad[i]);
	assert_false(scan_record(&r, "1 \0 x ", 6));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records),
	    cmocka_unit_test(no_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
