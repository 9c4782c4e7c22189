/* Labels and records in lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "logread/scan.h"

#define LABEL "@400000006b00c794000001f4"

static void labels(void **state)
{
	static const char *const good[] = {
	    LABEL,
	    LABEL " text",
	    LABEL "\t",
	    LABEL "g",
	    LABEL ":",
	    "@400000006B00C794000001F4 x",
	    "@00000000000000003b9ac9ff",
	};
	struct tain_s label;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!scan_label(&label, good[i], strlen(good[i])))
			fail_msg("no label: %s", good[i]);
	assert_true(scan_label(&label, LABEL, LABEL_LEN));
	assert_true(label.sec.x == 0x400000006b00c794);
	assert_int_equal(label.nano, 500);
}

static void no_labels(void **state)
{
	static const char *const bad[] = {
	    "",
	    "@",
	    "@4000",
	    "@user said hi",
	    LABEL "0",
	    LABEL "extra",
	    LABEL "F",
	    (" " LABEL),
	    "@400000006b00c79400000g00",
	    "@400000006b00c7943b9aca00",
	    "@ffffffffffffffff00000000",
	    "@800000006b00c794000001f4",
	    "@0000000000000000ffffffff",
	};
	struct tain_s label;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (scan_label(&label, bad[i], strlen(bad[i])))
			fail_msg("a label: %s", bad[i]);
	assert_false(scan_label(&label, LABEL, LABEL_LEN - 1));
}

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
	    cmocka_unit_test(labels),
	    cmocka_unit_test(no_labels),
	    cmocka_unit_test(records),
	    cmocka_unit_test(no_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
