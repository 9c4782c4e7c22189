/* The script's parser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "logdir/archive_name.h"
#include "logwrite/script.h"

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
	assert_true(script.stamp == LABEL_DJB);
	assert_int_equal(script.actions_n, 4);
	assert_int_equal(script.directories_n, 3);
	assert_int_equal(script.statuses_n, 1);
	assert_int_equal(a[0].settings->size, 99999);
	assert_int_equal(a[0].settings->number, 10);
	assert_null(a[0].settings->processor);
	assert_string_equal(a[1].text, "./b");
	assert_int_equal(a[1].index, 1);
	assert_int_equal(a[1].settings->size, 1048576);
	assert_int_equal(a[1].settings->number, 3);
	assert_string_equal(a[1].settings->processor, "gzip");
	assert_null(a[2].settings->processor);
	assert_int_equal(a[2].settings->number, 2);
	assert_int_equal(a[2].settings->size, 4096);
	assert_string_equal(a[3].text, "st");
	script_free(&script);
}

static void check_patterns(const struct script *script, unsigned int action,
			   unsigned int first, unsigned int n)
{
	assert_int_equal(script->actions[action].kind, ACTION_PATTERNS);
	assert_int_equal(script->actions[action].index, first);
	assert_int_equal(script->actions[action].patterns_n, n);
}

static void filters_in_order(void **state)
{
	struct script script;

	(void)state;
	assert_int_equal(PARSE(&script, "-*", "+a*", "e", "-b", "f", "."), 1);
	assert_int_equal(script.stamp, LABEL_NONE);
	assert_int_equal(script.actions_n, 5);
	check_patterns(&script, 0, 0, 2);
	assert_string_equal(script.patterns[0].text, "*");
	assert_false(script.patterns[0].selects);
	assert_string_equal(script.patterns[1].text, "a*");
	assert_true(script.patterns[1].selects);
	assert_int_equal(script.actions[1].kind, ACTION_ALERT);
	check_patterns(&script, 2, 2, 1);
	assert_string_equal(script.patterns[2].text, "b");
	assert_int_equal(script.actions[3].kind, ACTION_REST);
	assert_int_equal(script.actions[4].kind, ACTION_DIRECTORY);
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
		assert_int_equal(script.actions[0].settings->size,
				 good[i].size);
		script_free(&script);
	}
}

/* What all directives set, for the actions after them and not before. */
static void all_settings(void **state)
{
	struct script script;
	const struct settings *s;

	(void)state;
	assert_int_equal(PARSE(&script, "./a", "S1m", "A7d", "R1h", "l100",
			       "N3", "x.zst", "m640", "p> ", "v", "E50", "^0",
			       "F", "D500ms", "r3s", "J/run/i", "d4", "./b",
			       "F2s", "p", "x", "A0", "l1g", "R1d@local", "1",
			       "R15m", "./c"),
			 1);
	s = script.actions[0].settings;
	assert_int_equal(s->total, 0);
	assert_int_equal(s->tolerance, 2000);
	assert_int_equal(s->sync, -1);
	assert_int_equal(s->keep, -1);
	assert_int_equal(s->retry, 2000);
	assert_int_equal(s->mode, 0644);
	assert_int_equal(script.actions[0].form, 0);
	s = script.actions[1].settings;
	assert_int_equal(s->total, 1048576);
	assert_int_equal(s->age, 604800000);
	assert_int_equal(s->period.length, 3600000);
	assert_false(s->period.local);
	assert_int_equal(s->tolerance, 100);
	assert_int_equal(s->keep, 3);
	assert_string_equal(s->suffix, ".zst");
	assert_int_equal(s->mode, 0640);
	assert_int_equal(s->alert_size, 50);
	assert_int_equal(s->status_size, 0);
	assert_int_equal(s->sync, 0);
	assert_int_equal(s->drop_after, 500);
	assert_int_equal(s->retry, 3000);
	assert_int_equal(script.actions[1].form, 1);
	assert_string_equal(script.forms[1].prefix, "> ");
	assert_int_equal(script.forms[1].escaping, ESCAPING_ALL);
	assert_false(script.actions[3].settings->period.local);
	s = script.actions[2].settings;
	assert_int_equal(s->period.length, 86400000);
	assert_true(s->period.local);
	assert_int_equal(s->sync, 2000);
	assert_string_equal(s->suffix, "");
	assert_int_equal(s->age, 0);
	assert_int_equal(s->tolerance, 99999 / 2);
	assert_int_equal(script.forms_n, 3);
	assert_string_equal(script.intake_path, "/run/i");
	assert_int_equal(script.ready, 4);
	assert_int_equal(script.forwards_n, 1);
	script_free(&script);
}

