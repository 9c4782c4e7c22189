/* Rotation: after any step a crash, then recovery; every byte once. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "../scratch.h"
#include "logwrite/output/directory.h"

enum { MOST_STEPS = 40 };

static const char *const path = scratch;

static unsigned int slow, failed;

/* Of the turns that follow. */
static enum phase phase;

static void tell(const struct event *event)
{
	if (event->kind == EVENT_PROCESSOR_SLOW) {
		slow++;
		return;
	}
	if (event->kind == EVENT_PROCESSOR_FAILED) {
		failed++;
		return;
	}
	fail_msg("unable to %s %s: %s", event->failure->verb,
		 event->failure->file, failure_reason(event->failure));
}

static void fail_on(const struct directory *d)
{
	const struct failure *failure = &d->logdir.failure;

	fail_msg("unable to %s %s: %s", failure->verb, failure->file,
		 failure_reason(failure));
}

static void open_with_number(struct directory *d, const char *processor,
			     unsigned long number)
{
	struct settings settings;
	const struct action action = {
	    .kind = ACTION_DIRECTORY, .text = path, .settings = &settings};

	phase = PHASE_RUNNING;
	script_defaults(&settings);
	settings.number = number;
	settings.processor = processor;
	if (directory_open(d, &action, tell) < 0 || directory_start(d) < 0)
		fail_on(d);
}

static void open_directory(struct directory *d, const char *processor)
{
	open_with_number(d, processor, 100);
}

static void append(struct directory *d, const char *line)
{
	struct tain_s now = {{1000}, 0}, deadline = {{2000}, 0};
	struct batch_part part;

	batch_part_clear(&part);
	batch_part_add(&part, line, strlen(line));
	assert_true(logdir_append(&d->logdir, &part, &now, &deadline));
}

/* Removes all that is in the directory. */
static void empty(void)
{
	char command[100];

	snprintf(command, sizeof command, "rm -rf %s/* ", path);
	assert_int_equal(system(command), 0);
}

/* Opens the emptied directory, and puts a line into current, which is due. */
static void open_due(struct directory *d, const char *processor)
{
	empty();
	open_directory(d, processor);
	append(d, "one\n");
	directory_mark_due(d);
}

/* Opens the emptied directory with a current that a crash left behind. */
static void open_with_leftover(struct directory *d, const char *processor)
{
	empty();
	open_directory(d, processor);
	append(d, "one\n");
	logdir_abandon(&d->logdir);
	open_directory(d, processor);
}

static bool has_archive(const struct directory *d, enum archive_kind kind)
{
	char name[ARCHIVE_NAME];
	int found = archive_oldest(d->logdir.fd, kind, name);

	assert_true(found >= 0);
	return found;
}

/* The lines of current and of all archives, put together by name. */
static void contents(char *text, size_t size)
{
	char command[200];
	FILE *f;
	size_t n;

	snprintf(command, sizeof command,
		 "cd %s && cat $(ls -d @* current 2>/dev/null)", path);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(text, 1, size - 1, f);
	text[n] = 0;
	pclose(f);
}

static bool exists(const char *file)
{
	char name[100];

	snprintf(name, sizeof name, "%s/%s", path, file);
	return access(name, F_OK) == 0;
}

/* The turn at second `at`. */
static struct turn turn_at(uint64_t at)
{
	return (struct turn){
	    .phase = phase, .now = {{at}, 0}, .deadline = {{9999}, 0}};
}

/* Runs a step; if it waits for its processor, to that one's end. */
static bool step(struct directory *d)
{
	const struct turn turn = turn_at(1000);
	struct processor *p = &d->processor;
	int status, r;

	if (!directory_choose_step(d, &turn))
		return false;
	r = directory_run_step(d);
	if (r < 0)
		fail_on(d);
	if (r == 0) {
		assert_true(p->pid > 0);
		assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
		assert_true(processor_reaped(p, p->pid, status));
	}
	return true;
}

static void nothing_is_left_over(void)
{
	assert_false(exists("previous"));
	assert_false(exists("processing"));
	assert_false(exists("nextstate"));
	assert_false(exists("processed"));
	assert_false(exists("newstate"));
	assert_true(exists("current"));
}

