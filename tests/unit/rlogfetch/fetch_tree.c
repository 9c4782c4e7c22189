/*
 * The tree: more logs than may be open at once, more directories than it takes,
 * links and files in the place of directories, and a second process.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "../scratch.h"
#include "rlogfetch/fetch_tree.h"

enum { LOGS = FETCH_TREE_OPEN * 2 };

static struct fetch_tree tree;
static int troubles;

static void count_trouble(const struct event *event)
{
	assert_int_equal(event->kind, EVENT_TROUBLE);
	troubles++;
}

static void open_tree(const char *path)
{
	struct failure failure;

	tain_now_set_stopwatch_g();
	troubles = 0;
	assert_int_equal(
	    fetch_tree_open(&tree, path, NULL, 0, count_trouble, &failure), 0);
}

static void write_logs(void)
{
	struct tain_s deadline = tain_infinite;

	while (!fetch_tree_is_idle(&tree))
		fetch_tree_go(&tree, PHASE_RUNNING, &deadline);
}

static enum fetch_tree_answer find_log(const char *name, struct fed_log **log)
{
	struct tain_s deadline = tain_infinite;
	struct log_name origin;

	assert_true(log_name_parse(&origin, name));
	return fetch_tree_find(&tree, &origin, log, &deadline);
}

static void put_line(const char *name, const char *line)
{
	const unsigned char mark[RING_MARK] = "x";
	struct fed_log *log;

	assert_int_equal(find_log(name, &log), FETCH_TREE_READY);
	fed_log_put(log, line, strlen(line), mark);
}

static int count_open(void)
{
	int n = 0;

	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		n += tree.branches[i].log.state == FED_LOG_OPEN;
	return n;
}

/* The log that was idle for the longest time is closed for another one. */
static void more_than_open(void **state)
{
	char name[32], path[64], want[64];

	(void)state;
	open_tree("./many");
	for (int round = 1; round <= 3; round++) {
		for (int i = 0; i < LOGS; i++) {
			snprintf(name, sizeof name, "h%d/n%d", i % 7, i);
			snprintf(want, sizeof want, "%d of %d\n", round, i);
			put_line(name, want);
			write_logs();
		}
		assert_int_equal(count_open(), FETCH_TREE_OPEN);
	}
	assert_int_equal(tree.directories, LOGS);
	assert_int_equal(fetch_tree_close(&tree), 0);
	for (int i = 0; i < LOGS; i++) {
		snprintf(path, sizeof path, "many/h%d/n%d/current", i % 7, i);
		snprintf(want, sizeof want, "1 of %d\n2 of %d\n3 of %d\n", i, i,
			 i);
		scratch_expect(path, want);
	}
	assert_int_equal(troubles, 0);
}

/* Lines that wait in rings are written, though no line comes for their logs. */
static void recovered(void **state)
{
	char name[32], path[64], want[64];
	struct tain_s deadline;
	int calls = 0;

	(void)state;
	for (int i = 0; i < LOGS; i++) {
		if (i % FETCH_TREE_OPEN == 0)
			open_tree("./rings");
		snprintf(name, sizeof name, "h%d/n%d", i % 7, i);
		snprintf(want, sizeof want, "%d\n", i);
		put_line(name, want);
		if (i % FETCH_TREE_OPEN == FETCH_TREE_OPEN - 1)
			assert_int_equal(fetch_tree_close(&tree), 0);
	}
	assert_int_equal(mkdir("rings/h1/none", 0755), 0);
	open_tree("./rings");
	while (!fetch_tree_recover(&tree)) {
		deadline = tain_infinite;
		fetch_tree_go(&tree, PHASE_RUNNING, &deadline);
		assert_false(tain_less(&STAMP, &deadline));
		assert_true(++calls <= LOGS);
	}
	assert_true(fetch_tree_recover(&tree));
	write_logs();
	assert_int_equal(tree.directories, LOGS + 1);
	assert_int_equal(fetch_tree_close(&tree), 0);
	assert_int_equal(troubles, 0);
	assert_int_equal(rmdir("rings/h1/none"), 0);
	for (int i = 0; i < LOGS; i++) {
		snprintf(path, sizeof path, "rings/h%d/n%d/current", i % 7, i);
		snprintf(want, sizeof want, "%d\n", i);
		scratch_expect(path, want);
	}
}

