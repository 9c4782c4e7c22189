/*
 * Stamps of lines: exact times of each kind, texts that are none, local time
 * around daylight saving, and the year of syslog's lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logread/stamp.h"

/* 2026-11-20 22:00:00 UTC, and 1970-01-01 in a label. */
enum { EVENING = 1795212000 };
static const uint64_t epoch = TAI_MAGIC + 10;

static void set_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* Parses a copy of its own size, so that a sanitizer sees each byte too far. */
static size_t parse_copy(struct stamp_reader *reader, struct tain_s *label,
			 const char *text, size_t len)
{
	char *copy = malloc(len ? len : 1);
	size_t n;

	memcpy(copy, text, len);
	n = stamp_parse(reader, label, copy, len);
	free(copy);
	return n;
}

/* Unix time of the stamp of a text, which is all of it; -1 if it has none. */
static int64_t seconds_of(struct stamp_reader *reader, const char *text)
{
	struct tain_s label;

	if (parse_copy(reader, &label, text, strlen(text)) != strlen(text))
		return -1;
	return (int64_t)(label.sec.x - epoch);
}

static const struct {
	const char *text;
	int64_t second;
	uint32_t nano;
} vectors[] = {
    {"@400000006b00c2ea009a1f14", EVENING, 10100500},
    {"@400000006B00C2EA009A1F14", EVENING, 10100500},
    {"2026-11-20T22:00:00.010100500Z", EVENING, 10100500},
    {"2026-11-20t22:00:00z", EVENING, 0},
    {"2026-11-20T23:00:00.5+01:00", EVENING, 500000000},
    {"2026-11-20T16:30:00-0530", EVENING, 0},
    {"2026-11-20T20:00:00-02", EVENING, 0},
    {"2026-11-20T22:00:00.01010", EVENING, 10100000},
    {"2026-11-20T22:00:00", EVENING, 0},
    {"2026-11-20_22:00:00.01010", EVENING, 10100000},
    {"2026-11-20_22:00:00", EVENING, 0},
    {"2026-11-20 23:00:00.010100500", EVENING, 10100500},
    {"2026-11-20 23:00:00,5", EVENING, 500000000},
    {"2026-11-20 23:00:00", EVENING, 0},
    {"2026-11-20 22:00:00.010100Z", EVENING, 10100000},
    {"2026-11-20 23:00:00+01:00", EVENING, 0},
    {"1795212000.010100", EVENING, 10100000},
    {"1795212000.010100500", EVENING, 10100500},
    {"1795212000.0101005009", EVENING, 10100500},
    {"1795212000", EVENING, 0},
    {"123456789.000000", 123456789, 0},
    {"Nov 20 23:00:00", EVENING, 0},
    {"Nov 20 23:00:00.25", EVENING, 250000000},
    {"Nov  2 23:00:00", EVENING - 18 * 86400, 0},
    {"2026-07-01 12:00:00", 1782900000, 0},
    {"1970-01-01T00:00:00Z", 0, 0},
    {"9999-12-31T23:59:59Z", INT64_C(253402300799), 0},
    /* A leap second is the second after it. */
    {"2016-12-31T23:59:60.5Z", 1483228800, 500000000},
    {"2017-01-01 00:59:60", 1483228800, 0},
};

/* Each with nothing, a space or a newline after it, but not with a letter. */
static void exact_times(void **state)
{
	struct tain_s label;
	char text[80];

	(void)state;
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		struct stamp_reader reader = {.span.written = EVENING + 60};
		size_t len = strlen(vectors[i].text);

		for (size_t k = 0; k < 3; k++) {
			strcpy(text, vectors[i].text);
			strcat(text, (const char *[]){"", " x", "\nx"}[k]);
			if (parse_copy(&reader, &label, text, strlen(text)) !=
			    len)
				fail_msg("no stamp: %s", text);
			if (label.sec.x - epoch !=
				(uint64_t)vectors[i].second ||
			    label.nano != vectors[i].nano)
				fail_msg("another time: %s", text);
		}
		strcpy(text + len, "g");
		assert_int_equal(parse_copy(&reader, &label, text, len + 1),
				 *text == '@' ? len : 0);
	}
}

