/*
 * A directory is read while its writer rotates it: between any two system calls
 * of the reader, and between any two names of a scan, the writer makes any
 * number of its changes.  CRASH_LONG=1 tries more, SEED others.  The schedules
 * that these samples seldom hit follow one by one, here and in the test of the
 * snapshot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/label.h"
#include "interleaving.h"
#include "logread/source.h"
#include "logread/source_event.h"

enum { LINES = 1024, FEW = 6, MANY = 400 };

static char cursor[sizeof directory + 8];

struct mode {
	const char *name;
	bool follow, tailed, resumed;
	unsigned lines; /* when tailed */
};

static const struct mode modes[] = {
    {"read", false, false, false, 0},
    {"tail", false, true, false, 1000},
    {"resumed", false, false, true, 0},
    {"followed", true, false, false, 0},
    {"followed from the tail", true, true, false, 1000},
    {"followed from the last line", true, true, false, 1},
    {"resumed and followed", true, false, true, 0},
};

struct run {
	struct writer *writer;
	const struct mode *mode;
	unsigned least; /* lines that were there when it began */
	unsigned count, lines[LINES];
	unsigned told_unreadable;
	bool unopened; /* no log was found */
	bool told_missing;
	bool told_next;    /* that lines are missing before the next one */
	bool told_wrongly; /* though none is */
	bool told_early;   /* before the first line that there was */
};

static void note_event(void *ctx, const struct source_notice *notice)
{
	struct run *run = ctx;

	run->told_unreadable += notice->event == SOURCE_UNREADABLE;
	if (notice->event == SOURCE_MISSING)
		run->told_missing = run->told_next = true;
}

static void take_lines(struct run *run, struct source *source)
{
	struct source_line line;
	unsigned n;

	while (source_next(source, &line) > 0) {
		n = (unsigned)strtoul(line.text + LABEL_LEN + 6, NULL, 10);
		if (run->told_next && run->count && run->count < LINES &&
		    n == run->lines[run->count - 1] + 1)
			run->told_wrongly = true;
		if (run->told_next && !run->count && !run->mode->resumed)
			run->told_early = true;
		run->told_next = false;
		if (run->count < LINES)
			run->lines[run->count++] = n;
	}
}

static void read_all(struct run *run)
{
	const char *const directories[] = {directory};
	const struct source_options options = {
	    .directories = directories,
	    .count = 1,
	    .labels = LABEL_AUTO,
	    .follow = run->mode->follow,
	    .tailed = run->mode->tailed,
	    .lines = run->mode->lines,
	    .cursor = run->mode->resumed ? cursor : NULL,
	    .tell = note_event,
	    .ctx = run,
	};
	struct source *source;
	const char *bad;

	schedule.writer = run->writer;
	schedule.point = 0;
	reach_point(NULL, false);
	run->least = run->writer->written;
	source = source_open(&options, &bad);
	if (!source) {
		schedule.writer = NULL;
		run->unopened = true;
		return;
	}
	take_lines(run, source);
	/* A follower is given time between the rotations that are left. */
	for (unsigned i = 0; run->mode->follow && i < 80; i++) {
		schedule.writer = NULL;
		writer_step(run->writer);
		schedule.writer = run->writer;
		source_woken(source);
		take_lines(run, source);
	}
	schedule.writer = NULL;
	for (unsigned i = 0; run->mode->follow && i < 4; i++) {
		source_woken(source);
		take_lines(run, source);
	}
	source_close(source);
}

/* Each line once, but for those that were removed; NULL if that is so. */
static const char *find_fault(const struct run *run)
{
	unsigned next = run->mode->resumed ? 3 : 1;
	unsigned least = run->mode->follow ? run->writer->written : run->least;
	bool gap = false;

	if (run->unopened)
		return "it finds no log";
	if (run->mode->lines == 1 && run->count)
		next = run->lines[0];
	for (unsigned i = 0; i < run->count; i++) {
		if (run->lines[i] < next)
			return "a line comes again";
		if (run->lines[i] > next &&
		    run->lines[i] - 1 > run->writer->pruned)
			return "a line is missing";
		gap |= i && run->lines[i] > next;
		next = run->lines[i] + 1;
	}
	if (next <= least && least > run->writer->pruned)
		return "the last line is missing";
	if (run->told_early)
		return "it says that lines are missing before the first one";
	if (gap && !run->told_missing)
		return "it does not say that lines are missing between two";
	/* A follower may not know an archive that was removed as one it read.
	 */
	if (run->told_wrongly && !run->mode->follow)
		return "it says that lines are missing between two";
	return run->told_missing && !run->writer->keep
		   ? "it says that lines are missing"
		   : NULL;
}

