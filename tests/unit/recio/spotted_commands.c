/* Names of commands in octets, however these are split. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recio/dialect/dialect.h"
#include "recio/spotted_commands.h"

/* Spots these commands of a dialect's clients, for every split. */
static void spots(const struct dialect *dialect, const char *octets,
		  const char *want)
{
	const struct grammar *const grammars[] = {dialect->rules, NULL};
	size_t len = strlen(octets), n;
	char text[SPOTTED_COMMANDS_TEXT];

	for (size_t every = 1; every <= len; every++) {
		struct spotted_commands s = {0};

		for (size_t i = 0; i < len; i += n) {
			n = every < len - i ? every : len - i;
			spotted_commands_scan(&s, grammars, octets + i, n);
		}
		spotted_commands_end(&s, grammars);
		spotted_commands_text(&s, text);
		assert_string_equal(text, want);
	}
}

static void names(void **state)
{
	(void)state;
	spots(&dialect_smtp, "MAIL FROM:<a>\r\ntext\r\n\r\nquit\nRSET",
	      "MAIL, QUIT, RSET");
	spots(&dialect_smtp, "text MAIL\r\nMAILS\r\nxMAIL\r\n", "");
	spots(&dialect_smtp,
	      "=AUTH x\r\n\xc2\x85"
	      "DATA\r\n\0017 NOOP\n",
	      "AUTH, DATA, NOOP");
	spots(&dialect_smtp, "AUTHx\r\n", "AUTH");
	spots(&dialect_imap, "b LOGIN u p\r\n\"c\" \"SELECT\" x\nDONE\nNOOP\n",
	      "LOGIN, SELECT, DONE, NOOP");
	spots(&dialect_imap, "this is a text\r\nof a letter\r\n", "");
}

/* No line is kept, and not more names than there is room for. */
static void bounds(void **state)
{
	const struct grammar *const imap[] = {dialect_imap.rules, NULL};
	struct spotted_commands s = {0};
	char text[SPOTTED_COMMANDS_TEXT], line[SPOTTED_COMMANDS_LOOK + 1];

	(void)state;
	for (int i = 0; i < 100; i++)
		spotted_commands_scan(&s, imap, "a UNAUTHENTICATE\r\n", 18);
	memset(line, ' ', sizeof line);
	spotted_commands_scan(&s, imap, line, sizeof line);
	assert_false(spotted_commands_at_start(&s));
	spotted_commands_scan(&s, imap, "a NOOP\n", 7);
	assert_true(spotted_commands_at_start(&s));
	assert_int_equal(s.count, 100);
	spotted_commands_text(&s, text);
	assert_non_null(strstr(text, "UNAUTHENTICATE, 52 more"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
