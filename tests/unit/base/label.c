/* Labels: format and parse, times of both kinds, strictly increasing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <cmocka.h>

#include "base/label.h"

#define LABEL "@400000006b00c794000001f4"
#define LABEL_UPPER "@400000006B00C794000001F4"

static void known_label(void **state)
{
	struct tain_s label = {{TAI_MAGIC + 10 + 1795213194}, 500};
	char text[LABEL_LEN];

	(void)state;
	label_format(text, &label);
	assert_memory_equal(text, "@400000006b00c794000001f4", LABEL_LEN);
}

/* The nth of some numbers of 64 bits that look like chance. */
static uint64_t number(uint64_t n)
{
	n = (n + 1) * 0x9e3779b97f4a7c15;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

/* Labels of all magnitudes: format, parse, format. */
static void parse_is_the_inverse(void **state)
{
	char text[LABEL_LEN], again[LABEL_LEN], want[LABEL_LEN + 1];
	struct tain_s label, back;

	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		label.sec.x = number(2 * i) >> (1 + i % 63);
		label.nano = (uint32_t)(number(2 * i + 1) % 1000000000);
		label_format(text, &label);
		snprintf(want, sizeof want, "@%016llx%08lx",
			 (unsigned long long)label.sec.x,
			 (unsigned long)label.nano);
		assert_memory_equal(text, want, LABEL_LEN);
		assert_true(label_parse(&back, text, LABEL_LEN));
		label_format(again, &back);
		assert_memory_equal(again, text, LABEL_LEN);
		assert_true(label_parse_name(&back, want));
		assert_true(back.sec.x == label.sec.x);
		assert_int_equal(back.nano, label.nano);
	}
}

/*
 * Seconds by which leap labels are ahead of djb's: the leap seconds since 1972
 * that the system's table of time zones lists too.
 */
static const struct {
	time_t from;
	uint64_t ahead;
} leaps[] = {
    {78796800, 1},    {94694400, 2},    {126230400, 3},   {157766400, 4},
    {189302400, 5},   {220924800, 6},   {252460800, 7},   {283996800, 8},
    {315532800, 9},   {362793600, 10},  {394329600, 11},  {425865600, 12},
    {489024000, 13},  {567993600, 14},  {631152000, 15},  {662688000, 16},
    {709948800, 17},  {741484800, 18},  {773020800, 19},  {820454400, 20},
    {867715200, 21},  {915148800, 22},  {1136073600, 23}, {1230768000, 24},
    {1341100800, 25}, {1435708800, 26}, {1483228800, 27},
};

static uint64_t ahead_at(time_t second)
{
	uint64_t ahead = 0;

	for (size_t i = 0; i < sizeof leaps / sizeof *leaps; i++)
		if (second >= leaps[i].from)
			ahead = leaps[i].ahead;
	return ahead;
}

static void check_time(time_t second, uint32_t nano)
{
	const struct timespec time = {.tv_sec = second, .tv_nsec = (long)nano};
	const enum label_kind kinds[] = {LABEL_DJB, LABEL_LEAP};
	char text[LABEL_LEN], want[LABEL_LEN + 1];
	struct tain_s label, back;
	struct timespec again;

	for (int i = 0; i < 2; i++) {
		assert_true(label_from_time(&label, &time, kinds[i]));
		label_format(text, &label);
		snprintf(want, sizeof want, "@%016llx%08lx",
			 0x400000000000000aULL + (unsigned long long)second +
			     (i ? ahead_at(second) : 0),
			 (unsigned long)nano);
		assert_memory_equal(text, want, LABEL_LEN);
		assert_true(label_parse(&back, text, LABEL_LEN));
		assert_true(label_to_time(&again, &back, kinds[i]));
		assert_true(again.tv_sec == second);
		assert_int_equal(again.tv_nsec, nano);
	}
}

/* Time, label of either kind, text and back, also around leap seconds. */
static void times_of_both_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof leaps / sizeof *leaps; i++)
		for (time_t t = leaps[i].from - 3; t < leaps[i].from + 3; t++)
			check_time(t, (uint32_t)i);
	for (uint64_t i = 0; i < 100000; i++)
		check_time((time_t)(number(i) >> (24 + i % 39)),
			   (uint32_t)(number(~i) % 1000000000));
}

