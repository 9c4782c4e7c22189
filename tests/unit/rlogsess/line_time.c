/* Times of lines: the forms that are read, and how times are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "rlogsess/line_time.h"

static void set_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* The texts, with " rest" or nothing after them, have these times. */
static void forms(void **state)
{
	static const struct {
		const char *text;
		int64_t time;
	} row[] = {
	    {"@400000006b00c2ea009a1f14", 1795212000010100500},
	    {"@400000006B00C2EA009A1F14", 1795212000010100500},
	    {"2026-11-20 22:00:00.010100500", 1795208400010100500},
	    {"2026-11-20 22:00:00,5", 1795208400500000000},
	    {"2026-11-20_22:00:00.01010", 1795212000010100000},
	    {"2026-11-20T22:00:00", 1795212000000000000},
	    {"1795212000.010100", 1795212000010100000},
	    {"1795212000", 1795212000000000000},
	    {"Nov 20 23:00:00", 1795212000000000000},
	    {"2026-11-20T22:00:00.5Z", 1795212000500000000},
	    {"2026-11-20 22:00:00z", 1795212000000000000},
	    {"2026-11-20T22:00:00+02:00", 1795204800000000000},
	    {"2026-11-20T22:00:00+0200", 1795204800000000000},
	    {"2026-11-20T22:00:00+02", 1795204800000000000},
	    {"2026-07-01 12:00:00", 1782900000000000000},
	    {"1970-01-01T00:00:00Z", 0},
	};
	struct line_time_reader reader = {.kind = LABEL_DJB,
					  .stamps.span.written = 1795212000};
	char text[80];
	int64_t time;

	(void)state;
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		size_t len = strlen(row[i].text);

		strcpy(text, row[i].text);
		assert_int_equal(line_time_parse(&reader, text, len, &time),
				 len);
		assert_true(time == row[i].time);
		strcat(text, " rest");
		assert_int_equal(line_time_parse(&reader, text, len + 5, &time),
				 len + 1);
		assert_true(time == row[i].time);
		strcpy(text + len, "x");
		assert_int_equal(line_time_parse(&reader, text, len + 1, &time),
				 0);
		assert_true(time == LINE_TIME_NONE);
	}
}

/* A text without a stamp, and stamps with neither a space nor an end. */
static void no_times(void **state)
{
	static const char *const texts[] = {
	    "",
	    "2026-11-20 ",
	    "2026-11-20 22:00:00x",
	    "@400000006b00c2ea009a1f140",
	};
	struct line_time_reader reader = {.kind = LABEL_DJB};
	int64_t time;

	(void)state;
	set_zone("UTC0");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (line_time_parse(&reader, texts[i], strlen(texts[i]), &time))
			fail_msg("a time: %s", texts[i]);
		assert_true(time == LINE_TIME_NONE);
	}
}

static void kinds_of_labels(void **state)
{
	static const char text[] = "@400000006b00c2ea009a1f14";
	static const char past[] = "@000000006b00c2ea009a1f14";
	struct line_time_reader djb = {0}, leap = {.kind = LABEL_LEAP};
	int64_t a, b;

	(void)state;
	assert_int_equal(line_time_parse(&djb, text, LABEL_LEN, &a), LABEL_LEN);
	assert_int_equal(line_time_parse(&leap, text, LABEL_LEN, &b),
			 LABEL_LEN);
	assert_true(a - b == INT64_C(27000000000));
	/* Stamps without a time: a label before 1970, a year too far. */
	assert_int_equal(
	    line_time_parse(&djb, "9999-12-31T23:59:59Z x", 22, &a), 21);
	assert_true(a == LINE_TIME_NONE);
	assert_int_equal(line_time_parse(&djb, past, LABEL_LEN, &a), LABEL_LEN);
	assert_true(a == LINE_TIME_NONE);
}

/* Each half hour of days at which the zone changes. */
static void local_hours(void **state)
{
	struct line_time_reader reader = {0};
	char text[LINE_TIME_TEXT];
	int64_t time;
	struct tm tm;

	(void)state;
	set_zone("Europe/Berlin");
	/* From 2026-03-27 and from 2026-10-23 on, 4 days by half hours. */
	for (int i = 0; i < 2 * 192; i++) {
		time_t t = (i < 192 ? 1774566000 : 1792706400) + i % 192 * 1800;

		localtime_r(&t, &tm);
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
		assert_int_equal(
		    line_time_parse(&reader, text, strlen(text), &time), 19);
		assert_true(time == (int64_t)t * 1000000000);
	}
}

static void written(void **state)
{
	char text[LINE_TIME_TEXT];

	(void)state;
	set_zone("Europe/Berlin");
	assert_int_equal(line_time_format_local(text, 1795212000010100500), 26);
	assert_string_equal(text, "2026-11-20 23:00:00.010100");
	assert_int_equal(line_time_format_local(text, LINE_TIME_NONE), 1);
	assert_string_equal(text, "-");
	assert_int_equal(line_time_format_utc(text, 1795212000010100500), 30);
	assert_string_equal(text, "2026-11-20T22:00:00.010100500Z");
	assert_int_equal(line_time_format_seconds(text, 12345999999), 6);
	assert_string_equal(text, "12.345");
	assert_int_equal(line_time_format_seconds(text, -1500000000), 6);
	assert_string_equal(text, "-1.500");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms),           cmocka_unit_test(no_times),
	    cmocka_unit_test(kinds_of_labels), cmocka_unit_test(local_hours),
	    cmocka_unit_test(written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