/* Two lines in current, rotation up to after step n, a crash, recovery. */
static bool crash_after(int n, const char *processor, bool ending)
{
	struct directory d;
	char text[200];
	bool more = true;

	empty();
	open_directory(&d, processor);
	append(&d, "one\n");
	append(&d, "two\n");
	directory_mark_due(&d);
	phase = ending ? PHASE_TERMINATING : PHASE_RUNNING;
	while (n-- && more)
		more = step(&d);
	append(&d, "three\n");
	logdir_abandon(&d.logdir);

	open_directory(&d, processor);
	nothing_is_left_over();
	d.leftovers = false;
	append(&d, "four\n");
	contents(text, sizeof text);
	assert_string_equal(text, "one\ntwo\nthree\nfour\n");
	assert_int_equal(logdir_close(&d.logdir), 0);
	return more;
}

/* Crashes after none, one, two ... steps, until all of them were run. */
static void crash_everywhere(const char *command, bool ending, int least)
{
	int n = 0;

	while (crash_after(n, command, ending) && n < MOST_STEPS)
		n++;
	assert_in_range(n, least, MOST_STEPS - 1);
}

static void crash_in_a_plain_rotation(void **state)
{
	(void)state;
	crash_everywhere(NULL, false, 6);
}

static void crash_in_a_rotation_with_processor(void **state)
{
	(void)state;
	crash_everywhere("cat; echo x >&5", false, 12);
}

static void crash_in_a_rotation_at_the_end(void **state)
{
	(void)state;
	crash_everywhere("cat", true, 6);
}

static unsigned int count_archives(const struct directory *d)
{
	unsigned int n = 0;
	struct dirent *entry;
	DIR *names =
	    fdopendir(openat(d->logdir.fd, ".", O_RDONLY | O_DIRECTORY));

	assert_non_null(names);
	while ((entry = readdir(names)))
		n += entry->d_name[0] == '@';
	closedir(names);
	return n;
}

/* Three lives end after step n of their rotation; a fourth one starts. */
static bool crash_before_removal(int n, const char *processor)
{
	struct directory d;
	bool more = true;
	int life, i;

	empty();
	for (life = 0; life < 3; life++) {
		open_with_number(&d, processor, 2);
		append(&d, "line\n");
		directory_mark_due(&d);
		for (i = 0; i < n && more; i++)
			more = step(&d);
		logdir_abandon(&d.logdir);
	}
	open_with_number(&d, processor, 2);
	assert_in_range(count_archives(&d), 0, 1);
	assert_int_equal(logdir_close(&d.logdir), 0);
	return more;
}

static void a_start_removes_archives_beyond_the_number(void **state)
{
	int n;

	(void)state;
	for (n = 0; crash_before_removal(n, NULL) && n < MOST_STEPS; n++)
		;
	assert_in_range(n, 5, MOST_STEPS - 1);
	for (n = 0; crash_before_removal(n, "cat") && n < MOST_STEPS; n++)
		;
	assert_in_range(n, 5, MOST_STEPS - 1);
}

/* A current of a crash is processed; every crash in that is one more round. */
static bool crash_in_leftover(int n)
{
	static const char processor[] = "cat; cat <&4 >&5; echo run >&5";
	struct directory d;
	char text[200];
	bool more = true;

	open_with_leftover(&d, processor);
	append(&d, "two\n");
	while (n-- && more)
		more = step(&d);
	logdir_abandon(&d.logdir);

	open_directory(&d, processor);
	while (step(&d))
		;
	nothing_is_left_over();
	append(&d, "three\n");
	contents(text, sizeof text);
	assert_string_equal(text, "one\ntwo\nthree\n");
	assert_false(has_archive(&d, ARCHIVE_UNFINISHED));
	assert_int_equal(logdir_close(&d.logdir), 0);
	return more;
}

static void crash_in_processing_a_leftover(void **state)
{
	int n = 0;

	(void)state;
	while (crash_in_leftover(n) && n < MOST_STEPS)
		n++;
	assert_in_range(n, 10, MOST_STEPS - 1);
}

static void read_file(const char *file, char *text, size_t size)
{
	char name[100];
	ssize_t r;
	int fd;

	snprintf(name, sizeof name, "%s/%s", path, file);
	fd = open(name, O_RDONLY);
	r = fd < 0 ? -1 : read(fd, text, size - 1);
	text[r < 0 ? 0 : r] = 0;
	if (fd >= 0)
		close(fd);
}

