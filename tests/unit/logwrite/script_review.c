/* What the review of a script says, and what it keeps quiet about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "logwrite/script_review.h"

static char said[4096];

static void note_warning(const char *sentence)
{
	assert_true(strlen(sentence) < SCRIPT_REVIEW_TEXT);
	assert_true(strlen(said) + strlen(sentence) + 2 < sizeof said);
	strcat(strcat(said, sentence), "\n");
}

static void review(const char *const *argv)
{
	struct script script;

	said[0] = 0;
	assert_int_equal(script_parse(&script, argv), 1);
	script_review(&script, argv, note_warning);
	script_free(&script);
}

#define REVIEW(...) review((const char *const[]){__VA_ARGS__, NULL})
#define QUIET(...) (REVIEW(__VA_ARGS__), assert_string_equal(said, ""))

static void finds_directives_without_effect(void **state)
{
	(void)state;
	REVIEW("t", "./a", "s1m", "n100");
	assert_string_equal(
	    said, "directive s1m has no effect: no directory follows it\n"
		  "directive n100 has no effect: no directory follows it\n");
	/* Each kind of output has its own directives. */
	REVIEW("E9", "^9", "./a", "m600", "1", "r3s");
	assert_string_equal(
	    said, "directive E9 has no effect: no alert follows it\n"
		  "directive ^9 has no effect: no status file follows it\n"
		  "directive m600 has no effect: no directory follows it\n"
		  "directive r3s has no effect: no directory follows it\n");
	REVIEW("./a", "-*", "~+x", "~-x", "f", "p", "v", "D1s");
	assert_string_equal(
	    said, "directive -* has no effect: no output follows it\n"
		  "directive ~+x has no effect: no output follows it\n"
		  "directive ~-x has no effect: no output follows it\n"
		  "directive f has no effect: no output follows it\n"
		  "directive p has no effect: no output follows it\n"
		  "directive v has no effect: no output follows it\n"
		  "directive D1s has no effect: no output follows it\n");
	QUIET("t", "-*", "+x", "E9", "e", "^9", "=st", "s1m", "!cat", "./a",
	      "D3s", "p> ", "v", "1", "Jpath", "d5");
	QUIET("T", "r3s", "=st");
	QUIET("tL", "n5", "/tmp/a");
}

static void finds_ages_that_the_number_defeats(void **state)
{
	(void)state;
	REVIEW("R1d", "A30d", "./a");
	assert_string_equal(
	    said, "directive A30d has no effect on ./a: n10 keeps fewer "
		  "archives than R1d makes in that time: use n31\n");
	QUIET("R1d", "A30d", "n31", "./a");
	REVIEW("n30", "R1d@local", "A30d", "./a");
	assert_non_null(strstr(said, "n30 keeps fewer"));
	assert_non_null(strstr(said, "than R1d@local makes"));
	/* A part of a period is an archive, too. */
	QUIET("R7h", "A15h", "n4", "./a");
	REVIEW("R7h", "A15h", "n3", "./a");
	assert_non_null(strstr(said, "use n4\n"));
	/* Of each directory, with what is set there. */
	REVIEW("n5", "./a", "R1h", "./b", "-*", "A2d", "./c", "n49", "./d",
	       "A0", "n2", "./e");
	assert_string_equal(
	    said, "directive A2d has no effect on ./c: n5 keeps fewer "
		  "archives than R1h makes in that time: use n49\n");
	/* How many archives s makes depends on the input. */
	QUIET("A30d", "./a");
	QUIET("R1d", "./a");
	QUIET("R2d", "A1d", "n2", "./a");
}

static void finds_totals_below_a_file(void **state)
{
	(void)state;
	REVIEW("s1m", "S500k", "./a");
	assert_string_equal(
	    said, "directive S500k leaves no archive in ./a: each has up to "
		  "1048576 bytes: use at least S1048576\n");
	QUIET("s1m", "S1m", "./a");
	QUIET("s1m", "S0", "./a");
	QUIET("s4096", "S3000", "./a");
	/* R makes smaller files, and a command makes them smaller. */
	QUIET("s1m", "S500k", "R1h", "./a");
	QUIET("s1m", "S500k", "!gzip", "./a");
}

/* The longest words leave room for the rest of the sentence. */
static void long_words_are_cut(void **state)
{
	char name[2000] = "./", pattern[2000] = "-";

	(void)state;
	memset(name + 2, 'n', sizeof name - 3);
	name[sizeof name - 1] = 0;
	memset(pattern + 1, 'p', sizeof pattern - 2);
	pattern[sizeof pattern - 1] = 0;
	REVIEW("A000000000000000000000000000000000000000000000000000030d",
	       "R0000000000000000000000000000000000000000000000000000001d",
	       name, pattern);
	assert_non_null(strstr(said, "use n31\n"));
	assert_non_null(strstr(said, "no output follows it\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_directives_without_effect),
	    cmocka_unit_test(finds_ages_that_the_number_defeats),
	    cmocka_unit_test(finds_totals_below_a_file),
	    cmocka_unit_test(long_words_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
