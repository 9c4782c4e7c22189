/* Writes that don't wait, where the system has them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "compat/compat.h"
#include "compat/nowait.h"

enum { TOO_MUCH = 1 << 22 };

/* The pipe waits, as its flags say; the write does not. */
static void a_full_pipe(void **state)
{
	static char bytes[TOO_MUCH];
	int ends[2];
	ssize_t n;

	(void)state;
	alarm(10);
	assert_int_equal(pipe(ends), 0);
	n = nowait_write(ends[1], bytes, sizeof bytes);
	if (n >= 0) {
		assert_true(n > 0 && n < TOO_MUCH);
		assert_int_equal(nowait_write(ends[1], bytes, 1), -1);
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
		assert_true(nowait_unsent(ends[0]) > 0);
		assert_int_equal(read(ends[1], bytes, sizeof bytes), 3);
		assert_int_equal(nowait_unsent(ends[0]), 0);
	} else {
		assert_int_equal(nowait_unsent(ends[0]), -1);
		assert_int_equal(errno, EOPNOTSUPP);
	}
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(nowait_unsent(ends[0]), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_pipe),
	    cmocka_unit_test(what_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
