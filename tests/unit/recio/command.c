/* Lines of commands: their words, and what of them is a secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "recio/command.h"

static const struct command_rule rules[] = {
    {.word = 1, .name = "PASS", .secret = 2, .loose = true},
    {.word = 1, .name = "AUTH", .secret = 3, .loose = true, .mechanism = true},
    {.word = 2, .name = "LOGIN", .secret = 4},
    {0},
};

static struct command c;

/* Each byte of the line becomes a letter for its kind. */
static const char *kinds(const char *line)
{
	static char text[256];
	size_t i;

	for (i = 0; line[i]; i++)
		text[i] = "-*"[command_byte(&c, line[i]) == SPAN_SECRET];
	text[i] = 0;
	return text;
}

#define KINDS(line, want)                               \
	do {                                            \
		command_next(&c);                       \
		assert_string_equal(kinds(line), want); \
	} while (0)

static void secrets(void **state)
{
	(void)state;
	c = (struct command){.rules = rules};
	KINDS("PASS a b\r\n", "-----****-");
	KINDS("pAsS\t\0", "-----");
	KINDS("PASSa\n", "----*-");
	KINDS("PAS a\n", "------");
	KINDS("x PASS a\n", "---------");
	KINDS(" AUTH X ab\n", "--------**-");
	KINDS("AUTH ab=c d\n", "-------****-");
	KINDS("AUTH\v\f\001X ab\n", "---------**-");
	KINDS("AUTHX ab\n", "------**-");
	KINDS("AUTH a234567890123456789012\n", "-------------------------**-");
	KINDS("a login b cd\n", "----------**-");
}

static void words(void **state)
{
	(void)state;
	c = (struct command){0};
	KINDS("one  Two\n", "---------");
	assert_true(c.ended);
	assert_int_equal(c.word, 2);
	assert_true(command_is(&c, 1, "ONE"));
	assert_true(command_begins(&c, 2, "TW"));
	assert_false(command_is(&c, 2, "TW"));
	assert_false(command_is(&c, 3, "X"));
	KINDS("1 2 3 4 5 6\n", "------------");
	assert_int_equal(c.word, 6);
	KINDS("\"a b\" c\n", "--------");
	assert_int_equal(c.word, 3);
	c.strings = true;
	KINDS("\"a \\\" b\" c\n", "-----------");
	assert_int_equal(c.word, 2);
}

static void literals(void **state)
{
	static const char *const none[] = {"{5} \n", "{}\n",    "{5\n",
					   "5}\n",   "{5+-}\n", "\"{5}\"\n"};

	(void)state;
	c = (struct command){.strings = true};
	KINDS("a {12}\r\n", "--------");
	assert_true(command_has_literal(&c));
	assert_int_equal(c.literal.size, 12);
	assert_true(c.literal.waits);
	KINDS("a ~{99999999999999999999+}\n", "---------------------------");
	assert_true(command_has_literal(&c));
	assert_true(c.literal.size == UINT64_MAX);
	assert_false(c.literal.waits);
	command_continue(&c);
	assert_false(command_has_literal(&c));
	assert_int_equal(c.word, 2);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		command_next(&c);
		kinds(none[i]);
		assert_false(command_has_literal(&c));
	}
}

static void responses(void **state)
{
	static const char *const names[] = {"QUIT", NULL};

	static char blanks[64];

	(void)state;
	memset(blanks, ' ', sizeof blanks);
	c = (struct command){.rules = rules, .names = names};
	command_next(&c);
	command_respond(&c);
	KINDS("AbC=\r\n", "*****-");
	KINDS("*\r\n", "---");
	KINDS("*a\r\n", "-**-");
	command_responded(&c);
	command_next(&c);
	assert_true(command_waits(&c, "Ab", 2));
	assert_true(command_waits(&c, "QUIT\r", 5));
	assert_false(command_waits(&c, "quit\r\n", 6));
	assert_false(c.secret);
	assert_false(command_waits(&c, "AbC= x", 6));
	assert_false(c.secret);
	assert_false(command_waits(&c, " AbC=\r\n", 7));
	assert_true(c.secret);
	c.secret = false;
	assert_true(command_waits(&c, blanks, 63));
	assert_false(command_waits(&c, blanks, 64));
	assert_true(c.secret);
	/* Once there was a command, all is as before. */
	KINDS("QUIT\n", "-----");
	command_next(&c);
	assert_false(command_waits(&c, "AbC=\r\n", 6));
	assert_false(c.secret);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(secrets),
	    cmocka_unit_test(words),
	    cmocka_unit_test(literals),
	    cmocka_unit_test(responses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
