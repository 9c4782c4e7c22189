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

/* Each dialect goes on inside of TLS: its secrets, its messages. */
static void inside_of_starttls(void **state)
{
	(void)state;
	DIALOGUE_INSIDE(
	    "smtp",
	    ">220 hi\n<STARTTLS\n>220 go\n:TLS\n<EHLO c\n>250 AUTH\n"
	    "<AUTH PLAIN ***\n>235 ok\n<AUTH LOGIN\n>334 u\n<***\n>334 p\n"
	    "<***\n>535 *** bad\n<DATA\n>354 go\n"
	    ":< 6 bytes, 1 lines of message\n>250 ok\n<QUIT\n>221 bye\n"
	    "<[EOF]\n>[EOF]\n",
	    ">220 hi\r\n", "<STARTTLS\r\n", ">220 go\r\n", HELLO, "<EHLO c\r\n",
	    ">250 AUTH\r\n", "<AUTH PLAIN secret\r\n", ">235 ok\r\n",
	    "<AUTH LOGIN\r\n", ">334 u\r\n", "<secret\r\n", ">334 p\r\n",
	    "<secret2\r\n", ">535 secret2 bad\r\n", "<DATA\r\n", ">354 go\r\n",
	    "<mail\r\n.\r\n", ">250 ok\r\n", "<QUIT\r\n", ">221 bye\r\n", "<!",
	    ">!");
	DIALOGUE_INSIDE(
	    "pop3",
	    ">+OK\n<STLS\n>+OK\n:TLS\n<USER u\n>+OK\n<PASS ***\n>+OK\n"
	    "<RETR 1\n>+OK\n:> 6 bytes, 1 lines of message\n<QUIT\n",
	    ">+OK\r\n", "<STLS\r\n", ">+OK\r\n", HELLO, "<USER u\r\n",
	    ">+OK\r\n", "<PASS secret\r\n", ">+OK\r\n", "<RETR 1\r\n",
	    ">+OK\r\nmail\r\n.\r\n", "<QUIT\r\n");
	DIALOGUE_INSIDE(
	    "imap",
	    ">* OK hi\n<a STARTTLS\n>a OK\n:TLS\n<b LOGIN u ***\n>b OK\n"
	    "<c APPEND x {4}\n>+ go\n:< 4 bytes, 0 lines of message\n<\n"
	    ">c OK\n",
	    ">* OK hi\r\n", "<a STARTTLS\r\n", ">a OK\r\n", HELLO,
	    "<b LOGIN u secret\r\n", ">b OK\r\n", "<c APPEND x {4}\r\n",
	    ">+ go\r\n", "<mail\r\n", ">c OK\r\n");
	DIALOGUE_INSIDE(
	    "nntp",
	    ">200 hi\n<STARTTLS\n>382 go\n:TLS\n<AUTHINFO USER u\n>381 p\n"
	    "<AUTHINFO PASS ***\n>281 ok\n",
	    ">200 hi\r\n", "<STARTTLS\r\n", ">382 go\r\n", HELLO,
	    "<AUTHINFO USER u\r\n", ">381 p\r\n", "<AUTHINFO PASS secret\r\n",
	    ">281 ok\r\n");
	/* The server announces itself again. */
	DIALOGUE_INSIDE("sieve",
			">OK\n<STARTTLS\n>OK\n:TLS\n>\"SASL\" \"PLAIN\"\n>OK\n"
			"<AUTHENTICATE \"PLAIN\" ***\n>OK\n<LISTSCRIPTS\n>OK\n",
			">OK\r\n", "<STARTTLS\r\n", ">OK\r\n", HELLO,
			">\"SASL\" \"PLAIN\"\r\nOK\r\n",
			"<AUTHENTICATE \"PLAIN\" \"secret\"\r\n", ">OK\r\n",
			"<LISTSCRIPTS\r\n", ">OK\r\n");
}

static void inside_from_the_start(void **state)
{
	(void)state;
	DIALOGUE_INSIDE("auto",
			":TLS\n>+OK hi\n<USER u\n>+OK\n<PASS ***\n>+OK\n"
			"<RETR 1\n>+OK\n:> 6 bytes, 1 lines of message\n",
			HELLO, ">+OK hi\r\n", "<USER u\r\n", ">+OK\r\n",
			"<PASS secret\r\n", ">+OK\r\n", "<RETR 1\r\n",
			">+OK\r\nmail\r\n.\r\n");
	/* There is no TLS inside of TLS. */
	DIALOGUE_INSIDE("smtp",
			":TLS\n>220 hi\n<STARTTLS\n>220 go\n<*** 3 bytes\n"
			">\x16\n<QUIT\n",
			HELLO, ">220 hi\r\n", "<STARTTLS\r\n", ">220 go\r\n",
			"<\x16\x03\r\n", ">\x16\r\n", "<QUIT\r\n");
}

