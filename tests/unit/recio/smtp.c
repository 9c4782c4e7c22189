/* SMTP and LMTP: what may be recorded of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define SMTP(want, ...) DIALOGUE("smtp", want, __VA_ARGS__)
#define ANNOUNCE ">250-mx\r\n250-CHUNKING\r\n250 HELP\r\n"
#define ANNOUNCED ">250-mx\n>250-CHUNKING\n>250 HELP\n"
#define LMTP(want, ...) DIALOGUE("lmtp", want, __VA_ARGS__)

static void message(void **state)
{
	(void)state;
	SMTP(">220 mx\n<EHLO a\n>250-mx\n>250 8BITMIME\n<MAIL FROM:<a@b>\n"
	     ">250 ok\n<RCPT TO:<c@d>\n>250 ok\n<DATA\n>354 go\n"
	     ":< 27 bytes, 5 lines of message\n>250 ok\n<QUIT\n>221 bye\n"
	     "<[EOF]\n>[EOF]\n",
	     ">220 mx\r\n", "<EHLO a\r\n", ">250-mx\r\n250 8BITMIME\r\n",
	     "<MAIL FROM:<a@b>\r\n", ">250 ok\r\n", "<RCPT TO:<c@d>\r\n",
	     ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n",
	     "<Subject: x\r\n\r\n..\r\n.x\r\nsec\r\n.\r\n", ">250 ok\r\n",
	     "<QUIT\r\n", ">221 bye\r\n", "<!", ">!");
}

static void empty_message(void **state)
{
	(void)state;
	SMTP("<DATA\n>354 go\n:< 0 bytes, 0 lines of message\n<QUIT\n",
	     "<DATA\r\n", ">354 go\r\n", "<.\r\n", "<QUIT\r\n");
}

/* What comes before the answer to DATA is what the answer makes of it. */
static void pipelined(void **state)
{
	(void)state;
	SMTP(">220 x\n<EHLO a\n>250 x\n<MAIL FROM:<>\n<RCPT TO:<a>\n<DATA\n"
	     ">250 1\n>250 2\n>354 3\n:< 6 bytes, 1 lines of message\n<QUIT\n"
	     ">250 4\n>221 5\n",
	     ">220 x\r\n", "<EHLO a\r\n", ">250 x\r\n",
	     "<MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\nbody\r\n.\r\nQUIT\r\n",
	     ">250 1\r\n250 2\r\n354 3\r\n", ">250 4\r\n221 5\r\n");
	SMTP(">220 x\n<MAIL FROM:<>\n<RCPT TO:<a>\n<DATA\n>250 1\n>550 2\n"
	     ">503 3\n<RSET\n<QUIT\n>250 4\n>221 5\n",
	     ">220 x\r\n",
	     "<MAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\nRSET\r\nQUIT\r\n",
	     ">250 1\r\n550 2\r\n503 3\r\n", ">250 4\r\n221 5\r\n");
}

static void refused(void **state)
{
	(void)state;
	SMTP("<DATA\n>554 no\n<AUTH PLAIN ***\n>235 ok\n", "<DATA\r\n",
	     ">554 no\r\n", "<AUTH PLAIN AGEAYg==\r\n", ">235 ok\r\n");
}

/* A bare LF around the dot: the server says whether that was the end. */
static void bare_newlines(void **state)
{
	(void)state;
	SMTP("<DATA\n>354 go\n>250 ok\n:< 5 bytes, 1 lines of message\n<QUIT\n",
	     "<DATA\n", ">354 go\n", "<body\n.\n", ">250 ok\n", "<QUIT\n");
	SMTP("<DATA\n>354 go\n>250 ok\n:< 5 bytes, 1 lines of message\n<QUIT\n"
	     "<[EOF]\n>221 bye\n>[EOF]\n",
	     "<DATA\n", ">354 go\n", "<body\n.\nQUIT\n", "<!", ">250 ok\n",
	     ">221 bye\n", ">!");
	SMTP("<DATA\n>354 go\n>[EOF]\n:< 15 bytes, 4 lines of message, "
	     "unfinished\n",
	     "<DATA\n", ">354 go\n", "<body\n.\r\n.\nmore\n", ">!");
}

/* It goes on for so long that the dot was not the end. */
static void dot_within(void **state)
{
	static struct dialogue d;
	static char long_line[HELD_BYTES_MAX + 1000];

	(void)state;
	memset(long_line, 'x', sizeof long_line);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<DATA\r\n");
	dialogue_say(&d, ">354 x\r\n");
	dialogue_say(&d, "<a\n.\n");
	dialogue_data(&d, RELAY_IN, long_line, sizeof long_line);
	dialogue_say(&d, "<\r\n.\r\nNOOP\r\n");
	assert_string_equal(d.text, "<DATA\n>354 x\n:< 17390 bytes, 3 lines of "
				    "message\n<NOOP\n");
}

