/* recio's command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/recio_options.h"

static struct recio_options o;

/* The words of a command line, without the program's name.  o points there. */
static int parse(int n, const char *a, const char *b, const char *c)
{
	static const char *argv[5] = {"recio"};

	argv[1] = a;
	argv[2] = b;
	argv[3] = c;
	return recio_options_parse(&o, n + 1, argv);
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(parse(2, "prog", "-r", NULL), 0);
	assert_string_equal(o.program[0], "prog");
	assert_string_equal(o.program[1], "-r");
	assert_false(o.raw || o.labels || o.verbose || o.drop ||
		     o.looks_inside);
	assert_true(o.show[0] && o.show[1]);
	assert_int_equal(o.log, 2);
	assert_int_equal(o.timeout, 60);
	assert_int_equal(o.width, 0);
	assert_true(o.limit == UINT64_MAX);
}

static void all_of_them(void **state)
{
	(void)state;
	assert_int_equal(parse(3, "-rtvdLw256", "-n7", "prog"), 0);
	assert_true(o.looks_inside);
	assert_true(o.raw && o.labels && o.verbose && o.drop);
	assert_int_equal(o.width, 256);
	assert_int_equal(o.log, 7);
	assert_int_equal(parse(3, "-f", "out", "prog"), 0);
	assert_true(!o.show[0] && o.show[1]);
	assert_int_equal(parse(2, "-T86400", "prog", NULL), 0);
	assert_int_equal(o.timeout, 86400);
	assert_int_equal(parse(2, "-k2m", "prog", NULL), 0);
	assert_true(o.limit == 2 << 20);
	assert_int_equal(parse(2, "-xlt", "prog", NULL), 0);
	assert_true(o.dump && o.lines && o.labels);
	assert_int_equal(parse(2, "--", "-prog", NULL), 0);
	assert_string_equal(o.program[0], "-prog");
}

static void wrong(void **state)
{
	static const char *const bad[] = {"-w0",    "-wx",  "-w1x", "-n0",
					  "-n1",    "-n-1", "-T0",  "-T86401",
					  "-fboth", "-kx",  "-k1x", "-k-1"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(parse(2, bad[i], "prog", NULL), -1);
		assert_non_null(o.bad);
	}
	assert_int_equal(parse(2, "-y", "prog", NULL), -1);
	assert_string_equal(o.bad,
			    "unknown option '-y': --help lists the options");
	assert_int_equal(parse(1, "-v-", NULL, NULL), -1);
	assert_string_equal(o.bad,
			    "unknown option '--': --help lists the options");
	assert_int_equal(parse(1, "-vw", NULL, NULL), -1);
	assert_string_equal(o.bad, "missing argument of option '-w'");
	assert_int_equal(parse(2, "-xr", "prog", NULL), -1);
	assert_non_null(o.bad);
	assert_int_equal(parse(1, "-r", NULL, NULL), -1);
	assert_null(o.bad);
}

static void from_the_environment(void **state)
{
	char text[RECIO_OPTIONS_TEXT_MAX + 1];

	(void)state;
	assert_int_equal(parse(3, "-ew5", "-v", "prog"), 0);
	assert_true(o.by_environment);
	assert_int_equal(recio_options_add(&o, ""), 0);
	assert_int_equal(recio_options_add(&o, "  -p smtp\t-mw 7 "), 0);
	assert_non_null(o.protocol);
	assert_true(o.contents && o.verbose);
	assert_int_equal(o.width, 7);
	assert_string_equal(o.program[0], "prog");
	assert_int_equal(recio_options_add(&o, "-p none"), -1);
	assert_non_null(o.bad);
	assert_int_equal(recio_options_add(&o, "-v prog"), -1);
	assert_non_null(o.bad);
	assert_int_equal(recio_options_add(&o, "-z"), -1);
	assert_non_null(o.bad);
	assert_int_equal(recio_options_add(&o, "-w"), -1);
	assert_non_null(o.bad);
	assert_int_equal(recio_options_add(&o, "-n 7 -c"), -1);
	assert_non_null(o.bad);
	/* Too long, and too many words. */
	assert_int_equal(parse(2, "-e", "prog", NULL), 0);
	memset(text, ' ', RECIO_OPTIONS_TEXT_MAX);
	text[RECIO_OPTIONS_TEXT_MAX] = 0;
	assert_int_equal(recio_options_add(&o, text), -1);
	for (int i = 0; i + 3 < RECIO_OPTIONS_TEXT_MAX; i += 3)
		memcpy(text + i, "-r ", 3);
	text[3 * RECIO_OPTIONS_WORDS_MAX] = 0;
	assert_int_equal(recio_options_add(&o, text), 0);
	text[3 * RECIO_OPTIONS_WORDS_MAX] = '-';
	text[RECIO_OPTIONS_TEXT_MAX - 1] = 0;
	assert_int_equal(recio_options_add(&o, text), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(from_the_environment),
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(all_of_them),
	    cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
