/*
 * A file that is preallocated has its room and keeps its bytes, and a rename
 * replaces nothing.
 */
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

#include <cmocka.h>

#include <sys/stat.h>

#include "compat/files.h"

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
	assert_int_equal(files_preallocate(fd, SIZE), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_true(st.st_blocks >= BLOCKS);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, want, SIZE);
	/* Again, and for less: nothing changes. */
	assert_int_equal(files_preallocate(fd, SIZE), 0);
	assert_int_equal(files_preallocate(fd, 10), 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, SIZE);
	assert_int_equal(pread(fd, bytes, SIZE, 0), SIZE);
	assert_memory_equal(bytes, want, SIZE);
	fclose(f);
}

static void no_room(void **state)
{
	(void)state;
	assert_int_equal(files_preallocate(-1, SIZE), -1);
	assert_int_equal(errno, EBADF);
}

static char path[] = "/tmp/rename-new.XXXXXX";
static int directory = -1;

static void make_file(const char *name)
{
	close(openat(directory, name, O_WRONLY | O_CREAT, 0600));
}

static int is_there(const char *name)
{
	return faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int go_there(void **state)
{
	(void)state;
	if (!mkdtemp(path))
		return -1;
	directory = open(path, O_RDONLY | O_DIRECTORY);
	return directory < 0 ? -1 : 0;
}

static int remove_all(void **state)
{
	(void)state;
	unlinkat(directory, "a", 0);
	unlinkat(directory, "b", 0);
	close(directory);
	return rmdir(path);
}

static void nothing_is_replaced(void **state)
{
	(void)state;
	assert_int_equal(files_rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, ENOENT);
	make_file("a");
	assert_int_equal(files_rename_new(directory, "a", "b"), 0);
	assert_false(is_there("a"));
	make_file("a");
	assert_int_equal(files_rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, EEXIST);
	assert_true(is_there("a"));
	/* A link that leads nowhere is a name, too. */
	unlinkat(directory, "b", 0);
	assert_int_equal(symlinkat("nowhere", directory, "b"), 0);
	assert_int_equal(files_rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(holes_are_filled),
	    cmocka_unit_test(no_room),
	    cmocka_unit_test(nothing_is_replaced),
	};

	return cmocka_run_group_tests(tests, go_there, remove_all);
}