/* At the end of what writer_begin has made. */
static void make_cursor(void)
{
	const char *const directories[] = {directory};
	const struct source_options options = {
	    .directories = directories,
	    .count = 1,
	    .labels = LABEL_AUTO,
	    .cursor = cursor,
	};
	struct source_line line;
	struct source *source;
	const char *bad;

	unlink(cursor);
	source = source_open(&options, &bad);
	assert_non_null(source);
	while (source_next(source, &line) > 0)
		;
	source_mark(source, true);
	assert_int_equal(source_save(source), 0);
	source_close(source);
}

static unsigned runs, faults;

static void try_schedule(struct writer *w, const struct mode *mode)
{
	struct run run = {.writer = w, .mode = mode};
	const char *fault;

	writer_begin(w, directory);
	if (mode->resumed)
		make_cursor();
	read_all(&run);
	writer_end(w);
	runs++;
	fault = find_fault(&run);
	if (!fault || faults++ >= 5)
		return;
	printf("# %s, %s, order %u: %s:", w->name, mode->name, schedule.order,
	       fault);
	for (unsigned i = 0; i < run.count && i < 32; i++)
		printf(" %u", run.lines[i]);
	printf(" (of %u, %u at first); changes each %u calls, and before:",
	       w->written, run.least, schedule.every);
	for (unsigned i = 0; i < POINTS; i++)
		if (schedule.changes[i])
			printf(" %u:%u", i, schedule.changes[i]);
	printf("\n");
}

static bool is_long(void)
{
	return getenv("CRASH_LONG") != NULL;
}

/* Some changes before it begins, others before one of its calls. */
static void try_each_point(struct writer *w, const struct mode *mode)
{
	unsigned stride = is_long() ? 7 : 2401, n = 0, points = POINTS;

	for (unsigned first = 0; first < 12; first++)
		for (unsigned at = 1; at < points; at++)
			for (unsigned then = 1; then <= 36; then++) {
				if (n++ % stride)
					continue;
				memset(schedule.changes, 0, POINTS);
				schedule.order = n / stride % 5;
				schedule.changes[0] = (unsigned char)first;
				schedule.changes[at] = (unsigned char)then;
				try_schedule(w, mode);
				if (schedule.point <= at)
					points = at;
			}
}

/* A few changes before many of its calls. */
static void try_many_points(struct writer *w, const struct mode *mode)
{
	unsigned count = is_long() ? 5000 : 30;
	const char *seed = getenv("SEED");

	srandom(seed ? (unsigned)strtoul(seed, NULL, 10) : 1);
	for (unsigned i = 0; i < count; i++) {
		unsigned often = 1 + (unsigned)random() % 16;
		unsigned most = 1 + (unsigned)random() % 12;

		schedule.order = i % 5;
		for (unsigned k = 0; k < POINTS; k++)
			schedule.changes[k] =
			    (unsigned)random() % often || k > 200
				? 0
				: (unsigned char)((unsigned)random() % most);
		try_schedule(w, mode);
	}
}

/* It is rotated again and again while it is read. */
static void try_without_rest(struct writer *w, const struct mode *mode)
{
	unsigned step = is_long() ? 1 : 4;

	memset(schedule.changes, 0, POINTS);
	w->rotations = MANY;
	for (schedule.every = 1; schedule.every < 24; schedule.every += step)
		try_schedule(w, mode);
	schedule.every = 0;
	w->rotations = FEW;
}

static void try_writer(struct writer w)
{
	runs = faults = 0;
	schedule = (struct schedule){0};
	w.rotations = FEW;
	for (unsigned i = 0; i < sizeof modes / sizeof *modes; i++) {
		try_each_point(&w, &modes[i]);
		try_many_points(&w, &modes[i]);
		try_without_rest(&w, &modes[i]);
	}
	printf("# %s: %u of %u runs are wrong\n", w.name, faults, runs);
	assert_int_equal(faults, 0);
}

#define WRITER_TEST(function, ...)                                 \
	static void function(void **state)                         \
	{                                                          \
		static const struct writer writer = {__VA_ARGS__}; \
                                                                   \
		(void)state;                                       \
		try_writer(writer);                                \
	}

WRITER_TEST(plain, .name = "multilog, s6-log", .changes = rotate_plain)
WRITER_TEST(pruning, .name = "the same, keeping two archives",
	    .changes = rotate_plain, .keep = 2)
WRITER_TEST(processing, .name = "with a processor",
	    .changes = rotate_processing)
WRITER_TEST(altering, .name = "with a processor that alters the text",
	    .changes = rotate_processing, .altering = true)
