/* The output of the last groups, against all groups in memory. */
#include "rlogsess/last_groups.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { GROUPS = 3000, LONGEST = 9000, SLACK = 1 << 20 };

static struct last_groups groups;
static struct output shown;

/* The bytes of group n, whose lengths differ; some groups have no output. */
static size_t make_group(char *text, unsigned int n)
{
	size_t len = n % 7 == 3 ? 0 : n * 7919u % LONGEST + 1;

	for (size_t i = 0; i < len; i++)
		text[i] = (char)('a' + (n + i) % 26);
	return len;
}

static off_t size_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_size;
}

/* Adds groups, and compares what is shown of them with the last ones. */
static void check_last(unsigned int count, uint64_t most)
{
	static char text[LONGEST], want[LONGEST];
	FILE *file = tmpfile();
	unsigned int kept = 0, first = count;
	size_t len, longest = 0;

	assert_non_null(file);
	assert_int_equal(last_groups_init(&groups, most, false), 0);
	while (first && kept < most)
		kept += make_group(text, --first) > 0;
	for (unsigned int n = 0; n < count; n++) {
		len = make_group(text, n);
		output_bytes(&groups.output, text, len);
		assert_int_equal(last_groups_end(&groups), 0);
	}
	for (unsigned int n = first; n < count; n++)
		longest += make_group(text, n);
	/* The bound of the file: twice the kept bytes of any time, and SLACK.
	 */
	if (most <= count / 10)
		assert_true(size_of(groups.fd) <=
			    2 * (off_t)most * LONGEST + SLACK +
				(off_t)sizeof groups.output.buf);
	output_init(&shown, fileno(file));
	assert_int_equal(last_groups_show(&groups, &shown), 0);
	assert_int_equal(output_flush(&shown), 0);
	assert_int_equal(size_of(fileno(file)), (off_t)longest);
	rewind(file);
	for (unsigned int n = first; n < count; n++) {
		len = make_group(want, n);
		assert_int_equal(fread(text, 1, len, file), len);
		assert_memory_equal(text, want, len);
	}
	last_groups_free(&groups);
	fclose(file);
}

static void the_last_of_many(void **state)
{
	static const uint64_t most[] = {0,  1,   2,    3,     10,        15,
					16, 100, 1000, 99999, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
		check_last(0, most[i]);
		check_last(1, most[i]);
		check_last(20, most[i]);
		check_last(GROUPS, most[i]);
	}
}

static void a_full_disk(void **state)
{
	struct rlimit old, limit;
	char text[1000];
	int r = 0, error = 0;

	(void)state;
	memset(text, 'x', sizeof text);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 500000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(last_groups_init(&groups, 10000, false), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (int i = 0; i < 2000 && r == 0; i++) {
		output_bytes(&groups.output, text, sizeof text);
		output_end_line(&groups.output, false);
		r = last_groups_end(&groups);
		error = errno;
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(r, -1);
	assert_int_equal(error, EFBIG);
	last_groups_free(&groups);
}

static void no_directory(void **state)
{
	(void)state;
	setenv("TMPDIR", "/nonexistent", 1);
	assert_int_equal(last_groups_init(&groups, 1, false), -1);
	assert_int_equal(errno, ENOENT);
	last_groups_free(&groups);
	unsetenv("TMPDIR");
}

static void a_ring(void **state)
{
	struct number_ring ring;
	uint64_t oldest;

	(void)state;
	for (uint64_t most = 0; most < 40; most++) {
		number_ring_init(&ring, most);
		for (uint64_t n = 0; n < 200; n++) {
			oldest = UINT64_MAX;
			assert_int_equal(number_ring_add(&ring, n, &oldest),
					 n >= most);
			assert_true(oldest ==
				    (n >= most ? n - most : UINT64_MAX));
		}
		number_ring_free(&ring);
		assert_int_equal(number_ring_add(&ring, 7, &oldest), most == 0);
		number_ring_free(&ring);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_of_many),
	    cmocka_unit_test(a_full_disk),
	    cmocka_unit_test(no_directory),
	    cmocka_unit_test(a_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