static void plain(void **state)
{
	(void)state;
	SMTP("<AUTH PLAIN ***\n>235 ok\n<NOOP\n", "<AUTH PLAIN AGEAYg==\r\n",
	     ">235 ok\r\n", "<NOOP\r\n");
	SMTP("<auth  \tplain \t ***\n>235 ok\n<NOOP\n",
	     "<auth  \tplain \t AGEAYg==\n", ">235 ok\n", "<NOOP\n");
	SMTP("<AUTH PLAIN\n>334 \n<***\n>235 ok\n<NOOP\n", "<AUTH PLAIN\r\n",
	     ">334 \r\n", "<AGEAYg==\r\n", ">235 ok\r\n", "<NOOP\r\n");
	SMTP("< AUTH PLAIN ***\n", "< AUTH PLAIN = x y\r\n");
	SMTP("<AUTH ***\n>535 no\n", "<AUTH=PLAIN AGEAYg==\r\n", ">535 no\r\n");
}

/* An answer that comes before its time leaves a doubt. */
static void early_answers(void **state)
{
	(void)state;
	SMTP("<AUTH LOGIN\n>235 ok\n<***\n<***\n<QUIT\n", "<AUTH LOGIN\r\n",
	     ">235 ok\r\n", "<dXNlcg==\r\n", "<cGFzcw==\r\n", "<QUIT\r\n");
	/* What was taken for a message, or a chunk of one, held the AUTH. */
	SMTP(">354 go\n>235 ok\n:< 12 bytes, 1 lines of message\n"
	     ":< not taken: lines begin with AUTH\n<***\n<QUIT\n",
	     ">354 go\r\n", "<AUTH LOGIN\r\n", ">235 ok\r\n", "<cGFzcw==\r\n",
	     "<QUIT\r\n");
	SMTP(">354 go\n>235 ok\n:< 15 bytes, 1 lines of message\n<***\n"
	     "<QUIT\n",
	     "<ABC", ">354 go\r\n", "<AUTH LOGIN\r\n", ">235 ok\r\n",
	     "<cGFzcw==\r\n", "<QUIT\r\n");
	SMTP(ANNOUNCED
	     "<BDAT 20\n>235 ok\n:< 12 bytes, 1 lines of message, unfinished"
	     "\n:< not taken: lines begin with AUTH\n"
	     ":< 10 bytes, 1 lines of message, unfinished\n<QUIT\n",
	     ANNOUNCE, "<BDAT 20\r\nAUTH LOGIN\r\n", ">235 ok\r\n",
	     "<cGFzcw==\r\n", "<QUIT\r\n");
}

/* A 354 that no DATA waits for: what it hides may be commands. */
static void go_ahead_out_of_turn(void **state)
{
	(void)state;
	SMTP(">354 go\n>250 ok\n:< 16 bytes, 2 lines of message\n"
	     ":< not taken: lines begin with HELP, RCPT\n<QUIT\n",
	     ">354 go\r\n", "<HELP\r\nRCPT TO:\r\n", ">250 ok\r\n",
	     "<QUIT\r\n");
	/* The client waits for another answer. */
	SMTP("<STARTTLS\n>354 go\n:< 9 bytes, 1 lines of message\n>250 ok\n"
	     "<QUIT\n",
	     "<STARTTLS\r\n", ">354 go\r\n", "<private\r\n.\r\n", ">250 ok\r\n",
	     "<QUIT\r\n");
}

/*
 * A client that did not wait sent commands, and a server whose answers do not
 * fit: its 354 is for a later DATA.
 */
static void commands_before_the_go_ahead(void **state)
{
	(void)state;
	SMTP("<DATA\n>354 go\n:< 23 bytes, 3 lines of message\n"
	     ":< not taken: lines begin with MAIL, DATA\n>250 ok\n<QUIT\n",
	     "<DATA\r\nMAIL FROM:<>\r\nDATA\r\nx\r\n.\r\n", ">354 go\r\n",
	     ">250 ok\r\n", "<QUIT\r\n");
	/* A message of a client that did not wait, too. */
	SMTP("<DATA\n>354 go\n:< 23 bytes, 3 lines of message\n>250 ok\n"
	     "<QUIT\n",
	     "<DATA\r\nHelp: x\r\n\r\nMAIL FROM:\r\n.\r\n", ">354 go\r\n",
	     ">250 ok\r\n", "<QUIT\r\n");
}