/* What came with STARTTLS, in the clear, stays visible, whole lines or not. */
static void injected_before_tls(void **state)
{
	(void)state;
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<RSET\n:TLS\n<NOOP\n"
			">250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nRSET\r\n", ">220 go\r\n",
			HELLO, "<NOOP\r\n", ">250 ok\r\n");
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<RSE+\n:TLS\n"
			"<NOOP\n>250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nRSE", ">220 go\r\n", HELLO,
			"<NOOP\r\n", ">250 ok\r\n");
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<AUTH PLAIN ***+\n"
			":TLS\n<NOOP\n>250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nAUTH PLAIN secr",
			">220 go\r\n", HELLO, "<NOOP\r\n", ">250 ok\r\n");
	/* No hello follows: it was the beginning of a line. */
	DIALOGUE_INSIDE("smtp", ">220 hi\n<STARTTLS\n>220 go\n<RSET\n>250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nRSE", ">220 go\r\n",
			"<T\r\n", ">250 ok\r\n");
}

/* A dialect that waits for an answer to such a command does not hide TLS. */
static void injected_data_before_tls(void **state)
{
	(void)state;
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<DATA\n:TLS\n"
			"<EHLO c\n>250 ok\n<AUTH PLAIN ***\n>235 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nDATA\r\n", ">220 go\r\n",
			HELLO, "<EHLO c\r\n", ">250 ok\r\n",
			"<AUTH PLAIN secret\r\n", ">235 ok\r\n");
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<AUTH LOGIN\n<***+\n"
			":TLS\n<NOOP\n>250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\nAUTH LOGIN\r\nsec",
			">220 go\r\n", HELLO, "<NOOP\r\n", ">250 ok\r\n");
	DIALOGUE_INSIDE("imap",
			">* OK hi\n<a STARTTLS\n>a OK\n"
			"<b LOGIN {3}\n:TLS\n<c NOOP\n>c OK\n",
			">* OK hi\r\n", "<a STARTTLS\r\nb LOGIN {3}\r\n",
			">a OK\r\n", HELLO, "<c NOOP\r\n", ">c OK\r\n");
	/* After the answer, too, as long as the server says nothing. */
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<DATA\n:TLS\n<NOOP\n"
			">250 ok\n",
			">220 hi\r\n", "<STARTTLS\r\n", ">220 go\r\n",
			"<DATA\r\n", HELLO, "<NOOP\r\n", ">250 ok\r\n");
	/* A server that does not take it for a hello. */
	DIALOGUE_INSIDE("smtp",
			">220 hi\n<STARTTLS\n>220 go\n<AUTH LOGIN\n"
			">500 what\n<***\n<QUIT\n",
			">220 hi\r\n", "<STARTTLS\r\nAUTH LOGIN\r\n",
			">220 go\r\n", "<\x16\x03 secret\r\n", ">500 what\r\n",
			"<QUIT\r\n");
}

/* A hello can be too long to be held, and is one if the server answers so. */
static void long_hello(void **state)
{
	static char junk[HELD_BYTES_MAX];

	(void)state;
	memset(junk, 'x', sizeof junk);
	dialogue_begin(&dialogue, "smtp");
	dialogue_look_inside(&dialogue);
	client_says("\x16\x03\x01");
	dialogue_data(&dialogue, RELAY_IN, junk, sizeof junk);
	server_says("\x16");
	client_says("AUTH PLAIN secret\r\n");
	server_says("235 ok\r\n");
	session_finish(&dialogue.protocol);
	assert_non_null(
	    strstr(dialogue.text, ":TLS\n<AUTH PLAIN ***\n>235 ok\n"));
}

/* Returns how many of these bytes may be given as counts. */
static size_t measure_counts(struct session_counts *counts, const char *at,
			     size_t len)
{
	size_t n = 0;

	*counts = (struct session_counts){.len = 2};
	if (strchr(".\r\n", *at))
		return 0;
	while (n < len && !(at[n] == '\n' && n + 1 < len && at[n + 1] == '.'))
		n++;
	if (n <= counts->len)
		return 0;
	counts->bytes = n;
	counts->last = at + n - counts->len;
	for (size_t i = 0; i < n - counts->len; i++)
		counts->lines += at[i] == '\n';
	return n;
}

