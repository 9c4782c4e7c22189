/* The cursor's file: written and read, and files that are none. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sys/resource.h>

#include <cmocka.h>

#include "../scratch.h"
#include "rlogfetch/fetch_cursor.h"

static void saved_and_loaded(void **state)
{
	const struct fetch_cursor cursors[] = {
	    {"RLOG", 0, 0, 0, 0},
	    {"RLOG/a.>", INT64_MAX, UINT64_MAX, UINT64_MAX, INT64_MAX},
	    {"RLOG/a b", INT64_MIN, 1, 2, -3},
	};
	struct fetch_cursor again;

	(void)state;
	assert_int_equal(fetch_cursor_load(&again, AT_FDCWD, "no"), 0);
	assert_int_equal(fetch_cursor_check(AT_FDCWD, "no"), 0);
	assert_int_equal(faccessat(AT_FDCWD, "no", F_OK, 0), -1);
	assert_int_equal(faccessat(AT_FDCWD, "no.new", F_OK, 0), -1);
	assert_int_equal(fetch_cursor_check(AT_FDCWD, "no/no"), -1);
	assert_int_equal(errno, ENOENT);
	for (size_t i = 0; i < sizeof cursors / sizeof *cursors; i++) {
		assert_int_equal(
		    fetch_cursor_save(&cursors[i], AT_FDCWD, "cursor"), 0);
		assert_int_equal(fetch_cursor_load(&again, AT_FDCWD, "cursor"),
				 1);
		assert_string_equal(again.target, cursors[i].target);
		assert_true(again.created == cursors[i].created);
		assert_true(again.epoch == cursors[i].epoch);
		assert_true(again.sequence == cursors[i].sequence);
		assert_true(again.time == cursors[i].time);
	}
}

static void other_files(void **state)
{
	static const char *const texts[] = {
	    "",
	    "rlogfetch cursor 1\n",
	    "rlogfetch cursor 2\n1 2 3 4 RLOG\n",
	    "rlogship cursor 1\n1 2 3 4 RLOG\n",
	    "rlogfetch cursor 1\n1 2 3 RLOG\n",
	    "rlogfetch cursor 1\n1 2 3 4 RLOG",
	    "rlogfetch cursor 1\n1 2 3 4 RLOG\n\n",
	    "rlogfetch cursor 1\n1 2 3 4 RLOG\nmore\n",
	    "rlogfetch cursor 1\n1 -2 3 4 RLOG\n",
	    "rlogfetch cursor 1\n1 +2 3 4 RLOG\n",
	    "rlogfetch cursor 1\n01 2 3 4 RLOG\n",
	    "rlogfetch cursor 1\n1  2 3 4 RLOG\n",
	    "rlogfetch cursor 1\n1 2 99999999999999999999 4 RLOG\n",
	    "rlogfetch cursor 1\n99999999999999999999 2 3 4 RLOG\n",
	};
	static char long_text[1 << 14];
	struct fetch_cursor cursor;

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		scratch_write("cursor", texts[i]);
		if (fetch_cursor_load(&cursor, AT_FDCWD, "cursor") != -1 ||
		    errno != EINVAL)
			fail_msg("accepted: %s", texts[i]);
	}
	memset(long_text, 'x', sizeof long_text - 1);
	memcpy(long_text, "rlogfetch cursor 1\n1 2 3 4 ", 27);
	scratch_write("cursor", long_text);
	assert_int_equal(fetch_cursor_load(&cursor, AT_FDCWD, "cursor"), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(symlink("cursor", "link"), 0);
	assert_int_equal(fetch_cursor_load(&cursor, AT_FDCWD, "link"), -1);
}

/* The disk takes a part of the new file: the old one stays. */
static void a_part_is_no_cursor(void **state)
{
	struct fetch_cursor cursor = {"RLOG", 1, 2, 3, 4};
	struct rlimit before, small;

	(void)state;
	assert_int_equal(fetch_cursor_save(&cursor, AT_FDCWD, "cursor"), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){20, before.rlim_max};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	cursor.sequence = 5;
	assert_int_equal(fetch_cursor_save(&cursor, AT_FDCWD, "cursor"), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(fetch_cursor_load(&cursor, AT_FDCWD, "cursor"), 1);
	assert_int_equal(cursor.sequence, 3);
	assert_int_equal(access("cursor.new", F_OK), -1);
}

/* Sequences of another stream, creation or epoch are not comparable. */
static void identity(void **state)
{
	const struct fetch_cursor a = {"RLOG/x", 1, 2, 3, 4};
	struct fetch_cursor b = a;

	(void)state;
	b.sequence = 9;
	b.time = 9;
	strcpy(b.target, "RLOG/y");
	assert_true(fetch_cursor_identity(&a) == fetch_cursor_identity(&b));
	strcpy(b.target, "RLOGS/x");
	assert_true(fetch_cursor_identity(&a) != fetch_cursor_identity(&b));
	b = a;
	b.created++;
	assert_true(fetch_cursor_identity(&a) != fetch_cursor_identity(&b));
	b = a;
	b.epoch++;
	assert_true(fetch_cursor_identity(&a) != fetch_cursor_identity(&b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(saved_and_loaded),
	    cmocka_unit_test(other_files),
	    cmocka_unit_test(a_part_is_no_cursor),
	    cmocka_unit_test(identity),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
