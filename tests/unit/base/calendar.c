/* Local time where the clock is moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/calendar.h"

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
	assert_true(calendar_local(&time, &tm, last));
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
		if (calendar_has(&tm) != row[i].is)
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
	assert_true(calendar_local(&time, &tm, false));
	assert_int_equal(time, -1);
	tm.tm_year = INT32_MAX;
	tm.tm_mon = 12000;
	assert_false(calendar_local(&time, &tm, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(which_dates_there_are),
	    cmocka_unit_test(an_hour_that_comes_twice),
	    cmocka_unit_test(an_hour_that_is_skipped),
	    cmocka_unit_test(the_second_before_1970),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