static void login(void **state)
{
	(void)state;
	SMTP("<AUTH LOGIN\n>334 VXNlcm5hbWU6\n<***\n>334 UGFzc3dvcmQ6\n<***\n"
	     ">535 no\n<AUTH LOGIN ***\n>334 UGFzc3dvcmQ6\n<***\n>235 ok\n"
	     "<MAIL FROM:<>\n",
	     "<AUTH LOGIN\r\n", ">334 VXNlcm5hbWU6\r\n", "<dXNlcg==\r\n",
	     ">334 UGFzc3dvcmQ6\r\n", "<cGFzcw==\r\n", ">535 no\r\n",
	     "<AUTH LOGIN dXNlcg==\r\n", ">334 UGFzc3dvcmQ6\r\n",
	     "<cGFzcw==\r\n", ">235 ok\r\n", "<MAIL FROM:<>\r\n");
}

static void cancelled(void **state)
{
	(void)state;
	SMTP("<AUTH CRAM-MD5\n>334 PDE+\n<*\n>501 cancelled\n<NOOP\n",
	     "<AUTH CRAM-MD5\r\n", ">334 PDE+\r\n", "<*\r\n",
	     ">501 cancelled\r\n", "<NOOP\r\n");
	SMTP("<AUTH CRAM-MD5\n>334 PDE+\n<***\n", "<AUTH CRAM-MD5\r\n",
	     ">334 PDE+\r\n", "<*x\r\n");
}

/* A client that does not wait: the answers tell what it said. */
static void blind(void **state)
{
	(void)state;
	SMTP(">220 x\n<EHLO a\n<AUTH LOGIN\n>250 x\n>334 u\n<***\n>334 p\n"
	     "<***\n>235 ok\n<QUIT\n",
	     ">220 x\r\n", "<EHLO a\r\nAUTH LOGIN\r\ndXNlcg==\r\ncGFzcw==\r\n",
	     ">250 x\r\n", ">334 u\r\n334 p\r\n235 ok\r\n", "<QUIT\r\n");
	/* There is none: all may be responses, but for names of commands. */
	SMTP("<AUTH LOGIN\n<***\n<***\n<EXPN ***\n<QUIT\n>[EOF]\n<[EOF]\n",
	     "<AUTH LOGIN\r\ndXNlcg==\r\nDATA/+=\r\nEXPN all\r\nQUIT\r\n", ">!",
	     "<!");
	/* It is refused, and the responses come all the same. */
	SMTP("<AUTH LOGIN\n>504 no\n<***\n<***\n<QUIT\n>500\n>500\n<foo\n",
	     "<AUTH LOGIN\r\n", ">504 no\r\n", "<dXNlcg==\r\n", "<cGFzcw==\r\n",
	     "<QUIT\r\n", ">500\r\n500\r\n", "<foo\r\n");
	/* In the middle of a line. */
	SMTP("<AUTH LOGIN\n>334 u\n>421 bye\n<***\n<NOOP\n", "<AUTH LOGIN\r\n",
	     ">334 u\r\n", "<dXN", ">421 bye\r\n", "<lcg==\r\nNOOP\r\n");
}

static void unexpected_challenge(void **state)
{
	(void)state;
	SMTP("<XAUTH\n>334 what\n<***\n>250 ok\n<NOOP\n", "<XAUTH\r\n",
	     ">334 what\r\n", "<c2VjcmV0\r\n", ">250 ok\r\n", "<NOOP\r\n");
}

/* A server that does not answer each line. */
static void answer_missing(void **state)
{
	(void)state;
	SMTP(">220 x\n<\n<AUTH PLAIN ***\n>235 ok\n<MAIL FROM:<>\n",
	     ">220 x\r\n", "<\r\n", "<AUTH PLAIN AGEAYg==\r\n", ">235 ok\r\n",
	     "<MAIL FROM:<>\r\n");
}

static void chunks(void **state)
{
	(void)state;
	SMTP(ANNOUNCED
	     "<BDAT 6\n:< 6 bytes, 1 lines of message\n>250 ok\n"
	     "<BDAT 5 LAST\n:< 5 bytes, 2 lines of message\n<QUIT\n>250 ok\n",
	     ANNOUNCE, "<BDAT 6\r\nbody\r\n", ">250 ok\r\n",
	     "<BDAT 5 LAST\r\n.\r\n\r\nQUIT\r\n", ">250 ok\r\n");
	SMTP(ANNOUNCED
	     "<BDAT 6\n:< 6 bytes, 0 lines of message\n>503 no\n"
	     ":< not taken: lines begin with AUTH\n<BDAT *** 7 bytes\n",
	     ANNOUNCE, "<BDAT 6\r\nAUTH P", "<BDAT 0 LAST\r\n", ">503 no\r\n");
}

