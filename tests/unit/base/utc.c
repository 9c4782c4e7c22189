/* Civil time: dates, RFC 3339, and local time where the clock is moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/utc.h"

/* As people count: 2026, 3, 29. */
static struct tm date(int year, int month, int day)
{
	return (struct tm){
	    .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
}

static time_t local(struct tm tm, int hour, int minute, bool last)
{
	time_t time;

	tm.tm_hour = hour;
	tm.tm_min = minute;
	assert_true(utc_from_local(&time, &tm, last));
	return time;
}

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static void which_dates_there_are(void **state)
{
	static const struct {
		int year, month, day;
		bool is;
	} row[] = {
	    {2026, 1, 31, true},  {2026, 2, 28, true},   {2026, 2, 29, false},
	    {2026, 2, 31, false}, {2028, 2, 29, true},   {2100, 2, 29, false},
	    {2000, 2, 29, true},  {2026, 4, 30, true},   {2026, 4, 31, false},
	    {2026, 13, 1, false}, {2026, 12, 32, false}, {2026, 1, 0, false},
	    {2011, 12, 30, true},
	};

	(void)state;
	/* Whatever the zone does to a day: Samoa had no 2011-12-30. */
	zone("Pacific/Apia");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct tm tm = date(row[i].year, row[i].month, row[i].day);

		tm.tm_hour = 24; /* the clock does not matter */
		if (utc_has_date(&tm) != row[i].is)
			fail_msg("%d-%d-%d", row[i].year, row[i].month,
				 row[i].day);
	}
}

/* 03:00 becomes 02:00 on 2026-10-25, and 02:00 becomes 01:30 in Lord Howe. */
static void an_hour_that_comes_twice(void **state)
{
	(void)state;
	zone("Europe/Berlin");
	for (int last = 0; last <= 1; last++) {
		struct tm day = date(2026, 10, 25);

		assert_int_equal(local(day, 1, 59, last), 1792886340);
		assert_int_equal(local(day, 2, 0, last),
				 1792886400 + last * 3600);
		assert_int_equal(local(day, 2, 59, last),
				 1792889940 + last * 3600);
		assert_int_equal(local(day, 3, 0, last), 1792893600);
	}
	zone("Australia/Lord_Howe");
	for (int last = 0; last <= 1; last++)
		assert_int_equal(local(date(2026, 4, 5), 1, 45, last),
				 1775313900 + last * 1800);
}

/* 02:00 becomes 03:00 on 2026-03-29. */
static void an_hour_that_is_skipped(void **state)
{
	struct tm day = date(2026, 3, 29);

	(void)state;
	zone("Europe/Berlin");
	for (int last = 0; last <= 1; last++) {
		time_t time = local(day, 2, 30, last);

		assert_int_equal(local(day, 1, 59, last), 1774745940);
		assert_int_equal(local(day, 3, 0, last), 1774746000);
		assert_true(time == 1774746000 + 1800 ||
			    time == 1774746000 - 1800);
	}
}

static void the_second_before_1970(void **state)
{
	struct tm tm = date(1969, 12, 31);
	time_t time;

	(void)state;
	zone("UTC0");
	tm.tm_hour = 23;
	tm.tm_min = tm.tm_sec = 59;
	assert_true(utc_from_local(&time, &tm, false));
	assert_int_equal(time, -1);
	tm.tm_year = INT32_MAX;
	tm.tm_mon = 12000;
	assert_false(utc_from_local(&time, &tm, false));
}

/* The nth of some numbers of 64 bits that look like chance. */
static uint64_t number(uint64_t n)
{
	n = (n + 1) * 0x9e3779b97f4a7c15;
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9;
	n = (n ^ n >> 27) * 0x94d049bb133111eb;
	return n ^ n >> 31;
}

/* Each day of the years 0 to 9999, against timegm. */
static void days_of_all_years(void **state)
{
	int64_t days = utc_days(0, 1, 1);

	(void)state;
	for (int i = 0; i < 10000 * 12 * 31; i++) {
		int year = i / 372, month = i / 31 % 12 + 1, day = i % 31 + 1;
		struct tm was = date(year, month, day), tm = was;
		time_t time = timegm(&tm);

		if (utc_has_date(&was) != (tm.tm_mday == day))
			fail_msg("%d-%d-%d", year, month, day);
		if (tm.tm_mday != day)
			continue;
		assert_true(utc_days(year, month, day) == days);
		assert_true(time == (time_t)days * 86400);
		days++;
	}
	assert_true(days == utc_days(10000, 1, 1));
}

static const struct utc_formatter rfc3339 = {.style = {'T', 9, UTC_ZONE_Z}};

/* One time: format, parse, format, and what gmtime_r and strftime write. */
static void check_text(struct utc_formatter *formatter, time_t second,
		       long nano)
{
	struct timespec time = {.tv_sec = second, .tv_nsec = nano}, back;
	char text[UTC_TEXT], again[UTC_TEXT], want[64], fraction[32];
	size_t n = utc_format(formatter, text, &time);
	struct tm tm;

	gmtime_r(&second, &tm);
	snprintf(want, sizeof want, "%04d-%02d-%02dT", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday);
	strftime(want + 11, 16, "%H:%M:%S", &tm);
	snprintf(fraction, sizeof fraction, ".%09ldZ", nano);
	strcat(want, fraction);
	assert_int_equal(n, strlen(want));
	assert_memory_equal(text, want, n);
	assert_int_equal(utc_parse(&back, text, n), n);
	assert_true(back.tv_sec == second && back.tv_sec == timegm(&tm));
	assert_int_equal(back.tv_nsec, nano);
	assert_int_equal(utc_format(formatter, again, &back), n);
	assert_memory_equal(again, text, n);
}

