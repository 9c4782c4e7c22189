/* Ends of periods: by UTC, by the local clock, and on the days of a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/label.h"
#include "base/utc.h"
#include "logwrite/period.h"

enum { MINUTES = 60000, HOURS = 60 * MINUTES, DAYS = 24 * HOURS };

static void read_label(struct tain_s *label, const char *text)
{
	struct timespec time;

	assert_int_equal(utc_parse(&time, text, strlen(text)), strlen(text));
	assert_true(label_from_time(label, &time, LABEL_DJB));
}

static void check_period(const char *since, const struct period *period,
			 const char *end)
{
	struct tain_s begun, ended, want;

	read_label(&begun, since);
	read_label(&want, end);
	period_find_end(&ended, &begun, period);
	if (ended.sec.x != want.sec.x || ended.nano != want.nano)
		fail_msg("%s: %lld seconds, not %s", since,
			 (long long)(ended.sec.x - begun.sec.x), end);
}

static void ends_in_utc(void **state)
{
	static const struct {
		uint64_t length;
		const char *since, *end;
	} rows[] = {
	    {DAYS, "2025-11-21T00:00:00Z", "2025-11-22T00:00:00Z"},
	    {DAYS, "2025-11-21T23:59:59.999999999Z", "2025-11-22T00:00:00Z"},
	    {HOURS, "2025-11-21T00:00:00.000000005Z", "2025-11-21T01:00:00Z"},
	    {500, "2025-11-21T00:00:01.25Z", "2025-11-21T00:00:01.5Z"},
	    /* Seven hours and two days don't divide a day. */
	    {7 * HOURS, "2025-11-21T00:00:01.000000005Z",
	     "2025-11-21T07:00:01.000000005Z"},
	    {2 * DAYS, "2025-11-21T00:00:01.000000005Z",
	     "2025-11-23T00:00:01.000000005Z"},
	};

	(void)state;
	assert_int_equal(setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1), 0);
	tzset();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct period period = {.length = rows[i].length};

		check_period(rows[i].since, &period, rows[i].end);
	}
}

/* The clocks of these zones: Berlin, New York, Kolkata, Kiritimati, Santiago,
 * whose change is at midnight, and the Azores, where midnight is repeated. */
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define NEW_YORK "EST5EDT,M3.2.0,M11.1.0"
#define KOLKATA "IST-5:30"
#define KIRITIMATI "<+14>-14"
#define SANTIAGO "<-04>4<-03>,M9.1.6/24,M4.1.6/24"
#define AZORES "<-01>1<+00>,M3.5.0/0,M10.5.0/1"

static void ends_in_the_local_zone(void **state)
{
	static const struct {
		const char *zone;
		uint64_t length;
		const char *since, *end;
	} rows[] = {
	    {BERLIN, DAYS, "2026-11-20T22:59:59.9Z", "2026-11-20T23:00:00Z"},
	    {BERLIN, DAYS, "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z"},
	    {BERLIN, DAYS, "2026-07-20T12:00:00Z", "2026-07-20T22:00:00Z"},
	    /* A day of 23 hours, and one of 25. */
	    {BERLIN, DAYS, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
	    {BERLIN, DAYS, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
	    {NEW_YORK, DAYS, "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
	    {NEW_YORK, DAYS, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
	    {KOLKATA, DAYS, "2026-11-21T18:29:59Z", "2026-11-21T18:30:00Z"},
	    {KIRITIMATI, DAYS, "1970-01-01T00:00:00Z", "1970-01-01T10:00:00Z"},
	    {NEW_YORK, DAYS, "1970-01-01T00:00:00Z", "1970-01-01T05:00:00Z"},
	    /* The day begins at 1:00; 23:00 is repeated before midnight. */
	    {SANTIAGO, DAYS, "2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z"},
	    {SANTIAGO, DAYS, "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"},
	    {SANTIAGO, DAYS, "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"},
	    {SANTIAGO, DAYS, "2026-04-05T03:30:00Z", "2026-04-05T04:00:00Z"},
	    {AZORES, DAYS, "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z"},
	    {AZORES, DAYS, "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"},
	    {AZORES, DAYS, "2026-10-25T01:00:00Z", "2026-10-26T01:00:00Z"},
	    /* Parts of a day: at 2:00, which is skipped, and repeated. */
	    {BERLIN, 6 * HOURS, "2026-03-28T23:30:00Z", "2026-03-29T04:00:00Z"},
	    {BERLIN, 6 * HOURS, "2026-10-24T23:30:00Z", "2026-10-25T05:00:00Z"},
	    {BERLIN, 2 * HOURS, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
	    {BERLIN, 2 * HOURS, "2026-10-24T23:10:00Z", "2026-10-25T00:00:00Z"},
	    {BERLIN, 2 * HOURS, "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"},
	    {BERLIN, 90 * MINUTES, "2026-10-25T01:10:00Z",
	     "2026-10-25T02:00:00Z"},
	    {BERLIN, 72 * MINUTES, "2026-10-25T00:05:00Z",
	     "2026-10-25T00:24:00Z"},
	    {BERLIN, 72 * MINUTES, "2026-10-25T01:05:00Z",
	     "2026-10-25T01:24:00Z"},
	    {KOLKATA, 12 * HOURS, "2026-11-21T00:00:00Z",
	     "2026-11-21T06:30:00Z"},
	    /* Parts of an hour have their length even then. */
	    {BERLIN, HOURS, "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z"},
	    {BERLIN, HOURS, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
	    {BERLIN, HOURS, "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
	    {KOLKATA, HOURS, "2026-11-21T00:10:00Z", "2026-11-21T00:30:00Z"},
	    {BERLIN, 500, "2025-11-21T00:00:01.25Z", "2025-11-21T00:00:01.5Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct period period = {rows[i].length, true};

		assert_int_equal(setenv("TZ", rows[i].zone, 1), 0);
		tzset();
		check_period(rows[i].since, &period, rows[i].end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ends_in_utc),
	    cmocka_unit_test(ends_in_the_local_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