/* A server that has no BDAT sees commands, whatever the number. */
static void unknown_chunk(void **state)
{
	(void)state;
	SMTP("<BDAT 99999999999999999999 LAST\n>502 what\n<NOOP\n",
	     "<BDAT 99999999999999999999 LAST\r\n", ">502 what\r\n",
	     "<NOOP\r\n");
	SMTP("<BDAT *** 2 bytes\n<NOOP\n", "<BDAT x\r\nNOOP\r\n");
}

/* A size that servers read differently, or refuse. */
static void odd_chunks(void **state)
{
	(void)state;
	/* Those five bytes, or none, and then a command. */
	SMTP(ANNOUNCED "<BDAT *** 3 bytes\n<AUTH ***\n>235 ok\n<NOOP\n",
	     ANNOUNCE, "<BDAT +5\r\nabcdeAUTH PLAIN c2Vj\r\n", ">235 ok\r\n",
	     "<NOOP\r\n");
	SMTP(ANNOUNCED "<BDAT *** 3 bytes\n<AUTH ***\n<RSET\n", ANNOUNCE,
	     "<BDAT 1x\r\nAUTH PLAIN c2Vj\r\nRSET\r\n");
	/* Both could be it. */
	SMTP(ANNOUNCED "<BDAT *** 3 bytes\n<HELP *** 16 bytes\n"
		       ":< not taken: lines begin with AUTH\n",
	     ANNOUNCE, "<BDAT +5\r\nHELP AUTH PLAIN c2Vj\r\n");
	/* Refused; what comes behind it was carried out. */
	SMTP(ANNOUNCED "<BDAT 4294967296\n<MAIL *** 8 bytes\n>501 no\n>250 ok\n"
		       ":< 5 bytes, 1 lines of message, unfinished\n<AUTH ***\n"
		       "<QUIT\n",
	     ANNOUNCE, "<BDAT 4294967296\r\nMAIL FROM:<>\r\n",
	     ">501 no\r\n250 ok\r\n", "<text\nAUTH PLAIN c2Vj\r\nQUIT\r\n");
	SMTP(ANNOUNCED "<BDAT 30\n:< 30 bytes, 4 lines of message\n>503 no\n"
		       ":< not taken: lines begin with RSET, MAIL\n<QUIT\n",
	     ANNOUNCE,
	     "<BDAT 30\r\nRSET\r\ntext\r\nMAIL FROM:<a>\r\n.\r\nQUIT\r\n",
	     ">503 no\r\n");
	SMTP(ANNOUNCED
	     "<BDAT 40\n>503 no\n:< 6 bytes, 1 lines of message, unfinished\n"
	     ":< not taken: lines begin with RSET\n<MAIL *** 9 bytes\n"
	     "<QUIT\n",
	     ANNOUNCE, "<BDAT 40\r\nRSET\r\n", ">503 no\r\n",
	     "<MAIL FROM:<a>\r\nQUIT\r\n");
	/* It ends within a line, and a command without arguments follows. */
	SMTP(ANNOUNCED
	     "<BDAT 21\n>503 no\n:< 6 bytes, 1 lines of message, unfinished\n"
	     "<NOOP *** 16 bytes\n<QUIT\n",
	     ANNOUNCE, "<BDAT 21\r\ntext\r\n", ">503 no\r\n",
	     "<the secret textNOOP\r\nQUIT\r\n");
	/* Where nothing announces chunks, whatever an answer seems to say. */
	SMTP("<BDAT 5\n<MAIL *** 15 bytes\n>250 sender ok\n<QUIT\n",
	     "<BDAT 5\r\nMAIL FROM:<> SIZE=5\r\n", ">250 sender ok\r\n",
	     "<QUIT\r\n");
}

/* A chunk that is refused within a line, and shorter than that line. */
static void line_behind_a_refused_chunk(void **state)
{
	(void)state;
	SMTP(ANNOUNCED "<BDAT 10\n>503 no\n:< 6 bytes, 0 lines of message, "
		       "unfinished\n<***QUIT\n",
	     ANNOUNCE, "<BDAT 10\r\nthe se", ">503 no\r\n", "<cretQUIT\r\n");
}

/* The server took the first bytes of this word: the others are no command. */
static void word_behind_a_chunk(void **state)
{
	(void)state;
	SMTP(ANNOUNCED "<BDAT 4\n:< 4 bytes, 0 lines of message\n>250 ok\n"
		       "<TTLS\n",
	     ANNOUNCE, "<BDAT 4\r\nSTARTTLS\r\n", ">250 ok\r\n");
}

