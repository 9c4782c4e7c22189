/* The forms of arguments: how much of a text is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recio/argument_form.h"

/* A copy of its own size, so that reading beyond it is seen. */
static size_t fit(char letter, const char *text)
{
	size_t len = strlen(text), n;
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, text, len);
	n = argument_form_fit(letter, copy, len);
	free(copy);
	return n;
}

#define FIT(letter, text, n) assert_int_equal(fit(letter, text), n)

static void words(void **state)
{
	(void)state;
	FIT('n', "123 x", 3);
	FIT('n', "x", 0);
	FIT('n', "123456789012345678901234567890123", 0);
	FIT('s', "1:*,7 x", 5);
	FIT('s', "a", 0);
	FIT('d', "[IPv6:::1] x", 10);
	FIT('d', "a=b", 1);
	FIT('u', "a\\b\xc3\xa9 x", 5);
	FIT('u', "a\x7f", 1);
	FIT('m', "INBOX/a&b x", 9);
	FIT('m', "(a)", 0);
	FIT('m', "{5}", 0);
	FIT('w', "LAST x", 4);
	FIT('x', "a", 0);
	FIT('I', "<1.a@b.example> x", 15);
	FIT('I', "12-90 x", 5);
	FIT('I', "a", 0);
	FIT('I', "<a", 0);
	FIT('I', "<a b>", 0);
	FIT('N', "comp.lang.c++,!alt.* x", 20);
	FIT('N', "/a=b", 0);
}

static void strings(void **state)
{
	(void)state;
	FIT('m', "\"a b\" x", 5);
	FIT('m', "\"a\\\"\\\\\"", 7);
	FIT('m', "\"a", 0);
	FIT('m', "\"", 0);
	FIT('m', "\"\\", 0);
	FIT('m', "\"a\\\"", 0);
	FIT('m', "\"a\rb\"", 0);
	FIT('l', "(a (\"b)\" c)) x", 12);
	FIT('l', "()", 2);
	FIT('l', "(a", 0);
	FIT('l', "(\"a)", 0);
	FIT('l', "(a {5}", 0);
	assert_int_equal(argument_form_fit_general("a \"b c\" (d) e{", 14), 11);
	assert_int_equal(argument_form_fit_general("a b", 3), 3);
	assert_int_equal(argument_form_fit_general("a b\001", 4), 1);
	assert_int_equal(argument_form_fit_general("a \"b", 4), 1);
}

static void paths(void **state)
{
	(void)state;
	FIT('F', "FROM:<a@b> x", 10);
	FIT('F', "from: \t<> x", 9);
	FIT('F', "FROM:<\"a> b\"@c>", 15);
	FIT('F', "FROM:<a b>", 0);
	FIT('F', "FROM:<a", 0);
	FIT('F', "FROM:<a<b>", 0);
	FIT('F', "FROM:", 0);
	FIT('F', "FROM <a>", 0);
	FIT('F', "FRO", 0);
	FIT('T', "TO:a@b", 6);
	FIT('T', "FROM:<a>", 0);
}

static void names(void **state)
{
	(void)state;
	FIT('P', "SIZE=5 x", 6);
	FIT('P', "smtputf8", 8);
	FIT('P', "SIZE=", 0);
	FIT('P', "SECRET=5", 0);
	FIT('P', "=5", 0);
	FIT('A', "ADDR=::1", 8);
	FIT('A', "FORWARD=x", 0);
	FIT('M', "PLAIN x", 5);
	FIT('M', "\"plain\" x", 7);
	FIT('M', "\"PLAIN", 0);
	FIT('M', "PLAINx", 0);
	FIT('M', "\"", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(paths),
	    cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
