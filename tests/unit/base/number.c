/* Numbers with units: the last ones of their range, and texts that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/number.h"

struct row {
	const char *text;
	uint64_t value;
};

static void check_rows(bool (*parse)(uint64_t *, const char *),
		       const struct row *rows, const char *const *bad)
{
	uint64_t value;

	for (; rows->text; rows++) {
		if (!parse(&value, rows->text))
			fail_msg("refused: %s", rows->text);
		assert_true(value == rows->value);
	}
	for (; *bad; bad++)
		if (parse(&value, *bad))
			fail_msg("accepted: %s", *bad);
}

static bool parse_byte_count(uint64_t *value, const char *text)
{
	return number_parse_count(value, text, 255);
}

static void counts(void **state)
{
	static const struct row rows[] = {
	    {"0", 0}, {"007", 7}, {"255", 255}, {NULL, 0}};
	static const char *const bad[] = {"",    " 1",  "+1",
					  "-1",  "1 ",  "1k",
					  "0x1", "256", "18446744073709551616",
					  NULL};

	(void)state;
	check_rows(parse_byte_count, rows, bad);
}

static void sizes(void **state)
{
	static const struct row rows[] = {
	    {"0", 0},
	    {"100", 100},
	    {"3k", 3072},
	    {"1m", 1048576},
	    {"2g", 2147483648},
	    {"9223372036854775807", INT64_MAX},
	    {"8589934591g", UINT64_C(8589934591) << 30},
	    {NULL, 0}};
	static const char *const bad[] = {
	    "k",           "1kb", "1t", "1K", "9223372036854775808",
	    "8589934592g", "-1k", NULL};

	(void)state;
	check_rows(number_parse_size, rows, bad);
}

static void durations(void **state)
{
	static const struct row rows[] = {
	    {"0", 0},
	    {"5ms", 5},
	    {"5s", 5000},
	    {"5m", 300000},
	    {"5h", 18000000},
	    {"5d", 432000000},
	    {"36500d", UINT64_C(36500) * 86400000},
	    {NULL, 0}};
	static const char *const bad[] = {
	    "",       "5",   "s",
	    "5 s",    "5w",  "5S",
	    "36501d", "-5s", "18446744073709551615d",
	    NULL};

	(void)state;
	check_rows(number_parse_duration, rows, bad);
}

static void modes(void **state)
{
	static const char *const bad[] = {"",      "8",     "0888", "1000",
					  "00777", "0o777", "-1",   "777 "};
	unsigned int mode;

	(void)state;
	assert_true(number_parse_mode(&mode, "640"));
	assert_int_equal(mode, 0640);
	assert_true(number_parse_mode(&mode, "0777"));
	assert_int_equal(mode, 0777);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (number_parse_mode(&mode, bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(modes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