/* The state of a processor counts each line once, whenever it is killed. */
static void state_follows_the_archives(void **state)
{
	static const char processor[] =
	    "cat >lines; cat lines; n=$(cat <&4); "
	    "echo $((${n:-0} + $(wc -l <lines))) >&5; rm lines";
	struct directory d;
	char text[200];
	int n, more = 1;

	(void)state;
	for (n = 0; more && n < MOST_STEPS; n++) {
		open_due(&d, processor);
		for (int i = 0; i < n && more; i++)
			more = step(&d);
		logdir_abandon(&d.logdir);
		open_directory(&d, processor);
		while (step(&d))
			;
		if (d.logdir.bytes)
			directory_mark_due(&d);
		while (step(&d))
			;
		assert_int_equal(logdir_close(&d.logdir), 0);
		read_file("state", text, sizeof text);
		assert_string_equal(text, "1\n");
	}
	assert_in_range(n, 12, MOST_STEPS - 1);
}

static void killed_processor_leaves_an_unfinished_archive(void **state)
{
	struct turn now = turn_at(1000);
	struct directory d;
	char text[200];
	int status;

	(void)state;
	open_due(&d, "exec tail -f /dev/null");
	assert_true(directory_rotate(&d, &now));
	assert_true(d.processor.pid > 0);
	append(&d, "two\n");
	now.phase = PHASE_TERMINATING;
	directory_rotate(&d, &now);
	assert_int_equal(now.deadline.sec.x, 1000 + PROCESSOR_GRACE);
	assert_int_equal(waitpid(d.processor.pid, &status, 0), d.processor.pid);
	processor_reaped(&d.processor, d.processor.pid, status);
	assert_true(directory_rotate(&d, &now));
	assert_true(directory_is_idle(&d));
	nothing_is_left_over();
	assert_true(has_archive(&d, ARCHIVE_UNFINISHED));
	contents(text, sizeof text);
	assert_string_equal(text, "one\ntwo\n");
	logdir_close(&d.logdir);
}

static void slow_processor_is_said_once(void **state)
{
	struct turn turn = turn_at(1000);
	struct directory d;
	int status;

	(void)state;
	open_due(&d, "exec tail -f /dev/null");
	slow = 0;
	assert_true(directory_rotate(&d, &turn));
	assert_int_equal(turn.deadline.sec.x, 1000 + PROCESSOR_SLOW);
	turn.now.sec.x = 1000 + PROCESSOR_SLOW - 1;
	directory_rotate(&d, &turn);
	assert_int_equal(slow, 0);
	turn.now.sec.x = 1000 + PROCESSOR_SLOW;
	directory_rotate(&d, &turn);
	turn.now.sec.x = 1999;
	directory_rotate(&d, &turn);
	assert_int_equal(slow, 1);
	kill(-d.processor.guard, SIGKILL);
	assert_int_equal(waitpid(d.processor.pid, &status, 0), d.processor.pid);
	processor_reaped(&d.processor, d.processor.pid, status);
	logdir_abandon(&d.logdir);
}

static void failing_processor_waits_longer_and_longer(void **state)
{
	static const unsigned int pauses[] = {5, 10, 20, 40, 60, 60};
	struct processor p = {0};
	struct tain_s now = {{1000}, 0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof pauses / sizeof *pauses; i++) {
		p.ended = true;
		p.status = 1;
		assert_true(processor_take_failure(&p, &now));
		assert_int_equal(p.again.sec.x, 1000 + pauses[i]);
	}
}

/* Waits for the processor that must be running: its status. */
static void await_processor(struct directory *d)
{
	struct processor *p = &d->processor;
	int status;

	assert_true(p->pid > 0);
	assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
	assert_true(processor_reaped(p, p->pid, status));
}

/* At second `at`: when it has to be looked at again, 9999: not. */
static uint64_t turn(struct directory *d, uint64_t at)
{
	struct turn now = turn_at(at);

	directory_rotate(d, &now);
	return now.deadline.sec.x;
}

/* It fails; how long it is let alone then. */
static void fails_and_pauses(struct directory *d, uint64_t at, uint64_t pause)
{
	const unsigned int before = failed;

	await_processor(d);
	assert_int_equal(turn(d, at), at + pause);
	assert_int_equal(failed, before + 1);
	assert_int_equal(turn(d, at + pause - 1), at + pause);
	assert_int_equal(d->processor.pid, 0);
	assert_int_equal(failed, before + 1);
	turn(d, at + pause);
	assert_true(d->processor.pid > 0);
}

