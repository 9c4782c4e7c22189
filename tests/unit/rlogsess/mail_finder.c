/* Which messages are found in the bytes of mail sessions, and their text. */
#include "rlogsess/mail/mail_finder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/mail/mbox_text.h"

static struct mail_finder finder;
static char open_text[4096], whole[4096]; /* "SENDER:TEXT|" for each */
static size_t open_len;

static void on_begin(void *ctx, int64_t time)
{
	(void)ctx;
	(void)time;
	open_len = 0;
}

static void on_bytes(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	assert_true(open_len + len < sizeof open_text);
	memcpy(open_text + open_len, text, len);
	open_len += len;
}

static void on_whole(void *ctx, const char *sender)
{
	(void)ctx;
	open_text[open_len] = 0;
	assert_true(strlen(whole) + strlen(sender) + open_len + 3 <
		    sizeof whole);
	strcat(whole, sender);
	strcat(whole, ":");
	strcat(whole, open_text);
	strcat(whole, "|");
}

static const struct mail_events events = {NULL, on_begin, on_bytes, on_whole};

/* Passes the text in pieces of at most `piece` bytes. */
static void say(int direction, const char *text, size_t piece)
{
	struct session_part part = {
	    .kind = PART_BYTES, .direction = direction, .time = LINE_TIME_NONE};
	size_t len = strlen(text), n;

	for (; len; text += n, len -= n) {
		n = len < piece ? len : piece;
		part.text = (struct slice){text, n};
		mail_finder_take(&finder, &part);
	}
}

static void note(const char *text)
{
	struct session_part part = {.kind = PART_NOTE,
				    .time = LINE_TIME_NONE,
				    .text = {text, strlen(text)}};

	mail_finder_take(&finder, &part);
}

/*
 * Plays a session, whose texts begin with "<" (of the client), ">" (of the
 * server) or ":" (a note) and end with NULL.
 */
static void play(const char *const *session, bool single, size_t piece)
{
	*whole = 0;
	mail_finder_init(&finder, &events, single);
	for (; *session; session++) {
		if (**session == ':')
			note(*session + 1);
		else
			say(**session == '<' ? DIALOGUE_IN : DIALOGUE_OUT,
			    *session + 1, piece);
	}
	mail_finder_finish(&finder);
}

static void assert_found(const char *want, uint64_t unfinished,
			 uint64_t left_out, uint64_t unclear)
{
	assert_string_equal(whole, want);
	assert_int_equal(finder.unfinished, unfinished);
	assert_int_equal(finder.left_out, left_out);
	assert_int_equal(finder.unclear, unclear);
}

/* The result is the same however the bytes are divided. */
#define ASSERT_SESSION(want, unfinished, left_out, unclear, single, ...)   \
	do {                                                               \
		const char *const session[] = {__VA_ARGS__, NULL};         \
		for (size_t piece = 1; piece < 40; piece++) {              \
			play(session, single, piece);                      \
			assert_found(want, unfinished, left_out, unclear); \
		}                                                          \
	} while (0)

#define SMTP(want, unfinished, left_out, unclear, ...)                        \
	ASSERT_SESSION(want, unfinished, left_out, unclear, false,            \
		       ">220 mx\r\n", "<EHLO me\r\n", ">250-mx\r\n250 X\r\n", \
		       __VA_ARGS__)

static void data(void **state)
{
	(void)state;
	SMTP("a@b:S: x\r\n\r\n.y\r\n..\r\n|", 0, 0, 0,
	     "<MAIL FROM:<a@b> SIZE=1\r\n", ">250 ok\r\n", "<RCPT TO:<c>\r\n",
	     ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n",
	     "<S: x\r\n\r\n..y\r\n...\r\n.\r\n", ">250 ok\r\n", "<QUIT\r\n");
	SMTP("a@b:x\r\n|c:|:y\r\n|", 0, 0, 0, "<MAIL FROM:<a@b>\r\ndata\r\n",
	     ">250 ok\r\n", ">354 go\r\n", "<x\r\n.\r\nMAIL FROM:c\r\nDATA\r\n",
	     ">250 ok\r\n250 ok\r\n354 go\r\n", "<.\r\n", ">250 ok\r\n",
	     "<MAIL FROM:<>\r\n", ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n",
	     "<y\r\n.\r\n");
	/* refused, before and behind the text */
	SMTP("", 0, 0, 0, "<DATA\r\n", ">503 no\r\n", "<QUIT\r\n");
	SMTP(":x\r\n|", 0, 0, 0, "<DATA\r\n", ">354 go\r\n", "<x\r\n.\r\n",
	     ">550 spam\r\n");
	/* the end is missing */
	SMTP("", 1, 0, 0, "<DATA\r\n", ">354 go\r\n", "<x\r\n.\r");
	SMTP("", 1, 0, 0, "<DATA\r\n", ">354 go\r\n", "<x\r\n",
	     ">421 slow\r\n");
}

