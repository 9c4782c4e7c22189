/* A rename that replaces nothing. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "compat/rename_new.h"

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
	assert_int_equal(rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, ENOENT);
	make_file("a");
	assert_int_equal(rename_new(directory, "a", "b"), 0);
	assert_false(is_there("a"));
	make_file("a");
	assert_int_equal(rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, EEXIST);
	assert_true(is_there("a"));
	/* A link that leads nowhere is a name, too. */
	unlinkat(directory, "b", 0);
	assert_int_equal(symlinkat("nowhere", directory, "b"), 0);
	assert_int_equal(rename_new(directory, "a", "b"), -1);
	assert_int_equal(errno, EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_replaced),
	};

	return cmocka_run_group_tests(tests, go_there, remove_all);
}
