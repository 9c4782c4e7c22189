/*
 * A session whose dialect changes: because the greeting tells the protocol, or
 * because more answers are owed than can be counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define LOST ":lost track behind < "

static struct dialogue dialogue;

static void client_says(const char *text)
{
	dialogue_data(&dialogue, RELAY_IN, text, strlen(text));
}

static void server_says(const char *text)
{
	dialogue_data(&dialogue, RELAY_OUT, text, strlen(text));
}

/* Sends both commands in turn, whose answers differ in kind. */
static void flood(const char *one, const char *other, size_t pairs)
{
	for (size_t i = 0; i < pairs; i++) {
		client_says(one);
		client_says(other);
	}
}

/* No byte more can be held: what was held is shown with the note. */
static void lost_at_the_limit(void **state)
{
	const char *lost;
	size_t shown = 0;

	(void)state;
	dialogue_begin(&dialogue, "pop3");
	server_says("+OK\r\n");
	flood("LIST\r\n", "NOOP\r\n", 128);
	client_says("RETR 1234\r\n");
	for (int i = 0; i < 2728; i++)
		client_says("NOOP\r\n");
	assert_null(strstr(dialogue.text, LOST));
	client_says("NOOP\n");
	lost = strstr(dialogue.text, LOST);
	assert_non_null(lost);
	for (; (lost = strstr(lost, "<NOOP\n")); lost++)
		shown++;
	assert_int_equal(shown, 2729);
	assert_int_equal(dialogue.protocol.held.len, 0);
}

/* A secret may follow the last command that was counted. */
static void lost_before_a_secret(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "pop3");
	client_says("RETR 1\r\n");
	flood("LIST\r\n", "NOOP\r\n", 126);
	client_says("LIST\r\nPASS\r\nsecret\r\n");
	assert_null(strstr(dialogue.text, LOST));
	session_finish(&dialogue.protocol);
	assert_non_null(strstr(dialogue.text, LOST));
	assert_non_null(strstr(dialogue.text, "\n<***\n"));
	assert_null(strstr(dialogue.text, "secret"));
}

/* Where a message of the server ends is not known any more. */
static void lost_in_a_mail(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "pop3");
	server_says("+OK\r\n");
	client_says("RETR 1\r\n");
	server_says("+OK\r\ntext\r\n");
	flood("LIST\r\n", "NOOP\r\n", 1500);
	assert_non_null(
	    strstr(dialogue.text,
		   ":> 6 bytes, 1 lines of message, unfinished\n" LOST));
	/* recio.1 says that the rest is recorded. */
	server_says("more\r\n");
	assert_non_null(strstr(dialogue.text, "\n>more\n"));
}

/* The length of a script is known. */
static void lost_in_a_literal(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "sieve");
	server_says("OK\r\n");
	client_says("GETSCRIPT \"a\"\r\n");
	server_says("{12}\r\nkeep;");
	flood("NOOP\r\n", "GETSCRIPT \"a\"\r\n", 1500);
	assert_non_null(strstr(dialogue.text, LOST));
	server_says("\r\nstop;\r\nOK\r\n");
	session_finish(&dialogue.protocol);
	assert_non_null(
	    strstr(dialogue.text, ":> 12 bytes, 1 lines of message\n>\n>OK\n"));
	assert_null(strstr(dialogue.text, "unfinished"));
}

/* An authentication of which the protocol that is found knows nothing. */
static void found_in_an_authentication(void **state)
{
	(void)state;
	DIALOGUE("auto", "<AUTH PLAIN\n>OK x\n<***\n<NOOP\n", "<AUTH PLAIN\r\n",
		 ">OK x\r\n", "<secret\r\nNOOP\r\n");
	DIALOGUE("auto", "<PASS\n>OK x\n<***\n<NOOP\n", "<PASS\r\n",
		 ">OK x\r\n", "<secret\r\nNOOP\r\n");
}

/* The client ended before the protocol was found, within a line. */
static void found_behind_the_end(void **state)
{
	(void)state;
	DIALOGUE("auto",
		 "<RETR 1+\n<[EOF]\n>+OK hi\n>+OK\n"
		 ":> 6 bytes, 1 lines of message\n",
		 "<RETR 1", "<!", ">+OK hi\r\n+OK\r\nbody\r\n.\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lost_at_the_limit),
	    cmocka_unit_test(lost_before_a_secret),
	    cmocka_unit_test(lost_in_a_mail),
	    cmocka_unit_test(lost_in_a_literal),
	    cmocka_unit_test(found_in_an_authentication),
	    cmocka_unit_test(found_behind_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