/* A challenge decides that a chunk was lines, and that none of it comes. */
static void challenge_behind_a_chunk(void **state)
{
	(void)state;
	SMTP(ANNOUNCED "<BDAT 6\n:< 6 bytes, 1 lines of message\n>334 x\n"
		       ":< not taken: lines begin with NOOP\n<***\n",
	     ANNOUNCE, "<BDAT 6\r\nNOOP\r\n", ">334 x\r\n", "<secret\r\n");
	SMTP(ANNOUNCED "<BDAT *** 4 bytes\n>334 x\n:< 6 bytes, 1 lines of "
		       "message, unfinished\n<***\n>250 ok\n<***\n",
	     ANNOUNCE, "<BDAT +40\r\ntext\r\n", ">334 x\r\n", "<secret\r\n",
	     ">250 ok\r\n", "<secret\r\n");
}

/* The rest of a hidden line is no command, and has no answer. */
static void rest_of_a_hidden_line(void **state)
{
	(void)state;
	SMTP(">354 go\n>250 ok\n:< 2 bytes, 0 lines of message\n<***\n"
	     "<AUTH LOGIN\n>500 no\n<MAIL FROM:<a>\n",
	     "<AB", ">354 go\r\n", ">250 ok\r\n", "<C\r\n", "<AUTH LOGIN\r\n",
	     ">500 no\r\n", "<MAIL FROM:<a>\r\n");
}

/* A server that has no chunks reads lines: one may have asked for a secret. */
static void chunks_are_lines(void **state)
{
	(void)state;
	SMTP(ANNOUNCED "<BDAT 12\n:< 12 bytes, 1 lines of message\n>500 no\n"
		       ":< not taken: lines begin with AUTH\n<***\n<QUIT\n",
	     ANNOUNCE, "<BDAT 12\r\nAUTH LOGIN\r\n", ">500 no\r\n",
	     "<secret\r\nQUIT\r\n");
	SMTP(ANNOUNCED
	     "<BDAT 40\n>500 no\n:< 6 bytes, 1 lines of message, unfinished\n"
	     ":< not taken: lines begin with RSET\n<MAIL FROM:<a>\n",
	     ANNOUNCE, "<BDAT 40\r\nRSET\r\n", ">500 no\r\n",
	     "<MAIL FROM:<a>\r\n");
	/* No answer comes. */
	SMTP(ANNOUNCED "<BDAT 12\n:< 12 bytes, 1 lines of message\n"
		       ":< not taken: lines begin with AUTH\n",
	     ANNOUNCE, "<BDAT 12\r\nAUTH LOGIN\r\n");
	/* Lines of a refused chunk are repeated. */
	SMTP(ANNOUNCED "<BDAT 30\n>503 no\n>500 ***\n"
		       ":< 9 bytes, 1 lines of message, unfinished\n",
	     ANNOUNCE, "<BDAT 30\r\n", ">503 no\r\n", "<hunters\r\n",
	     ">500 hunters\r\n");
}

/* The command of a line that is judged in pieces. */
static void long_command(void **state)
{
	static struct dialogue d;
	static char response[GRAMMAR_LINE];

	(void)state;
	memset(response, 'A', sizeof response);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<AUTH PLAIN ");
	dialogue_data(&d, RELAY_IN, response, sizeof response);
	dialogue_say(&d, "<\r\nsecret\r\n");
	dialogue_say(&d, ">535 no\r\n");
	assert_string_equal(d.text, "<AUTH PLAIN ***\n>535 no\n<***\n");
}

/* All of a response is a secret, of whatever length. */
static void long_response(void **state)
{
	static struct dialogue d;
	static char response[GRAMMAR_LINE];

	(void)state;
	memset(response, 'A', sizeof response);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<AUTH LOGIN\r\n");
	dialogue_say(&d, ">334 u\r\n");
	dialogue_data(&d, RELAY_IN, response, sizeof response);
	dialogue_say(&d, "<EXPN sec");
	dialogue_say(&d, ">235 ok\r\n");
	dialogue_say(&d, "<ret\r\nQUIT\r\n");
	session_finish(&d.protocol);
	dialogue_close(&d, -1);
	assert_string_equal(d.text, "<AUTH LOGIN\n>334 u\n<***+\n>235 ok\n"
				    "<\n<QUIT\n");
}

