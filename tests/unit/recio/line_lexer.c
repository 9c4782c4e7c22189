/* A server's lines: their words, and a literal at the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/line_lexer.h"

static struct line_lexer c;

static void line(const char *text)
{
	line_lexer_next(&c);
	for (; *text; text++)
		line_lexer_byte(&c, *text);
}

static void words(void **state)
{
	(void)state;
	c = (struct line_lexer){0};
	line("one  Two\n");
	assert_true(c.ended);
	assert_int_equal(c.word, 2);
	assert_true(line_lexer_is(&c, 1, "ONE"));
	assert_true(line_lexer_begins(&c, 2, "TW"));
	assert_false(line_lexer_is(&c, 2, "TW"));
	assert_false(line_lexer_is(&c, 3, "X"));
	line("1 2\v3\t4 5 6\n");
	assert_int_equal(c.word, 6);
	line("\"a b\" c\n");
	assert_int_equal(c.word, 3);
	c.strings = true;
	line("\"a \\\" b\" c\n");
	assert_int_equal(c.word, 2);
}

static void tags(void **state)
{
	uint64_t tag;

	(void)state;
	c = (struct line_lexer){0};
	line("a OK\n");
	tag = c.tag;
	line("A OK\n");
	assert_true(c.tag != tag);
	line("a NO x\n");
	assert_true(c.tag == tag);
}

static void literals(void **state)
{
	static const char *const none[] = {"{5} \n", "{}\n",    "{5\n",
					   "5}\n",   "{5+-}\n", "\"{5}\"\n"};

	(void)state;
	c = (struct line_lexer){.strings = true};
	line("a {12}\r\n");
	assert_true(line_lexer_has_literal(&c));
	assert_int_equal(c.literal.size, 12);
	line("a ~{99999999999999999999}\n");
	assert_true(line_lexer_has_literal(&c));
	assert_true(c.literal.size == UINT64_MAX);
	line_lexer_continue(&c);
	assert_false(line_lexer_has_literal(&c));
	assert_int_equal(c.word, 2);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		line(none[i]);
		assert_false(line_lexer_has_literal(&c));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words),
	    cmocka_unit_test(tags),
	    cmocka_unit_test(literals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
