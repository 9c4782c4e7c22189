/* The directory of a session's files: fields, and values that lead nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rawio/raw_directory.h"

static char path[RAW_DIRECTORY_SIZE];
static char field;

static enum raw_directory_fault expand(const char *name, const char *variable,
				       const char *value)
{
	/* The rest of the environment tells cmocka how to report. */
	static const char *const known[] = {"HOME", "IP", "PROTO", "USER"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_int_equal(unsetenv(known[i]), 0);
	if (value)
		assert_int_equal(setenv(variable, value, 1), 0);
	assert_true(raw_directory_is_valid(name));
	return raw_directory_expand(path, name, &field);
}

static void fields_are_replaced(void **state)
{
	static const struct {
		const char *name, *variable, *value, *path;
	} rows[] = {
	    {"raw", "USER", "joe", "raw"},
	    {"/raw/%u", "USER", "joe@example.org", "/raw/joe@example.org"},
	    {"/raw/%d/%n", "USER", "joe@example.org", "/raw/example.org/joe"},
	    {"/raw/%n", "USER", "joe", "/raw/joe"},
	    {"/%n-%d", "USER", "a@b@c", "/a@b-c"},
	    {"%h/raw", "HOME", "/home/joe", "/home/joe/raw"},
	    {"%h/raw", "HOME", "/home/..joe/x../.d/",
	     "/home/..joe/x../.d//raw"},
	    {"/raw/%r", "IP", "2001:db8::7", "/raw/2001:db8::7"},
	    {"/raw/%r", "IP", "../../x y", "/raw/_._.._x_y"},
	    {"100%%/%u", "USER", "joe", "100%/joe"},
	    {"/raw/%u", "USER", "%h%u%", "/raw/%h%u%"},
	    {"/raw/%u", "USER", "j\303\266 o+e\\_", "/raw/j\303\266 o+e\\_"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    expand(rows[i].name, rows[i].variable, rows[i].value),
		    RAW_DIRECTORY_GOOD);
		assert_string_equal(path, rows[i].path);
	}
}

/* None of these may name a directory, least of all one above. */
static void hostile_values_are_refused(void **state)
{
	static const char *const names[] = {
	    ".",        "..",      "../joe",  "a/b",       "/joe",
	    "/",        "joe/",    "joe/../", ".hidden",   "a\nb",
	    "a\tb",     "a\033[m", "a\177",   "a\302\205", "a\342\200\256b",
	    "\303\050", "a\xff",   "..@x",    "joe@../.."};
	static const char *const homes[] = {"home",   "../home", "/home/..",
					    "/../a",  "/a/../b", "/a\nb",
					    "/a\033", "/a\tb",   "/\xff"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(expand("/raw/%u", "USER", names[i]),
				 RAW_DIRECTORY_UNSAFE);
		assert_int_equal(field, 'u');
		assert_string_equal(path, "");
	}
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
		assert_int_equal(expand("%h/raw", "HOME", homes[i]),
				 RAW_DIRECTORY_UNSAFE);
		assert_int_equal(field, 'h');
	}
	assert_int_equal(expand("/raw/%n/%d", "USER", "joe@../.."),
			 RAW_DIRECTORY_UNSAFE);
	assert_int_equal(field, 'd');
}

static void missing_values_are_no_directory(void **state)
{
	static const char *const names[] = {"/raw/%u", "/raw/%n", "/raw/%d",
					    "%h/raw"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_int_equal(expand(names[i], "X", "x"),
				 RAW_DIRECTORY_UNSET);
		assert_string_equal(path, "");
		assert_int_equal(expand(names[i], "USER", ""),
				 RAW_DIRECTORY_UNSET);
		assert_int_equal(expand(names[i], "HOME", ""),
				 RAW_DIRECTORY_UNSET);
	}
	assert_int_equal(expand("/raw/%d", "USER", "joe"), RAW_DIRECTORY_UNSET);
	assert_int_equal(expand("/raw/%d", "USER", "joe@"),
			 RAW_DIRECTORY_UNSET);
	assert_int_equal(expand("/raw/%n", "USER", "@x"), RAW_DIRECTORY_UNSET);
}

/* Values and names of any length; nothing is cut. */
static void lengths_are_bounded(void **state)
{
	char value[2 * RAW_DIRECTORY_SIZE];

	(void)state;
	memset(value, 'n', sizeof value);
	value[RAW_DIRECTORY_NAME] = 0;
	assert_int_equal(expand("/raw/%u", "USER", value), RAW_DIRECTORY_GOOD);
	value[RAW_DIRECTORY_NAME] = 'n';
	value[RAW_DIRECTORY_NAME + 1] = 0;
	assert_int_equal(expand("/raw/%u", "USER", value),
			 RAW_DIRECTORY_UNSAFE);
	value[RAW_DIRECTORY_NAME + 1] = 'n';
	for (size_t len = RAW_DIRECTORY_SIZE - 4; len < RAW_DIRECTORY_SIZE + 3;
	     len++) {
		value[len] = 0;
		assert_int_equal(expand(value, "X", NULL),
				 len < RAW_DIRECTORY_SIZE ? RAW_DIRECTORY_GOOD
							  : RAW_DIRECTORY_LONG);
		*value = '/';
		assert_int_equal(expand("%h", "HOME", value),
				 len < RAW_DIRECTORY_SIZE ? RAW_DIRECTORY_GOOD
							  : RAW_DIRECTORY_LONG);
		*value = value[len] = 'n';
	}
}

static void unknown_fields(void **state)
{
	(void)state;
	assert_true(raw_directory_is_valid("%u%n%d%r%h%%"));
	assert_false(raw_directory_is_valid("%"));
	assert_false(raw_directory_is_valid("a%"));
	assert_false(raw_directory_is_valid("%%%"));
	assert_false(raw_directory_is_valid("/raw/%s"));
	assert_false(raw_directory_is_valid("%{user}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fields_are_replaced),
	    cmocka_unit_test(hostile_values_are_refused),
	    cmocka_unit_test(missing_values_are_no_directory),
	    cmocka_unit_test(lengths_are_bounded),
	    cmocka_unit_test(unknown_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
