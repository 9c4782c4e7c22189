/*
 * Logs that are fed from memory: several in one process, killed or closed, with
 * the mark of their last byte.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "../needs-linux.h"
#include "../scratch.h"
#include "logwrite/fed_log.h"

static void tell(const struct event *event)
{
	fail_msg("event %d", event->kind);
}

static int root;

static int open_at(struct fed_log *log, const char *path,
		   const char *const *directives, size_t n,
		   struct failure *failure)
{
	const struct fed_log_options options = {.directives = directives,
						.directives_n = n,
						.path = path,
						.root = root,
						.tell = tell};

	memset(log, 0, sizeof *log);
	tain_now_set_stopwatch_g();
	return fed_log_open(log, &options, failure);
}

static void open_log(struct fed_log *log, const char *path)
{
	static const char *const directives[] = {"s4096", "n4"};
	struct failure failure;

	assert_int_equal(open_at(log, path, directives, 2, &failure), 1);
}

static void put(struct fed_log *log, const char *text, uint64_t number)
{
	unsigned char mark[RING_MARK] = {0};

	memcpy(mark, &number, sizeof number);
	assert_true(fed_log_room(log) >= strlen(text));
	fed_log_put(log, text, strlen(text), mark);
}

static uint64_t number_of(const struct fed_log *log)
{
	unsigned char mark[RING_MARK];
	uint64_t number;

	if (!fed_log_mark(log, mark))
		return 0;
	memcpy(&number, mark, sizeof number);
	return number;
}

static void go(struct fed_log *log)
{
	struct tain_s deadline = tain_infinite;

	fed_log_go(log, PHASE_RUNNING, &deadline);
	assert_true(fed_log_is_idle(log));
}

static void assert_holds(const char *files, const char *want)
{
	char command[64], text[200];
	FILE *f;
	size_t n;

	snprintf(command, sizeof command, "cat %s", files);
	f = popen(command, "r");
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = 0;
	pclose(f);
	assert_string_equal(text, want);
}

static void several_at_once(void **state)
{
	struct fed_log a, b;

	(void)state;
	open_log(&a, "./t/a");
	open_log(&b, "./t/b");
	assert_int_equal(number_of(&a), 0);
	put(&a, "one\n", 1);
	put(&b, "two\nthr", 2);
	put(&a, "three\n", 3);
	assert_false(fed_log_is_idle(&a));
	go(&a);
	go(&b);
	assert_false(fed_log_midline(&a));
	assert_true(fed_log_midline(&b));
	assert_holds("t/a/current", "one\nthree\n");
	assert_holds("t/b/current", "two\n");
	assert_int_equal(fed_log_close(&a), 0);
	assert_int_equal(fed_log_close(&b), 0);

	/* The line in progress has waited in the ring. */
	open_log(&b, "./t/b");
	assert_int_equal(number_of(&b), 2);
	assert_true(fed_log_midline(&b));
	put(&b, "ee\n", 4);
	go(&b);
	assert_holds("t/b/current", "two\nthree\n");
	assert_int_equal(fed_log_close(&b), 0);
}

/* What was put and not written is written by the next one, with its mark. */
static void killed_and_opened_again(void **state)
{
	struct fed_log log;
	int status;
	pid_t child;

	(void)state;
	NEEDS_LINUX("there is no boot id");
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		open_log(&log, "./t/k");
		put(&log, "one\n", 1);
		go(&log);
		put(&log, "two\n", 2);
		put(&log, "", 3);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_holds("t/k/current", "one\n");
	open_log(&log, "./t/k");
	assert_int_equal(number_of(&log), 3);
	go(&log);
	assert_holds("t/k/current", "one\ntwo\n");
	assert_int_equal(fed_log_close(&log), 0);
}

static void rotates(void **state)
{
	struct fed_log log;
	char line[1001];

	(void)state;
	memset(line, 'x', sizeof line - 2);
	memcpy(line + sizeof line - 2, "\n", 2);
	open_log(&log, "./t/r");
	for (int i = 0; i < 20; i++) {
		put(&log, line, 1);
		go(&log);
	}
	put(&log, "last\n", 2);
	go(&log);
	fed_log_rotate(&log);
	go(&log);
	assert_int_equal(fed_log_close(&log), 0);
	assert_holds("t/r/current", "");
	assert_holds("$(ls t/r/@* | tail -n 1) | tail -n 1", "last\n");
	assert_int_equal(system("test $(ls t/r/@* | wc -l) -eq 3"), 0);
}

