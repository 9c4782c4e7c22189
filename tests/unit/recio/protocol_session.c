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

static bool has_agreed(void)
{
	return session_has_agreed(&dialogue.protocol);
}

/* From the reply to STARTTLS on, until either side says more. */
static void agreed_on_tls(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "smtp");
	server_says("220 hi\r\n");
	client_says("STARTTLS\r\n");
	assert_false(has_agreed());
	server_says("220 go");
	assert_false(has_agreed());
	server_says(" ahead\r\n");
	assert_true(has_agreed());
	server_says("250 more\r\n");
	assert_false(has_agreed());
	client_says("STARTTLS\r\n");
	server_says("220 go\r\n250 more\r\n");
	assert_false(has_agreed());
	client_says("STARTTLS\r\n");
	server_says("454 not now\r\n");
	assert_false(has_agreed());
	client_says("STARTTLS\r\n");
	server_says("220 go\r\n");
	assert_true(has_agreed());
	client_says("NOOP\r\n");
	assert_false(has_agreed());
}

static void agreed_in_each_dialect(void **state)
{
	static const char *const words[][3] = {
	    {"lmtp", "STARTTLS\r\n", "220 go\r\n"},
	    {"pop3", "STLS\r\n", "+OK go\r\n"},
	    {"nntp", "STARTTLS\r\n", "382 go\r\n"},
	    {"sieve", "STARTTLS\r\n", "OK go\r\n"},
	    {"imap", "a STARTTLS\r\n", "a OK go\r\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		dialogue_begin(&dialogue, words[i][0]);
		server_says(strcmp(words[i][0], "pop3") == 0    ? "+OK hi\r\n"
			    : strcmp(words[i][0], "nntp") == 0  ? "200 hi\r\n"
			    : strcmp(words[i][0], "sieve") == 0 ? "OK hi\r\n"
			    : strcmp(words[i][0], "imap") == 0  ? "* OK hi\r\n"
								: "220 hi\r\n");
		client_says(words[i][1]);
		server_says(words[i][2]);
		assert_true(has_agreed());
	}
}

/*
 * The program has dropped commands that came with STARTTLS: they get no reply,
 * so the first reply inside of TLS is to the first command inside of it.
 */
static void tls_after_injected_commands(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "pop3");
	server_says("+OK hi\r\n");
	client_says("STLS\r\nRETR 1\r\nUSER to");
	server_says("+OK go\r\n");
	session_begin_tls(&dialogue.protocol, "TLS");
	client_says("NOOP\r\n");
	server_says("+OK\r\n");
	client_says("RETR 1\r\n");
	server_says("+OK\r\nhidden\r\n.\r\n");
	client_says("PASS secret\r\n");
	server_says("+OK\r\n");
	session_finish(&dialogue.protocol);
	assert_string_equal(dialogue.text,
			    ">+OK hi\n<STLS\n>+OK go\n<RETR 1\n<USER to+\n"
			    ":TLS\n<NOOP\n>+OK\n<RETR 1\n>+OK\n"
			    ":> 8 bytes, 1 lines of message\n"
			    "<PASS ***\n>+OK\n");
}

/* From the first byte: the greeting comes inside of TLS. */
static void tls_before_the_greeting(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "pop3");
	session_begin_tls(&dialogue.protocol, "TLS");
	server_says("+OK hi\r\n");
	client_says("RETR 1\r\n");
	server_says("+OK\r\nhidden\r\n.\r\n");
	assert_string_equal(dialogue.text, ":TLS\n>+OK hi\n<RETR 1\n>+OK\n"
					   ":> 8 bytes, 1 lines of message\n");
}

/* The first 200 inside of TLS is a reply, not a greeting. */
static void tls_in_nntp(void **state)
{
	(void)state;
	dialogue_begin(&dialogue, "nntp");
	server_says("200 hi\r\n");
	client_says("STARTTLS\r\n");
	server_says("382 go\r\n");
	session_begin_tls(&dialogue.protocol, "TLS");
	client_says("MODE READER\r\nLISTGROUP a\r\n");
	server_says("200 ok\r\n211 1 1 1 a\r\n1\r\n.\r\n");
	client_says("GROUP a\r\n");
	server_says("211 1 1 1 a\r\n");
	client_says("AUTHINFO PASS secret\r\n");
	assert_string_equal(dialogue.text,
			    ">200 hi\n<STARTTLS\n>382 go\n:TLS\n"
			    "<MODE READER\n<LISTGROUP a\n>200 ok\n"
			    ">211 1 1 1 a\n:> 3 bytes, 1 lines of message\n"
			    "<GROUP a\n"
			    ">211 1 1 1 a\n<AUTHINFO PASS ***\n");
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
	    cmocka_unit_test(agreed_on_tls),
	    cmocka_unit_test(agreed_in_each_dialect),
	    cmocka_unit_test(tls_after_injected_commands),
	    cmocka_unit_test(tls_before_the_greeting),
	    cmocka_unit_test(tls_in_nntp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