static void pauses_begin_anew_with_each_file(void **state)
{
	struct directory d;

	(void)state;
	open_due(&d, "test -e good && cat");
	turn(&d, 1000);
	fails_and_pauses(&d, 1000, 5);
	fails_and_pauses(&d, 1010, 10);
	await_processor(&d);
	assert_int_equal(turn(&d, 1020), 1040);
	assert_int_equal(mkdirat(d.logdir.fd, "good", 0700), 0);
	turn(&d, 1040);
	await_processor(&d);
	turn(&d, 1041);
	assert_true(directory_is_idle(&d));
	assert_int_equal(unlinkat(d.logdir.fd, "good", AT_REMOVEDIR), 0);
	append(&d, "two\n");
	directory_mark_due(&d);
	turn(&d, 1050);
	fails_and_pauses(&d, 1050, 5);
	/* Killed at the end, it is not said to have failed. */
	failed = 0;
	phase = PHASE_TERMINATING;
	turn(&d, 1060);
	await_processor(&d);
	turn(&d, 1060);
	assert_int_equal(failed, 0);
	logdir_abandon(&d.logdir);
}

/* The end comes in a pause: the file is kept as it is, at once. */
static void end_in_a_pause(void **state)
{
	struct directory d;

	(void)state;
	empty();
	open_directory(&d, "echo half; echo half >&5; exit 1");
	append(&d, "one\n");
	directory_mark_due(&d);
	turn(&d, 1000);
	await_processor(&d);
	assert_int_equal(turn(&d, 1000), 1005);
	phase = PHASE_TERMINATING;
	assert_int_equal(turn(&d, 1001), 9999);
	assert_true(directory_is_idle(&d));
	nothing_is_left_over();
	assert_true(has_archive(&d, ARCHIVE_UNFINISHED));
	assert_false(has_archive(&d, ARCHIVE_FINISHED));
	logdir_abandon(&d.logdir);
}

/* Nor does one begin then: it would be killed at once. */
static void none_is_started_at_the_end(void **state)
{
	struct directory d;

	(void)state;
	empty();
	open_directory(&d, "cat");
	append(&d, "one\n");
	phase = PHASE_TERMINATING;
	directory_mark_due(&d);
	turn(&d, 1000);
	assert_int_equal(d.processor.pid, 0);
	assert_true(directory_is_idle(&d));
	assert_true(has_archive(&d, ARCHIVE_UNFINISHED));
	logdir_abandon(&d.logdir);
}

/*
 * What is being processed is the oldest archive, and has been removed to make
 * room: it does not come back, since younger ones may have been removed since.
 */
static void removed_while_processed(void **state)
{
	struct directory d;

	(void)state;
	open_due(&d, "cat");
	turn(&d, 1000);
	assert_true(d.processor.pid > 0);
	assert_int_equal(unlinkat(d.logdir.fd, d.archive, 0), 0);
	await_processor(&d);
	turn(&d, 1000);
	assert_true(directory_is_idle(&d));
	nothing_is_left_over();
	assert_false(has_archive(&d, ARCHIVE_UNFINISHED));
	assert_false(has_archive(&d, ARCHIVE_FINISHED));
	logdir_abandon(&d.logdir);
}

/* Somebody has removed what is to be processed: there is nothing to do. */
static void archive_that_is_gone_is_not_missed(void **state)
{
	struct directory d;
	char text[200];

	(void)state;
	open_due(&d, "test -e good && cat");
	turn(&d, 1000);
	await_processor(&d);
	assert_int_equal(turn(&d, 1000), 1005);
	assert_int_equal(unlinkat(d.logdir.fd, d.archive, 0), 0);
	turn(&d, 1005);
	assert_true(directory_is_idle(&d));
	nothing_is_left_over();
	append(&d, "two\n");
	contents(text, sizeof text);
	assert_string_equal(text, "two\n");
	logdir_abandon(&d.logdir);
}

static void new_current_needs_no_sync(void **state)
{
	struct directory d;

	(void)state;
	empty();
	open_directory(&d, NULL);
	append(&d, "one\n");
	assert_true(d.logdir.unsynced);
	directory_mark_due(&d);
	turn(&d, 1000);
	assert_false(d.logdir.unsynced);
	logdir_abandon(&d.logdir);
}

/* A leftover is looked for again if the directory could not be read. */
static void leftover_is_found_later(void **state)
{
	struct rlimit limit, none;
	struct directory d;

	(void)state;
	open_with_leftover(&d, "cat");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	turn(&d, 1000);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_false(d.leftover);
	turn(&d, 1001);
	assert_true(d.leftover);
	await_processor(&d);
	turn(&d, 1001);
	assert_true(directory_is_idle(&d));
	logdir_abandon(&d.logdir);
}