/* Says bytes in pieces, as counts where they may be. Returns how many those. */
static size_t say_counted(enum relay_dir dir, const char *at, size_t piece)
{
	struct session_counts counts;
	size_t n, counted = 0;

	for (size_t len; (len = strlen(at)); at += n) {
		len = len < piece ? len : piece;
		n = measure_counts(&counts, at, len);
		if (n && session_counts(&dialogue.protocol, dir) &&
		    session_take_counts(&dialogue.protocol, dir, &counts)) {
			counted += n;
			continue;
		}
		n = len;
		dialogue_data(&dialogue, dir, at, n);
	}
	return counted;
}

static void begin_message(const char *dialect, const char *ask,
			  const char *answer)
{
	dialogue_begin(&dialogue, dialect);
	server_says(strcmp(dialect, "pop3") == 0 ? "+OK\r\n" : "220 hi\r\n");
	client_says(ask);
	server_says(answer);
}

/* A record does not depend on which bytes of a message come as counts. */
static void compare_counts(const char *dialect, const char *ask,
			   const char *answer, enum relay_dir dir)
{
	char body[200], want[sizeof dialogue.text];
	unsigned int random = 1;
	size_t counted = 0;

	for (size_t i = 0; i < 2000; i++) {
		size_t len = (random = random * 1103515245 + 12345) >> 16 & 127;

		for (size_t j = 0; j < len; j++) {
			random = random * 1103515245 + 12345;
			body[j] = "xxxx\r\n\n."[random >> 16 & 7];
		}
		strcpy(body + len, "x\r\n.\r\n");
		begin_message(dialect, ask, answer);
		dialogue_data(&dialogue, dir, body, strlen(body));
		session_finish(&dialogue.protocol);
		strcpy(want, dialogue.text);
		begin_message(dialect, ask, answer);
		counted += say_counted(dir, body, 1 + (random >> 24 & 63));
		session_finish(&dialogue.protocol);
		assert_string_equal(dialogue.text, want);
	}
	assert_true(counted > 2000);
}

static void counts_are_as_good(void **state)
{
	(void)state;
	compare_counts("smtp", "DATA\r\n", "354 go\r\n", RELAY_IN);
	compare_counts("lmtp", "DATA\r\n", "354 go\r\n", RELAY_IN);
	compare_counts("nntp", "POST\r\n", "340 go\r\n", RELAY_IN);
	compare_counts("nntp", "ARTICLE 1\r\n", "220 it follows\r\n",
		       RELAY_OUT);
	compare_counts("pop3", "RETR 1\r\n", "+OK\r\n", RELAY_OUT);
}

static bool counts_of(enum relay_dir dir)
{
	return session_counts(&dialogue.protocol, dir);
}

/* Counts are taken within a message alone, and where it is not shown. */
static void counts_elsewhere(void **state)
{
	const struct session_counts counts = {300, 2, "\r\n", 2};

	(void)state;
	dialogue_begin(&dialogue, "smtp");
	server_says("220 hi\r\n");
	client_says("DATA\r\n");
	assert_false(counts_of(RELAY_IN));
	assert_false(
	    session_take_counts(&dialogue.protocol, RELAY_IN, &counts));
	server_says("354 go\r\n");
	assert_true(counts_of(RELAY_IN));
	assert_false(counts_of(RELAY_OUT));
	assert_true(session_take_counts(&dialogue.protocol, RELAY_IN, &counts));
	client_says("x\n.\r\n");
	assert_false(counts_of(RELAY_IN)); /* it may have ended */
	server_says("250 ok\r\n");
	assert_false(counts_of(RELAY_IN));
	client_says("AUTH PLAIN secret\r\n");
	assert_false(counts_of(RELAY_IN));
	session_finish(&dialogue.protocol);
	assert_string_equal(dialogue.text,
			    ">220 hi\n<DATA\n>354 go\n"
			    ">250 ok\n:< 302 bytes, 4 lines of message\n"
			    "<AUTH PLAIN ***\n");
	begin_message("smtp", "DATA\r\n", "354 go\r\n");
	dialogue.protocol.redactor.config.contents = true;
	assert_false(counts_of(RELAY_IN));
	/* An answer that nobody waits for may mean that it read commands. */
	begin_message("smtp", "DATA\r\n", "");
	session_end(&dialogue.protocol, RELAY_OUT);
	client_says("Subject: x\r\n");
	assert_false(counts_of(RELAY_IN));
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
	    cmocka_unit_test(inside_of_starttls),
	    cmocka_unit_test(inside_from_the_start),
	    cmocka_unit_test(injected_before_tls),
	    cmocka_unit_test(injected_data_before_tls),
	    cmocka_unit_test(long_hello),
	    cmocka_unit_test(counts_are_as_good),
	    cmocka_unit_test(counts_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
