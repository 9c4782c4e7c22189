/* Torn ends, and bytes that are written once more. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "../scratch.h"
#include "logwrite/file_repair.h"

/* The file, of n bytes, is cut to `want` of them. */
static void cuts(const char *bytes, size_t n, bool midline, size_t want)
{
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct stat st;

	assert_int_equal(write(fd, bytes, n), n);
	assert_int_equal(file_repair_cut(fd, midline), n - want);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, want);
	close(fd);
}

static void torn_ends(void **state)
{
	static char many[3 * 4096 + 5];

	(void)state;
	cuts("", 0, false, 0);
	cuts("one\n", 4, false, 4);
	cuts("one\ntw", 6, false, 4);
	cuts("one\n\0\0", 6, false, 4);
	cuts("one\ntw\0\0", 8, false, 4);
	cuts("one", 3, false, 0);
	cuts("one\ntw", 6, true, 6);
	cuts("one\ntw\0\0", 8, true, 6);
	cuts("\0\0", 2, true, 0);
	cuts(many, sizeof many, false, 0);
	/* Where what stays ends at, before and after the end of a chunk. */
	many[4] = '\n';
	cuts(many, sizeof many, false, 5);
	many[5] = '\n';
	cuts(many, sizeof many, false, 6);
	many[4096 + 4] = '\n';
	cuts(many, sizeof many, false, 4096 + 5);
	cuts(many, sizeof many, true, 4096 + 5);
}

static void the_same_bytes_again(void **state)
{
	static char bytes[200000], after[sizeof bytes];
	size_t i;
	int fd;

	(void)state;
	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i % 251);
	fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
	assert_int_equal(file_repair_rewrite(AT_FDCWD, "f", 17, sizeof bytes),
			 0);
	assert_int_equal(file_repair_rewrite(AT_FDCWD, "f", 0, 0), 0);
	assert_int_equal(pread(fd, after, sizeof after, 0), sizeof after);
	assert_memory_equal(bytes, after, sizeof after);
	assert_int_equal(lseek(fd, 0, SEEK_END), sizeof bytes);
	close(fd);
	assert_int_equal(file_repair_rewrite(AT_FDCWD, "none", 0, 1), -1);
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(torn_ends),
	    cmocka_unit_test(the_same_bytes_again),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
