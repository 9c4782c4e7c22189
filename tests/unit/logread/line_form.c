/* Times as they look, minute by minute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "logread/line_form.h"

static void zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

static struct tain_s label_of(int64_t second, uint32_t nano)
{
	struct tain_s label = {{TAI_MAGIC + 10 + (uint64_t)second}, nano};

	return label;
}

static void is(struct line_form *f, int64_t second, const char *want)
{
	struct tain_s label = label_of(second, 123456789);
	char text[LINE_FORM_TIME];
	size_t n = line_form_time(f, text, &label, LABEL_DJB);

	if (n != strlen(want) || memcmp(text, want, n) != 0)
		fail_msg("%.*s, not %s", (int)n, text, want);
}

static void forms(void **state)
{
	static const struct {
		const char *name, *want;
	} all[] = {
	    {"local", "2026-11-20 23:19:54.123456"},
	    {"utc", "2026-11-20 22:19:54.123456Z"},
	    {"iso", "2026-11-20T23:19:54.123456789+01:00"},
	    {"json", "2026-11-20T23:19:54.123456789+01:00"},
	    {"unix", "1795213194.123456789"},
	    {"tai64nlocal", "2026-11-20 23:19:54.123456789"},
	};
	enum line_form_kind kind;
	struct line_form f;

	(void)state;
	zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		assert_true(line_form_named(&kind, all[i].name));
		line_form_init(&f, kind);
		is(&f, 1795213194, all[i].want);
	}
	assert_false(line_form_named(&kind, "xml"));
}

/* The minute that is kept changes nothing, wherever time jumps. */
static void as_strftime(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "Asia/Kathmandu",
					    "Africa/Monrovia",
					    "Australia/Lord_Howe", "UTC0"};
	static const int64_t from[] = {1792889990, 0, -100, 63593069, 1000};
	char want[64], second[32];
	struct line_form f;
	struct tm tm;

	(void)state;
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		zone(zones[i]);
		line_form_init(&f, LINE_FORM_TAI64NLOCAL);
		for (int64_t t = from[i]; t < from[i] + 300; t++) {
			time_t at = (time_t)t;

			localtime_r(&at, &tm);
			strftime(second, sizeof second, "%Y-%m-%d %H:%M:%S",
				 &tm);
			snprintf(want, sizeof want, "%s.123456789", second);
			is(&f, t, want);
		}
	}
}

static void no_such_time(void **state)
{
	struct tain_s label = {{0}, 0};
	char text[LINE_FORM_TIME];
	struct line_form f;

	(void)state;
	line_form_init(&f, LINE_FORM_LOCAL);
	assert_int_equal(line_form_time(&f, text, &label, LABEL_DJB), 0);
	is(&f, 253402300800 - 86400 * 2, "9999-12-30 00:00:00.123456");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(forms),
	    cmocka_unit_test(as_strftime),
	    cmocka_unit_test(no_such_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
