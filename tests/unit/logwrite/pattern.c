/* Patterns, as multilog has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "logwrite/pattern.h"

static bool match(const char *text, const char *bytes, size_t len)
{
	struct pattern pattern;
	bool selected;

	pattern_compile(&pattern, text, true);
	selected = pattern_select(&pattern, 1, bytes, len, false);
	assert_true(pattern_select(&pattern, 1, bytes, len, true));
	pattern_compile(&pattern, text, false);
	assert_int_equal(pattern_select(&pattern, 1, bytes, len, true),
			 !selected);
	assert_false(pattern_select(&pattern, 1, bytes, len, false));
	return selected;
}

static void check(const char *pattern, const char *line, bool want)
{
	if (match(pattern, line, strlen(line)) != want)
		fail_msg("pattern '%s', line '%s': not %d", pattern, line,
			 want);
}

static void whole_line(void **state)
{
	(void)state;
	check("", "", true);
	check("", "a", false);
	check("abc", "abc", true);
	check("abc", "ab", false);
	check("abc", "abcd", false);
	check("abc", "xabc", false);
}

static void star_stops_at_the_next_byte(void **state)
{
	(void)state;
	check("*", "", true);
	check("*", "anything", true);
	check("a*", "a", true);
	check("a*", "b", false);
	check("*b", "aab", true);
	check("*b", "aabb", false);
	check("*: fatal*", "x: fatal: y", true);
	check("*: fatal*", "a: x: fatal: y", false);
	check("@* x *", "@4000 x y", true);
	check("@* x *", "@4000 y x z", false);
}

static void two_stars_are_a_star_in_the_line(void **state)
{
	(void)state;
	check("**", "abc", false);
	check("**", "a*c", true);
	check("**c", "a*bc", true);
	check("**c", "abc", false);
}

/* What one pattern has found must not mislead the next. */
static void one_line_many_patterns(void **state)
{
	static const struct {
		const char *text;
		bool want;
	} tries[] = {{"*b*", true},   {"*bc", false}, {"*bcb*", true},
		     {"*x*", false},  {"*xb", false}, {"*b*", true},
		     {"*cb*", true},  {"a*", true},   {"*a*d", true},
		     {"*abcbd", true}};
	enum { N = sizeof tries / sizeof *tries };
	struct pattern patterns[N];
	bool selected = false;

	(void)state;
	/* Each could change what the ones before have made of the line. */
	for (size_t i = 0; i < N; i++) {
		pattern_compile(&patterns[i], tries[i].text, !selected);
		if (tries[i].want)
			selected = !selected;
		if (pattern_select(patterns, i + 1, "abcbd", 5, false) !=
		    selected)
			fail_msg("%s", tries[i].text);
	}
}

static void nul_is_a_byte(void **state)
{
	(void)state;
	assert_true(match("a*c", "a\0bc", 4));
	assert_false(match("a", "a\0", 2));
	assert_true(match("*", "\0\0", 2));
	assert_true(match("*\n", "\0\n", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(whole_line),
	    cmocka_unit_test(star_stops_at_the_next_byte),
	    cmocka_unit_test(two_stars_are_a_star_in_the_line),
	    cmocka_unit_test(one_line_many_patterns),
	    cmocka_unit_test(nul_is_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
