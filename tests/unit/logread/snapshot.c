/*
 * A snapshot of a directory whose writer makes its changes in the worst of
 * moments: one schedule for each step of snapshot_take and listing_read that
 * seldom matters, without which lines are missing or come twice.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/label.h"
#include "interleaving.h"
#include "logread/snapshot.h"

/* Adds the number of the only line of a file. */
static void add_number(char *to, int fd)
{
	char text[128] = "";

	assert_true(pread(fd, text, sizeof text - 1, 0) > 0);
	sprintf(to + strlen(to), "%s%lu", *to ? " " : "",
		strtoul(text + LABEL_LEN + 6, NULL, 10));
}

/* The numbers of the lines of a snapshot, taken with these changes. */
static void take_numbers(struct writer *w, unsigned order,
			 const struct moment *moments, char *numbers)
{
	struct snapshot s;
	const char *bad;
	int fd;

	writer_begin(w, directory);
	schedule =
	    (struct schedule){.writer = w, .order = order, .moment = moments};
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(snapshot_take(&s, fd, &bad), 0);
	schedule.writer = NULL;
	/* Else this test would not try what it says. */
	assert_int_equal(schedule.moment->changes, 0);
	*numbers = 0;
	for (size_t i = 0; i < s.archives.count; i++) {
		int archive = log_file_descriptor(fd, s.archives.names[i]);

		add_number(numbers, archive);
		close(archive);
	}
	if (s.previous >= 0)
		add_number(numbers, s.previous);
	if (s.current >= 0)
		add_number(numbers, s.current);
	snapshot_free(&s);
	close(fd);
	writer_end(w);
}

enum { ROTATION = 4 }; /* changes of a rotation by rotate_svlogd */

/*
 * In the last scan the third archive comes where the scan has been, and then
 * the fourth where it has not.
 */
static void newer_than_known(void **state)
{
	const struct moment moments[] = {
	    {.open = "previous", .changes = ROTATION},
	    {.scan = 3, .names = 2, .changes = 2 * ROTATION},
	    {0},
	};
	struct writer w = {.changes = rotate_svlogd, .rotations = 9};
	char numbers[256];

	(void)state;
	take_numbers(&w, 3, moments, numbers);
	assert_string_equal(numbers, "1 2");
}

/*
 * `processed` is opened as the third piece.  Then it becomes an archive, and is
 * removed when two others follow.
 */
static void processed_removed(void **state)
{
	const struct moment moments[] = {
	    {.open = "previous", .changes = 10},
	    {.open = "processed", .changes = 8},
	    {.scan = 1, .names = 0, .changes = 2 + 10 + 10},
	    {0},
	};
	struct writer w = {.changes = rotate_processing,
			   .altering = true,
			   .keep = 2,
			   .rotations = 9};
	char numbers[256];

	(void)state;
	take_numbers(&w, 0, moments, numbers);
	assert_string_equal(numbers, "4 5");
}

/*
 * The fourth archive comes where the second scan has been, the fifth where it
 * has not.  Then the third scan misses the fourth again: it is renamed from
 * where this scan has not been to where it has.
 */
static void missed_twice(void **state)
{
	const struct moment moments[] = {
	    {.open = "previous", .changes = 18},
	    {.scan = 2, .names = 2, .changes = 6},
	    {.scan = 3, .names = 1, .changes = 12},
	    {0},
	};
	struct writer w = {
	    .changes = rotate_rlog_killed, .altering = true, .rotations = 9};
	char numbers[256];

	(void)state;
	take_numbers(&w, 18, moments, numbers);
	assert_string_equal(numbers, "1 2 3 4 5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(newer_than_known),
	    cmocka_unit_test(processed_removed),
	    cmocka_unit_test(missed_twice),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