/* One answer more than was counted: DATA has none that says yes but 354. */
static void answer_too_many(void **state)
{
	(void)state;
	SMTP("<BDAT *** 3 bytes\n:< 9 bytes, 1 lines of message, unfinished\n"
	     "<MAIL FROM:<a>\n<DATA\n>501 no\n>500 no\n>250 m\n>354 go\n"
	     ":< 12 bytes, 2 lines of message\n>250 ok\n<NOOP\n",
	     "<BDAT +9\r\nnothing\r\n", "<MAIL FROM:<a>\r\nDATA\r\n",
	     ">501 no\r\n500 no\r\n250 m\r\n", "<text\r\nQUIT\r\n.\r\n",
	     ">354 go\r\n250 ok\r\n", "<NOOP\r\n");
}

/* The same where a message was assumed, or its end. */
static void doubtful_messages(void **state)
{
	static struct dialogue d;
	static char text[HELD_BYTES_MAX];

	(void)state;
	memset(text, 'x', sizeof text);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<DATA\r\n");
	dialogue_say(&d, "<RSET\r\n");
	dialogue_data(&d, RELAY_IN, text, sizeof text);
	dialogue_say(&d, ">503 no\r\n");
	assert_non_null(strstr(d.text, ":< not taken: lines begin with RSET"));
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<DATA\r\n");
	dialogue_say(&d, ">354 go\r\n");
	dialogue_say(&d, "<QUIT\n.\nRSET\r\n");
	dialogue_data(&d, RELAY_IN, text, sizeof text);
	dialogue_say(&d, "<\r\n.\r\n");
	assert_non_null(
	    strstr(d.text, ":< not taken: lines begin with RSET\n"));
}

/* What a client says too early is what the answers make it. */
static void commands_within_authentication(void **state)
{
	(void)state;
	SMTP("<AUTH LOGIN\n>334 u\n<***\n>334 p\n<***\n>235 ok\n<EXPN all\n"
	     "<QUIT\n>250 x\n",
	     "<AUTH LOGIN\r\ndXNlcg==\r\ncGFzcw==\r\nEXPN all\r\nQUIT\r\n",
	     ">334 u\r\n334 p\r\n235 ok\r\n250 x\r\n");
	/* One that ends at once; then the second DATA is refused. */
	SMTP("<AUTH PLAIN ***\n>535 no\n<MAIL FROM:<a>\n<DATA\n>250 m\n"
	     ">354 d\n:< 6 bytes, 1 lines of message\n"
	     ":< not taken: lines begin with QUIT\n<DATA\n>250 ok\n"
	     ">503 no\n<Subject\n<QUIT\n",
	     "<AUTH PLAIN x\r\nMAIL FROM:<a>\r\nDATA\r\nQUIT\r\n.\r\nDATA\r\n"
	     "Subject\r\nQUIT\r\n",
	     ">535 no\r\n250 m\r\n354 d\r\n250 ok\r\n503 no\r\n");
}

static void tls(void **state)
{
	(void)state;
	SMTP(">220 x\n<STARTTLS\n>220 go\n:TLS\n<[EOF]\n>[EOF]\n", ">220 x\r\n",
	     "<STARTTLS\r\n", ">220 go\r\n", "<\x16\x03\x01hello",
	     ">\x16\x03\x03server", "<x\n", ">y\n", "<!", ">!");
	SMTP(":TLS\n", "<\x16\x03\x01hello", ">\x16\x03\x03server");
	/* It begins where a line does, not behind a blank. */
	SMTP("<*** 10 bytes\n>\x16\n", "< \x16\x03\x01hello\r\n", ">\x16\r\n");
	SMTP("<STARTTLS\n>454 no\n<*** 3 bytes\n>\x16\n<QUIT\n",
	     "<STARTTLS\r\n", ">454 no\r\n", "<\x16\x03\r\n", ">\x16\r\n",
	     "<QUIT\r\n");
}

static void tls_that_never_comes(void **state)
{
	(void)state;
	SMTP(">220 x\n<STARTTLS\n>220 go\n<AUTH PLAIN ***\n>235 ok\n",
	     ">220 x\r\n", "<STARTTLS\r\n", ">220 go\r\n",
	     "<AUTH PLAIN AGEAYg==\r\n", ">235 ok\r\n");
	SMTP(">220 x\n<STARTTLS\n>454 no\n<NOOP\n", ">220 x\r\n",
	     "<STARTTLS\r\n", ">454 no\r\n", "<NOOP\r\n");
	/* A client that does TLS, and a server that does not. */
	SMTP(">220 x\n>500 what\n<*** 8 bytes\n<QUIT\n", ">220 x\r\n",
	     "<\x16\x03\x01hello\n", ">500 what\r\n", "<QUIT\r\n");
	/* Begun in the clear, before the answer. */
	SMTP(">220 x\n<STARTTLS\n>220 go\n<RSET\n>250 ok\n", ">220 x\r\n",
	     "<STARTTLS\r\nRSET\r\n", ">220 go\r\n", ">250 ok\r\n");
}

