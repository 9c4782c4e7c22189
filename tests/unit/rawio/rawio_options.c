/* The command line of rawio. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rawio/rawio_options.h"

static struct rawio_options o;

/* Parses words separated by spaces, behind the program's name. */
static int parse(const char *line)
{
	static char text[256];
	static const char *argv[16];
	int argc = 0;

	strncpy(text, line, sizeof text - 1);
	argv[argc++] = "rawio";
	for (char *w = strtok(text, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	return rawio_options_parse(&o, argc, argv);
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(parse("prog -t arg"), 0);
	assert_true(o.keep[0] && o.keep[1]);
	assert_false(o.bounds || o.stamps || o.address);
	assert_null(o.dir);
	assert_string_equal(o.program[0], "prog");
	assert_string_equal(o.program[1], "-t");
}

static void all_of_them(void **state)
{
	(void)state;
	assert_int_equal(parse("-btI -f in -d raw prog"), 0);
	assert_true(o.bounds && o.stamps && o.address);
	assert_true(o.keep[0]);
	assert_false(o.keep[1]);
	assert_string_equal(o.dir, "raw");
	assert_int_equal(parse("-f out prog"), 0);
	assert_false(o.keep[0]);
	assert_true(o.keep[1]);
}

static void wrong(void **state)
{
	(void)state;
	assert_int_equal(parse("-f both prog"), -1);
	assert_string_equal(o.bad, "-f takes in or out");
	assert_int_equal(parse("-x prog"), -1);
	assert_string_equal(o.bad,
			    "unknown option '-x': --help lists the options");
	assert_int_equal(parse("-b"), -1);
	assert_null(o.bad);
	assert_int_equal(parse("-d"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(all_of_them),
	    cmocka_unit_test(wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
