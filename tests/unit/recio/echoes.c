/*
 * Servers that repeat a secret of the client's: stars stand in the record where
 * the server repeats it, in each protocol.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "splits.h"

static void smtp(void **state)
{
	(void)state;
	/* A client that cancels no authentication, but goes on with it. */
	DIALOGUE("smtp",
		 "<AUTH LOGIN\n>504 no\n<***\n"
		 ">500 Error: command \"***\" not recognized\n",
		 "<AUTH LOGIN\r\n", ">504 no\r\n", "<AHVzZXIAc2VjcmV0\r\n",
		 ">500 Error: command \"AHVzZXIAc2VjcmV0\" not recognized\r\n");
	/* In upper case, and in lines of their own. */
	DIALOGUE("smtp",
		 "<AUTH PLAIN ***\n>500-unknown: AUTH PLAIN ***\n>500 ***\n",
		 "<AUTH PLAIN AHVzZXIAc2VjcmV0\r\n",
		 ">500-unknown: AUTH PLAIN AHVZZXIAC2VJCMV0\r\n"
		 "500 AHVzZXIAc2VjcmV0\r\n");
	DIALOGUE("lmtp", "<XPASS *** 13 bytes\n>500 XPASS *** unknown\n",
		 "<XPASS secret words\r\n",
		 ">500 XPASS secret words unknown\r\n");
}

static void imap(void **state)
{
	(void)state;
	DIALOGUE("imap",
		 "<a AUTHENTICATE PLAIN\n>+ \n<***\n>a OK done\n"
		 ">*** BAD Missing command\n",
		 "<a AUTHENTICATE PLAIN\r\n", ">+ \r\n",
		 "<AHVzZXIAc2VjcmV0\r\n",
		 ">a OK done\r\nzXIAc2VjcmV0 BAD Missing command\r\n");
	DIALOGUE("imap", "<a LOGIN alice ***\n>a NO alice, not ***\n",
		 "<a LOGIN alice wonderland\r\n",
		 ">a NO alice, not wonderland\r\n");
	DIALOGUE("imap", "<a LOGIN alice ***\n>+ \n<***\n>a NO not ***\n",
		 "<a LOGIN alice {10}\r\n", ">+ \r\n", "<wonderland\r\n",
		 ">a NO not wonderland\r\n");
}

static void pop3(void **state)
{
	(void)state;
	DIALOGUE("pop3",
		 ">+OK\n<USER alice\n>+OK alice\n<PASS ***\n"
		 ">-ERR alice: no such password: ***!\n",
		 ">+OK\r\n", "<USER alice\r\n", ">+OK alice\r\n",
		 "<PASS wonder land\r\n",
		 ">-ERR alice: no such password: wonder land!\r\n");
}

static void nntp(void **state)
{
	(void)state;
	DIALOGUE("nntp",
		 ">200\n<AUTHINFO USER alice\n>381 alice\n<AUTHINFO PASS ***\n"
		 ">481 alice: not ***!\n",
		 ">200\r\n", "<AUTHINFO USER alice\r\n", ">381 alice\r\n",
		 "<AUTHINFO PASS wonder land\r\n",
		 ">481 alice: not wonder land!\r\n");
}

static void sieve(void **state)
{
	(void)state;
	DIALOGUE("sieve",
		 ">OK\n<AUTHENTICATE \"PLAIN\" ***\n"
		 ">NO \"no such argument: ***\"\n",
		 ">OK\r\n", "<AUTHENTICATE \"PLAIN\" \"AHVzZXIAc2VjcmV0\"\r\n",
		 ">NO \"no such argument: AHVzZXIAc2VjcmV0\"\r\n");
}

static void automatic(void **state)
{
	(void)state;
	DIALOGUE("auto", "<PASS ***\n>huh\n>what is ***?\n",
		 "<PASS wonderland\r\n", ">huh\r\nwhat is wonderland?\r\n");
}

/* What is shown of the client is shown of the server. */
static void ordinary(void **state)
{
	(void)state;
	DIALOGUE("smtp",
		 "<AUTH PLAIN ***\n>235 2.7.0 Authentication successful\n"
		 "<MAIL FROM:<alice@example.org>\n>250 alice@example.org ok\n",
		 "<AUTH PLAIN AHVzZXIAc2VjcmV0\r\n",
		 ">235 2.7.0 Authentication successful\r\n",
		 "<MAIL FROM:<alice@example.org>\r\n",
		 ">250 alice@example.org ok\r\n");
}