static void early_data(void **state)
{
	(void)state;
	SMTP("a:x\r\n|", 0, 0, 0,
	     "<MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nx\r\n",
	     ">250 ok\r\n550 no\r\n", "<.\r\nQUIT\r\n",
	     ">354 go\r\n250 ok\r\n221 bye\r\n");
	SMTP("", 0, 0, 0, "<MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nRSET\r\n",
	     ">250 ok\r\n550 no\r\n503 no\r\n", "<QUIT\r\n");
	/* Lines of a message that were taken for commands. */
	SMTP("", 0, 0, 1, "<DATA\r\nRSET\r\nDATA\r\nx\r\n", ">503 no\r\n",
	     ">250 ok\r\n", ">354 go\r\n", "<y\r\n.\r\n");
}

static void chunks(void **state)
{
	(void)state;
	SMTP("a:12\r\n.\r\nabc|", 0, 0, 0, "<MAIL FROM:<a>\r\nBDAT 7\r\n",
	     "<12\r\n.\r\n", ">250 ok\r\n250 ok\r\n", "<BDAT 3 LAST\r\nabc",
	     ">250 ok\r\n", "<QUIT\r\n");
	SMTP(":abc|", 0, 0, 0, "<BDAT 3\r\nabcBDAT 0 LAST\r\nQUIT\r\n");
	SMTP(":z|", 1, 0, 0, "<BDAT 3\r\nabcRSET\r\nBDAT 1 last\r\nz");
	SMTP("", 1, 0, 0, "<BDAT 3 LAST\r\nab");
}

static void missing_parts(void **state)
{
	(void)state;
	SMTP(":x\r\n|", 0, 1, 0, "<DATA\r\n", ">354 go\r\n",
	     ":< 3189 bytes, 56 lines of message", ">250 ok\r\n", "<DATA\r\n",
	     ">354 go\r\n", "<x\r\n.\r\n");
	SMTP("", 0, 2, 0, "<BDAT 10\r\n", ":< 10 bytes, 1 lines of message",
	     "<BDAT 3 LAST\r\n", ":< 3 bytes, 1 lines of message", "<QUIT\r\n");
	SMTP("", 1, 0, 0, "<DATA\r\n", ">354 go\r\n", "<x\r\n",
	     ":lost 2 records, 10 bytes", "<y\r\n.\r\n");
	SMTP("", 1, 0, 0, "<DATA\r\n", ">354 go\r\n", "<x\r\n",
	     ":recorded 9 bytes, the rest is left out");
	assert_true(finder.opaque);
	SMTP("", 0, 0, 0, "<STARTTLS\r\n", ">220 go\r\n",
	     "<\x16\x03\nDATA\r\nx\r\n.\r\n");
	assert_true(finder.opaque);
	SMTP("", 0, 0, 0, ":TLS");
	assert_true(finder.opaque);
	SMTP("", 0, 0, 0, "<STARTTLS\r\n", ">454 no\r\n");
	assert_false(finder.opaque);
}

