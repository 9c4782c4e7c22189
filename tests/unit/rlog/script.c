/* The script's parser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlog/script.h"

#define PARSE(script, ...) \
	script_parse(script, (const char *const[]){__VA_ARGS__, NULL})

static void settings_hold_for_later_actions(void **state)
{
	struct script script;
	const struct action *a;

	(void)state;
	assert_int_equal(PARSE(&script, "t", "./a", "s1m", "n3", "!gzip", "./b",
			       "!", "n1", "s1", "/c", "=st"),
			 1);
	a = script.actions;
	assert_true(script.stamp);
	assert_int_equal(script.actions_n, 4);
	assert_int_equal(script.directories_n, 3);
	assert_int_equal(script.statuses_n, 1);
	assert_int_equal(a[0].settings.size, 99999);
	assert_int_equal(a[0].settings.number, 10);
	assert_null(a[0].settings.processor);
	assert_string_equal(a[1].text, "./b");
	assert_int_equal(a[1].index, 1);
	assert_int_equal(a[1].settings.size, 1048576);
	assert_int_equal(a[1].settings.number, 3);
	assert_string_equal(a[1].settings.processor, "gzip");
	assert_null(a[2].settings.processor);
	assert_int_equal(a[2].settings.number, 2);
	assert_int_equal(a[2].settings.size, 4096);
	assert_string_equal(a[3].text, "st");
	script_free(&script);
}

static void filters_in_order(void **state)
{
	struct script script;

	(void)state;
	assert_int_equal(PARSE(&script, "-*", "+a*", "e", "."), 1);
	assert_false(script.stamp);
	assert_int_equal(script.actions[0].kind, ACTION_DESELECT);
	assert_string_equal(script.actions[0].pattern.text, "*");
	assert_int_equal(script.actions[1].kind, ACTION_SELECT);
	assert_int_equal(script.actions[2].kind, ACTION_ALERT);
	assert_int_equal(script.actions[3].kind, ACTION_DIRECTORY);
	script_free(&script);
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t size;
	} good[] = {{"s4096", 4096},
		    {"s0", 4096},
		    {"s5000", 5000},
		    {"s8k", 8192},
		    {"s2m", 2097152},
		    {"s3g", 3221225472},
		    {"s99999999999", 99999999999}};
	struct script script;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof *good; i++) {
		assert_int_equal(PARSE(&script, good[i].text, "./a"), 1);
		assert_int_equal(script.actions[0].settings.size, good[i].size);
		script_free(&script);
	}
}

static void wrong_ones_are_named(void **state)
{
	static const char *const bad[] = {
	    "",    "x",   "s",           "s1x", "s1kk",
	    "s-1", "n",   "n1k",         "n 3", "ex",
	    "tL",  "=",   "dir/sub",     "sk",  "s99999999999999999999",
	    "t",   "--v", "n99999999999"};
	struct script script;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		r = PARSE(&script, "./a", bad[i]);
		if (*bad[i] == '-')
			assert_int_equal(r, 1);
		else if (r || !strstr(script.error, bad[i]))
			fail_msg("%s: %d, %s", bad[i], r, script.error);
		script_free(&script);
	}
}

static void table_has_each_letter_once(void **state)
{
	const struct directive *d = script_directives();
	char seen[64] = "";

	(void)state;
	for (; d->letter; d++) {
		assert_null(strchr(seen, d->letter));
		seen[strlen(seen)] = d->letter;
		assert_int_equal(d->syntax[0], d->letter);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_hold_for_later_actions),
	    cmocka_unit_test(filters_in_order),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(wrong_ones_are_named),
	    cmocka_unit_test(table_has_each_letter_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