/* Short passwords are hidden where they stand as words. */
static void short_words(void **state)
{
	(void)state;
	DIALOGUE("pop3",
		 ">+OK\n<PASS ***\n>-ERR ***: wrong\n>-ERR \"***\"\n"
		 ">-ERR abcde abc4 1abcd\n",
		 ">+OK\r\n", "<PASS abcd\r\n",
		 ">-ERR abcd: wrong\r\n-ERR \"ABCD\"\r\n"
		 "-ERR abcde abc4 1abcd\r\n");
	DIALOGUE("pop3", ">+OK\n<PASS ***\n>-ERR ***\n>-ERR ***\n", ">+OK\r\n",
		 "<PASS a,b,c\r\n", ">-ERR a,b,c\r\n", ">-ERR a,b,c\r\n");
	DIALOGUE("pop3", ">+OK\n<PASS ***\n>-ERR no\n", ">+OK\r\n",
		 "<PASS no\r\n", ">-ERR no\r\n");
}

/* The client says something while the server is in a line. */
static void interrupted(void **state)
{
	(void)state;
	DIALOGUE("pop3", ">+OK\n<PASS ***\n<NOOP\n>-ERR not ***\n", ">+OK\r\n",
		 "<PASS wonderland\r\n", ">-ERR not wonde", "<NOOP\r\n",
		 ">rland\r\n");
	DIALOGUE("pop3", ">+OK\n<PASS ***\n>-ERR not ***+\n>[EOF]\n",
		 ">+OK\r\n", "<PASS wonderland\r\n", ">-ERR not wonderl", ">!");
	DIALOGUE("pop3", ">+OK\n<PASS ***\n>-ERR not ***+\n", ">+OK\r\n",
		 "<PASS wonderland\r\n", ">-ERR not wonderl");
}

/* What waits for an answer may be a secret; that to another line shows it. */
static void replies_held_until_the_secret_is_known(void **state)
{
	(void)state;
	DIALOGUE("imap",
		 "<a AUTHENTICATE PLAIN\n>*** BAD Missing command\n>a OK\n"
		 "<***\n",
		 "<a AUTHENTICATE PLAIN\r\nAHVzZXIAc2VjcmV0\r\n",
		 ">AHVzZXIAc2VjcmV0 BAD Missing command\r\na OK\r\n");
	DIALOGUE("imap",
		 "<a AUTHENTICATE PLAIN ***\n>a OK [CAPABILITY IDLE] in\n"
		 "<b CAPABILITY\n>* CAPABILITY IDLE\n>b OK\n",
		 "<a AUTHENTICATE PLAIN AHVzZXIAc2VjcmV0\r\nb CAPABILITY\r\n",
		 ">a OK [CAPABILITY IDLE] in\r\n* CAPABILITY IDLE\r\n"
		 "b OK\r\n");
}

/* A message that the server took for lines, which it repeats. */
static void refused_octets(void **state)
{
	(void)state;
	DIALOGUE("smtp",
		 ">250-mx\n>250-CHUNKING\n>250 HELP\n<BDAT 29\n"
		 ":< 29 bytes, 1 lines of message\n>503 no\n"
		 ":< not taken: lines begin with AUTH\n"
		 ">500 unknown: ***\n",
		 ">250-mx\r\n250-CHUNKING\r\n250 HELP\r\n",
		 "<BDAT 29\r\nAUTH PLAIN AHVzZXIAc2VjcmV0\r\n", ">503 no\r\n",
		 ">500 unknown: AHVzZXIAc2VjcmV0\r\n");
	DIALOGUE("smtp",
		 ">250-mx\n>250-CHUNKING\n>250 HELP\n<BDAT 9\n"
		 ":< 9 bytes, 1 lines of message\n>250 message taken\n",
		 ">250-mx\r\n250-CHUNKING\r\n250 HELP\r\n",
		 "<BDAT 9\r\nmessage\r\n", ">250 message taken\r\n");
}

/* Refuses a chunk of size bytes, and repeats its first line. */
static bool shows_first_line(size_t size)
{
	static const char lines[] = "q1w2e3\nRSET\n";
	static struct dialogue d;
	static char said[8192];
	char *at = said + sprintf(said, "BDAT %zu\r\n", size);

	memset(at, '\n', size);
	memcpy(at, lines, sizeof lines - 1);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, ">250 CHUNKING\r\n");
	dialogue_data(&d, RELAY_IN, said, (size_t)(at - said) + size);
	dialogue_say(&d, ">503 no\r\n500 q1w2e3\r\n");
	session_finish(&d.protocol);
	assert_non_null(strstr(d.text, "lines begin with RSET"));
	return strstr(d.text, ">500 q1w2e3\n");
}

