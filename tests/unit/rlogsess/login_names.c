/* Names of logins in the lines of clients, and never a password. */
#include "rlogsess/grouping/login_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Plays a dialogue, of which lines of the server begin with ">", and returns
 * the names, with commas between.
 */
static const char *names_in(const char *const *line)
{
	static char text[STRING_LIST_ROOM + 1];
	struct login_names names = {0};

	for (; *line; line++) {
		if (**line == '>')
			login_names_hear(&names, *line + 1, strlen(*line) - 1);
		else if (**line == '?')
			login_names_miss(&names);
		else
			login_names_take(&names, *line, strlen(*line));
	}
	text[string_list_join(&names.user, text)] = 0;
	return text;
}

#define NAMES(...) names_in((const char *const[]){__VA_ARGS__, NULL})

/* alice: YWxpY2U=  secret: c2VjcmV0  Username: VXNlcm5hbWU6 */
static void smtp(void **state)
{
	(void)state;
	assert_string_equal(NAMES("AUTH PLAIN AGFsaWNlAHNlY3JldA=="), "alice");
	assert_string_equal(NAMES("auth plain ZXZlAGFsaWNlAHNlY3JldA=="),
			    "alice");
	assert_string_equal(
	    NAMES("AUTH PLAIN", ">334 ", "AGFsaWNlAHNlY3JldA=="), "alice");
	assert_string_equal(NAMES("AUTH LOGIN", ">334 VXNlcm5hbWU6",
				  "YWxpY2U=", ">334 UGFzc3dvcmQ6", "c2VjcmV0"),
			    "alice");
	assert_string_equal(NAMES("AUTH LOGIN", "YWxpY2U=", "c2VjcmV0"),
			    "alice");
	assert_string_equal(
	    NAMES("AUTH LOGIN YWxpY2U=", ">334 UGFzc3dvcmQ6", "c2VjcmV0"),
	    "alice");
	assert_string_equal(NAMES("AUTH LOGIN YWxpY2U=", ">535 no",
				  "AUTH LOGIN YWxpY2U=", ">535 no",
				  "AUTH LOGIN Ym9i"),
			    "alice,bob");
	assert_string_equal(NAMES("XCLIENT NAME=x LOGIN=bob ADDR=::1"), "bob");
	assert_string_equal(NAMES("XCLIENT LOGIN=[UNAVAILABLE]"), "");
	assert_string_equal(NAMES("EHLO me", "MAIL FROM:<a@b> AUTH=c"), "");
}

static void other_protocols(void **state)
{
	(void)state;
	assert_string_equal(NAMES("USER alice", "PASS secret"), "alice");
	assert_string_equal(NAMES("APOP alice c4c9334bac560ecc"), "alice");
	assert_string_equal(NAMES("a1 LOGIN alice secret"), "alice");
	assert_string_equal(NAMES("a1 login \"al ice\" \"se cret\""), "al ice");
	assert_string_equal(NAMES("a1 LOGIN \"al\\\"ice\" secret"),
			    "al\\\"ice");
	assert_string_equal(
	    NAMES("a LOGIN {5}", ">+ ok", "alice {6}", "secret"), "alice");
	assert_string_equal(NAMES("a LOGIN {5+}", "alice ***", "***"), "alice");
	assert_string_equal(
	    NAMES("a AUTHENTICATE PLAIN", ">+ ", "AGFsaWNlAHNlY3JldA=="),
	    "alice");
	assert_string_equal(
	    NAMES("AUTHENTICATE \"PLAIN\" \"AGFsaWNlAHNlY3JldA==\""), "alice");
	assert_string_equal(
	    NAMES("AUTHINFO USER alice", "AUTHINFO PASS secret"), "alice");
}

static void no_password(void **state)
{
	(void)state;
	/* What recio -p leaves. */
	assert_string_equal(NAMES("AUTH PLAIN ***"), "");
	assert_string_equal(NAMES("AUTH LOGIN", ">334 VXNlcm5hbWU6", "***",
				  ">334 UGFzc3dvcmQ6", "***"),
			    "");
	assert_string_equal(NAMES("a LOGIN *** 11 bytes", "USER ***"), "");
	/* Lines are missing between AUTH LOGIN and the password. */
	assert_string_equal(
	    NAMES("AUTH LOGIN", ">334 UGFzc3dvcmQ6", "c2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH LOGIN", ">+ UGFzc3dvcmQ6", "c2VjcmV0"),
			    "");
	assert_string_equal(NAMES("AUTH LOGIN", "?", "c2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH LOGIN", ">504 no", "c2VjcmV0"), "");
	assert_string_equal(NAMES("a AUTHENTICATE LOGIN", ">a NO", "c2VjcmV0"),
			    "");
	assert_string_equal(NAMES("AUTH LOGIN", ">-ERR no", "c2VjcmV0"), "");
	/* alice NUL secret: the second part may be a password. */
	assert_string_equal(NAMES("AUTH PLAIN YWxpY2UAc2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH PLAIN c2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH PLAIN", "*", "c2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH LOGIN", "*", "c2VjcmV0"), "");
	assert_string_equal(NAMES("AUTH XOAUTH2 dXNlcj1h", "c2VjcmV0"), "");
	assert_string_equal(NAMES("a LOGIN \"unterminated secret"), "");
	assert_string_equal(NAMES("a LOGIN {9}", "short"), "");
	assert_string_equal(NAMES("PASS secret", "AUTH", "USER", "a LOGIN"),
			    "");
}

static void hostile_names(void **state)
{
	static char longest[4000];

	(void)state;
	/* ESC [ 7 m newline; a byte that is not UTF-8 */
	assert_string_equal(NAMES("AUTH LOGIN G1s3bQo="), "\\x1b[7m\\x0a");
	assert_string_equal(NAMES("AUTH LOGIN /w=="), "\\xff");
	memset(longest, 'A', sizeof longest - 1);
	memcpy(longest, "AUTH LOGIN ", 11);
	NAMES(longest);
	memcpy(longest, "AUTH PLAIN ", 11);
	assert_string_equal(NAMES(longest), "");
	memcpy(longest, "USER       ", 11);
	assert_string_equal(NAMES(longest, "USER later"), "");
	assert_string_equal(NAMES("a LOGIN {99999999999999999999}", "x"), "");
	assert_string_equal(NAMES("", " ", "\"", "a LOGIN {0}", ""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(smtp),
	    cmocka_unit_test(other_protocols),
	    cmocka_unit_test(no_password),
	    cmocka_unit_test(hostile_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
