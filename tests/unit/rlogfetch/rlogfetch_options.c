/* The command line: where to begin, and words that only look like options. */
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogfetch/rlogfetch_options.h"

enum { WORDS = 16 };

static struct rlogfetch_options options;

/* Parses words, which NULL ends. */
static int parse_words(const char *const *words)
{
	char *argv[WORDS + 2] = {(char *)(uintptr_t) "rlogfetch"};
	int argc = 1;

	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)(uintptr_t)words[argc - 1];
	optind = 0;
	return rlogfetch_options_parse(&options, argc, argv);
}

static void where_to_begin(void **state)
{
	static const struct {
		const char *words[WORDS];
		uint64_t sequence;
		int64_t time;
	} begins[] = {
	    {{"nats://h/S"}, 0, 0},
	    {{"-n", "1", "nats://h/S"}, 1, 0},
	    {{"-n", "9223372036854775807", "nats://h/S"}, INT64_MAX, 0},
	    {{"-S", "1970-01-01T00:00:01.000000002Z", "nats://h/S"},
	     0,
	     1000000002},
	    {{"-S", "@400000000000000a00000003", "nats://h/S"}, 0, 3},
	    {{"-S", "@400000006920000a00000003", "nats://h/S"},
	     0,
	     INT64_C(0x69200000) * 1000000000 + 3},
	    {{"--since", "@400000000000000b00000000", "nats://h/S"},
	     0,
	     1000000000},
	    {{"--start", "@400000000000000b00000000", "nats://h/S"},
	     0,
	     1000000000},
	    {{"--sequence", "5", "nats://h/S"}, 5, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		assert_int_equal(parse_words(begins[i].words), 0);
		assert_true(options.from.sequence == begins[i].sequence);
		assert_true(options.from.time == begins[i].time);
	}
}

static void refused_words(void **state)
{
	static const struct {
		const char *words[WORDS], *problem;
	} refused[] = {
	    {{"-n", "0", "nats://h/S"}, "invalid sequence"},
	    {{"-n", "9223372036854775808", "nats://h/S"}, "invalid sequence"},
	    {{"-S", "1969-12-31T23:59:59Z", "nats://h/S"}, "invalid time"},
	    {{"-S", "2262-04-12T00:00:00Z", "nats://h/S"}, "invalid time"},
	    {{"-n", "1", "-S", "now", "nats://h/S"},
	     "-n and -S exclude each other"},
	    {{"nats://h/S", ""}, "invalid directory"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		assert_int_equal(parse_words(refused[i].words), -1);
		assert_string_equal(options.stream.problem, refused[i].problem);
	}
}

/* Words behind the directory are directives, also if they look like options. */
static void directives(void **state)
{
	static const char *const words[] = {"-v",    "nats://h/S", "out",
					    "s4096", "n7",         NULL},
				 *const late[] = {"nats://h/S", "out", "-v",
						  NULL};

	(void)state;
	assert_int_equal(parse_words(words), 0);
	assert_true(options.stream.verbose);
	assert_string_equal(options.directory, "out");
	assert_int_equal(options.directives_n, 2);
	assert_string_equal(options.directives[0], "s4096");
	assert_int_equal(parse_words(late), -1);
	assert_false(options.stream.verbose);
}

static void long_names(void **state)
{
	static const char *const words[] = {
	    "--once",        "--cursor-file", "cursor",    "--ready-fd", "2",
	    "--status-file", "status",        "--verbose", "nats://h/S", NULL};

	(void)state;
	assert_int_equal(parse_words(words), 0);
	assert_true(options.stream.once && options.stream.verbose);
	assert_string_equal(options.stream.cursor, "cursor");
	assert_int_equal(options.stream.ready, 2);
	assert_string_equal(options.stream.status, "status");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(where_to_begin),
	    cmocka_unit_test(refused_words),
	    cmocka_unit_test(directives),
	    cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