/* A leftover that waits for its next try is in nobody's way. */
static void leftover_lets_a_rotation_pass(void **state)
{
	struct directory d;

	(void)state;
	open_with_leftover(&d, "grep two");
	append(&d, "two\n");
	turn(&d, 1000);
	assert_true(d.leftover);
	await_processor(&d);
	assert_int_equal(turn(&d, 1000), 1005);
	directory_mark_due(&d);
	turn(&d, 1001);
	assert_false(d.leftover);
	await_processor(&d);
	turn(&d, 1001);
	assert_true(has_archive(&d, ARCHIVE_FINISHED));
	/* Then it has its turn again. */
	assert_true(d.leftover);
	await_processor(&d);
	/* At the end it is not waited for. */
	phase = PHASE_FINISHING;
	assert_int_equal(turn(&d, 1002), 9999);
	assert_true(directory_is_idle(&d));
	assert_true(has_archive(&d, ARCHIVE_UNFINISHED));
	logdir_abandon(&d.logdir);
}

/* Where a batch is begun, current must be current: it may have to be cut. */
static void none_begins_within_a_batch(void **state)
{
	struct turn turn = turn_at(1000);
	struct directory d;

	(void)state;
	empty();
	open_directory(&d, NULL);
	append(&d, "line\n");
	directory_mark_due(&d);
	turn.writing = true;
	assert_false(directory_choose_step(&d, &turn));
	assert_true(d.due);
	turn.writing = false;
	assert_true(directory_choose_step(&d, &turn));
	logdir_abandon(&d.logdir);
}

static void previous_beside_a_clean_current_is_saved(void **state)
{
	struct directory d;
	char text[200];

	(void)state;
	empty();
	open_directory(&d, NULL);
	append(&d, "old\n");
	assert_int_equal(
	    renameat(d.logdir.fd, "current", d.logdir.fd, "previous"), 0);
	assert_int_equal(logdir_open_current(&d.logdir), 0);
	append(&d, "new\n");
	assert_int_equal(logdir_close(&d.logdir), 0);
	open_directory(&d, NULL);
	assert_int_equal(d.logdir.bytes, 4);
	nothing_is_left_over();
	contents(text, sizeof text);
	assert_string_equal(text, "old\nnew\n");
	logdir_close(&d.logdir);
}

/* D begins to count while any of this is left to be done. */
static void blocks_until_nothing_is_left_to_do(void **state)
{
	struct directory failing = {.logdir.appending.on = true};
	struct directory rotating = {.rotating.on = true};
	struct directory uncertain = {.logdir.again = true};
	struct directory due = {.logdir.bytes = 1};

	(void)state;
	assert_false(directory_is_blocked(&due));
	directory_mark_due(&due);
	assert_true(directory_is_blocked(&due));
	assert_true(directory_is_blocked(&failing));
	assert_true(directory_is_blocked(&rotating));
	assert_true(directory_is_blocked(&uncertain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(crash_in_a_plain_rotation),
	    cmocka_unit_test(crash_in_a_rotation_with_processor),
	    cmocka_unit_test(crash_in_a_rotation_at_the_end),
	    cmocka_unit_test(a_start_removes_archives_beyond_the_number),
	    cmocka_unit_test(crash_in_processing_a_leftover),
	    cmocka_unit_test(state_follows_the_archives),
	    cmocka_unit_test(killed_processor_leaves_an_unfinished_archive),
	    cmocka_unit_test(slow_processor_is_said_once),
	    cmocka_unit_test(failing_processor_waits_longer_and_longer),
	    cmocka_unit_test(pauses_begin_anew_with_each_file),
	    cmocka_unit_test(end_in_a_pause),
	    cmocka_unit_test(none_is_started_at_the_end),
	    cmocka_unit_test(removed_while_processed),
	    cmocka_unit_test(archive_that_is_gone_is_not_missed),
	    cmocka_unit_test(new_current_needs_no_sync),
	    cmocka_unit_test(leftover_is_found_later),
	    cmocka_unit_test(leftover_lets_a_rotation_pass),
	    cmocka_unit_test(none_begins_within_a_batch),
	    cmocka_unit_test(previous_beside_a_clean_current_is_saved),
	    cmocka_unit_test(blocks_until_nothing_is_left_to_do),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