WRITER_TEST(altering_pruning, .name = "the same, keeping two archives",
	    .changes = rotate_processing, .altering = true, .keep = 2)
WRITER_TEST(svlogd, .name = "rlog, svlogd", .changes = rotate_svlogd)
WRITER_TEST(svlogd_processing, .name = "svlogd with a processor",
	    .changes = rotate_svlogd_processing)
WRITER_TEST(svlogd_altering, .name = "svlogd, processor that alters the text",
	    .changes = rotate_svlogd_processing, .altering = true)
WRITER_TEST(svlogd_pruning, .name = "the same, keeping two archives",
	    .changes = rotate_svlogd_processing, .altering = true, .keep = 2)
WRITER_TEST(rlog_altering, .name = "rlog, processor that alters the text",
	    .changes = rotate_rlog_processing, .altering = true)
WRITER_TEST(rlog_pruning, .name = "the same, keeping two archives",
	    .changes = rotate_rlog_processing, .altering = true, .keep = 2)
WRITER_TEST(rlog_killed, .name = "rlog, killed while it processes",
	    .changes = rotate_rlog_killed, .altering = true)
WRITER_TEST(killed, .name = "multilog, killed at each rotation",
	    .changes = rotate_killed)
WRITER_TEST(svlogd_killed, .name = "svlogd, killed at each rotation",
	    .changes = rotate_svlogd_killed)

/* Begins a log, and opens it; the run tells of what is read. */
static struct source *open_log(struct run *run, struct writer *w,
			       const struct mode *mode)
{
	static const char *const directories[] = {directory};
	static struct source_options options;
	struct source *source;
	const char *bad;

	*run = (struct run){.writer = w, .mode = mode};
	options = (struct source_options){.directories = directories,
					  .count = 1,
					  .labels = LABEL_AUTO,
					  .follow = mode->follow,
					  .tell = note_event,
					  .ctx = run};
	source = source_open(&options, &bad);
	assert_non_null(source);
	return source;
}

/* Takes the lines that a followed log has since it was read last. */
static void take_new_lines(struct run *run, struct source *source)
{
	run->count = 0;
	source_woken(source);
	take_lines(run, source);
}

/* Begins a log of two lines, and takes them as one that follows it. */
static struct source *follow_two_lines(struct run *run, struct writer *w)
{
	struct source *source;

	writer_begin(w, directory);
	source = open_log(run, w, &modes[3]);
	take_new_lines(run, source);
	assert_int_equal(run->count, 2);
	return source;
}

static void a_run_ends_where_the_log_ended_when_it_began(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source_line line;
	struct source *source;
	struct run run;

	(void)state;
	writer_begin(&w, directory);
	source = open_log(&run, &w, &modes[0]);
	assert_int_equal(source_next(source, &line), 1);
	assert_int_equal(source_next(source, &line), 1);
	put_line(&w, "current", "line", 3);
	assert_int_equal(source_next(source, &line), 0);
	source_close(source);
	writer_end(&w);
}

/*
 * The empty file gets no archive.  So the next archives, which a processor has
 * made, are those of other files: of one that was read, and of one that was
 * not.
 */
static void an_empty_current_that_is_removed(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source *source;
	struct run run;
	char name[64];

	(void)state;
	writer_begin(&w, directory);
	create_file(&w, "current");
	source = open_log(&run, &w, &modes[3]);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 1);
	unlinkat(w.directory, "current", 0);
	put_line(&w, "current", "line", 2);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 2);
	unlinkat(w.directory, "current", 0);
	for (unsigned n = 2; n <= 3; n++) {
		archive_of(name, n, ".s");
		put_line(&w, name, "line", n);
	}
	put_line(&w, "current", "line", 4);
	take_new_lines(&run, source);
	assert_true(run.count == 2 && run.lines[0] == 3 && run.lines[1] == 4);
	source_close(source);
	writer_end(&w);
}

/* The old one keeps its current, which its writer has left. */
static void a_followed_directory_that_is_replaced(void **state)
{
	struct writer w = {.changes = rotate_plain};
	char moved[sizeof directory + 8];
	struct source *source;
	struct run run;

	(void)state;
	snprintf(moved, sizeof moved, "%s.old", directory);
	source = follow_two_lines(&run, &w);
	assert_int_equal(rename(directory, moved), 0);
	assert_int_equal(mkdir(directory, 0700), 0);
	writer_end(&w);
	w.directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	put_line(&w, "current", "line", 3);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 3);
	source_close(source);
	unlinkat(w.directory, "current", 0);
	writer_end(&w);
	assert_int_equal(rmdir(directory), 0);
	assert_int_equal(rename(moved, directory), 0);
}

