/*
 * Ranges of descriptors are closed, writes don't wait, and bytes are moved
 * through pipes, where the system has that.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "compat/compat.h"
#include "compat/descriptors.h"

enum { FIRST = 20, LAST = 29 };

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void open_range(void)
{
	for (int fd = FIRST; fd <= LAST; fd++)
		assert_int_equal(dup2(0, fd), fd);
}

static void a_range(void **state)
{
	(void)state;
	open_range();
	descriptors_close(FIRST + 2, LAST - 3);
	for (int fd = FIRST; fd <= LAST; fd++)
		assert_int_equal(is_open(fd), fd < FIRST + 2 || fd > LAST - 3);
	descriptors_close(FIRST, FIRST);
	assert_false(is_open(FIRST));
	assert_true(is_open(FIRST + 1));
	/* An empty one. */
	descriptors_close(LAST, LAST - 1);
	assert_true(is_open(LAST));
}

static void all_from_one_on(void **state)
{
	(void)state;
	open_range();
	descriptors_close(FIRST + 1, DESCRIPTORS_ALL);
	assert_true(is_open(FIRST));
	for (int fd = FIRST + 1; fd <= LAST; fd++)
		assert_false(is_open(fd));
	close(FIRST);
}

enum { TOO_MUCH = 1 << 22 };

/* The pipe waits, as its flags say; the write does not. */
static void a_full_pipe(void **state)
{
	static char bytes[TOO_MUCH];
	int ends[2];
	ssize_t n;

	(void)state;
	alarm(300);
	assert_int_equal(pipe(ends), 0);
	n = descriptors_write(ends[1], bytes, sizeof bytes);
	if (n >= 0) {
		assert_true(n > 0 && n < TOO_MUCH);
		assert_int_equal(descriptors_write(ends[1], bytes, 1), -1);
		assert_int_equal(errno, EAGAIN);
	} else {
		assert_int_equal(errno, EOPNOTSUPP);
	}
	assert_true(n >= 0 || !COMPAT_LINUX);
	close(ends[0]);
	close(ends[1]);
}

static void what_is_not_read(void **state)
{
	char bytes[8];
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[0], "abc", 3), 3);
	if (COMPAT_LINUX) {
		assert_true(descriptors_unsent(ends[0]) > 0);
		assert_int_equal(read(ends[1], bytes, sizeof bytes), 3);
		assert_int_equal(descriptors_unsent(ends[0]), 0);
	} else {
		assert_int_equal(descriptors_unsent(ends[0]), -1);
		assert_int_equal(errno, EOPNOTSUPP);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(descriptors_unsent(ends[0]), -1);
}

static void moved_or_not(void **state)
{
	char bytes[8];
	int from[2], to[2];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(from), 0);
	assert_int_equal(pipe(to), 0);
	descriptors_enlarge(from[1], 1 << 18);
	assert_int_equal(write(from[1], "abcdef", 6), 6);
	n = descriptors_move(from[0], to[1], 4);
	if (COMPAT_LINUX) {
		assert_int_equal(n, 4);
		assert_int_equal(read(to[0], bytes, sizeof bytes), 4);
		assert_memory_equal(bytes, "abcd", 4);
		assert_int_equal(read(from[0], bytes, sizeof bytes), 2);
		assert_int_equal(descriptors_move(from[0], to[1], 4), -1);
		assert_int_equal(errno, EAGAIN);
		close(from[1]);
		assert_int_equal(descriptors_move(from[0], to[1], 4), 0);
	} else {
		assert_int_equal(n, -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(read(from[0], bytes, sizeof bytes), 6);
		close(from[1]);
	}
	close(from[0]);
	close(to[0]);
	close(to[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_range),      cmocka_unit_test(all_from_one_on),
	    cmocka_unit_test(a_full_pipe),  cmocka_unit_test(what_is_not_read),
	    cmocka_unit_test(moved_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
