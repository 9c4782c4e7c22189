/* Stamps: what they look like, that they increase, that they are read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/label.h"
#include "logwrite/line_format.h"

/* 2025-11-21T07:07:51Z is Unix time 1763708871. */
static struct tain_s at(uint64_t unix_time, uint32_t nano)
{
	struct tain_s label = {.sec = {TAI_MAGIC + 10 + unix_time},
			       .nano = nano};

	return label;
}

/* Sets the stamp of the first line that comes when the clock shows *now. */
static void stamp_line(struct line_stamp *stamp, const struct tain_s *now)
{
	line_stamp_begin(stamp, now);
	line_stamp_next(stamp);
}

static void check(enum label_kind kind, uint64_t unix_time, uint32_t nano,
		  const char *want)
{
	struct tain_s now = at(unix_time, nano), back;
	struct line_stamp stamp;
	char text[LINE_STAMP_MAX];

	line_stamp_init(&stamp, kind);
	stamp_line(&stamp, &now);
	line_stamp_write(&stamp, text);
	assert_int_equal(stamp.len, strlen(want));
	assert_memory_equal(text, want, stamp.len);
	assert_true(line_stamp_parse(kind, &back, text, stamp.len));
	assert_int_equal(back.sec.x, now.sec.x);
	assert_int_equal(back.nano, now.nano);
}

static void forms_of_all_kinds(void **state)
{
	(void)state;
	check(LABEL_DJB, 1763708871, 169553981, "@4000000069200fd10a1b303d ");
	check(LABEL_LEAP, 1763708871, 169553981, "@4000000069200fec0a1b303d ");
	check(LABEL_UTC, 1763708871, 123456789,
	      "2025-11-21T07:07:51.123456789Z ");
	check(LABEL_UTC, 1709251199, 999999999,
	      "2024-02-29T23:59:59.999999999Z ");
	check(LABEL_UTC, 0, 0, "1970-01-01T00:00:00.000000000Z ");
}

/* No stamp: nothing, and nothing to read. */
static void without_a_kind_no_stamp(void **state)
{
	struct tain_s now = at(5, 5);
	struct line_stamp stamp;

	(void)state;
	line_stamp_init(&stamp, LABEL_NONE);
	assert_int_equal(stamp.len, 0);
	stamp_line(&stamp, &now);
	line_stamp_next(&stamp);
	assert_false(line_stamp_parse(LABEL_NONE, &now, "@4000000069201", 14));
}

/* Each is the one of its label, also where more than two digits change. */
static void increases(enum label_kind kind)
{
	struct tain_s now = at(1763708871, 999998700), last, back;
	char text[LINE_STAMP_MAX], before[LINE_STAMP_MAX] = "";
	struct line_stamp stamp;
	int i;

	line_stamp_init(&stamp, kind);
	stamp_line(&stamp, &now);
	last = at(0, 0);
	for (i = 0; i < 3000; i++, line_stamp_next(&stamp)) {
		line_stamp_write(&stamp, text);
		assert_true(memcmp(before, text, stamp.len) < 0);
		assert_true(line_stamp_parse(kind, &back, text, stamp.len));
		assert_true(tain_less(&last, &back));
		assert_int_equal(back.sec.x, stamp.label.sec.x);
		assert_int_equal(back.nano, stamp.label.nano);
		memcpy(before, text, sizeof before);
		last = back;
	}
	assert_int_equal(last.sec.x, now.sec.x + 1);
	assert_int_equal(last.nano, 1699);
}

static void all_increase(void **state)
{
	(void)state;
	increases(LABEL_DJB);
	increases(LABEL_LEAP);
	increases(LABEL_UTC);
}

static void clock_set_back(void **state)
{
	struct tain_s now = at(2000, 7), earlier = at(1000, 0);
	struct line_stamp stamp;

	(void)state;
	line_stamp_init(&stamp, LABEL_UTC);
	stamp_line(&stamp, &now);
	stamp_line(&stamp, &earlier);
	assert_int_equal(stamp.label.sec.x, now.sec.x);
	assert_int_equal(stamp.label.nano, 8);
}

static void others_are_refused(void **state)
{
	static const char good[] = "2025-11-21T07:07:51.123456789Z ";
	struct tain_s label;
	char text[sizeof good];
	size_t i;

	(void)state;
	assert_false(line_stamp_parse(LABEL_UTC, &label, good, 30));
	for (i = 0; i < 30; i++) {
		memcpy(text, good, sizeof good);
		text[i] = 'x';
		assert_false(line_stamp_parse(LABEL_UTC, &label, text, 31));
	}
	assert_false(line_stamp_parse(LABEL_DJB, &label, good, 31));
	assert_false(line_stamp_parse(LABEL_LEAP, &label, good, 31));
}

/* A clock past the year 9999 does not make a stamp longer. */
static void years_have_four_digits(void **state)
{
	static const char want[] = "9999-12-31T23:59:59.000000123Z ";
	struct tain_s now = at(253402300800, 123);
	struct line_stamp stamp;
	char text[LINE_STAMP_MAX];

	(void)state;
	line_stamp_init(&stamp, LABEL_UTC);
	stamp_line(&stamp, &now);
	line_stamp_write(&stamp, text);
	assert_int_equal(stamp.len, sizeof want - 1);
	assert_memory_equal(text, want, sizeof want - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms_of_all_kinds),
	    cmocka_unit_test(without_a_kind_no_stamp),
	    cmocka_unit_test(all_increase),
	    cmocka_unit_test(clock_set_back),
	    cmocka_unit_test(others_are_refused),
	    cmocka_unit_test(years_have_four_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