/* It is told once, also if an archive could not be read before. */
static void a_directory_that_can_not_be_read_for_a_while(void **state)
{
	struct writer w = {.changes = rotate_svlogd, .rotations = 9};
	struct source *source;
	struct run run;
	char name[64];

	(void)state;
	writer_begin(&w, directory);
	archive_of(name, 1, ".s");
	schedule.broken = name;
	source = open_log(&run, &w, &modes[3]);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.told_unreadable == 1);
	schedule.broken = NULL;
	for (unsigned n = 2; n <= 3; n++) {
		for (unsigned i = 0; i < 4; i++)
			writer_step(&w);
		schedule.broken = "current";
		take_new_lines(&run, source);
		take_new_lines(&run, source);
		assert_int_equal(run.told_unreadable, n);
		schedule.broken = NULL;
		take_new_lines(&run, source);
		assert_true(run.count == 1 && run.lines[0] == n + 1);
	}
	schedule.broken = NULL;
	source_close(source);
	writer_end(&w);
}

/* Makes this number of whole rotations. */
static void rotate_times(struct writer *w, unsigned times)
{
	for (unsigned end = w->rotation + times; w->rotation < end;)
		writer_step(w);
}

/*
 * The archive of a kept file is removed with those before it, but not that of
 * the file after it.  Then the next archive is none of a kept file.
 */
static void a_kept_file_whose_archive_is_removed(void **state)
{
	struct writer w = {.changes = rotate_plain, .rotations = 9, .keep = 1};
	struct source *source;
	struct run run;

	(void)state;
	writer_begin(&w, directory);
	for (unsigned i = 0; i < 3; i++)
		writer_step(&w);
	source = open_log(&run, &w, &modes[3]);
	take_new_lines(&run, source);
	assert_true(run.count == 3 && run.lines[2] == 3);
	rotate_times(&w, 2);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 4);
	w.keep = 0;
	rotate_times(&w, 2);
	take_new_lines(&run, source);
	assert_true(run.count == 2 && run.lines[0] == 5 && run.lines[1] == 6);
	assert_false(run.told_missing);
	source_close(source);
	writer_end(&w);
}

static void remove_archive(const struct writer *w, unsigned n)
{
	char name[64];

	archive_of(name, n, ".s");
	assert_int_equal(unlinkat(w->directory, name, 0), 0);
}

/* As a snapshot is whose files all go on while it is taken. */
static void no_file_for_a_while(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source *source;
	struct run run;
	char name[64];

	(void)state;
	writer_begin(&w, directory);
	unlinkat(w.directory, "current", 0);
	source = open_log(&run, &w, &modes[3]);
	take_new_lines(&run, source);
	assert_int_equal(run.count, 1);
	remove_archive(&w, 1);
	take_new_lines(&run, source);
	assert_true(run.count == 0 && !run.told_missing);
	archive_of(name, 3, ".s");
	put_line(&w, name, "line", 3);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.told_missing);
	source_close(source);
	writer_end(&w);
}

static void put_archive(const struct writer *w, unsigned n)
{
	char name[64];

	archive_of(name, n, ".s");
	put_line(w, name, "done", n);
}

static void replace_current(const struct writer *w, unsigned n)
{
	assert_int_equal(unlinkat(w->directory, "current", 0), 0);
	put_line(w, "current", "line", n);
}

/*
 * Files 1 to 3 are read, 2 as `previous` and 3 as `current`; then the first two
 * are removed.
 */
static struct source *read_three_and_remove_two(struct run *run,
						struct writer *w)
{
	struct source *source;

	writer_begin(w, directory);
	for (unsigned i = 0; i < 3; i++)
		writer_step(w);
	source = open_log(run, w, &modes[3]);
	take_new_lines(run, source);
	assert_int_equal(run->count, 3);
	remove_archive(w, 1);
	assert_int_equal(unlinkat(w->directory, "previous", 0), 0);
	return source;
}

/* A processor has made it of the second kept file. */
static void the_only_archive_is_of_a_later_kept_file(void **state)
{
	struct writer w = {.changes = rotate_plain, .rotations = 9};
	struct run run;
	struct source *source = read_three_and_remove_two(&run, &w);

	(void)state;
	put_archive(&w, 3);
	replace_current(&w, 4);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 4 && !run.told_missing);
	source_close(source);
	writer_end(&w);
}