/* With bare LF, servers disagree. */
static void bare_newlines(void **state)
{
	(void)state;
	SMTP(":x\n.y\n|", 0, 0, 0, "<DATA\n", ">354 go\n", "<x\n..y\n.\n",
	     ">250 ok\n");
	SMTP("", 0, 0, 1, "<DATA\r\n", ">354 go\r\n",
	     "<x\r\ny\n.\r\nz\r\n.\r\n", ">250 ok\r\n");
	SMTP("", 0, 0, 1, "<DATA\r\n", ">354 go\r\n", "<x\r\n.\n",
	     ">250 ok\r\n", "<QUIT\r\n");
	SMTP("", 0, 0, 1, "<DATA\r\n", ">354 go\r\n", "<x\r\ny\n.z\r\n.\r\n");
	SMTP(":x\r\ny\nz\r\n.\ra\r\n|", 0, 0, 0, "<DATA\r\n", ">354 go\r\n",
	     "<x\r\ny\nz\r\n..\ra\r\n.\r\n");
	SMTP(":\ra\r\n\rb\r\n|", 0, 0, 0, "<DATA\r\n", ">354 go\r\n",
	     "<.\ra\r\n.\rb\r\n.\r\n");
}

static void client_alone(void **state)
{
	(void)state;
	ASSERT_SESSION("a:x\r\n|", 0, 0, 0, true,
		       "<EHLO me\r\nMAIL FROM:<a>\r\nDATA\r\nx\r\n.\r\n",
		       "<DATA\r\nRSET\r\nDATA\r\nQUIT\r\n");
	ASSERT_SESSION("", 1, 0, 0, true, "<EHLO me\r\nDATA\r\nQUITE\r\n");
}

static void pop3(void **state)
{
	(void)state;
	ASSERT_SESSION(
	    ":x\r\n.\r\n|:y\r\n|", 0, 0, 0, false, ">+OK hi\r\n",
	    "<CAPA\r\nUSER a\r\nPASS b\r\nLIST\r\nLIST 1\r\n",
	    ">+OK\r\nTOP\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n1 2\r\n.\r\n+OK 1 2\r\n",
	    "<RETR 1\r\nTOP 1 0\r\nRETR 9\r\nretr 2\r\n",
	    ">+OK\r\nx\r\n..\r\n.\r\n+OK\r\nx\r\n.\r\n-ERR\r\n+OK\r\ny\r\n."
	    "\r\n",
	    "<QUIT\r\n", ">+OK\r\n");
	ASSERT_SESSION(":x\r\n|", 0, 0, 0, false, ">+OK hi\r\n",
		       "<AUTH PLAIN\r\n", ">+ \r\n", "<AGEAYg==\r\n",
		       ">+OK\r\n", "<RETR 1\r\n", ">+OK\r\nx\r\n.\r\n");
	ASSERT_SESSION(
	    "", 0, 1, 0, false, ">+OK hi\r\n", "<TOP 1 1\r\nRETR 1\r\n",
	    ">+OK\r\n", ":> 12 bytes, 1 lines of message", ">+OK\r\n",
	    ":> 12 bytes, 1 lines of message", "<QUIT\r\n", ">+OK\r\n");
	ASSERT_SESSION("", 1, 0, 0, false, ">+OK hi\r\n", "<RETR 1\r\n",
		       ">+OK\r\nx\r\n");
	ASSERT_SESSION("", 0, 0, 0, false, ">+OK hi\r\n", "<STLS\r\n",
		       ">+OK\r\nx\r\n.\r\n");
	assert_true(finder.opaque);
}

static void nntp(void **state)
{
	(void)state;
	ASSERT_SESSION(
	    ":x\r\n.\r\n|:y\r\n|:z\r\n|:t\r\n|", 0, 0, 0, false, ">200 hi\r\n",
	    "<MODE READER\r\nLISTGROUP a\r\nGROUP a\r\n",
	    ">200 ok\r\n211 1 1 1 a\r\n220 no article\r\n.\r\n211 1 1 1 a\r\n",
	    "<ARTICLE 1\r\nHEAD 1\r\nSTAT 1\r\n",
	    ">220 1 <a>\r\nx\r\n..\r\n.\r\n221 1 <a>\r\nx\r\n.\r\n223 1 "
	    "<a>\r\n",
	    "<POST\r\n", ">340 go\r\n", "<y\r\n.\r\n", ">240 ok\r\n",
	    "<IHAVE <b>\r\n", ">335 go\r\n", "<z\r\n.\r\n", ">235 ok\r\n",
	    "<TAKETHIS <c>\r\nt\r\n.\r\nQUIT\r\n", ">239 <c>\r\n",
	    ">205 bye\r\n");
	ASSERT_SESSION("", 0, 0, 0, false, ">200 hi\r\n", "<POST\r\n",
		       ">440 no\r\n", "<IHAVE <a>\r\n", ">435 no\r\n",
		       "<QUIT\r\n");
	ASSERT_SESSION("", 1, 1, 0, false, ">201 hi\r\n", "<HEAD 1\r\n",
		       ">221 1 <a>\r\n", ":> 9 bytes, 1 lines of message",
		       "<ARTICLE 1\r\n", ">220 1 <a>\r\n",
		       ":> 9 bytes, 1 lines of message", "<ARTICLE 2\r\n",
		       ">220 2 <b>\r\nx\r\n");
	ASSERT_SESSION("", 0, 0, 0, false, ">200 hi\r\n", "<STARTTLS\r\n",
		       ">382 go\r\n", ">220 1\r\nx\r\n.\r\n");
	assert_true(finder.opaque);
}

