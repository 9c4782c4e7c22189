/* Only a regular file is opened, whatever takes its name. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "logdir/regular_file.h"

static char directory[] = "/tmp/regular.XXXXXX";

static int go_there(void **state)
{
	(void)state;
	umask(022);
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int remove_all(void **state)
{
	char command[sizeof directory + 8];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", directory);
	return chdir("/") < 0 ? -1 : system(command);
}

/* Called when the name was looked at and is not yet opened. */
static void (*meanwhile)(void);

int __real_fstatat(int at, const char *name, struct stat *st, int flags);
int __wrap_fstatat(int at, const char *name, struct stat *st, int flags);

int __wrap_fstatat(int at, const char *name, struct stat *st, int flags)
{
	int r = __real_fstatat(at, name, st, flags), error = errno;

	if (meanwhile)
		meanwhile();
	meanwhile = NULL;
	errno = error;
	return r;
}

static int open_it(const char *name, int flags)
{
	return regular_file_open(AT_FDCWD, name, flags, 0640);
}

static void check_refused(const char *name, int flags, int error)
{
	errno = 0;
	assert_int_equal(open_it(name, flags), -1);
	assert_int_equal(errno, error);
}

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void files_are_opened_and_made(void **state)
{
	struct stat st;
	int fd;

	(void)state;
	check_refused("file", O_RDONLY, ENOENT);
	fd = open_it("file", O_WRONLY | O_APPEND | O_CREAT);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(fcntl(fd, F_GETFL) &
			     (O_ACCMODE | O_APPEND | O_NONBLOCK),
			 O_WRONLY | O_APPEND);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	check_refused("file", O_WRONLY | O_CREAT | O_EXCL, EEXIST);
	fd = open_it("file", O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
}

static void nothing_else_is(void **state)
{
	static const int ways[] = {O_RDONLY, O_RDWR, O_WRONLY | O_CREAT};

	(void)state;
	make_file("target");
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("directory", 0700), 0);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		check_refused("link", ways[i], ELOOP);
		check_refused("dangling", ways[i], ELOOP);
		check_refused("fifo", ways[i], EINVAL);
		check_refused("directory", ways[i], EINVAL);
		check_refused("/dev/null", ways[i], EINVAL);
	}
	assert_int_equal(access("nowhere", F_OK), -1);
}

static void become_fifo(void)
{
	unlink("changing");
	assert_int_equal(mkfifo("changing", 0600), 0);
}

static void become_link(void)
{
	unlink("changing");
	assert_int_equal(symlink("target", "changing"), 0);
}

static void vanish(void)
{
	unlink("changing");
}

static void changes_meanwhile(void **state)
{
	static const struct {
		bool is_there;
		void (*change)(void);
		int flags, error;
	} rows[] = {
	    {true, become_fifo, O_RDONLY, EINVAL},
	    {false, become_fifo, O_RDWR | O_CREAT, EINVAL},
	    {true, become_link, O_RDONLY, ELOOP},
	    {false, become_link, O_RDWR | O_CREAT, ELOOP},
	    {true, vanish, O_RDONLY, ENOENT},
	};

	(void)state;
	alarm(300);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		vanish();
		if (rows[i].is_there)
			make_file("changing");
		meanwhile = rows[i].change;
		check_refused("changing", rows[i].flags, rows[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(files_are_opened_and_made),
	    cmocka_unit_test(nothing_else_is),
	    cmocka_unit_test(changes_meanwhile),
	};

	return cmocka_run_group_tests(tests, go_there, remove_all);
}