/* A line that is longer than the ring goes through it. */
static void long_line(void **state)
{
	static char piece[65537];
	struct fed_log log;
	size_t n, left = 10 * (sizeof piece - 1);
	unsigned char mark[RING_MARK] = {0};

	(void)state;
	memset(piece, 'x', sizeof piece - 1);
	assert_int_equal(open_at(&log, "./t/l", (const char *const[]){"s10m"},
				 1, &(struct failure){0}),
			 1);
	for (; left; left -= n) {
		struct tain_s deadline = tain_infinite;

		n = fed_log_room(&log);
		if (n > left)
			n = left;
		if (n > sizeof piece - 1)
			n = sizeof piece - 1;
		fed_log_put(&log, piece, n, mark);
		fed_log_go(&log, PHASE_RUNNING, &deadline);
	}
	put(&log, "\n", 1);
	go(&log);
	assert_int_equal(fed_log_close(&log), 0);
	assert_int_equal(system("test $(wc -c <t/l/current) -eq 655361"), 0);
	assert_int_equal(system("test $(wc -l <t/l/current) -eq 1"), 0);
}

/* A failure leaves nothing open, as the end of the tests sees. */
static void no_link_is_followed(void **state)
{
	struct failure failure;
	struct fed_log log;

	(void)state;
	assert_int_equal(mkdir("elsewhere", 0700), 0);
	assert_int_equal(symlink("../elsewhere", "t/link"), 0);
	assert_int_equal(open_at(&log, "./t/link", NULL, 0, &failure), -1);
	assert_string_equal(failure.verb, "open directory");
	assert_string_equal(failure.name, "./t/link");
	assert_int_equal(fed_log_close(&log), 0);
	assert_int_equal(rmdir("elsewhere"), 0);
	/* And no file is taken for a directory. */
	scratch_write("t/file", "");
	assert_int_equal(open_at(&log, "./t/file", NULL, 0, &failure), -1);
	assert_int_equal(fed_log_close(&log), 0);
}

/* Without its ring there is no mark, and so no log. */
static void ring_must_be_there(void **state)
{
	struct failure failure;
	struct fed_log log;

	(void)state;
	assert_int_equal(mkdir("t/x", 0700), 0);
	scratch_write("t/x/intake", "something else");
	assert_int_equal(open_at(&log, "./t/x", NULL, 0, &failure), -1);
	assert_string_equal(failure.file, "intake");
	assert_int_equal(fed_log_close(&log), 0);
	/* The directory is not locked any more. */
	assert_int_equal(unlink("t/x/intake"), 0);
	assert_int_equal(open_at(&log, "./t/x", NULL, 0, &failure), 1);
	assert_int_equal(fed_log_close(&log), 0);
}

static void checks_directives(void **state)
{
	static const char *const refused[] = {"t",  "+x", "./d", "e",  "1",
					      "=f", "px", "v",   "D1", "J",
					      "d3", "",   "sx",  "nx", "zzz"};
	const char *const good[] = {"s1m", "n100", "S1g",  "A7d",   "R1d",
				    "N5",  "!cat", "x.gz", "m0640", "F"};
	char why[SCRIPT_ERROR];

	(void)state;
	assert_int_equal(fed_log_check(good, 10, why), 1);
	assert_int_equal(fed_log_check(NULL, 0, why), 1);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_int_equal(fed_log_check(&refused[i], 1, why), 0);
	assert_int_equal(fed_log_check(refused + 12, 1, why), 0);
	assert_non_null(strstr(why, "directive sx: "));
}

static int make_root(void **state)
{
	if (scratch_make(state) < 0 || mkdir("t", 0700) < 0)
		return -1;
	root = open("t", O_RDONLY | O_DIRECTORY);
	return root < 0 ? -1 : 0;
}

static int remove_root(void **state)
{
	close(root);
	return scratch_remove(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(several_at_once),
	    cmocka_unit_test(killed_and_opened_again),
	    cmocka_unit_test(rotates),
	    cmocka_unit_test(long_line),
	    cmocka_unit_test(no_link_is_followed),
	    cmocka_unit_test(ring_must_be_there),
	    cmocka_unit_test(checks_directives),
	};

	return cmocka_run_group_tests(tests, make_root, remove_root);
}
