/* Labels: format, scan, and that they never stand still. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/label.h"

static void known_label(void **state)
{
	struct tain_s label = {{TAI_MAGIC + 10 + 1795213194}, 500};
	char text[LABEL_LEN];

	(void)state;
	label_format(text, &label);
	assert_memory_equal(text, "@400000006b00c794000001f4", LABEL_LEN);
}

static void scan_is_the_inverse(void **state)
{
	struct tain_s label, back;
	char text[LABEL_LEN];

	(void)state;
	label_now(&label);
	label_format(text, &label);
	assert_true(label_scan(&back, text, LABEL_LEN));
	assert_memory_equal(&back.sec, &label.sec, sizeof back.sec);
	assert_int_equal(back.nano, label.nano);
}

static void scan_refuses(void **state)
{
	static const char *const bad[] = {
	    "400000006b00c1ea000001f40", "@400000006B00c1ea000001f4",
	    "@400000006b00c1ea3b9aca00", "@800000006b00c1ea000001f4",
	    "@400000006b00c1eaxxxxxxxx",
	};
	struct tain_s label;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(label_scan(&label, bad[i], LABEL_LEN));
	assert_false(label_scan(&label, "@400000006b00c1ea000001f4", 24));
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
	time_t before = time(NULL);

	(void)state;
	label_now(&label);
	assert_in_range(label.sec.x - TAI_MAGIC - 10, (uint64_t)before,
			(uint64_t)before + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_label),
	    cmocka_unit_test(scan_is_the_inverse),
	    cmocka_unit_test(scan_refuses),
	    cmocka_unit_test(strictly_increasing),
	    cmocka_unit_test(now_is_unix_time_plus_ten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
