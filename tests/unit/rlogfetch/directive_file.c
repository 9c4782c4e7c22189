/* Directives in a file. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../scratch.h"
#include "rlogfetch/directive_file.h"

static struct directive_file directives;
static const char *const more[] = {"n5", "r10ms"};

/* Reads this text, and expects these words, joined by '|'. */
static void expect_words(const char *text, size_t n, const char *want)
{
	char got[256] = "";

	scratch_write("limits", text);
	assert_int_equal(directive_file_read(&directives, "limits", more, n),
			 0);
	for (size_t i = 0; i < directives.n; i++) {
		strcat(got, directives.words[i]);
		strcat(got, "|");
	}
	assert_string_equal(got, want);
	directive_file_free(&directives);
}

static void lines_are_words(void **state)
{
	(void)state;
	expect_words("s4096\nn9\n", 0, "s4096|n9|");
	expect_words("s4096\nn9", 0, "s4096|n9|");
	expect_words("!tr a b; cat\n x\n", 0, "!tr a b; cat| x|");
	expect_words("# no\n#\n\n\ns1\n!echo # yes\n", 0, "s1|!echo # yes|");
}

static void others_are_behind(void **state)
{
	(void)state;
	expect_words("s4096\n", 2, "s4096|n5|r10ms|");
	expect_words("", 2, "n5|r10ms|");
	expect_words("\n\n", 1, "n5|");
	expect_words("", 0, "");
}

static void expect_refused(const char *file, int error)
{
	assert_int_equal(directive_file_read(&directives, file, more, 2), -1);
	assert_int_equal(errno, error);
	assert_int_equal(directives.n, 0);
	directive_file_free(&directives);
}

static void refused_files(void **state)
{
	static char text[DIRECTIVE_FILE_MAX + 2];

	(void)state;
	expect_refused("none", ENOENT);
	expect_refused(".", EISDIR);
	memset(text, 'x', DIRECTIVE_FILE_MAX);
	scratch_write("longest", text);
	assert_int_equal(directive_file_read(&directives, "longest", more, 2),
			 0);
	assert_int_equal(directives.n, 3);
	assert_string_equal(directives.words[0], text);
	directive_file_free(&directives);
	text[DIRECTIVE_FILE_MAX] = '\n';
	scratch_write("longer", text);
	expect_refused("longer", EFBIG);
}

static void a_nul_is_refused(void **state)
{
	FILE *file = fopen("nul", "w");

	(void)state;
	assert_non_null(file);
	assert_int_equal(fwrite("s1\0s2", 1, 5, file), 5);
	assert_int_equal(fclose(file), 0);
	expect_refused("nul", EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_words),
	    cmocka_unit_test(others_are_behind),
	    cmocka_unit_test(refused_files),
	    cmocka_unit_test(a_nul_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
