/* Names that occur most often, compared with exact counts. */
#include "rlogsess/format/top_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../composed.h"

static struct top_names *names;
static struct output out;

static int begin(void **state)
{
	(void)state;
	output_init(&out, -1);
	names = top_names_new();
	return names ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	top_names_free(names);
	return 0;
}

static void add(const char *name)
{
	top_names_add(names, (struct slice){name, strlen(name)});
}

static const char *shown(void)
{
	top_names_show(&out, names);
	return composed_text(&out);
}

static void by_counts_then_names(void **state)
{
	(void)state;
	assert_true(top_names_are_none(names));
	for (size_t i = 0; i < 3; i++)
		add("b");
	add("ab");
	add("a");
	add("\x1b[31m\t");
	add("");
	assert_false(top_names_are_none(names));
	assert_string_equal(shown(), "           3  b\n"
				     "           1  \n"
				     "           1  \\x1b[31m\\x09\n"
				     "           1  a\n"
				     "           1  ab\n");
}

static void long_names_are_cut(void **state)
{
	char name[2 * TOP_NAMES_TEXT];

	(void)state;
	memset(name, 'x', sizeof name);
	top_names_add(names, (struct slice){name, sizeof name});
	top_names_add(names, (struct slice){name, TOP_NAMES_TEXT});
	assert_int_equal(strspn(shown() + 14, "x"), TOP_NAMES_TEXT);
	assert_memory_equal(shown(), "           2  x", 15);
}

static void one_name_more_than_fit(void **state)
{
	char name[16];

	(void)state;
	for (size_t n = 0; n < 3; n++)
		for (size_t i = 0; i < TOP_NAMES; i++) {
			snprintf(name, sizeof name, "%zu", i);
			add(name);
		}
	add("7");
	assert_int_equal(top_names_error(names), 0);
	add("one too many");
	assert_int_equal(top_names_error(names), 3);
	add("7");
	assert_memory_equal(shown(), "           5  7\n", 16);
	assert_non_null(strstr(shown(), "           4  one too many\n"));
}

/*
 * 40 names that occur often, among 100,000 that occur once: the frequent ones
 * are found, and no count is too low, or too high by more than is said.
 */
static void frequent_names_among_many(void **state)
{
	enum { FREQUENT = 40, RARE = 100000 };
	uint64_t random = 1, count[FREQUENT] = {0}, total = RARE;
	uint64_t counted, error;
	char name[32];
	const char *line = NULL;
	size_t n;

	(void)state;
	for (size_t i = 0; i < RARE; i++) {
		snprintf(name, sizeof name, "rare%zu", i);
		add(name);
		random = random * UINT64_C(6364136223846793005) + 1442695;
		n = (size_t)(random >> 40) % FREQUENT;
		if (n % 4 && i % (n + 1))
			continue;
		snprintf(name, sizeof name, "%zu", n);
		add(name);
		count[n]++;
		total++;
	}
	error = top_names_error(names);
	assert_in_range(error, 1, total / TOP_NAMES);
	line = shown();
	for (size_t i = 0; i < TOP_NAMES_SHOWN; i++) {
		assert_int_equal(sscanf(line, "%llu %zu",
					(unsigned long long *)&counted, &n),
				 2);
		assert_in_range(counted, count[n], count[n] + error);
		assert_int_equal(n % 4, 0);
		line = strchr(line, '\n') + 1;
	}
	snprintf(name, sizeof name, "at most %llu too high\n",
		 (unsigned long long)error);
	assert_non_null(strstr(line, name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(by_counts_then_names, begin, end),
	    cmocka_unit_test_setup_teardown(long_names_are_cut, begin, end),
	    cmocka_unit_test_setup_teardown(one_name_more_than_fit, begin, end),
	    cmocka_unit_test_setup_teardown(frequent_names_among_many, begin,
					    end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