static void kinds_of_stamps(void **state)
{
	struct script script;

	(void)state;
	assert_int_equal(PARSE(&script, "tL", "J", "e"), 1);
	assert_int_equal(script.stamp, LABEL_LEAP);
	assert_string_equal(script.intake_path, "");
	script_free(&script);
	assert_int_equal(PARSE(&script, "T", "e"), 1);
	assert_int_equal(script.stamp, LABEL_UTC);
	assert_null(script.intake_path);
	assert_int_equal(script.ready, -1);
	script_free(&script);
}

static void expressions(void **state)
{
	struct script script;

	(void)state;
	assert_int_equal(PARSE(&script, "~-.", "~+a|b", "f", "./a"), 1);
	assert_int_equal(script.actions[0].kind, ACTION_DESELECT_ERE);
	assert_non_null(script.actions[0].expression);
	assert_int_equal(script.actions[1].kind, ACTION_SELECT_ERE);
	assert_true(regex_match(script.actions[1].expression, "xb", 2));
	assert_int_equal(script.actions[2].kind, ACTION_REST);
	script_free(&script);
	assert_int_equal(PARSE(&script, "~+a(", "./a"), 0);
	assert_non_null(strstr(script.error, "directive ~+a(: Unmatched ("));
	script_free(&script);
}

static void wrong_ones_are_named(void **state)
{
	static const char *const bad[] = {"",
					  "y",
					  "s",
					  "s1x",
					  "s1kk",
					  "s-1",
					  "n",
					  "n1k",
					  "n 3",
					  "ex",
					  "tL",
					  "T",
					  "tM",
					  "=",
					  "dir",
					  "sk",
					  "t",
					  "--v",
					  "1x",
					  "ff",
					  "~",
					  "~x",
					  "~+[",
					  "vv",
					  "vr ",
					  "S",
					  "Sx",
					  "l",
					  "A",
					  "A5",
					  "A5y",
					  "A5d5",
					  "D1",
					  "R-1s",
					  "R@local",
					  "R0@local",
					  "R7h@local",
					  "R2d@local",
					  "R1d@utc",
					  "R1d@local ",
					  "R1d@",
					  "r0",
					  "r",
					  "F1",
					  "A36501d",
					  "N",
					  "Nx",
					  "m",
					  "m644x",
					  "m0744",
					  "m400",
					  "m1777",
					  "m888",
					  "E",
					  "E65537",
					  "^x",
					  "d",
					  "d2",
					  "dx",
					  "xzst",
					  "x./a",
					  "x.a b",
					  "pa\nb",
					  "n99999999999",
					  "s99999999999999999999"};
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
	assert_int_equal(PARSE(&script, "1", "1"), 0);
	script_free(&script);
}

/* The longest words that may stand there, and one byte more. */
static void words_are_bounded(void **state)
{
	char prefix[SCRIPT_PREFIX + 3], suffix[ARCHIVE_SUFFIX + 3], text[300];
	struct script script;

	(void)state;
	memset(prefix, 'p', sizeof prefix);
	memset(suffix, 'x', sizeof suffix);
	suffix[1] = '.';
	prefix[sizeof prefix - 1] = suffix[sizeof suffix - 1] = 0;
	assert_int_equal(PARSE(&script, prefix, "./a"), 0);
	assert_non_null(strstr(script.error, "at most 255 bytes"));
	script_free(&script);
	assert_int_equal(PARSE(&script, suffix, "./a"), 0);
	assert_non_null(strstr(script.error, "a suffix such as"));
	script_free(&script);
	prefix[sizeof prefix - 2] = suffix[sizeof suffix - 2] = 0;
	assert_int_equal(PARSE(&script, prefix, suffix, "./a"), 1);
	assert_int_equal(strlen(script.forms[1].prefix), SCRIPT_PREFIX);
	assert_int_equal(strlen(script.settings.suffix), ARCHIVE_SUFFIX);
	script_free(&script);
	/* What is wrong is said behind the longest of them. */
	memset(text, 'y', sizeof text - 1);
	text[sizeof text - 1] = 0;
	assert_int_equal(PARSE(&script, text), 0);
	assert_non_null(strstr(script.error, ": there is no such directive"));
	script_free(&script);
}