static void no_stamps(void **state)
{
	static const char *const texts[] = {
	    "",
	    "@",
	    "@user said hi",
	    "@400000006b00c2ea009a1f1g",
	    "@400000006b00c2ea009a1f140",
	    "@ffffffffffffffffffffffff",
	    "2",
	    "2026-11-20",
	    "2026-11-20 ",
	    "2026-11-20 22:00",
	    "2026-11-20 22:00:",
	    "2026-11-20 22:00:00.",
	    "2026-11-20x22:00:00",
	    "2026-11-20_22:00:00Z",
	    "2026-13-20 22:00:00",
	    "2026-00-20 22:00:00",
	    "2026-02-29 22:00:00",
	    "2026-11-31 22:00:00",
	    "2026-11-20 24:00:00",
	    "2026-11-20 22:60:00",
	    "2026-11-20 22:00:61",
	    "2026-11-20T22:00:00+25:00",
	    "1969-12-31T23:59:59Z",
	    "12345678.5",
	    "123456789",
	    "12345678901",
	    "12345678901.5",
	    "0123456789.5",
	    "1795212000.",
	    "1795212000,5x",
	    "4711 < EHLO me ",
	    "4294967295 < EHLO me ",
	    "4294967295 > 250 ok ",
	    "4294967295 : start",
	    "Nov 20 23:00",
	    "Nov 31 23:00:00",
	    "Nov 00 23:00:00",
	    "Nov 20 25:00:00",
	    "Nov 2 23:00:00",
	    "Nov 20  3:00:00",
	    "Now 20 23:00:00",
	    "ovD 20 23:00:00",
	    "Nov",
	};
	struct stamp_reader reader = {.span.written = EVENING};
	struct tain_s label;

	(void)state;
	set_zone("UTC0");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (parse_copy(&reader, &label, texts[i], strlen(texts[i])))
			fail_msg("a stamp: %s", texts[i]);
}

/* No beginning of a stamp and no changed byte is read past its end. */
static void hostile_bytes(void **state)
{
	struct stamp_reader reader = {.span.written = EVENING};
	struct tain_s label = {.nano = 0};
	char text[80];

	(void)state;
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		size_t len = strlen(vectors[i].text);

		for (size_t n = 0; n < len; n++)
			assert_true(parse_copy(&reader, &label, vectors[i].text,
					       n) <= n);
		for (size_t n = 0; n < len * 256; n++) {
			memcpy(text, vectors[i].text, len);
			text[n % len] = (char)(n / len);
			assert_true(parse_copy(&reader, &label, text, len) <=
				    len);
			assert_true(label.nano < 1000000000);
		}
	}
}

static void kinds_of_labels(void **state)
{
	struct stamp_reader djb = {0}, leap = {.kind = LABEL_LEAP};
	struct tain_s a, b;

	(void)state;
	assert_int_equal(stamp_parse(&djb, &a, vectors[0].text, LABEL_LEN),
			 LABEL_LEN);
	assert_int_equal(stamp_parse(&leap, &b, vectors[0].text, LABEL_LEN),
			 LABEL_LEN);
	assert_true(a.sec.x == b.sec.x);
	assert_true(stamp_parse(&djb, &a, "1795212000", 10));
	assert_true(stamp_parse(&leap, &b, "1795212000", 10));
	assert_true(b.sec.x - a.sec.x == 27);
}

/* A log of lines each half hour around the days on which a zone changes. */
static void check_zone_changes(const char *zone, time_t spring, time_t autumn)
{
	char text[32];
	struct tm tm;

	set_zone(zone);
	for (int day = 0; day < 2; day++) {
		struct stamp_reader reader = {0};
		time_t begin = (day ? autumn : spring) - 86400;

		for (time_t t = begin; t < begin + 2 * 86400; t += 900) {
			localtime_r(&t, &tm);
			strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
			if (seconds_of(&reader, text) != t)
				fail_msg("%s: %s is not %lld", zone, text,
					 (long long)t);
		}
	}
}

static void daylight_saving(void **state)
{
	(void)state;
	check_zone_changes("Europe/Berlin", 1774746000, 1792890000);
	check_zone_changes("America/New_York", 1772953200, 1793512800);
	check_zone_changes("Australia/Lord_Howe", 1790956800, 1775311200);
}

