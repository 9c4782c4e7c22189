/* The files of a session: their names, and that nothing is overwritten. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "rawio/raw_files.h"

static const bool both[2] = {true, true};
static char home[64];

static int set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC-2", 1);
	strcpy(home, "/tmp/recio-test.XXXXXX");
	return mkdtemp(home) && chdir(home) == 0 && mkdir("d", 0700) == 0 ? 0
									  : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "cd / && rm -r %s", home);
	return system(command);
}

static void touch(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void stems(void **state)
{
	char stem[RAW_FILES_STEM_MAX];

	(void)state;
	raw_files_stem(stem, NULL, 0, 4711);
	assert_string_equal(stem, "19700101-020000-4711");
	raw_files_stem(stem, "192.0.2.1", 1, 1);
	assert_string_equal(stem, "192.0.2.1-19700101-020001-1");
}

static void directories(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(symlink("d", "link"), 0);
	touch("file");
	assert_int_equal(raw_files_directory("none"), -1);
	assert_int_equal(errno, ENOENT);
	for (const char *const *name =
		 (const char *const[]){"file", "link", "link/", "link//", NULL};
	     *name; name++) {
		assert_int_equal(raw_files_directory(*name), -1);
		assert_int_equal(errno, ENOTDIR);
	}
	fd = raw_files_directory("d//");
	assert_true(fd > 2);
	close(fd);
	fd = raw_files_directory("/");
	assert_true(fd > 2);
	close(fd);
}

static void open_and_close(struct raw_files *p, const bool want[2])
{
	int d = raw_files_directory("d");

	assert_int_equal(raw_files_open(p, d, "stem", want), 0);
	for (int dir = 0; dir < 2; dir++) {
		assert_int_equal(p->fd[dir] >= 0, want[dir]);
		close(p->fd[dir]);
	}
	close(d);
}

static void names_that_are_taken(void **state)
{
	struct raw_files p;
	struct stat st;

	(void)state;
	umask(0);
	open_and_close(&p, both);
	assert_string_equal(p.name[0], "stem.in");
	assert_string_equal(p.name[1], "stem.out");
	assert_int_equal(stat("d/stem.in", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* One of a pair is enough; a link counts, wherever it leads. */
	assert_int_equal(symlink("../victim", "d/stem.1.out"), 0);
	open_and_close(&p, both);
	assert_string_equal(p.name[0], "stem.2.in");
	assert_string_equal(p.name[1], "stem.2.out");
	assert_int_equal(access("d/stem.1.in", F_OK), -1);
	assert_int_equal(access("victim", F_OK), -1);
	open_and_close(&p, (const bool[]){true, false});
	assert_string_equal(p.name[0], "stem.1.in");
	assert_int_equal(access("d/stem.3.out", F_OK), -1);
}

static void no_name_is_left(void **state)
{
	struct raw_files p;
	char name[64];
	int d = raw_files_directory("d");

	(void)state;
	touch("d/stem.out");
	for (int n = 1; n <= 999; n++) {
		snprintf(name, sizeof name, "d/stem.%d.in", n);
		touch(name);
	}
	assert_int_equal(raw_files_open(&p, d, "stem", both), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(p.fd[0], -1);
	assert_int_equal(access("d/stem.in", F_OK), -1);
	close(d);
}

/* A session whose 0, 1 or 2 is closed must not find our files there. */
static void low_descriptors(void **state)
{
	struct raw_files p;
	int d, saved = dup(0);

	(void)state;
	close(0);
	d = raw_files_directory("d");
	assert_true(d > 2);
	assert_int_equal(raw_files_open(&p, d, "stem", both), 0);
	assert_true(p.fd[0] > 2 && p.fd[1] > 2);
	assert_int_equal(fcntl(0, F_GETFD), -1);
	assert_int_equal(fcntl(p.fd[0], F_GETFD), FD_CLOEXEC);
	dup2(saved, 0);
	close(saved);
	close(p.fd[0]);
	close(p.fd[1]);
	close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(stems, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(directories, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(names_that_are_taken, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(no_name_is_left, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(low_descriptors, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
