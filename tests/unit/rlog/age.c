/* The age of a current, and when it is over. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlog/age.h"
#include "scratch.h"

static struct tain_s at(uint64_t unix_time, uint32_t nano)
{
	struct tain_s label = {.sec = {TAI_MAGIC + 10 + unix_time},
			       .nano = nano};

	return label;
}

static void check_end(uint64_t since, uint32_t nano, uint64_t period,
		      uint64_t want, uint32_t want_nano)
{
	struct tain_s begun = at(since, nano), end;

	age_end(&end, &begun, period);
	assert_int_equal(end.sec.x, at(want, 0).sec.x);
	assert_int_equal(end.nano, want_nano);
}

/* 1763683200 is 2025-11-21T00:00:00Z. */
static void periods_end_on_the_clock(void **state)
{
	(void)state;
	check_end(1763683200, 0, 86400000, 1763769600, 0);
	check_end(1763769599, 999999999, 86400000, 1763769600, 0);
	check_end(1763683200, 5, 3600000, 1763686800, 0);
	check_end(1763683201, 250000000, 500, 1763683201, 500000000);
	/* Seven hours don't divide a day. */
	check_end(1763683201, 5, 25200000, 1763708401, 5);
	check_end(1763683201, 5, 172800000, 1763856001, 5);
}

static void over_when_the_period_ends(void **state)
{
	struct tain_s since = at(1763683200, 7), before = at(1763686799, 9),
		      boundary = at(1763686800, 0), past = at(1763000000, 0);

	(void)state;
	assert_false(age_is_over(&since, &since, 3600000));
	assert_false(age_is_over(&since, &before, 3600000));
	assert_true(age_is_over(&since, &boundary, 3600000));
	/* The clock set back: it begins now, and ends an hour later. */
	assert_false(age_is_over(&since, &past, 3600000));
	assert_int_equal(since.sec.x, past.sec.x);
	assert_true(age_is_over(&since, &before, 3600000));
}

static void put(int directory, const char *text)
{
	int fd =
	    openat(directory, "current", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(write(fd, text, strlen(text)) > 0);
	close(fd);
}

static void found_by_stamp_or_file(void **state)
{
	char path[] = "/tmp/age.XXXXXX";
	struct tain_s since;
	uint64_t now;
	int directory;

	(void)state;
	assert_non_null(mkdtemp(path));
	directory = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(age_find(&since, directory, LABEL_NONE), -1);
	put(directory, "2025-11-21T00:00:01.000000002Z x\n");
	assert_int_equal(age_find(&since, directory, LABEL_UTC), 0);
	assert_int_equal(since.sec.x, at(1763683201, 0).sec.x);
	assert_int_equal(since.nano, 2);
	/* Without a stamp, when it was made. */
	now = at((uint64_t)time(NULL), 0).sec.x;
	assert_int_equal(age_find(&since, directory, LABEL_DJB), 0);
	assert_true(since.sec.x >= now - 60 && since.sec.x <= now + 60);
	assert_int_equal(unlinkat(directory, "current", 0), 0);
	close(directory);
	assert_int_equal(rmdir(path), 0);
}

static void deadline_of_the_clock(void **state)
{
	struct tain_s deadline, watch = at(50, 5), now = at(1000, 0),
				end = at(1010, 0);

	(void)state;
	deadline = tain_infinite;
	age_lower(&deadline, &watch, &end, &now);
	assert_int_equal(deadline.sec.x, at(60, 0).sec.x);
	end = at(9000, 0);
	deadline = tain_infinite;
	age_lower(&deadline, &watch, &end, &now);
	assert_int_equal(deadline.sec.x, at(50 + AGE_LOOK, 0).sec.x);
	end = at(10, 0);
	age_lower(&deadline, &watch, &end, &now);
	assert_int_equal(deadline.sec.x, watch.sec.x);
	watch = at(500, 0);
	age_lower(&deadline, &watch, &end, &now);
	assert_int_equal(deadline.sec.x, at(50, 0).sec.x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(periods_end_on_the_clock),
	    cmocka_unit_test(over_when_the_period_ends),
	    cmocka_unit_test(found_by_stamp_or_file),
	    cmocka_unit_test(deadline_of_the_clock),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