/* The rule for an hour that comes twice, and for one that never comes. */
static void hours_twice_and_never(void **state)
{
	struct stamp_reader reader = {0};

	(void)state;
	set_zone("Europe/Berlin");
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:30:00"),
			 1792888200);
	/* Not by a clock that was set back a little. */
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:29:30"),
			 1792888170);
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:00:00"),
			 1792890000);
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:30:00"),
			 1792891800);
	assert_int_equal(seconds_of(&reader, "2026-10-25 03:00:00"),
			 1792893600);
	/* The archive before ended in the second hour, or a little later. */
	reader = (struct stamp_reader){.span.begun = 1792888300};
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:30:00"),
			 1792891800);
	reader = (struct stamp_reader){.span.begun = 1792888250};
	assert_int_equal(seconds_of(&reader, "2026-10-25 02:30:00"),
			 1792888200);
	assert_int_equal(seconds_of(&reader, "2026-03-29 02:30:00"),
			 seconds_of(&reader, "2026-03-29 03:30:00"));
}

/* Files that were written last at another time of the year. */
static void years_of_syslog(void **state)
{
	static const struct {
		const char *text;
		time_t written;
		int64_t second;
	} row[] = {
	    {"Dec 31 23:59:59", 1767225599, 1767225599},
	    {"Dec 31 23:59:59", 1767225600, 1767225599},
	    {"Dec 31 23:59:59", 1767312000, 1767225599},
	    {"Jan  1 00:00:00", 1767225600, 1767225600},
	    {"Jan  1 00:00:00", 1767225599, 1767225600}, /* a clock ahead */
	    {"Jan  2 00:00:00", 1767225599, 1735776000},
	    {"Feb 29 00:00:00", 1767225600, 1709164800},
	    {"Feb 29 00:00:00", 1709164800, 1709164800},
	    {"Jan  1 00:00:00", 0, 0},
	};

	(void)state;
	set_zone("UTC0");
	for (size_t i = 0; row[i].written; i++) {
		struct stamp_reader reader = {.span.written = row[i].written};

		if (seconds_of(&reader, row[i].text) != row[i].second)
			fail_msg("%s, written at %lld", row[i].text,
				 (long long)row[i].written);
	}
}

/* A file that is not older than now, without a time of its own. */
static void year_of_now(void **state)
{
	struct stamp_reader reader = {0};
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	(void)state;
	set_zone("UTC0");
	gmtime_r(&now, &tm);
	strftime(text, sizeof text, "%b %e %H:%M:%S", &tm);
	assert_int_equal(seconds_of(&reader, text), now);
}

static void splogger_in_syslog(void **state)
{
	static const struct {
		const char *text;
		int64_t second;
		uint32_t nano;
	} row[] = {
	    {"Feb 13 23:31:30 host qmail: 1234567890.123456 status: local",
	     1234567890, 123456000},
	    {"Feb 13 23:31:30 host qmail: 1234567990.123456 status: local",
	     1771025490, 0}, /* another time */
	    {"Feb 13 23:31:30 host qmail: 1234567890 status. local", 1771025490,
	     0},
	    {"Feb 13 23:31:30 host qmail:\nx: 1234567890.123456 y", 1771025490,
	     0},
	    {"Feb 13 23:31:30 host qmail: ", 1771025490, 0},
	};

	(void)state;
	set_zone("UTC0");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct stamp_reader reader = {.span.written = EVENING};
		struct tain_s label;

		assert_int_equal(parse_copy(&reader, &label, row[i].text,
					    strlen(row[i].text)),
				 15);
		if ((int64_t)(label.sec.x - epoch) != row[i].second ||
		    label.nano != row[i].nano)
			fail_msg("%s", row[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(exact_times),
	    cmocka_unit_test(no_stamps),
	    cmocka_unit_test(hostile_bytes),
	    cmocka_unit_test(kinds_of_labels),
	    cmocka_unit_test(daylight_saving),
	    cmocka_unit_test(hours_twice_and_never),
	    cmocka_unit_test(years_of_syslog),
	    cmocka_unit_test(year_of_now),
	    cmocka_unit_test(splogger_in_syslog),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
