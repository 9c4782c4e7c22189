/* Regular expressions: what they find, with their shortcuts and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/regex.h"

static void check_literal(const char *text, const char *literal, bool only)
{
	struct regex e;
	char error[REGEX_ERROR];

	assert_int_equal(regex_compile(&e, text, error), 1);
	if (e.literal_len != strlen(literal) ||
	    memcmp(e.literal, literal, e.literal_len) != 0)
		fail_msg("%s: literal %.*s, not %s", text, (int)e.literal_len,
			 e.literal, literal);
	if (e.literal_only != only)
		fail_msg("%s: literal only: %d", text, e.literal_only);
	regex_free(&e);
}

/* What every match must contain, and no more. */
static void literals(void **state)
{
	(void)state;
	check_literal("abc", "abc", true);
	check_literal("^abc", "abc", true);
	check_literal("a\\.b", "a.b", true);
	check_literal("abc$", "abc", false);
	check_literal("ab.cde", "cde", false);
	check_literal("^ab.cde", "cde", false);
	check_literal("abc*", "ab", false);
	check_literal("abc?d", "ab", false);
	check_literal("abc+d", "abc", false);
	check_literal("abc{0,3}d", "ab", false);
	check_literal("ab+*c", "", false);
	check_literal("a[bc]def", "def", false);
	check_literal("a[]x]def", "def", false);
	check_literal("a[^]x]def", "def", false);
	check_literal("[[:alpha:]]def[[.].]]", "def", false);
	check_literal("(abcd)*ef", "ef", false);
	check_literal("(a(b|c)[)]d)ef", "ef", false);
	check_literal("abc|d", "", false);
	check_literal("a^bcd", "", false);
	check_literal("a$bcd", "", false);
	check_literal("\\<word", "", false);
	check_literal("\\(ab\\)", "(ab)", true);
	check_literal("", "", false);
	check_literal("^", "", false);
	check_literal("^$", "", false);
}

static void check(const char *text, const char *line, size_t len, bool want)
{
	struct regex e;
	char error[REGEX_ERROR];

	assert_int_equal(regex_compile(&e, text, error), 1);
	if (regex_match(&e, line, len) != want)
		fail_msg("'%s' in '%.*s': not %d", text, (int)len, line, want);
	regex_free(&e);
}

static void finds(void **state)
{
	(void)state;
	check("b", "abc", 3, true);
	check("^b", "abc", 3, false);
	check("^abcd", "abc", 3, false);
	check("c$", "abcd", 3, true);
	check("^$", "x", 0, true);
	check("", "", 0, true);
	check("c.e$", "ab\0cde", 6, REGEX_NULS);
	check("ab.cde", "abxcde", 6, true);
	check("c.d$",
	      "ab\0c\xff"
	      "d",
	      6, REGEX_NULS);
	check("b", "a\0b", 3, true);
	check("fo+ba?r", "xfooobr", 7, true);
	check("(one|two)+ three", "onetwo three", 12, true);
	check("[^a]b", "ab", 2, false);
}

/* The shortcuts change nothing: every line against every expression. */
static void same_as_regexec(void **state)
{
	static const char *const texts[] = {
	    "a",    "^a",     "ab",     "^ab",   "a*b",   "ab+",   "ab+c",
	    "a.b",  "(a|b)c", "a(bc)?", "[ab]c", "a{2}b", "ba$",   "^ab$",
	    "ab?c", "(ab)+c", "c.*a",   "^.b",   "a\\.b", "b{0}a", "a++"};
	static const char alphabet[] = "abc.";
	struct regex e;
	char error[REGEX_ERROR], line[6];
	size_t i, j, n, len;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(regex_compile(&e, texts[i], error), 1);
		for (n = 0; n < 4096 * 2; n++) {
			len = n % 7 > 5 ? 5 : n % 7;
			for (j = 0; j < len; j++)
				line[j] = alphabet[n >> 2 * j & 3];
			line[len] = 0;
			if (regex_match(&e, line, len) !=
			    (regexec(&e.compiled, line, 0, NULL, 0) == 0))
				fail_msg("%s in %s", texts[i], line);
		}
		regex_free(&e);
	}
}

static void wrong(void **state)
{
	struct regex e;
	char error[REGEX_ERROR] = "";

	(void)state;
	assert_int_equal(regex_compile(&e, "a(", error), 0);
	assert_true(error[0]);
	assert_int_equal(regex_compile(&e, "[a", error), 0);
}

/* A literal longer than its place is cut; the rest still counts. */
static void long_literal(void **state)
{
	char text[REGEX_LITERAL + 11], line[sizeof text];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	memcpy(line, text, sizeof line);
	check(text, line, sizeof line - 1, true);
	check(text, line, sizeof line - 2, false);
	line[REGEX_LITERAL + 3] = 'y';
	check(text, line, sizeof line - 1, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(literals),        cmocka_unit_test(finds),
	    cmocka_unit_test(same_as_regexec), cmocka_unit_test(wrong),
	    cmocka_unit_test(long_literal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
