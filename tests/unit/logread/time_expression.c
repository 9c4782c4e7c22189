/* Times as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logread/time_expression.h"

/* Friday, 2026-11-20 14:46:40.25 in Berlin. */
static const struct timespec now = {1795182400, 250000000};

/* A text, and the time that it means. */
struct row {
	const char *text; /* NULL: the end of a table */
	int64_t sec;
	long nsec;
};

static void understood(const char *zone, enum time_side side,
		       const struct row *row)
{
	struct time_expression when;

	setenv("TZ", zone, 1);
	tzset();
	for (; row->text; row++) {
		if (!time_expression_parse(&when, row->text, side, &now))
			fail_msg("not understood: %s", row->text);
		assert_false(when.is_label);
		if (when.time.tv_sec != row->sec ||
		    when.time.tv_nsec != row->nsec)
			fail_msg("%s: %lld.%09ld, not %lld.%09ld", row->text,
				 (long long)when.time.tv_sec, when.time.tv_nsec,
				 (long long)row->sec, row->nsec);
	}
}

static void dates(void **state)
{
	static const struct row rows[] = {
	    {"2026-11-20", 1795129200, 0},
	    {"2026-11-20 14:05", 1795179900, 0},
	    {"2026-11-20 14:05:33", 1795179933, 0},
	    {"  2026-11-20   14:05:33.123 ", 1795179933, 123000000},
	    {"2026-11-20T14:05:33,5", 1795179933, 500000000},
	    {"2026-11-20T14:05:33Z", 1795183533, 0},
	    {"2026-11-20T14:05:33.123456789+01:00", 1795179933, 123456789},
	    {"2026-11-20 14:05:33 +0530", 1795163733, 0},
	    {"2026-11-20t14:05:33-08", 1795212333, 0},
	    {"2026-11-20 13:05 UTC", 1795179900, 0},
	    {"1969-12-31 23:59:59Z", -1, 0},
	    {"2028-02-29", 1835391600, 0},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("Europe/Berlin", TIME_SINCE, rows);
}

static void clock_times(void **state)
{
	static const struct row rows[] = {
	    {"14:05", 1795179900, 0},
	    {"9:05", 1795161900, 0},
	    {"yesterday 9:05:33.25", 1795075533, 250000000},
	    {"2026-11-20 9:05 UTC", 1795165500, 0},
	    {"14:05:33.25", 1795179933, 250000000},
	    {"today", 1795129200, 0},
	    {"yesterday", 1795042800, 0},
	    {"Yesterday 14:05", 1795093500, 0},
	    {"tomorrow", 1795215600, 0},
	    {"now", 1795182400, 250000000},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("Europe/Berlin", TIME_SINCE, rows);
}

static void spans(void **state)
{
	static const struct row rows[] = {
	    {"-90m", 1795177000, 250000000},
	    {"-1h30m", 1795177000, 250000000},
	    {"-1h 30min", 1795177000, 250000000},
	    {"10 minutes ago", 1795181800, 250000000},
	    {"1 day 2 hours ago", 1795088800, 250000000},
	    {"1h ago", 1795178800, 250000000},
	    {"-2w", 1793972800, 250000000},
	    {"+1h", 1795186000, 250000000},
	    {"10 minutes", 1795181800, 250000000},
	    {"-10m", 1795181800, 250000000},
	    {"1 second", 1795182399, 250000000},
	    {"90 seconds", 1795182310, 250000000},
	    {"1 minute", 1795182340, 250000000},
	    {"1 hour", 1795178800, 250000000},
	    {"2 Hours", 1795175200, 250000000},
	    {"1 day", 1795096000, 250000000},
	    {"3 days", 1794923200, 250000000},
	    {"1 week", 1794577600, 250000000},
	    {"2 weeks", 1793972800, 250000000},
	    {"1h30m", 1795177000, 250000000},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("Europe/Berlin", TIME_SINCE, rows);
}

static void durations(void **state)
{
	static const char *const texts[] = {"10 minutes", "10minutes", "600s",
					    " 600 seconds ", "9m60s"};
	static const char *const wrong[] = {"",      "-10m", "10",        "ago",
					    "today", "+10m", "10 parsecs"};
	struct time_expression when;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(time_expression_parse_last(&when, texts[i], &now));
		assert_false(when.is_label);
		assert_int_equal(when.time.tv_sec, 1795181800);
		assert_int_equal(when.time.tv_nsec, 250000000);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (time_expression_parse_last(&when, wrong[i], &now))
			fail_msg("understood: %s", wrong[i]);
}

static void epochs(void **state)
{
	static const struct row rows[] = {
	    {"@1795182400", 1795182400, 0},
	    {"@1795182400.5", 1795182400, 500000000},
	    {"@0", 0, 0},
	    {"1795182400", 1795182400, 0},
	    {"999999999", 999999999, 0},
	    {"1795182400.123456789", 1795182400, 123456789},
	    {"1795182400.1234567891", 1795182400, 123456789},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("Europe/Berlin", TIME_SINCE, rows);
}

static void labels(void **state)
{
	static const char *const texts[] = {
	    "@400000006b00c794000001f4",
	    "@400000006B00C794000001F4",
	    "@400000006b00c794000001f4.s",
	    "/service/smtpd/log/main/@400000006b00c794000001f4.s.zst",
	};
	struct time_expression when;
	struct tain_s label;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_true(
		    time_expression_parse(&when, texts[i], TIME_UNTIL, &now));
		assert_true(when.is_label);
		assert_true(time_expression_label(&label, &when, LABEL_LEAP));
		assert_true(label.sec.x == 0x400000006b00c794);
		assert_int_equal(label.nano, 500);
	}
}

static void an_end_with_a_fraction_means_all_of_it(void **state)
{
	static const struct row rows[] = {
	    {"14:05:33.123", 1795183533, 123999999},
	    {"@5.123456789", 5, 123456789},
	    {"14:05:33", 1795183533, 0},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("UTC0", TIME_UNTIL, rows);
}

/*
 * In Berlin on 2026-10-25 03:00 becomes 02:00, and on 2026-03-29 02:00 becomes
 * 03:00.
 */
static void daylight_saving(void **state)
{
	static const struct row since[] = {
	    {"2026-10-25 02:30", 1792888200, 0},
	    {"2026-10-25 03:30", 1792895400, 0},
	    {"2026-10-25", 1792879200, 0},
	    {"2026-03-29 01:59:59", 1774745999, 0},
	    {"2026-03-29 03:00", 1774746000, 0},
	    {NULL, 0, 0},
	};
	static const struct row until[] = {
	    {"2026-10-25 02:30", 1792891800, 0},
	    {"2026-10-25 03:30", 1792895400, 0},
	    {"2026-07-01 12:00", 1782900000, 0},
	    {NULL, 0, 0},
	};

	(void)state;
	understood("Europe/Berlin", TIME_SINCE, since);
	understood("Europe/Berlin", TIME_UNTIL, until);
}

static void both_kinds(void **state)
{
	struct tain_s djb, leap;
	struct timespec back;
	struct time_expression when;

	(void)state;
	assert_true(time_expression_parse(&when, "now", TIME_SINCE, &now));
	assert_true(time_expression_label(&djb, &when, LABEL_DJB));
	assert_true(time_expression_label(&leap, &when, LABEL_LEAP));
	assert_true(djb.sec.x == TAI_MAGIC + 10 + 1795182400);
	assert_int_equal(leap.sec.x - djb.sec.x, 27);
	assert_true(label_to_time(&back, &leap, LABEL_LEAP));
	assert_memory_equal(&back, &now, sizeof back);
	assert_true(label_to_time(&back, &djb, LABEL_DJB));
	assert_memory_equal(&back, &now, sizeof back);
}

static void not_understood(void **state)
{
	static const char *const texts[] = {
	    "",
	    "soon",
	    "2026-02-30",
	    "2026-13-01",
	    "2026-11-20x",
	    "2026-11-20 25",
	    "24:00",
	    "14:60",
	    "14:5",
	    "14:05:33.",
	    "-",
	    "-90",
	    "-90q",
	    "10 minute s",
	    "10 minutes later",
	    "+1h ago",
	    "12345678",
	    "ago",
	    "@",
	    "@x",
	    "@800000006b00c794000001f4",
	    "@400000006b00c794000001f41",
	    "@400000006b00c794ffffffff",
	    "2026-11-20T14:05:33+25:00",
	    "2026-11-20T14:05:33+01:60",
	    "99999999999999999999",
	    "-999999999w",
	    "2026-11-20T",
	    "todayish",
	    "-1h ago",
	};
	struct time_expression when;
	char longest[400];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (time_expression_parse(&when, texts[i], TIME_SINCE, &now))
			fail_msg("understood: %s", texts[i]);
	memset(longest, '1', sizeof longest);
	longest[sizeof longest - 1] = 0;
	assert_false(time_expression_parse(&when, longest, TIME_SINCE, &now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dates),
	    cmocka_unit_test(clock_times),
	    cmocka_unit_test(spans),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(epochs),
	    cmocka_unit_test(labels),
	    cmocka_unit_test(an_end_with_a_fraction_means_all_of_it),
	    cmocka_unit_test(daylight_saving),
	    cmocka_unit_test(both_kinds),
	    cmocka_unit_test(not_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