/* recio.1 names this number of bytes. */
static void last_octets(void **state)
{
	(void)state;
	assert_false(shows_first_line(4096));
	assert_true(shows_first_line(4097));
}

/* A line longer than what is kept of it. */
static void long_line(void **state)
{
	static char line[3000];
	static struct dialogue d;
	const char *piece[] = {">+OK\r\n", "<PASS wonderland\r\n", line, NULL};
	size_t n;

	(void)state;
	for (size_t before = 1; before < 1100; before++) {
		n = 1 + before;
		memset(line, 'x', n);
		line[0] = '>';
		n += (size_t)sprintf(line + n, " wonderland %0800d\r\n", 0);
		dialogue_begin(&d, "pop3");
		dialogue_feed(&d, piece, 0, 0);
		assert_non_null(strstr(d.text, "x *** 000"));
		assert_int_equal(strlen(d.text), sizeof ">+OK\n<PASS ***\n>" +
						     before + 806 - 1);
	}
}

/* A line in which all runs of six bytes that are in the secret are stars. */
static void reference(char *out, const char *secret, const char *line)
{
	static bool marked[4096];
	size_t len = strlen(line);
	char run[HIDDEN_RUN + 1] = "";

	memset(marked, false, sizeof marked);
	for (size_t i = 0; i + HIDDEN_RUN <= len; i++) {
		memcpy(run, line + i, HIDDEN_RUN);
		if (strcasestr(secret, run))
			memset(marked + i, true, HIDDEN_RUN);
	}
	for (size_t i = 0; i < len; i++) {
		if (!marked[i])
			*out++ = line[i];
		else if (!i || !marked[i - 1])
			out += sprintf(out, "***");
	}
	*out = 0;
}

/* What is shown is so, however long the line is. */
static void lines_agree_with_the_reference(void **state)
{
	static struct dialogue d;
	static char secret[64], line[4096], want[8192], said[4200];
	uint64_t n = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		size_t before = HIDDEN_RUN + hash_bytes(1, &n, 8) % 40;
		size_t len = 1 + hash_bytes(2, &n, 8) % 3000;

		memset(secret, 0, sizeof secret);
		for (size_t i = 0; i < before; i++, n++)
			secret[i] = "abcA"[hash_bytes(3, &n, 8) % 4];
		for (size_t i = 0; i < len; i++, n++)
			line[i] = "abBcd"[hash_bytes(4, &n, 8) % 5];
		line[len] = 0;
		reference(want + sprintf(want, "<PASS ***\n>"), secret, line);
		strcat(want, "\n");
		dialogue_begin(&d, "pop3");
		len = (size_t)sprintf(said, "PASS %s\r\n", secret);
		dialogue_data(&d, RELAY_IN, said, len);
		strcat(line, "\r\n");
		dialogue_data(&d, RELAY_OUT, line, strlen(line));
		session_finish(&d.protocol);
		assert_string_equal(d.text, want);
	}
}

static void shown_secrets(void **state)
{
	static struct dialogue d;
	const char *const piece[] = {">+OK\r\n", "<PASS wonderland\r\n",
				     ">-ERR wonderland\r\n", NULL};

	(void)state;
	dialogue_begin(&d, "pop3");
	d.protocol.redactor.config.secrets = true;
	dialogue_feed(&d, piece, 0, 0);
	assert_string_equal(d.text,
			    ">+OK\n<PASS wonderland\n>-ERR wonderland\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(smtp),
	    cmocka_unit_test(imap),
	    cmocka_unit_test(pop3),
	    cmocka_unit_test(nntp),
	    cmocka_unit_test(sieve),
	    cmocka_unit_test(automatic),
	    cmocka_unit_test(ordinary),
	    cmocka_unit_test(short_words),
	    cmocka_unit_test(interrupted),
	    cmocka_unit_test(replies_held_until_the_secret_is_known),
	    cmocka_unit_test(refused_octets),
	    cmocka_unit_test(last_octets),
	    cmocka_unit_test(long_line),
	    cmocka_unit_test(lines_agree_with_the_reference),
	    cmocka_unit_test(shown_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