/* What is never answered as a handshake is none. */
static void hello_without_end(void **state)
{
	static struct dialogue d;
	static char junk[HELD_BYTES_MAX];

	(void)state;
	memset(junk, 'x', sizeof junk);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<\x16\x03");
	dialogue_data(&d, RELAY_IN, junk, sizeof junk);
	dialogue_say(&d, "<\r\n");
	assert_string_equal(d.text, "<*** 16387 bytes\n");
	SMTP(">[EOF]\n<*** 7 bytes+\n", "<\x16\x03hello", ">!");
	/* Nor is any other record. */
	SMTP("<*** 4 bytes\n>\x15x\n", "<\x15\x03x\r\n", ">\x15x\r\n");
	SMTP("<*** 4 bytes\n>\x15x\n", "<\x16\x02x\r\n", ">\x15x\r\n");
}

/* A line that proxies put in front, and that gets no answer. */
static void proxy(void **state)
{
	(void)state;
	SMTP("<PROXY TCP4 192.0.2.1 192.0.2.2 1 25\n>220 x\n<STARTTLS\n"
	     ">220 go\n:TLS\n",
	     "<PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n", ">220 x\r\n",
	     "<STARTTLS\r\n", ">220 go\r\n", "<\x16\x03\x01x",
	     ">\x16\x03\x03y");
	SMTP("<XCLIENT ADDR=192.0.2.1\n>220 x\n<STARTTLS\n>220 go\n<NOOP\n",
	     "<XCLIENT ADDR=192.0.2.1\r\n", ">220 x\r\n", "<STARTTLS\r\n",
	     ">220 go\r\n", "<NOOP\r\n");
}

/* A whole message behind an authentication that is refused, all at once. */
static void hidden_message(void **state)
{
	(void)state;
	SMTP("<AUTH PLAIN ***\n>535 no\n<MAIL\n<DATA\n>250 m\n>354 d\n"
	     ":< 3 bytes, 1 lines of message\n>250 ok\n<NOOP\n",
	     "<AUTH PLAIN x\r\nMAIL\r\nDATA\r\nx\r\n.\r\n", ">535 no\r\n",
	     ">250 m\r\n354 d\r\n250 ok\r\n", "<NOOP\r\n");
}

static void unfinished(void **state)
{
	(void)state;
	SMTP("<DATA\n>354 go\n:< 6 bytes, 1 lines of message, unfinished\n"
	     "<[EOF]\n",
	     "<DATA\r\n", ">354 go\r\n", "<body\r\n", "<!");
	SMTP("<DATA\n>354 go\n:< 7 bytes, 1 lines of message, unfinished\n",
	     "<DATA\r\n", ">354 go\r\n", "<body\r\n.");
}

/* Nobody answers: what comes after DATA can only be a message. */
static void silent_server(void **state)
{
	static struct dialogue d;
	static char body[HELD_BYTES_MAX];

	(void)state;
	memset(body, 'x', sizeof body);
	dialogue_begin(&d, "smtp");
	dialogue_say(&d, "<EHLO a\r\nDATA\r\n");
	dialogue_data(&d, RELAY_IN, body, sizeof body);
	dialogue_say(&d, "<\r\n.\r\nQUIT\r\n");
	assert_string_equal(
	    d.text,
	    "<EHLO a\n<DATA\n:< 16386 bytes, 1 lines of message\n<QUIT\n");
	/* The answers come too late to change that. */
	dialogue_say(&d, ">250 x\r\n354 x\r\n250 x\r\n");
	dialogue_say(&d, "<NOOP\r\n");
	assert_non_null(strstr(d.text, "\n<NOOP\n"));
}

static void lmtp(void **state)
{
	(void)state;
	LMTP(">220 x\n<LHLO a\n<MAIL FROM:<>\n<RCPT TO:<a>\n<RCPT TO:<b>\n"
	     "<RCPT TO:<c>\n<DATA\n>250 x\n>250 m\n>250 a\n>550 b\n>250 c\n"
	     ">354 go\n:< 6 bytes, 1 lines of message\n<MAIL FROM:<>\n<DATA\n"
	     ">250 a\n>452 c\n>250 m\n>503 d\n<RSET\n",
	     ">220 x\r\n",
	     "<LHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\nRCPT TO:<b>\r\n"
	     "RCPT TO:<c>\r\nDATA\r\n",
	     ">250 x\r\n250 m\r\n250 a\r\n550 b\r\n250 c\r\n354 go\r\n",
	     "<body\r\n.\r\nMAIL FROM:<>\r\nDATA\r\nRSET\r\n",
	     ">250 a\r\n452 c\r\n250 m\r\n503 d\r\n");
	LMTP(
	    ANNOUNCED
	    "<MAIL FROM:<>\n<RCPT TO:<a>\n<RCPT TO:<b>\n<BDAT 3 LAST\n"
	    ":< 3 bytes, 1 lines of message\n<DATA\n>250 m\n>250 a\n>250 b\n"
	    ">250 d\n>250 a\n>250 b\n>503 D\n<RSET\n",
	    ANNOUNCE,
	    "<MAIL FROM:<>\r\nRCPT TO:<a>\r\nRCPT TO:<b>\r\nBDAT 3 LAST\r\n"
	    "x\r\nDATA\r\nRSET\r\n",
	    ">250 m\r\n250 a\r\n250 b\r\n250 d\r\n250 a\r\n250 b\r\n503 D\r\n");
}

