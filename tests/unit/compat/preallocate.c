/* A file that is preallocated has its room, and keeps its bytes. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "compat/preallocate.h"

enum { SIZE = 100000, BLOCKS = SIZE / 512 };

static void holes_are_filled(void **state)
{
	char bytes[SIZE], want[SIZE] = {0};
	FILE *f = tmpfile();
	struct stat st;
	int fd;

	(void)state;
	assert_non_null(f);
	fd = fileno(f);
	memcpy(want + 70000, "in the middle", 13);
	assert_int_equal(pwrite(fd, "in the middle", 13, 70000), 13);
	assert_int_equal(preallocate(fd, SIZE), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_true(st.st_blocks >= BLOCKS);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, want, SIZE);
	/* Again, and for less: nothing changes. */
	assert_int_equal(preallocate(fd, SIZE), 0);
	assert_int_equal(preallocate(fd, 10), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, want, SIZE);
	fclose(f);
}

static void no_room(void **state)
{
	(void)state;
	assert_int_equal(preallocate(-1, SIZE), -1);
	assert_int_equal(errno, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holes_are_filled),
	    cmocka_unit_test(no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