#define IMAP(want, unfinished, left_out, unclear, ...)             \
	ASSERT_SESSION(want, unfinished, left_out, unclear, false, \
		       ">* OK hi\r\n", __VA_ARGS__)

static void imap_append(void **state)
{
	(void)state;
	IMAP(":b APPEND|:x|", 0, 0, 0, "<a APPEND box (\\Seen) {8}\r\n",
	     ">+ go\r\n", "<b APPEND\r\nc append {3+}\r\nbox {1+}\r\nx\r\n",
	     ">a OK\r\nc OK\r\n");
	IMAP(":a\nb|:c|", 0, 0, 0, "<a APPEND {3}\r\n", ">+ go\r\n",
	     "<box {3}\r\n", ">+ go\r\n", "<a\nb (\\Seen) ~{1}\r\n",
	     ">+ go\r\n", "<c\r\n", ">a OK\r\n");
	/* refused, another command, and a line of a literal */
	IMAP("", 0, 0, 0, "<a APPEND box {8}\r\n", ">a NO\r\n",
	     "<b LOGIN {1}\r\n", ">+ go\r\n", "<u {19}\r\n", ">+ go\r\n",
	     "<c APPEND box {1+}\r\n\r\n", ">b NO\r\n", "<d NOOP\r\n",
	     ">+ idle\r\n");
	IMAP("", 1, 0, 0, "<a APPEND box {8+}\r\n1234");
	IMAP("", 0, 1, 0, "<a APPEND box {8+}\r\n",
	     ":< 8 bytes, 0 lines of message", "<\r\n", ">a OK\r\n");
	IMAP("", 0, 0, 1, "<a APPEND box CATENATE (TEXT {8+}\r\n12345678)\r\n",
	     ">a OK\r\n");
	IMAP(":|", 0, 0, 0, "<a APPEND box {0}\r\n", ">+ go\r\n", "<\r\n",
	     ">a NO\r\n");
	ASSERT_SESSION("", 0, 0, 0, false, ">* PREAUTH hi\r\n",
		       "<a STARTTLS\r\n", ">a OK\r\n",
		       "<a APPEND box {1+}\r\nx\r\n");
	assert_true(finder.opaque);
}

static void imap_fetch(void **state)
{
	char response[4096];

	(void)state;
	IMAP(":* 2 FETCH (BODY[] {1}\r\nx)|:y|", 0, 0, 0,
	     "<a FETCH 1:9 BODY[]\r\n",
	     ">* 1 FETCH (UID 3 BODY[] {25}\r\n* 2 FETCH (BODY[] {1}\r\nx) "
	     "FLAGS ())\r\n* 2 FETCH (BODY[TEXT] {2}\r\nab BODY[]<0> "
	     "{1}\r\nc)\r\n* 3 FETCH (FLAGS () RFC822 {1}\r\ny)\r\na OK\r\n",
	     "<b LOGOUT\r\n");
	IMAP("", 0, 1, 0, "<a FETCH 1 BODY[]\r\n", ">* 1 FETCH (BODY[] {9}\r\n",
	     ":> 9 bytes, 1 lines of message", ">)\r\na OK\r\n");
	IMAP("", 1, 0, 0, ">* 1 FETCH (BODY[] {9}\r\nx");
	IMAP(":x|:y|", 0, 0, 0,
	     ">* 1 FETCH (RFC822 {1}\r\nx BODY[] {1}\r\ny)\r\n");
	/* what is no item of FETCH */
	IMAP(":z|", 0, 0, 0, ">* 1 FETCH (BINARY[] ~{1}\r\nz)\r\n");
	IMAP("", 0, 0, 0, ">* 1 FETCH (XBODY[] {1}\r\nx)\r\n",
	     ">* LIST () BODY[] {1}\r\nx\r\n", ">* 1 FETCH (BODY[] {x}\r\n");
	/* a line that is longer than what is kept of it */
	memset(response, 'x', sizeof response);
	memcpy(response, ">* 1 FETCH (", 12);
	strcpy(response + 2000, " BODY[] {3}\r\nabc)\r\n");
	IMAP(":abc|", 0, 0, 0, response);
}