/* A log that can't be recovered is told, and the others are. */
static void unrecovered(void **state)
{
	(void)state;
	open_tree("./bad");
	put_line("a/x", "1\n");
	put_line("b/x", "2\n");
	assert_int_equal(fetch_tree_close(&tree), 0);
	assert_int_equal(rename("bad/a/x/intake", "intake"), 0);
	assert_int_equal(mkdir("bad/a/x/intake", 0755), 0);
	open_tree("./bad");
	assert_true(fetch_tree_recover(&tree));
	write_logs();
	assert_int_equal(troubles, 1);
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		assert_string_not_equal(tree.branches[i].origin.host, "a");
	scratch_expect("bad/b/x/current", "2\n");
	assert_int_equal(fetch_tree_close(&tree), 0);
}

/* The one that was asked for last stays; none that has work left is closed. */
static void oldest_is_closed(void **state)
{
	struct fed_log *first, *log;
	char name[32];

	(void)state;
	open_tree("./oldest");
	for (int i = 0; i < FETCH_TREE_OPEN; i++) {
		snprintf(name, sizeof name, "h/n%d", i);
		put_line(name, "x\n");
	}
	assert_int_equal(find_log("h/more", &log), FETCH_TREE_LATER);
	write_logs();
	put_line("h/n0", "y\n");
	write_logs();
	assert_int_equal(find_log("h/n0", &first), FETCH_TREE_READY);
	put_line("h/more", "z\n");
	assert_int_equal(find_log("h/n0", &log), FETCH_TREE_READY);
	assert_ptr_equal(first, log);
	for (size_t i = 0; i < FETCH_TREE_OPEN; i++)
		assert_string_not_equal(tree.branches[i].origin.name, "n1");
	write_logs();
	assert_int_equal(fetch_tree_close(&tree), 0);
}

static void too_many(void **state)
{
	struct fed_log *log;
	char path[64];

	(void)state;
	assert_int_equal(mkdir("full", 0755), 0);
	assert_int_equal(mkdir("full/h", 0755), 0);
	assert_int_equal(mkdir("full/.hidden", 0755), 0);
	assert_int_equal(mkdir("full/.hidden/x", 0755), 0);
	scratch_write("full/h/file", "x");
	for (int i = 1; i < FETCH_TREE_MOST; i++) {
		snprintf(path, sizeof path, "full/h/%d", i);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	open_tree("./full");
	assert_int_equal(tree.directories, FETCH_TREE_MOST - 1);
	assert_int_equal(find_log("h/1", &log), FETCH_TREE_READY);
	assert_int_equal(find_log("g/last", &log), FETCH_TREE_READY);
	assert_int_equal(find_log("h/0", &log), FETCH_TREE_TOO_MANY);
	assert_int_equal(find_log("h/2", &log), FETCH_TREE_READY);
	assert_int_equal(faccessat(tree.root, "h/0", F_OK, 0), -1);
	write_logs();
	assert_int_equal(fetch_tree_close(&tree), 0);
}

/* What is no directory is told once, and waited for. */
static void links_and_files(void **state)
{
	static const char *const names[] = {"link/x", "file/x", "h/link",
					    "h/file"};
	struct fed_log *log;

	(void)state;
	assert_int_equal(mkdir("odd", 0755), 0);
	assert_int_equal(mkdir("odd/h", 0755), 0);
	assert_int_equal(mkdir("elsewhere", 0755), 0);
	assert_int_equal(symlink("../elsewhere", "odd/link"), 0);
	assert_int_equal(symlink("../../elsewhere", "odd/h/link"), 0);
	scratch_write("odd/file", "x");
	scratch_write("odd/h/file", "x");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		open_tree("./odd");
		assert_int_equal(find_log(names[i], &log), FETCH_TREE_LATER);
		assert_int_equal(find_log(names[i], &log), FETCH_TREE_LATER);
		assert_int_equal(troubles, 1);
		assert_int_equal(fetch_tree_close(&tree), 0);
	}
	assert_int_equal(system("test -z \"$(ls elsewhere)\""), 0);
}

static void second_process(void **state)
{
	struct fetch_tree other;
	struct failure failure;
	int status;
	pid_t child;

	(void)state;
	open_tree("./locked");
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(fetch_tree_open(&other, "./locked", NULL, 0,
				      count_trouble, &failure) < 0
			  ? 0
			  : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(fetch_tree_close(&tree), 0);
	open_tree("./locked");
	assert_int_equal(fetch_tree_close(&tree), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(more_than_open),
	    cmocka_unit_test(recovered),
	    cmocka_unit_test(unrecovered),
	    cmocka_unit_test(oldest_is_closed),
	    cmocka_unit_test(too_many),
	    cmocka_unit_test(links_and_files),
	    cmocka_unit_test(second_process),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
