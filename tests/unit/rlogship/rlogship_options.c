/* The command line: the name of the log, by -n or by its directory, and sizes.
 */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sys/stat.h>

#include <cmocka.h>

#include "../scratch.h"
#include "rlogship/rlogship_options.h"

#define URL "nats://h/S/a.b"
#define SIXTEEN "0123456789abcdef"

enum { WORDS = 24 };

static struct rlogship_options options;

int __wrap_gethostname(char *name, size_t size);

int __wrap_gethostname(char *name, size_t size)
{
	assert_true(size > strlen("mx1.example.org"));
	strcpy(name, "mx1.example.org");
	return 0;
}

/* Parses words, which NULL ends. */
static int parse_words(const char *const *words)
{
	char *argv[WORDS + 2] = {(char *)(uintptr_t) "rlogship"};
	int argc = 1;

	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
	optind = 0;
	return rlogship_options_parse(&options, argc, argv);
}

static void names_of_directories(void **state)
{
	static const char *const directories[][2] = {
	    {"smtpd", "smtpd"},
	    {"smtpd/log", "smtpd"},
	    {"smtpd/log/main", "smtpd"},
	    {"smtpd/log/main/current", "smtpd"},
	    {"smtpd/./log/../log/main/", "smtpd"},
	    {"smtpd/log/more", "more"},
	    {"missing/log/main", ""},
	};

	(void)state;
	assert_int_equal(mkdir("smtpd", 0755), 0);
	assert_int_equal(mkdir("smtpd/log", 0755), 0);
	assert_int_equal(mkdir("smtpd/log/main", 0755), 0);
	assert_int_equal(mkdir("smtpd/log/more", 0755), 0);
	scratch_write("smtpd/log/main/current", "");
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		const char *const words[] = {URL, directories[i][0], NULL};

		assert_int_equal(parse_words(words), 0);
		assert_string_equal(options.origin.name, directories[i][1]);
		assert_string_equal(options.origin.host, "mx1");
	}
}

static void given_names(void **state)
{
	static const char *const good[][3] =
	    {
		{"smtp", "mx1", "smtp"},
		{"a/b", "a", "b"},
		{"a.b-c_d/x-", "a.b-c_d", "x-"},
		{SIXTEEN SIXTEEN SIXTEEN SIXTEEN, "mx1",
		 SIXTEEN SIXTEEN SIXTEEN SIXTEEN},
	    },
				 *const bad[] = {
				     "",
				     ".",
				     "..",
				     ".a",
				     "-a",
				     "a/",
				     "/a",
				     "a/.b",
				     "a/b/c",
				     "a b",
				     "\xe4",
				     "a\n",
				     SIXTEEN SIXTEEN SIXTEEN SIXTEEN "g",
				 };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		const char *const words[] = {"-n", good[i][0], URL, "d", NULL};

		assert_int_equal(parse_words(words), 0);
		assert_string_equal(options.origin.host, good[i][1]);
		assert_string_equal(options.origin.name, good[i][2]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *const words[] = {"-n", bad[i], URL, "d", NULL};

		assert_int_equal(parse_words(words), -1);
		assert_string_equal(options.stream.problem, "invalid name");
	}
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		size_t bytes; /* 0: refused */
	} rows[] = {
	    {"1k", 1 << 10}, {"1023", 0}, {"64m", 64 << 20},
	    {"67108865", 0}, {"", 0},     {"-1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *const words[] = {"-b", rows[i].text, "-n", "a",
					     URL,  "d",          NULL};

		assert_int_equal(parse_words(words), rows[i].bytes ? 0 : -1);
		if (rows[i].bytes)
			assert_int_equal(options.bytes, rows[i].bytes);
	}
}

static void other_words(void **state)
{
	static const char *const one[] = {"-n", "a", URL, NULL},
				 *const three[] = {"-n", "a", URL,
						   "d",  "e", NULL},
				 *const leap[] = {"-L", "leap", "-n", "a",
						  URL,  "d",    NULL};

	(void)state;
	assert_int_equal(parse_words(one), -1);
	assert_null(options.stream.problem);
	assert_int_equal(parse_words(three), -1);
	assert_null(options.stream.problem);
	assert_int_equal(parse_words(leap), 0);
	assert_int_equal(options.labels, LABEL_LEAP);
}

/* Each option by its long name; and what holds without options. */
static void long_names(void **state)
{
	static const char *const all[] = {"--once", "--bytes",
					  "2k",     "--cursor-file",
					  "cursor", "--ready-fd",
					  "2",      "--labels",
					  "djb",    "--name",
					  "h/a",    "--output",
					  "raw",    "--status-file",
					  "status", "--verbose",
					  URL,      "d",
					  NULL},
				 *const none[] = {"-n", "a", URL, "d", NULL};

	(void)state;
	assert_int_equal(parse_words(all), 0);
	assert_true(options.stream.once && options.stream.verbose);
	assert_int_equal(options.bytes, 2048);
	assert_string_equal(options.stream.cursor, "cursor");
	assert_int_equal(options.stream.ready, 2);
	assert_int_equal(options.labels, LABEL_DJB);
	assert_string_equal(options.origin.host, "h");
	assert_string_equal(options.origin.name, "a");
	assert_string_equal(options.form->name, "raw");
	assert_string_equal(options.stream.status, "status");
	assert_int_equal(parse_words(none), 0);
	assert_false(options.stream.once || options.stream.verbose);
	assert_int_equal(options.bytes, 256 << 10);
	assert_int_equal(options.stream.ready, -1);
	assert_int_equal(options.labels, LABEL_AUTO);
	assert_string_equal(options.form->name, "json");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_of_directories),
	    cmocka_unit_test(given_names),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(other_words),
	    cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