static void too_many_commands(void **state)
{
	(void)state;
	mail_finder_init(&finder, &events, false);
	say(DIALOGUE_OUT, "+OK\r\n", 100);
	for (int i = 0; i < 256; i++)
		say(DIALOGUE_IN, "RETR 1\r\n", 100);
	assert_false(finder.lost_track);
	say(DIALOGUE_IN, "NOOP\r\n", 100);
	assert_true(finder.lost_track);
}

static void other_protocols(void **state)
{
	(void)state;
	ASSERT_SESSION("", 0, 0, 0, false, "<GET / HTTP/1.0\r\n\r\n",
		       ">HTTP/1.0 200\r\n\r\n354 go\r\n", "<x\r\n.\r\n");
	ASSERT_SESSION("", 0, 0, 0, false, "<\r\n\n", ">\r\n2\n+\n");
}

static void assert_mbox(const char *message, const char *want)
{
	struct mbox_text text = {.inside = false};
	struct output output;
	size_t len;
	const char *got;

	for (size_t piece = 1; piece < 9; piece++) {
		size_t left = strlen(message), n;
		const char *at = message;

		output_init(&output, -1);
		for (; left; at += n, left -= n) {
			n = left < piece ? left : piece;
			mbox_text_add(&text, &output, at, n);
		}
		mbox_text_end(&text, &output);
		got = output_composed(&output, &len);
		assert_int_equal(len, strlen(want));
		assert_memory_equal(got, want, len);
	}
}

static void mbox(void **state)
{
	(void)state;
	assert_mbox("", "\n");
	assert_mbox("S: x\r\n\r\ny\r\n", "S: x\n\ny\n\n");
	assert_mbox("From a\r\n>From b\nFroma\n",
		    ">From a\n>>From b\nFroma\n\n");
	assert_mbox(">>>From c\r\n>>\r\n> From\r\n",
		    ">>>>From c\n>>\n> From\n\n");
	assert_mbox("Fro\r\nFrom", "Fro\nFrom\n\n");
	assert_mbox("a\rb\r\r\n\r", "a\rb\r\n\r\n\n");
}

static void mbox_titles(void **state)
{
	static const struct {
		const char *sender;
		int64_t time;
		const char *want;
	} row[] = {
	    {"a@b", 1795212000000000000, "From a@b Fri Nov 20 22:00:00 2026\n"},
	    {"", LINE_TIME_NONE,
	     "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n"},
	    {"a b", 0, "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n"},
	};
	struct output output;
	const char *got;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		output_init(&output, -1);
		mbox_text_begin(&output, row[i].sender, row[i].time);
		got = output_composed(&output, &len);
		assert_int_equal(len, strlen(row[i].want));
		assert_memory_equal(got, row[i].want, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(data),
	    cmocka_unit_test(early_data),
	    cmocka_unit_test(chunks),
	    cmocka_unit_test(missing_parts),
	    cmocka_unit_test(bare_newlines),
	    cmocka_unit_test(client_alone),
	    cmocka_unit_test(pop3),
	    cmocka_unit_test(nntp),
	    cmocka_unit_test(imap_append),
	    cmocka_unit_test(imap_fetch),
	    cmocka_unit_test(too_many_commands),
	    cmocka_unit_test(other_protocols),
	    cmocka_unit_test(mbox),
	    cmocka_unit_test(mbox_titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
