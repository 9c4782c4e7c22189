/* Bytes are moved through pipes, or the caller has to copy them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "compat/compat.h"
#include "compat/pipes.h"

static void moved_or_not(void **state)
{
	char bytes[8];
	int from[2], to[2];
	ssize_t n;

	(void)state;
	assert_int_equal(pipe(from), 0);
	assert_int_equal(pipe(to), 0);
	pipes_enlarge(from[1], 1 << 18);
	assert_int_equal(write(from[1], "abcdef", 6), 6);
	n = pipes_move(from[0], to[1], 4);
	if (COMPAT_LINUX) {
		assert_int_equal(n, 4);
		assert_int_equal(read(to[0], bytes, sizeof bytes), 4);
		assert_memory_equal(bytes, "abcd", 4);
		assert_int_equal(read(from[0], bytes, sizeof bytes), 2);
		assert_int_equal(pipes_move(from[0], to[1], 4), -1);
		assert_int_equal(errno, EAGAIN);
		close(from[1]);
		assert_int_equal(pipes_move(from[0], to[1], 4), 0);
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
	    cmocka_unit_test(moved_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
