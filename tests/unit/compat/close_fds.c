/* Ranges of descriptors are closed, and no other descriptor. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "compat/close_fds.h"

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
	close_fds(FIRST + 2, LAST - 3);
	for (int fd = FIRST; fd <= LAST; fd++)
		assert_int_equal(is_open(fd), fd < FIRST + 2 || fd > LAST - 3);
	close_fds(FIRST, FIRST);
	assert_false(is_open(FIRST));
	assert_true(is_open(FIRST + 1));
	/* An empty one. */
	close_fds(LAST, LAST - 1);
	assert_true(is_open(LAST));
}

static void all_from_one_on(void **state)
{
	(void)state;
	open_range();
	close_fds(FIRST + 1, CLOSE_FDS_ALL);
	assert_true(is_open(FIRST));
	for (int fd = FIRST + 1; fd <= LAST; fd++)
		assert_false(is_open(fd));
	close(FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_range),
	    cmocka_unit_test(all_from_one_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