static void forms_are_bounded(void **state)
{
	static char text[SCRIPT_FORMS + 1][16];
	const char *argv[2 * SCRIPT_FORMS + 3] = {NULL};
	struct script script;
	int i;

	(void)state;
	for (i = 0; i <= SCRIPT_FORMS; i++) {
		snprintf(text[i], sizeof text[i], "p%d", i);
		argv[2 * i] = text[i];
		argv[2 * i + 1] = "e";
	}
	assert_int_equal(script_parse(&script, argv), 0);
	assert_non_null(strstr(script.error, "too many different p and v"));
	script_free(&script);
}

static void alerts_are_bounded(void **state)
{
	const char *argv[SCRIPT_ALERTS + 2] = {NULL};
	struct script script;
	int i;

	(void)state;
	for (i = 0; i <= SCRIPT_ALERTS; i++)
		argv[i] = "e";
	assert_int_equal(script_parse(&script, argv), 0);
	assert_non_null(strstr(script.error, "too many of these"));
	script_free(&script);
}

static void outputs_are_bounded(void **state)
{
	static const char *argv[SCRIPT_OUTPUTS + 2];
	struct script script;
	int i;

	(void)state;
	for (i = 0; i <= SCRIPT_OUTPUTS; i++)
		argv[i] = "./a";
	assert_int_equal(script_parse(&script, argv), 0);
	assert_non_null(strstr(script.error, "too many directories"));
	script_free(&script);
	argv[SCRIPT_OUTPUTS] = NULL;
	assert_int_equal(script_parse(&script, argv), 1);
	script_free(&script);
}

static void find_difference(const struct settings *a, const struct settings *b,
			    size_t *first, size_t *last)
{
	const char *x = (const char *)a, *y = (const char *)b;

	*first = *last = sizeof *a;
	for (size_t i = 0; i < sizeof *a; i++)
		if (x[i] != y[i]) {
			*first = *first < i ? *first : i;
			*last = i;
		}
}

/* Each directive with a plain value sets the member of its row, no other. */
static void values_go_to_the_member_of_their_row(void **state)
{
	const struct directive *d = script_directives();
	struct settings defaults;
	struct script script;
	size_t rows = 0, first, last;
	char text[16];

	(void)state;
	for (; d->letter; d++) {
		if (!d->set)
			continue;
		assert_null(d->parse);
		rows++;
		snprintf(text, sizeof text, "%c%s", d->letter,
			 strstr(d->syntax, "duration") ? "5000s" : "5000");
		assert_int_equal(PARSE(&script, text), 1);
		script_defaults(&defaults);
		find_difference(&defaults, &script.settings, &first, &last);
		if (first < d->member || last >= d->member + 8)
			fail_msg("%s sets bytes %zu to %zu, not at %zu", text,
				 first, last, d->member);
		for (const struct directive *e = script_directives(); e < d;
		     e++)
			assert_true(!e->set || e->member != d->member);
		script_free(&script);
	}
	assert_int_equal(rows, 7);
}

/* Several may begin with one letter: the first parses them all. */
static void table_is_in_order(void **state)
{
	const struct directive *d = script_directives(), *first;

	(void)state;
	for (; d->letter; d++) {
		assert_int_equal(d->syntax[0], d->letter);
		for (first = script_directives(); first->letter != d->letter;)
			first++;
		assert_ptr_equal(first->parse, d->parse);
		for (; first < d; first++)
			assert_string_not_equal(first->syntax, d->syntax);
	}
}

static uint64_t hash_of(const char *const *argv)
{
	struct script script;
	uint64_t hash;

	/* Whatever the parser says of them. */
	script_parse(&script, argv);
	hash = script.hash;
	script_free(&script);
	return hash;
}

#define HASH(...) hash_of((const char *const[]){__VA_ARGS__, NULL})

static void hashes_differ(void **state)
{
	(void)state;
	assert_true(HASH("t", "./a") == HASH("t", "./a"));
	assert_false(HASH("t", "./a") == HASH("t", "./b"));
	assert_false(HASH("./a", "./b") == HASH("./b", "./a"));
	assert_false(HASH("./a", "-x") == HASH("./a-x"));
	assert_false(HASH("./a", "") == HASH("./a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(settings_hold_for_later_actions),
	    cmocka_unit_test(filters_in_order),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(all_settings),
	    cmocka_unit_test(kinds_of_stamps),
	    cmocka_unit_test(expressions),
	    cmocka_unit_test(wrong_ones_are_named),
	    cmocka_unit_test(words_are_bounded),
	    cmocka_unit_test(forms_are_bounded),
	    cmocka_unit_test(alerts_are_bounded),
	    cmocka_unit_test(outputs_are_bounded),
	    cmocka_unit_test(values_go_to_the_member_of_their_row),
	    cmocka_unit_test(table_is_in_order),
	    cmocka_unit_test(hashes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