static void bounds_of_times(void **state)
{
	const struct timespec last = {.tv_sec = INT64_MAX - (1LL << 62) - 10};
	const struct timespec past = {.tv_sec = last.tv_sec + 1};
	/* 2016-12-31T23:59:60Z */
	const struct tain_s leap = {{TAI_MAGIC + 10 + 1483228826}, 0};
	struct timespec time;
	struct tain_s label;

	(void)state;
	assert_true(label_from_time(&label, &last, LABEL_DJB));
	assert_true(label.sec.x == INT64_MAX);
	assert_false(label_from_time(&label, &past, LABEL_DJB));
	assert_true(label_to_time(&time, &leap, LABEL_LEAP));
	assert_true(time.tv_sec == 1483228800);
}

static void labels_of_lines(void **state)
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
		if (!label_parse(&label, good[i], strlen(good[i])))
			fail_msg("no label: %s", good[i]);
	assert_true(label_parse(&label, LABEL, LABEL_LEN));
	assert_true(label.sec.x == 0x400000006b00c794);
	assert_int_equal(label.nano, 500);
}

static void no_labels_of_lines(void **state)
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
		if (label_parse(&label, bad[i], strlen(bad[i])))
			fail_msg("a label: %s", bad[i]);
	assert_false(label_parse(&label, LABEL, LABEL_LEN - 1));
}

/* Each byte in the place of each digit, before digits of all values. */
static void every_byte_as_a_digit(void **state)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char text[LABEL_LEN + 1], want[LABEL_LEN];
	struct tain_s label;

	(void)state;
	for (int i = 0; i < 256 * 24; i++) {
		const int at = 1 + i % 24, byte = i / 24;

		strcpy(text, "@40000000fedcba9800000000");
		text[at] = (char)byte;
		assert_int_equal(
		    label_parse(&label, text, LABEL_LEN),
		    byte && strchr(digits, byte) &&
			(at != 1 || (byte >= '0' && byte <= '7')) &&
			(at != 17 || (byte >= '0' && byte <= '3')));
		if (!label_parse(&label, text, LABEL_LEN))
			continue;
		label_format(want, &label);
		assert_int_equal(strncasecmp(want, text, LABEL_LEN), 0);
		assert_int_equal(strcspn(text + 1, digits), 0);
	}
}

/*
 * Names of archives are compared as bytes, so a label has one name only; the
 * suffix that follows may begin with any byte.
 */
static void labels_of_names(void **state)
{
	static const char *const good[] = {LABEL, LABEL ".s", LABEL "0",
					   LABEL "f"};
	static const char *const bad[] = {
	    "",
	    "@",
	    "@4000",
	    LABEL_UPPER,
	    LABEL_UPPER ".s",
	    "400000006b00c794000001f40",
	    "@400000006b00c7943b9aca00",
	    "@800000006b00c794000001f4",
	    "@400000006b00c794xxxxxxxx",
	};
	struct tain_s label;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (!label_parse_name(&label, good[i]))
			fail_msg("no label: %s", good[i]);
		assert_true(label.sec.x == 0x400000006b00c794);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (label_parse_name(&label, bad[i]))
			fail_msg("a label: %s", bad[i]);
}

static void strictly_increasing(void **state)
{
	struct tain_s last = {{TAI_MAGIC + 100}, 999999998};
	struct tain_s before = last;
	const struct tain_s past = {{TAI_MAGIC + 1}, 0};
	int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		label_advance(&last, &past);
		assert_true(tain_less(&before, &last));
		before = last;
	}
	assert_int_equal(last.sec.x, TAI_MAGIC + 101);
	assert_int_equal(last.nano, 2);
}

static void now_is_unix_time_plus_ten(void **state)
{
	struct tain_s label;
	time_t before = time(NULL), after;

	(void)state;
	label_now(&label);
	after = time(NULL);
	/* The clock of time() is some milliseconds late. */
	assert_in_range(label.sec.x - TAI_MAGIC - 10, (uint64_t)before,
			(uint64_t)after + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_label),
	    cmocka_unit_test(parse_is_the_inverse),
	    cmocka_unit_test(times_of_both_kinds),
	    cmocka_unit_test(bounds_of_times),
	    cmocka_unit_test(labels_of_lines),
	    cmocka_unit_test(no_labels_of_lines),
	    cmocka_unit_test(every_byte_as_a_digit),
	    cmocka_unit_test(labels_of_names),
	    cmocka_unit_test(strictly_increasing),
	    cmocka_unit_test(now_is_unix_time_plus_ten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
