/* Finding lines in a file: compared with looking at all of them. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "logread/search.h"

enum { LINES = 5000 };

static int fd;
static uint64_t offsets[LINES + 1];
static const struct stamp_span unknown;

static struct tain_s label_of(int n)
{
	struct tain_s label = {{TAI_MAGIC + 1000 + (uint64_t)n * 2}, 7};

	return label;
}

/* Some lines are long, some have no label. */
static void make(void)
{
	char name[] = "/tmp/recio-unit.XXXXXX", text[LABEL_LEN];
	FILE *out;

	fd = mkstemp(name);
	unlink(name);
	out = fdopen(dup(fd), "w");
	for (int n = 0; n < LINES; n++) {
		struct tain_s label = label_of(n);

		offsets[n] = (uint64_t)ftell(out);
		label_format(text, &label);
		fwrite(text, 1, LABEL_LEN, out);
		fprintf(out, " %*d\n", n % 100 == 7 ? 9000 : 1 + n % 50, n);
		if (n % 30 == 1)
			fprintf(out, "no label @ here\n\n");
	}
	offsets[LINES] = (uint64_t)ftell(out);
	fclose(out);
}

static void first_and_last(void **state)
{
	struct tain_s label, want = label_of(LINES - 1);

	(void)state;
	assert_true(search_first(fd, unknown, &label));
	assert_int_equal(label.sec.x, label_of(0).sec.x);
	assert_true(search_last(fd, &label));
	assert_int_equal(label.sec.x, want.sec.x);
}

static void never_too_far_and_not_much_too_early(void **state)
{
	(void)state;
	for (int n = 0; n < LINES; n += 37) {
		struct tain_s label = label_of(n);
		uint64_t at = search_label(fd, unknown, &label);

		assert_true(at <= offsets[n]);
		assert_true(offsets[n] - at < 80000);
	}
}

static void behind_all(void **state)
{
	struct tain_s label = label_of(LINES + 5);

	(void)state;
	assert_true(search_label(fd, unknown, &label) > offsets[LINES] - 80000);
}

static void back_to_front(void **state)
{
	uint64_t newlines, offset;

	(void)state;
	newlines = 1;
	assert_int_equal(search_back(fd, offsets[LINES], &newlines, &offset),
			 1);
	assert_int_equal(offset, offsets[LINES]);
	newlines = 11;
	assert_int_equal(search_back(fd, offsets[LINES], &newlines, &offset),
			 1);
	assert_int_equal(offset, offsets[LINES - 10]);
	newlines = LINES * 10;
	assert_int_equal(search_back(fd, offsets[LINES], &newlines, &offset),
			 0);
	assert_int_equal(newlines,
			 LINES * 10 - LINES - 2 * ((LINES + 28) / 30));
}

/* From each line back to the one with a stamp that it goes with. */
static void stamp_before_a_line(void **state)
{
	uint64_t newlines, offset;

	(void)state;
	for (int n = 1; n < LINES; n += 30) {
		assert_true(search_stamp_back(fd, offsets[n + 1] - 1, &newlines,
					      &offset));
		assert_int_equal(offset, offsets[n]);
		assert_int_equal(newlines, 2);
		assert_true(
		    search_stamp_back(fd, offsets[n], &newlines, &offset));
		assert_int_equal(offset, offsets[n]);
		assert_int_equal(newlines, 0);
	}
}

/* Stamps of other kinds, among text that is longer than a chunk. */
static void other_stamps(void **state)
{
	static const char *const stamps[] = {"2026-11-20T22:00:00Z",
					     "2026-11-20T22:00:01Z"};
	char name[] = "/tmp/recio-unit.XXXXXX";
	int other = mkstemp(name);
	FILE *out = fdopen(dup(other), "w");
	uint64_t newlines, offset;
	struct tain_s label;

	(void)state;
	unlink(name);
	fprintf(out, "%s first\n", stamps[0]);
	for (int i = 0; i < 30000; i++)
		fprintf(out, "a line\n");
	fflush(out);
	assert_true(search_first(other, unknown, &label));
	assert_true(label.sec.x == TAI_MAGIC + 10 + 1795212000);
	assert_false(search_last_stamp(other, unknown, &label));
	assert_true(
	    search_stamp_back(other, 27 + 30000 * 7, &newlines, &offset));
	assert_int_equal(newlines, 30001);
	assert_int_equal(offset, 0);
	fprintf(out, "%s last\nmore\n", stamps[1]);
	fclose(out);
	assert_true(search_last_stamp(other, unknown, &label));
	assert_true(label.sec.x == TAI_MAGIC + 10 + 1795212001);
	assert_false(search_last(other, &label));
	close(other);
}

/* A rotation has cut it, so that digits or its zone may be in the next file. */
static void a_time_at_the_end_of_the_file(void **state)
{
	char name[] = "/tmp/recio-unit.XXXXXX";
	int other = mkstemp(name);
	struct tain_s label;

	(void)state;
	unlink(name);
	assert_int_equal(write(other, "2026-11-20T22:00:00", 19), 19);
	assert_false(search_first(other, unknown, &label));
	assert_false(search_first_stamp(other, unknown, &label));
	assert_false(search_last_stamp(other, unknown, &label));
	assert_int_equal(write(other, "\n", 1), 1);
	assert_true(search_first(other, unknown, &label));
	assert_true(search_first_stamp(other, unknown, &label));
	assert_true(search_last_stamp(other, unknown, &label));
	close(other);
}

static void nothing(void **state)
{
	int null = open("/dev/null", O_RDONLY);
	uint64_t newlines = 1, offset;
	struct tain_s label;

	(void)state;
	assert_false(search_first(null, unknown, &label));
	assert_false(search_last(null, &label));
	assert_false(search_last_stamp(null, unknown, &label));
	assert_false(search_stamp_back(null, 0, &newlines, &offset));
	newlines = 1;
	label = label_of(1);
	assert_int_equal(search_label(null, unknown, &label), 0);
	assert_int_equal(search_back(null, 0, &newlines, &offset), 0);
	close(null);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_and_last),
	    cmocka_unit_test(stamp_before_a_line),
	    cmocka_unit_test(other_stamps),
	    cmocka_unit_test(never_too_far_and_not_much_too_early),
	    cmocka_unit_test(behind_all),
	    cmocka_unit_test(back_to_front),
	    cmocka_unit_test(a_time_at_the_end_of_the_file),
	    cmocka_unit_test(nothing),
	};

	make();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