/* A reply to a line whose LF has not come yet. */
static void answered_at_the_cr(void **state)
{
	(void)state;
	SMTP(">220 x\n>220 go\n<STARTTLS\n:TLS\n", ">220 x\r\n", "<STARTTLS\r",
	     ">220 go\r\n", "<\n", "<\x16\x03\x01hello", ">\x16\x03\x03server");
	SMTP(">220 x\n>454 no\n<STARTTLS\n<NOOP\n", ">220 x\r\n", "<STARTTLS\r",
	     ">454 no\r\n", "<\nNOOP\r\n");
	SMTP(">220 x\n>500 no\n<XYZ\n<DATA\n>354\n"
	     ":< 3 bytes, 1 lines of message\n>250\n<QUIT\n>221\n",
	     ">220 x\r\n", "<XYZ\r", ">500 no\r\n", "<\nDATA\r\n", ">354\r\n",
	     "<a\r\n.\r\n", ">250\r\n", "<QUIT\r\n", ">221\r\n");
	SMTP(">220 x\n>235 ok\n<AUTH PLAIN ***\n<RSET\n", ">220 x\r\n",
	     "<AUTH PLAIN AGEAYg==\r", ">235 ok\r\n", "<\nRSET\r\n");
	/* A message needs the whole line: more is hidden. */
	SMTP(">220 x\n>354\n:< 9 bytes, 2 lines of message\n"
	     ":< not taken: lines begin with DATA\n>250\n",
	     ">220 x\r\n", "<DATA\r", ">354\r\n", "<\na\r\n.\r\n", ">250\r\n");
	LMTP(">220 x\n>500 no\n<XYZ\n<STARTTLS\n>220 go\n:TLS\n", ">220 x\r\n",
	     "<XYZ\r", ">500 no\r\n", "<\nSTARTTLS\r\n", ">220 go\r\n",
	     "<\x16\x03\x01hello", ">\x16\x03\x03server");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(message),
	    cmocka_unit_test(empty_message),
	    cmocka_unit_test(pipelined),
	    cmocka_unit_test(refused),
	    cmocka_unit_test(bare_newlines),
	    cmocka_unit_test(dot_within),
	    cmocka_unit_test(plain),
	    cmocka_unit_test(early_answers),
	    cmocka_unit_test(go_ahead_out_of_turn),
	    cmocka_unit_test(commands_before_the_go_ahead),
	    cmocka_unit_test(login),
	    cmocka_unit_test(cancelled),
	    cmocka_unit_test(blind),
	    cmocka_unit_test(unexpected_challenge),
	    cmocka_unit_test(answer_missing),
	    cmocka_unit_test(chunks),
	    cmocka_unit_test(unknown_chunk),
	    cmocka_unit_test(answer_too_many),
	    cmocka_unit_test(line_behind_a_refused_chunk),
	    cmocka_unit_test(word_behind_a_chunk),
	    cmocka_unit_test(challenge_behind_a_chunk),
	    cmocka_unit_test(rest_of_a_hidden_line),
	    cmocka_unit_test(chunks_are_lines),
	    cmocka_unit_test(long_command),
	    cmocka_unit_test(long_response),
	    cmocka_unit_test(odd_chunks),
	    cmocka_unit_test(doubtful_messages),
	    cmocka_unit_test(commands_within_authentication),
	    cmocka_unit_test(tls),
	    cmocka_unit_test(tls_that_never_comes),
	    cmocka_unit_test(hello_without_end),
	    cmocka_unit_test(proxy),
	    cmocka_unit_test(hidden_message),
	    cmocka_unit_test(unfinished),
	    cmocka_unit_test(silent_server),
	    cmocka_unit_test(lmtp),
	    cmocka_unit_test(answered_at_the_cr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