/* So it may be that of either kept file; the archives after it tell. */
static void the_only_archive_is_empty(void **state)
{
	struct writer w = {.changes = rotate_plain, .rotations = 9};
	struct run run;
	struct source *source = read_three_and_remove_two(&run, &w);
	char name[64];

	(void)state;
	archive_of(name, 3, ".s");
	create_file(&w, name);
	replace_current(&w, 4);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 4 && run.told_missing);
	put_archive(&w, 4);
	put_archive(&w, 5);
	replace_current(&w, 6);
	take_new_lines(&run, source);
	assert_true(run.count == 2 && run.lines[0] == 5 && run.lines[1] == 6);
	source_close(source);
	writer_end(&w);
}

static void no_archive_is_left(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source *source;
	struct run run;

	(void)state;
	source = follow_two_lines(&run, &w);
	remove_archive(&w, 1);
	replace_current(&w, 5);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.told_missing);
	source_close(source);
	writer_end(&w);
}

/* No more files are kept than there is room for. */
static void each_current_is_removed(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source *source;
	struct run run;

	(void)state;
	source = follow_two_lines(&run, &w);
	for (unsigned n = 3; n < 12; n++) {
		replace_current(&w, n);
		take_new_lines(&run, source);
		assert_true(run.count == 1 && run.lines[0] == n);
	}
	source_close(source);
	writer_end(&w);
}

/* What was kept before is not read again. */
static void no_file_while_one_is_kept(void **state)
{
	struct writer w = {.changes = rotate_plain};
	struct source *source;
	struct run run;

	(void)state;
	source = follow_two_lines(&run, &w);
	remove_archive(&w, 1);
	assert_int_equal(unlinkat(w.directory, "current", 0), 0);
	take_new_lines(&run, source);
	assert_int_equal(run.count, 0);
	put_archive(&w, 2);
	put_line(&w, "current", "line", 3);
	take_new_lines(&run, source);
	assert_true(run.count == 1 && run.lines[0] == 3 && !run.told_missing);
	source_close(source);
	writer_end(&w);
}

/*
 * `current` is renamed before it is looked up, and `previous` has gone on when
 * this is.  The archives of the first two scans are removed before the third.
 */
static void each_name_goes_on_before_it_is_looked_up(void **state)
{
	static const struct moment moments[] = {
	    {.open = "current", .changes = 1},
	    {.open = "previous", .changes = 5},
	    {.scan = 3, .names = 0, .changes = 12},
	    {0},
	};
	struct writer w = {.changes = rotate_plain, .rotations = 9, .keep = 2};
	struct source *source;
	struct run run;

	(void)state;
	writer_begin(&w, directory);
	schedule = (struct schedule){.writer = &w, .moment = moments};
	source = open_log(&run, &w, &modes[0]);
	schedule.writer = NULL;
	assert_int_equal(schedule.moment->changes, 0);
	take_lines(&run, source);
	assert_true(run.count == 3 && run.lines[0] == 3 && run.lines[2] == 5);
	source_close(source);
	writer_end(&w);
}

static int make_log(void **state)
{
	int r = make_directory(state);

	snprintf(cursor, sizeof cursor, "%s.c", directory);
	return r;
}

static int remove_log(void **state)
{
	unlink(cursor);
	return remove_directory(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plain),
	    cmocka_unit_test(pruning),
	    cmocka_unit_test(processing),
	    cmocka_unit_test(altering),
	    cmocka_unit_test(altering_pruning),
	    cmocka_unit_test(svlogd),
	    cmocka_unit_test(svlogd_processing),
	    cmocka_unit_test(svlogd_altering),
	    cmocka_unit_test(svlogd_pruning),
	    cmocka_unit_test(rlog_altering),
	    cmocka_unit_test(rlog_pruning),
	    cmocka_unit_test(rlog_killed),
	    cmocka_unit_test(killed),
	    cmocka_unit_test(svlogd_killed),
	    cmocka_unit_test(a_run_ends_where_the_log_ended_when_it_began),
	    cmocka_unit_test(an_empty_current_that_is_removed),
	    cmocka_unit_test(a_followed_directory_that_is_replaced),
	    cmocka_unit_test(a_directory_that_can_not_be_read_for_a_while),
	    cmocka_unit_test(a_kept_file_whose_archive_is_removed),
	    cmocka_unit_test(no_file_for_a_while),
	    cmocka_unit_test(no_file_while_one_is_kept),
	    cmocka_unit_test(the_only_archive_is_of_a_later_kept_file),
	    cmocka_unit_test(the_only_archive_is_empty),
	    cmocka_unit_test(no_archive_is_left),
	    cmocka_unit_test(each_current_is_removed),
	    cmocka_unit_test(each_name_goes_on_before_it_is_looked_up),
	};

	return cmocka_run_group_tests(tests, make_log, remove_log);
}
