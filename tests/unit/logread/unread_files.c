/* The unread files of a log: archives 1 to 3, `previous` and `current`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/label.h"
#include "interleaving.h"
#include "logread/unread_files.h"

enum { ARCHIVES = 3, PREVIOUS = ARCHIVES, CURRENT };

static struct log_file file;
static struct writer w;
static struct unread_files files;

static void set_written(const char *name, time_t second)
{
	const struct timespec times[] = {{.tv_sec = second},
					 {.tv_sec = second}};

	assert_int_equal(utimensat(w.directory, name, times, 0), 0);
}

/* The file with line N is written when its label says. */
static void put_file(const char *name, unsigned n)
{
	put_line(&w, name, "line", n);
	set_written(name, FIRST_SECOND + n - 11);
}

static void take_snapshot(void)
{
	struct snapshot s;
	const char *bad;

	assert_int_equal(snapshot_take(&s, w.directory, &bad), 0);
	unread_files_set(&files, w.directory, snapshot_move_archives(&s),
			 s.previous, s.current);
}

static int begin(void **state)
{
	char name[64];

	(void)state;
	writer_begin(&w, directory);
	assert_int_equal(unlinkat(w.directory, "current", 0), 0);
	for (unsigned n = 2; n <= ARCHIVES; n++) {
		archive_of(name, n, ".s");
		put_file(name, n);
	}
	put_file("previous", ARCHIVES + 1);
	put_file("current", ARCHIVES + 2);
	log_file_init(&file);
	unread_files_init(&files);
	take_snapshot();
	return 0;
}

static int end(void **state)
{
	(void)state;
	log_file_close(&file);
	unread_files_free(&files);
	writer_end(&w);
	return 0;
}

/* Opens a file; 0 if that fails, else the number of its line. */
static unsigned open_number(size_t number)
{
	struct log_file_text text;

	if (unread_files_open(&files, &file, number) < 0)
		return 0;
	assert_int_equal(log_file_line(&file, &text, true), 1);
	return (unsigned)strtoul(text.at + LABEL_LEN + 6, NULL, 10);
}

/* The numbers of the lines of all files that are given, and the role of each.
 */
static void check_rest(const char *want, bool inside, bool last_too)
{
	char got[64] = "";
	size_t number;
	unsigned n;

	while (unread_files_next(&files, inside, last_too, &number)) {
		n = open_number(number);
		sprintf(got + strlen(got), "%u%c ", n, "apc"[files.role]);
		log_file_close(&file);
	}
	assert_string_equal(got, want);
	assert_false(unread_files_any(&files));
}

static void each_file_is_given_once_in_order(void **state)
{
	(void)state;
	assert_true(unread_files_any(&files));
	assert_int_equal(unread_files_count(&files), ARCHIVES + 2);
	check_rest("1a 2a 3a 4p 5c ", false, false);
}

/* The names go on; an archive that is gone is the only one that is missing. */
static void a_writer_that_goes_on(void **state)
{
	char name[64], other[64];

	(void)state;
	archive_of(name, 2, ".s");
	unlinkat(w.directory, name, 0);
	archive_of(name, 1, ".s");
	archive_of(other, 1, ".s.gz");
	renameat(w.directory, name, w.directory, other);
	unlinkat(w.directory, "previous", 0);
	renameat(w.directory, "current", w.directory, "previous");
	put_file("current", 9);
	check_rest("1a 0a 3a 4p 5c ", false, false);
}

static void a_file_that_is_put_back(void **state)
{
	(void)state;
	for (size_t k = 0; k <= CURRENT; k++) {
		assert_int_equal(open_number(k), k + 1);
		unread_files_put_back(&files, &file);
	}
	check_rest("1a 2a 3a 4p 5c ", false, false);
	assert_int_equal(open_number(PREVIOUS), 0);
	assert_int_equal(errno, ENOENT);
}

static void files_that_are_left_out(void **state)
{
	int previous;

	(void)state;
	unread_files_skip(&files, 1);
	previous = unread_files_take_previous(&files);
	assert_true(previous >= 0);
	close(previous);
	assert_int_equal(unread_files_take_previous(&files), -1);
	check_rest("3a 5c ", false, false);
	take_snapshot();
	unread_files_skip(&files, CURRENT);
	check_rest("4p 5c ", false, false);
}

static struct tain_s second(unsigned n)
{
	return (struct tain_s){{TAI_MAGIC + FIRST_SECOND + n}, 0};
}