/* RFC 3339 from the first second of the year 0 to the last of 9999. */
static void rfc_3339_goes_round(void **state)
{
	const time_t first = -62167219200, last = 253402300799;
	const uint64_t all = (uint64_t)(last - first) + 1;
	struct utc_formatter formatter = rfc3339;

	(void)state;
	zone("Asia/Kathmandu"); /* which makes no difference */
	for (int i = 0; i < 260; i++) {
		check_text(&formatter, i - 130, 0);
		check_text(&formatter, 951782400 + i - 130, 999999999);
		check_text(&formatter, first + i, 1);
		check_text(&formatter, last - i, 1);
	}
	for (uint64_t i = 0; i < 200000; i++)
		check_text(&formatter, first + (time_t)(number(i) % all),
			   (long)(number(~i) % 1000000000));
}

/* A local time with its offset stands for the second that was formatted. */
static void offsets_go_round(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "Asia/Kathmandu",
					    "America/St_Johns", "UTC0",
					    "Pacific/Apia"};

	(void)state;
	for (uint64_t i = 0; i < 100000; i++) {
		struct utc_formatter formatter = {
		    .style = {'T', 9, UTC_ZONE_OFFSET}};
		struct timespec time, back;
		char text[UTC_TEXT];
		size_t n;

		if (i % 20000 == 0)
			zone(zones[i / 20000]);
		time.tv_sec = (time_t)(number(i) % 3000000000) + 631152000;
		time.tv_nsec = (long)(number(~i) % 1000000000);
		n = utc_format(&formatter, text, &time);
		assert_int_equal(n, 35);
		assert_int_equal(utc_parse(&back, text, n), n);
		assert_true(back.tv_sec == time.tv_sec);
		assert_true(back.tv_nsec == time.tv_nsec);
	}
}

static void years_of_more_digits(void **state)
{
	const struct timespec far = {.tv_sec = 253402300800};
	const struct timespec never = {.tv_sec = INT64_MAX};
	struct utc_formatter formatter = rfc3339;
	char text[UTC_TEXT];
	size_t n;

	(void)state;
	n = utc_format(&formatter, text, &far);
	assert_int_equal(n, strlen("10000-01-01T00:00:00.000000000Z"));
	assert_memory_equal(text, "10000-01-01T00:00:00.000000000Z", n);
	assert_int_equal(utc_format(&formatter, text, &never), 0);
}

static void rfc_3339(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		int64_t second;
		long nano;
	} row[] = {
	    {"2026-11-20T14:05:33Z", 20, 1795183533, 0},
	    {"2026-11-20t14:05:33z", 20, 1795183533, 0},
	    {"2026-11-20 14:05:33Z and more", 20, 1795183533, 0},
	    {"2026-11-20T14:05:33.5Z", 22, 1795183533, 500000000},
	    {"2026-11-20T14:05:33,25Z", 23, 1795183533, 250000000},
	    {"2026-11-20T14:05:33.1234567891Z", 31, 1795183533, 123456789},
	    {"2026-11-20T15:05:33+01:00", 25, 1795183533, 0},
	    {"2026-11-20T15:05:33+0100", 24, 1795183533, 0},
	    {"2026-11-20T15:05:33+01", 22, 1795183533, 0},
	    {"2026-11-20T10:35:33-03:30", 25, 1795183533, 0},
	    {"2016-12-31T23:59:60Z", 20, 1483228800, 0},
	    {"0000-01-01T00:00:00Z", 20, -62167219200, 0},
	    {"2026-11-20_14:05:33Z", 0, 0, 0},
	    {"2026-11-20T14:05:33", 0, 0, 0},
	    {"2026-11-20T14:05Z", 0, 0, 0},
	    {"2026-11-20T14:05:33.Z", 0, 0, 0},
	    {"2026-11-20T14:05:61Z", 0, 0, 0},
	    {"2026-11-20T14:60:33Z", 0, 0, 0},
	    {"2026-11-20T24:05:33Z", 0, 0, 0},
	    {"2026-11-20T14:05:33+24:00", 0, 0, 0},
	    {"2026-11-20T14:05:33+01:60", 0, 0, 0},
	    {"2026-11-20T14:05:33+1:00", 0, 0, 0},
	    {"2026-11-31T14:05:33Z", 0, 0, 0},
	    {"2026-02-29T14:05:33Z", 0, 0, 0},
	    {"2026-13-01T14:05:33Z", 0, 0, 0},
	    {"2026-00-01T14:05:33Z", 0, 0, 0},
	    {"2026-1-20T14:05:33Z", 0, 0, 0},
	    {"12026-11-20T14:05:33Z", 0, 0, 0},
	    {"", 0, 0, 0},
	};
	struct timespec time;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		size_t len = strlen(row[i].text);

		if (utc_parse(&time, row[i].text, len) != row[i].len)
			fail_msg("%s", row[i].text);
		if (!row[i].len)
			continue;
		assert_true(time.tv_sec == row[i].second);
		assert_int_equal(time.tv_nsec, row[i].nano);
		for (size_t n = 0; n < 20; n++) /* without its zone */
			assert_int_equal(utc_parse(&time, row[i].text, n), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(which_dates_there_are),
	    cmocka_unit_test(an_hour_that_comes_twice),
	    cmocka_unit_test(an_hour_that_is_skipped),
	    cmocka_unit_test(the_second_before_1970),
	    cmocka_unit_test(days_of_all_years),
	    cmocka_unit_test(rfc_3339_goes_round),
	    cmocka_unit_test(offsets_go_round),
	    cmocka_unit_test(years_of_more_digits),
	    cmocka_unit_test(rfc_3339),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