/* Line N has label N - 1, and archive N ended at N; the window is far away. */
static void a_window_after_the_archives(void **state)
{
	const struct time_window window = {
	    .since = true, .first = second(1000), .early = second(940)};

	(void)state;
	unread_files_select(&files, &window);
	assert_false(unread_files_is_after_gap(&files));
	check_rest("4p 5c ", false, false);
	assert_true(unread_files_is_after_gap(&files));
	assert_int_equal(unread_files_check_left_out(&files), LEFT_OUT_STAMPED);
	unread_files_leave(&files);
	assert_false(unread_files_is_after_gap(&files));
	unlinkat(w.directory, "previous", 0);
	create_file(&w, "current");
	take_snapshot();
	unread_files_select(&files, &window);
	assert_int_equal(unread_files_open(&files, &file, CURRENT), 0);
	assert_int_equal(unread_files_open(&files, &file, PREVIOUS), -1);
	log_file_close(&file);
	check_rest("3a ", false, true);
}

static void a_position_by_its_label(void **state)
{
	struct tain_s label = second(2);

	(void)state;
	assert_false(unread_files_skip_before(&files, &label));
	check_rest("2a 3a 4p 5c ", false, false);
	take_snapshot();
	label = second(0);
	assert_false(unread_files_skip_before(&files, &label));
	unread_files_skip(&files, 0);
	assert_true(unread_files_skip_before(&files, &label));
	unread_files_skip(&files, ARCHIVES);
	assert_true(unread_files_skip_before(&files, &label));
}

static void names_and_labels(void **state)
{
	struct tain_s label, want = second(2);
	char name[64];

	(void)state;
	assert_true(unread_files_label(&files, 1, &label));
	assert_int_equal(label.sec.x, want.sec.x);
	assert_false(unread_files_label(&files, PREVIOUS, &label));
	open_number(0);
	assert_null(unread_files_before(&files));
	assert_false(unread_files_stamp_before(&files, &label));
	log_file_close(&file);
	for (unsigned n = 1; n <= CURRENT; n++) {
		open_number(n);
		archive_of(name, n < CURRENT ? n : ARCHIVES, ".s");
		assert_string_equal(unread_files_before(&files), name);
		want = second((n < CURRENT ? n : ARCHIVES) - 1);
		assert_true(unread_files_stamp_before(&files, &label));
		assert_int_equal(label.sec.x, want.sec.x);
		log_file_close(&file);
	}
}

/* Each file in turn is the only one that tells: its label is ahead of it. */
static void the_kind_of_labels(void **state)
{
	char names[ARCHIVES + 2][64] = {
	    [PREVIOUS] = "previous", [CURRENT] = "current"};
	enum label_kind kind;

	(void)state;
	for (unsigned k = 0; k < ARCHIVES; k++)
		archive_of(names[k], k + 1, ".s");
	for (unsigned k = 0; k <= CURRENT; k++)
		set_written(names[k], FIRST_SECOND + 1000);
	assert_false(unread_files_find_kind(&files, &kind));
	for (unsigned k = 0; k <= CURRENT; k++) {
		set_written(names[k], FIRST_SECOND - 38);
		assert_true(unread_files_find_kind(&files, &kind));
		assert_int_equal(kind, LABEL_LEAP);
		set_written(names[k], FIRST_SECOND + 1000);
	}
	set_written("current", FIRST_SECOND);
	assert_true(unread_files_find_kind(&files, &kind));
	assert_int_equal(kind, LABEL_DJB);
}

/* A line of it must not pass for a compressed file, unless it is alone. */
static void a_current_that_looks_compressed(void **state)
{
	struct log_file_text text;
	int fd = openat(w.directory, "current", O_WRONLY | O_TRUNC | O_CLOEXEC);

	(void)state;
	assert_int_equal(write(fd, "\x1f\x8b\x08 x\n", 6), 6);
	close(fd);
	assert_int_equal(unread_files_open(&files, &file, CURRENT), 0);
	assert_int_equal(log_file_line(&file, &text, true), 1);
	assert_int_equal(text.len, 5);
	log_file_close(&file);
	unread_files_free(&files);
	unread_files_init(&files);
	unread_files_set(&files, -1, (struct listing){0}, -1,
			 openat(w.directory, "current", O_RDONLY | O_CLOEXEC));
	assert_int_equal(unread_files_open(&files, &file, 1), 0);
	assert_non_null(file.program);
	assert_string_equal(files.name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define EACH(test) cmocka_unit_test_setup_teardown(test, begin, end)
	    EACH(each_file_is_given_once_in_order),
	    EACH(a_writer_that_goes_on),
	    EACH(a_file_that_is_put_back),
	    EACH(files_that_are_left_out),
	    EACH(a_window_after_the_archives),
	    EACH(a_position_by_its_label),
	    EACH(names_and_labels),
	    EACH(the_kind_of_labels),
	    EACH(a_current_that_looks_compressed),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
