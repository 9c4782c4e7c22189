/* IMAP: what may be recorded of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define IMAP(want, ...) DIALOGUE("imap", want, __VA_ARGS__)

static void login(void **state)
{
	(void)state;
	IMAP(">* OK hi\n<a LOGIN alice ***\n>a OK\n<b NOOP\n>b OK\n",
	     ">* OK hi\r\n", "<a LOGIN alice secret\r\n", ">a OK\r\n",
	     "<b NOOP\r\n", ">b OK\r\n");
	IMAP("<a login  \"al\\\"ice\" ***\n<b NOOP\n",
	     "<a login  \"al\\\"ice\" \"s\\\" x\"\nb NOOP\n");
	IMAP("<a LOGIN alice@x ***\n<b LOGIN u ***\n<c NOOP\n",
	     "<a LOGIN alice@x p\r\nb LOGIN u p\r\nc NOOP\r\n");
	/* Odd, and wrong. */
	IMAP("<a LOGIN ***\n<b NOOP\n",
	     "<a LOGIN \"alice secret\r\nb NOOP\r\n");
	IMAP("<a LOGIN ***\n", "<a LOGIN \"alice\"secret\r\n");
	IMAP("<LOGIN alice ***\n", "<LOGIN alice secret\r\n");
	IMAP("<a LOGIN ***\n", "<a LOGINx secret\r\n");
}

static void login_literals(void **state)
{
	(void)state;
	IMAP("<a LOGIN {5}\n>+ ok\n<alice ***\n>+ ok\n<***\n>a OK\n<b NOOP\n",
	     "<a LOGIN {5}\r\n", ">+ ok\r\n", "<alice {6}\r\n", ">+ ok\r\n",
	     "<se\ncre\r\n", ">a OK\r\n", "<b NOOP\r\n");
	IMAP("<a LOGIN {5+}\n<alice ***\n<***\n<b NOOP\n",
	     "<a LOGIN {5+}\r\nalice {6+}\r\nsecret\r\nb NOOP\r\n");
	IMAP("<a LOGIN alice ***\n<***\n<b LOGIN bob ***\n",
	     "<a LOGIN alice {6+}\nsecret\nb LOGIN bob x\n");
	/* Refused: what follows is a command again. */
	IMAP("<a LOGIN alice ***\n>a BAD too long\n<b LOGIN bob ***\n",
	     "<a LOGIN alice {6}\r\n", ">a BAD too long\r\n",
	     "<b LOGIN bob x\r\n");
	/* Not waited for. */
	IMAP("<a LOGIN alice ***\n>+ ok\n<***\n<b NOOP\n",
	     "<a LOGIN alice {6}\r\nsecret\r\nb NOOP\r\n", ">+ ok\r\n");
	/* Wanted before the end of the line, as Dovecot does. */
	IMAP(">+ ok\n<a LOGIN {5}\n<alice+\n>+ ok\n< ***\n<***\n>a OK\n<b "
	     "NOOP\n",
	     "<a LOGIN {5}", ">+ ok\r\n", "<\r\nalice {6}", ">+ ok\r\n",
	     "<\r\nse\ncre\r\n", ">a OK\r\n", "<b NOOP\r\n");
	/* Not wanted: the line goes on, so that it answers a challenge. */
	IMAP(">+ ok\n<LOGIN ***\n<***\n", "<a LOGIN {5}", ">+ ok\r\n",
	     "<x {5}\r\nalice\r\n");
	IMAP(">+ ok\n>+ ok\n<LOGIN ***\n<***\n", "<a LOGIN {5}", ">+ ok\r\n",
	     ">+ ok\r\n", "<\r\nalice\r\n");
	/* Neither waited for nor wanted. */
	IMAP("<a LOGIN {5}\n>a NO\n<***\n<***\n<b NOOP\n",
	     "<a LOGIN {5}\r\nalice {9}\r\nmy secret\r\n", ">a NO\r\n",
	     "<b NOOP\r\n");
	IMAP("<a LOGIN {5}\n>a NO\n<***\n>*** BAD\n<***\n<b NOOP\n",
	     "<a LOGIN {5}\r\n", ">a NO\r\n", "<alice {6}\r\n",
	     ">alice BAD\r\n", "<secret\r\n", "<b NOOP\r\n");
	IMAP("<a LOGIN {5}\n>a NO\n>* x\n<***\n<b NOOP\n",
	     "<a LOGIN {5}\r\nalice sec", ">a NO\r\n* x\r\n",
	     "<ret\r\nb NOOP\r\n");
	IMAP("<a LOGIN ***\n<b LOGIN ***\n",
	     "<a LOGIN {99999999999999999999999+}\r\nb LOGIN c d\r\n");
}

static void authenticate(void **state)
{
	(void)state;
	IMAP("<a AUTHENTICATE PLAIN\n>+ \n<***\n>a OK\n<b NOOP\n",
	     "<a AUTHENTICATE PLAIN\r\n", ">+ \r\n", "<AGEAYg==\r\n",
	     ">a OK\r\n", "<b NOOP\r\n");
	IMAP("<a authenticate  plain ***\n>a NO\n<b AUTHENTICATE LOGIN\n"
	     ">+ x\n<*\n>b BAD\n<***\n<c NOOP\n",
	     "<a authenticate  plain AGEAYg==\r\n", ">a NO\r\n",
	     "<b AUTHENTICATE LOGIN\r\n", ">+ x\r\n", "<*\r\n", ">b BAD\r\n",
	     "<c2VjcmV0\r\n", "<c NOOP\r\n");
	/* Behind another command, whose answer is not its own. */
	IMAP("<a NOOP\n<b AUTHENTICATE LOGIN\n>a OK\n>+ \n<***\n>b OK\n<***\n"
	     "<c NOOP\n",
	     "<a NOOP\r\nb AUTHENTICATE LOGIN\r\ndXNlcg==\r\n",
	     ">a OK\r\n+ \r\n", "<cGFzcw==\r\n", ">b OK\r\n", "<c NOOP\r\n");
	IMAP("<a NOOP\n<b AUTHENTICATE LOGIN\n>a OK\n>b OK\n<***\n<c NOOP\n",
	     "<a NOOP\r\nb AUTHENTICATE LOGIN\r\n", ">a OK\r\n",
	     "<dXNlcg==\r\n", ">b OK\r\n", "<c NOOP\r\n");
	/* A challenge that nothing asked for. */
	IMAP("<a XAUTH\n>+ go\n<***\n>a OK\n<b NOOP\n", "<a XAUTH\r\n",
	     ">+ go\r\n", "<secret\r\n", ">a OK\r\n", "<b NOOP\r\n");
	IMAP("<AUTHENTICATE PLAIN\n<***\n", "<AUTHENTICATE PLAIN\r\nAGE=\r\n");
	/* A response that looks like the beginning of a command. */
	IMAP("<a AUTHENTICATE PLAIN\n>+ \n<***\n", "<a AUTHENTICATE PLAIN\r\n",
	     ">+ \r\n", "<hunter2x LOGINfoo\r\n");
	/* While the server is idle a plus asks for nothing; and it is early. */
	IMAP("<a IDLE\n>+ idling\n<b AUTHENTICATE LOGIN\n>b OK\n>+ \n<***\n"
	     "<c NOOP\n",
	     "<a IDLE\r\n", ">+ idling\r\n", "<b AUTHENTICATE LOGIN\r\n",
	     ">b OK\r\n+ \r\n", "<cGFzcw==\r\n", "<c NOOP\r\n");
}

/* Nobody can hide commands behind a literal that the server does not take. */
static void endless_literal(void **state)
{
	static struct dialogue d;
	static char junk[HELD_BYTES_MAX + 10];

	(void)state;
	memset(junk, 'x', sizeof junk);
	dialogue_begin(&d, "imap");
	dialogue_say(&d, "<a APPEND x {99999999}\r\n");
	dialogue_data(&d, RELAY_IN, junk, sizeof junk);
	dialogue_say(&d, ">a NO\r\n");
	dialogue_say(&d, "<\r\nb NOOP\r\n");
	assert_string_equal(
	    d.text, "<a APPEND x {99999999}\n>a NO\n:< 16394 bytes, 0 lines "
		    "of message, unfinished\n<***\n<b NOOP\n");
	IMAP("<a SEARCH *** 11 bytes\n<b NOOP\n>a BAD\n<c NOOP\n",
	     "<a SEARCH \"x {9999+}\r\nb NOOP\r\n", ">a BAD\r\n",
	     "<c NOOP\r\n");
}

/* A size stands at the end of a line, not at that of the judged bytes. */
static void size_at_a_cut(void **state)
{
	static struct dialogue d;
	static char line[GRAMMAR_LINE + 1];

	(void)state;
	memset(line, 'x', GRAMMAR_LINE);
	memcpy(line, "a SEARCH ", 9);
	memcpy(line + GRAMMAR_LINE - 5, " {9+}", 5);
	dialogue_begin(&d, "imap");
	dialogue_data(&d, RELAY_IN, line, GRAMMAR_LINE);
	dialogue_say(&d, "<more\r\nb NOOP\r\n");
	assert_non_null(strstr(d.text, " bytes\n<b NOOP\n"));
}

/* A literal for one side, and none for the other. */
static void odd_literals(void **state)
{
	(void)state;
	IMAP("<b *** 5 bytes\n<LOGIN ***\n>b BAD\n",
	     "<b {5+}\r\nLOGIN u secret\r\n", ">b BAD\r\n");
	IMAP("<a SEARCH *** 7 bytes\n<b LOGIN ***\n",
	     "<a SEARCH \"{60+}\r\nb LOGIN u secret\r\n");
	IMAP("<a SELECT *** 24 bytes\n<b LOGIN ***\n<c NOOP\n",
	     "<a SELECT {99999999999999999999+}\r\nb LOGIN u secret\r\n"
	     "c NOOP\r\n");
	IMAP("<a NOOP *** 6 bytes\n<b LOGIN ***\n", "<a NOOP {60+}\r\n"
						    "b LOGIN u secret\r\n");
	/* The right place, but it is refused: no mailbox is shown that may be
	 * a command with a secret. */
	IMAP("<a SELECT {18+}\n<*** 18 bytes\n>a BAD\n"
	     ":< not taken: lines begin with LOGIN\n",
	     "<a SELECT {18+}\r\nb LOGIN alice word\r\n", ">a BAD\r\n");
	IMAP("<a SELECT {99+}\n>a BAD\n<b LOGIN ***\n", "<a SELECT {99+}\r\n",
	     ">a BAD\r\n", "<b LOGIN u secret\r\n");
	/* Nor an argument behind it, if that made a command of it. */
	IMAP("<a SEARCH {2+}\n<*** 2 bytes ***\n>a BAD\n"
	     ":< not taken: lines begin with LOGIN\n",
	     "<a SEARCH {2+}\r\nb LOGIN u secret\r\n", ">a BAD\r\n");
	IMAP("<a SEARCH {2+}\n<*** 2 bytes ***\n<***\n>a BAD\n"
	     ":< not taken: lines begin with LOGIN\n",
	     "<a SEARCH {2+}\r\nb LOGIN u {6+}\r\nsecret\r\n", ">a BAD\r\n");
	IMAP("<a SEARCH {4+}\n<text UNSEEN\n>a OK\n",
	     "<a SEARCH {4+}\r\ntext UNSEEN\r\n", ">a OK\r\n");
	/* The message as well. */
	IMAP("<a APPEND x {23+}\n:< 23 bytes, 2 lines of message\n<\n>a BAD\n"
	     ":< not taken: lines begin with LOGIN, NOOP\n",
	     "<a APPEND x {23+}\r\nb LOGIN u p\r\nc NOOP\r\n.\r\n",
	     ">a BAD\r\n");
	/* Or a password. */
	IMAP("<a LOGIN u ***\n<***\n>a BAD\n"
	     ":< not taken: lines begin with LOGIN\n",
	     "<a LOGIN u {11+}\r\nb LOGIN u p\r\n", ">a BAD\r\n");
	/* When an answer shows that lines are taken for lines, all is shown. */
	IMAP("<a SELECT *** 8 bytes\n<b NOOP\n>b OK\n<c SELECT x\n",
	     "<a SELECT {+9999}\r\nb NOOP\r\n", ">b OK\r\n", "<c SELECT x\r\n");
}

/* A command is owed an answer wherever it was recorded. */
static void compress_behind_hidden_commands(void **state)
{
	(void)state;
	/* Among lines that may be octets. */
	IMAP("<a SELECT *** 5 bytes\n<a NOOP\n<b NOOP\n<a COMPRESS DEFLATE\n"
	     ">a BAD\n>a OK\n<*** 2 bytes\n",
	     "<a SELECT {+8}\r\na NOOP\r\nb NOOP\r\na COMPRESS DEFLATE\r\n",
	     ">a BAD\r\na OK\r\n", "<x\r\n");
	/* In place of a response. */
	IMAP("<a AUTHENTICATE PLAIN\n>+ \n<NOOP *** 3 bytes\n>a BAD\n"
	     "<a COMPRESS DEFLATE\n>a OK\n>a OK\n:compressed\n",
	     "<a AUTHENTICATE PLAIN\r\n", ">+ \r\n", "<a NOOP\r\n",
	     ">a BAD\r\n", "<a COMPRESS DEFLATE\r\n", ">a OK\r\na OK\r\n",
	     "<x\r\n");
	/* A response is none, though it looks like one. */
	IMAP("<a AUTHENTICATE PLAIN\n>+ \n<***\n>a OK\n<b COMPRESS DEFLATE\n"
	     ">b OK\n:compressed\n",
	     "<a AUTHENTICATE PLAIN\r\n", ">+ \r\n", "<x LOGINfoo\r\n",
	     ">a OK\r\n", "<b COMPRESS DEFLATE\r\n", ">b OK\r\n", "<x\r\n");
}

/* An answer with the same tag is another command's. */
static void compress_twice(void **state)
{
	(void)state;
	IMAP("<a NOOP\n<a COMPRESS DEFLATE\n>a OK\n>a BAD\n<b NOOP\n",
	     "<a NOOP\r\na COMPRESS DEFLATE\r\n", ">a OK\r\na BAD\r\n",
	     "<b NOOP\r\n");
	IMAP("<a NOOP\n<a COMPRESS DEFLATE\n>a OK\n>a OK\n:compressed\n",
	     "<a NOOP\r\na COMPRESS DEFLATE\r\n", ">a OK\r\na OK\r\n",
	     "<b NOOP\r\n");
	IMAP("<a IDLE\n>+ idling\n<DONE\n>a OK\n<a COMPRESS DEFLATE\n>a OK\n"
	     ":compressed\n",
	     "<a IDLE\r\n", ">+ idling\r\n", "<DONE\r\n", ">a OK\r\n",
	     "<a COMPRESS DEFLATE\r\n", ">a OK\r\n");
	IMAP("<a AUTHENTICATE PLAIN\n>a NO\n<***\n<a NOOP\n>*** BAD\n>a OK\n"
	     "<a COMPRESS DEFLATE\n>a OK\n:compressed\n",
	     "<a AUTHENTICATE PLAIN\r\nAGE=\r\na NOOP\r\n",
	     ">a NO\r\nAGE= BAD\r\na OK\r\n", "<a COMPRESS DEFLATE\r\n",
	     ">a OK\r\n");
}

/* The next + is IDLE's, and so is the end of the line that comes then. */
static void literal_in_idle(void **state)
{
	(void)state;
	IMAP("<a IDLE\n<b SELECT {20}\n>+ idling\n>a BAD\n<c CREATE box\n>c "
	     "OK\n",
	     "<a IDLE\r\nb SELECT {20}\r\n", ">+ idling\r\na BAD\r\n",
	     "<c CREATE box\r\n", ">c OK\r\n");
	IMAP("<a IDLE\n<DONE\n<b SELECT {3}\n>+ idling\n>a OK\n>+ ok\n<box\n"
	     "<c NOOP\n",
	     "<a IDLE\r\nDONE\r\nb SELECT {3}\r\n",
	     ">+ idling\r\na OK\r\n+ ok\r\n", "<box\r\nc NOOP\r\n");
	IMAP("<a IDLE\n<b SELECT {3}\n>a BAD unknown\n>+ ok\n<box\n<c NOOP\n",
	     "<a IDLE\r\nb SELECT {3}\r\n", ">a BAD unknown\r\n+ ok\r\n",
	     "<box\r\nc NOOP\r\n");
}

/* What stands in front of a command may be the end of something else. */
static void doubtful_tags(void **state)
{
	(void)state;
	IMAP("<a LOGIN u ***\n>a BAD\n<CHECK *** 9 bytes\n",
	     "<a LOGIN u {13+}\r\n", ">a BAD\r\n", "<hunter2 CHECK\r\n");
	IMAP("<a LOGIN u ***\n>a NO\n<check *** 9 bytes\n<b2 NOOP\n",
	     "<a LOGIN u {13}\r\n", ">a NO\r\n",
	     "<hunter2 check\r\nb2 NOOP\r\n");
	IMAP("<a AUTHENTICATE PLAIN\n>+ \n<NOOP *** 10 bytes\n",
	     "<a AUTHENTICATE PLAIN\r\n", ">+ \r\n", "<cGFzcw== NOOP\r\n");
	IMAP("<a APPEND x {10+}\n>a BAD\n<SELECT *** 13 bytes\n",
	     "<a APPEND x {10+}\r\n", ">a BAD\r\n", "<John secret SELECT\r\n");
}

/* The note about lines in octets stands where the octets are decided. */
static void commands_in_octets_are_named(void **state)
{
	(void)state;
	/* A line begins in them. */
	IMAP("<*** 4 bytes\n<NOOP *** 4 bytes\n"
	     ":< not taken: lines begin with NOOP\n"
	     ":< 6 bytes, 1 lines of message, unfinished\n<c NOOP\n",
	     "<{3}\r\n}b NOOP\r\ntext\r\nc NOOP\r\n");
	/* No answer comes. */
	IMAP("<a SEARCH {8}\n<*** 8 bytes UNSEEN\n"
	     ":< not taken: lines begin with NOOP\n<d NOOP\n",
	     "<a SEARCH {8}\r\nb NOOP\r\n UNSEEN\r\nd NOOP\r\n");
	/* A response does not wait for it. */
	IMAP("<a SEARCH {6+}\n>+ \n<*** 6 bytes\n>a BAD\n"
	     ":< not taken: lines begin with NOOP\n<c NOOP\n",
	     "<a SEARCH {6+}\r\n", ">+ \r\n", "<b NOOP\r\n", ">a BAD\r\n",
	     "<c NOOP\r\n");
	/* Nor do lines that may be octets themselves. */
	IMAP("<a SELECT {8}\n<*** 8 bytes ***\n<d NOOP\n"
	     ":< not taken: lines begin with NOOP, SELECT\n",
	     "<a SELECT {8}\r\nb NOOP\r\nc SELECT {+9}\r\nd NOOP\r\n");
}

/* Whatever interrupts a line with a literal, the next one begins anew. */
static void lines_begin_anew(void **state)
{
	(void)state;
	IMAP("<a SELECT {3+}\n>+ x\n<box ***\n>a BAD\n<b NOOP\n",
	     "<a SELECT {3+}\r\n", ">+ x\r\n", "<boxsec\r\n", ">a BAD\r\n",
	     "<b NOOP\r\n");
	/* b is the last command of the octets that were refused first. */
	IMAP("<a SELECT *** 5 bytes\n<b NOOP\n>b OK\n<c SELECT {99+}\n>c BAD\n"
	     ">b OK\n<d NOOP\n",
	     "<a SELECT {+9}\r\nb NOOP\r\n", ">b OK\r\n", "<c SELECT {99+}\r\n",
	     ">c BAD\r\nb OK\r\n", "<d NOOP\r\n");
}

/* A message that is longer than its literal goes on as a line. */
static void behind_append(void **state)
{
	(void)state;
	IMAP("<a APPEND x {4}\n>+ ok\n:< 4 bytes, 1 lines of message\n"
	     "<*** 11 bytes\n>a BAD\n<b NOOP\n",
	     "<a APPEND x {4}\r\n", ">+ ok\r\n", "<ab\r\nthe secret\r\n",
	     ">a BAD\r\n", "<b NOOP\r\n");
	IMAP("<a APPEND x (\\Seen $a) \"17-Jul-2026 02:44:25 -0700\" {1+}\n"
	     ":< 1 bytes, 0 lines of message\n< (\\Seen) {1+}\n"
	     ":< 1 bytes, 0 lines of message\n<\n",
	     "<a APPEND x (\\Seen $a) \"17-Jul-2026 02:44:25 -0700\" {1+}\r\n"
	     "x (\\Seen) {1+}\r\nx\r\n");
	IMAP("<a APPEND x CATENATE ( *** 28 bytes\n"
	     ":< 1 bytes, 0 lines of message\n<)\n<b NOOP\n",
	     "<a APPEND x CATENATE (URL \"/;urlauth=z\" TEXT {1+}\r\n",
	     "<x)\r\n", "<b NOOP\r\n");
	IMAP("<a APPEND x CATENATE (TEXT {1+}\n"
	     ":< 1 bytes, 0 lines of message\n< TEXT {1+}\n"
	     ":< 1 bytes, 0 lines of message\n<)\n<b NOOP\n",
	     "<a APPEND x CATENATE (TEXT {1+}\r\n", "<x TEXT {1+}\r\nx)\r\n",
	     "<b NOOP\r\n");
}

/* A server may take what stands behind a size for the next line. */
static void behind_size(void **state)
{
	(void)state;
	IMAP("<a APPEND x *** 20 bytes\n:< not taken: lines begin with "
	     "EXAMINE\n",
	     "<a APPEND x {14}b EXAMINE INBOX\r\n");
	IMAP("<a LOGIN u ***\n:< not taken: lines begin with NOOP\n",
	     "<a LOGIN u {1+} b NOOP\r\n");
	IMAP("<a LOGIN u ***\n", "<a LOGIN u \"{1+}noop\"\r\n");
	IMAP("<a SEARCH *** 5 bytes\n", "<a SEARCH {1}b\r\n");
}

/* With -s the line is shown, so that no note names a command in it. */
static void shown_behind_size(void **state)
{
	static struct dialogue d;

	(void)state;
	dialogue_begin(&d, "imap");
	d.protocol.redactor.config.secrets = true;
	dialogue_say(&d, "<a LOGIN u {1+} b NOOP\r\n");
	assert_string_equal(d.text, "<a LOGIN u {1+} b NOOP\n");
}

/* An answer before the last octet: the server read no literal there. */
static void answer_before_the_last_octet(void **state)
{
	(void)state;
	IMAP("<a NOOP\n<b ENABLE CONDSTORE{36+}\n>b OK\n<c IDLE\n<DONE\n"
	     ">c OK\n<d NOOP\n",
	     "<a NOOP\r\nb ENABLE CONDSTORE{36+}\r\nc IDLE\r\nDONE\r\n",
	     ">b OK\r\nc OK\r\n", "<d NOOP\r\n");
}

/* Values that can be anything are hidden, their literals too. */
static void values(void **state)
{
	(void)state;
	IMAP("<a SETMETADATA x *** 17 bytes\n<*** 6 bytes *** 16 bytes\n"
	     "<*** 8 bytes\n<b NOOP\n",
	     "<a SETMETADATA x (/private/a {6+}\r\n",
	     "<secret /private/b {6+}\r\nsecret)\r\nb NOOP\r\n");
	IMAP("<a ID (\"name\" {3+}\n<one \"version\" \"1\")\n<b NOOP\n",
	     "<a ID (\"name\" {3+}\r\none \"version\" \"1\")\r\nb NOOP\r\n");
	IMAP("<a ID ( *** 16 bytes\n<*** 6 bytes)\n<b NOOP\n",
	     "<a ID (\"password\" {6+}\r\nsecret)\r\nb NOOP\r\n");
}

static void append(void **state)
{
	(void)state;
	IMAP("<a APPEND \"my box\" (\\Seen) {7}\n>+ ok\n"
	     ":< 7 bytes, 2 lines of message\n<\n>a OK\n<b NOOP\n",
	     "<a APPEND \"my box\" (\\Seen) {7}\r\n", ">+ ok\r\n",
	     "<a\r\nb\r\n{\r\n", ">a OK\r\n", "<b NOOP\r\n");
	IMAP("<a APPEND {5+}\n<INBOX {3+}\n:< 3 bytes, 1 lines of message\n"
	     "< ~{2+}\n:< 2 bytes, 0 lines of message\n<\n<b LOGIN u ***\n",
	     "<a APPEND {5+}\r\nINBOX {3+}\r\nx\r\n ~{2+}\r\n{}\r\n"
	     "b LOGIN u p\r\n");
	IMAP("<a APPEND x {30}\n>a NO\n<b NOOP\n", "<a APPEND x {30}\r\n",
	     ">a NO\r\n", "<b NOOP\r\n");
	IMAP("<a APPEND x {30+}\n:< 2 bytes, 1 lines of message, unfinished\n"
	     "<[EOF]\n",
	     "<a APPEND x {30+}\r\nx\n", "<!");
	IMAP("<a SEARCH SUBJECT {3+}\n<abc ALL\n",
	     "<a SEARCH SUBJECT {3+}\r\nabc ALL\r\n");
}

static void fetch(void **state)
{
	(void)state;
	IMAP("<a FETCH 1 BODY[]\n>* 1 FETCH (UID 5 BODY[] {9}\n"
	     ":> 9 bytes, 2 lines of message\n> FLAGS ())\n>a OK\n",
	     "<a FETCH 1 BODY[]\r\n",
	     ">* 1 FETCH (UID 5 BODY[] {9}\r\na {3}\r\nb\n FLAGS ())\r\n"
	     "a OK\r\n");
	IMAP(">* 2 fetch (BODY[HEADER.FIELDS (TO \"X\")]<0> \"+\n"
	     ":> 7 bytes, 0 lines of message\n>\" ENVELOPE (\"BODY[] \" "
	     "\"shown\"))\n",
	     ">* 2 fetch (BODY[HEADER.FIELDS (TO \"X\")]<0> \"a\\\"b \\\\\" "
	     "ENVELOPE (\"BODY[] \" \"shown\"))\r\n");
	IMAP(">* 2 FETCH\t(BODY[] \"+\n:> 2 bytes, 0 lines of message\n>\")\n",
	     ">* 2 FETCH\t(BODY[] \"ab\")\r\n");
	IMAP(">* LIST () \"/\" {3}\n>a\n>b\n",
	     ">* LIST () \"/\" {3}\r\na\nb\r\n");
	IMAP(">* OK text {5}\n>a OK x {3}\n>* 1 EXISTS\n",
	     ">* OK text {5}\r\na OK x {3}\r\n* 1 EXISTS\r\n");
	IMAP(">* 1 FETCH (RFC822.SIZE 5 RFC822 {5}\n"
	     ":> 2 bytes, 0 lines of message, unfinished\n>[EOF]\n",
	     ">* 1 FETCH (RFC822.SIZE 5 RFC822 {5}\r\nab", ">!");
}

/* The bytes of want that are '#' are part of a message. */
static void check_fetch(const char *response, const char *want)
{
	char in[256], out[256];
	size_t n, hidden;

	snprintf(in, sizeof in, ">* 1 FETCH%s\r\n", response);
	n = (size_t)snprintf(out, sizeof out, ">* 1 FETCH");
	for (; *want; want += hidden ? hidden : 1) {
		hidden = strspn(want, "#");
		n += (size_t)(hidden ? snprintf(out + n, sizeof out - n,
						"+\n:> %zu bytes, 0 lines of "
						"message\n>",
						hidden)
				     : snprintf(out + n, sizeof out - n, "%c",
						*want));
	}
	snprintf(out + n, sizeof out - n, "\n");
	IMAP(out, in);
}

static void fetch_bodies(void **state)
{
	(void)state;
	check_fetch(" (BODY[] \"ab\" UID 1)", " (BODY[] \"##\" UID 1)");
	check_fetch(" (body[text] \"ab\")", " (body[text] \"##\")");
	check_fetch(" (BINARY[1.2] \"ab\")", " (BINARY[1.2] \"##\")");
	check_fetch(" (RFC822.TEXT \"ab\")", " (RFC822.TEXT \"##\")");
	check_fetch(" (BODY[1]<0> \"ab\")", " (BODY[1]<0> \"##\")");
	check_fetch(" (BODY[] \"a\\\"b\\\\\" X)", " (BODY[] \"######\" X)");
	check_fetch(" (BODY[] \"\" BODY[1] \"a)b\")",
		    " (BODY[] \"\" BODY[1] \"###\")");
}

static void fetch_without_a_body(void **state)
{
	(void)state;
	check_fetch(" (BODY (\"text\" \"plain\"))",
		    " (BODY (\"text\" \"plain\"))");
	check_fetch(" (BODYSTRUCTURE \"ab\")", " (BODYSTRUCTURE \"ab\")");
	check_fetch(" (ENVELOPE (\"BODY[] \" \"ab\"))",
		    " (ENVELOPE (\"BODY[] \" \"ab\"))");
	check_fetch(" (BINARY.SIZE[1] \"ab\")", " (BINARY.SIZE[1] \"ab\")");
	check_fetch(" (BODY[] NIL FLAGS (\"ab\"))",
		    " (BODY[] NIL FLAGS (\"ab\"))");
}

/* Names in a section are none of items, quoted or not. */
static void fetch_sections(void **state)
{
	(void)state;
	check_fetch(" (BODY[HEADER.FIELDS (TO \"X\")] \"ab\" UID \"c\")",
		    " (BODY[HEADER.FIELDS (TO \"X\")] \"##\" UID \"c\")");
	check_fetch(" (BODY[HEADER.FIELDS (\"a b]\" TO)] \"ab\")",
		    " (BODY[HEADER.FIELDS (\"a b]\" TO)] \"##\")");
}

static void idle(void **state)
{
	(void)state;
	IMAP("<a IDLE\n>+ idling\n<DONE\n>a OK\n<b NOOP\n", "<a IDLE\r\n",
	     ">+ idling\r\n", "<DONE\r\n", ">a OK\r\n", "<b NOOP\r\n");
}

static void opaque(void **state)
{
	(void)state;
	IMAP("<a STARTTLS\n>a OK\n:TLS\n", "<a STARTTLS\r\n", ">a OK\r\n",
	     "<\x16\x03\x01x", ">\x16\x03\x03y");
	IMAP("<a STARTTLS\n>a NO\n<b LOGIN c ***\n", "<a STARTTLS\r\n",
	     ">a NO\r\n", "<b LOGIN c d\r\n");
	IMAP("<a STARTTLS\n>a NO\n<*** 3 bytes\n>\x16\n<b NOOP\n",
	     "<a STARTTLS\r\n", ">a NO\r\n", "<\x16\x03\r\n", ">\x16\r\n",
	     "<b NOOP\r\n");
	IMAP("<a COMPRESS DEFLATE\n>a OK\n:compressed\n<[EOF]\n",
	     "<a COMPRESS DEFLATE\r\n", ">a OK\r\n\1\2", "<\1\2", "<!");
	IMAP("<a COMPRESS DEFLATE\n>a NO\n<b NOOP\n", "<a COMPRESS DEFLATE\r\n",
	     ">a NO\r\n", "<b NOOP\r\n");
}

/* An answer to a line whose LF has not come yet. */
static void answered_at_the_cr(void **state)
{
	(void)state;
	IMAP(">a OK\n<a STARTTLS\n:TLS\n", "<a STARTTLS\r", ">a OK\r\n", "<\n",
	     "<\x16\x03\x01hello", ">\x16\x03\x03server");
	IMAP(">a NO\n<a STARTTLS\n<b LOGIN c ***\n", "<a STARTTLS\r",
	     ">a NO\r\n", "<\nb LOGIN c d\r\n");
	IMAP(">a OK\n<a COMPRESS DEFLATE\n:compressed\n",
	     "<a COMPRESS DEFLATE\r", ">a OK\r\n", "<\nx");
	IMAP(">a BAD\n<a XYZ\n<b COMPRESS DEFLATE\n>b OK\n:compressed\n",
	     "<a XYZ\r", ">a BAD\r\n", "<\nb COMPRESS DEFLATE\r\n",
	     ">b OK\r\n");
	IMAP(">a NO\n<a AUTHENTICATE PLAIN ***\n<b NOOP\n",
	     "<a AUTHENTICATE PLAIN x\r", ">a NO\r\n", "<\nb NOOP\r\n");
	/* An answer to another command. */
	IMAP("<a NOOP\n>a OK\n<b STARTTLS\n>b OK\n:TLS\n",
	     "<a NOOP\r\nb STARTTLS\r", ">a OK\r\n", "<\n", ">b OK\r\n",
	     "<\x16\x03\x01hello", ">\x16\x03\x03server");
	IMAP(">x OK\n<b STARTTLS\n>b OK\n:TLS\n", "<b STARTTLS\r", ">x OK\r\n",
	     "<\n", ">b OK\r\n", "<\x16\x03\x01hello", ">\x16\x03\x03server");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(login),
	    cmocka_unit_test(answered_at_the_cr),
	    cmocka_unit_test(login_literals),
	    cmocka_unit_test(authenticate),
	    cmocka_unit_test(endless_literal),
	    cmocka_unit_test(odd_literals),
	    cmocka_unit_test(size_at_a_cut),
	    cmocka_unit_test(compress_twice),
	    cmocka_unit_test(compress_behind_hidden_commands),
	    cmocka_unit_test(commands_in_octets_are_named),
	    cmocka_unit_test(lines_begin_anew),
	    cmocka_unit_test(literal_in_idle),
	    cmocka_unit_test(doubtful_tags),
	    cmocka_unit_test(behind_append),
	    cmocka_unit_test(behind_size),
	    cmocka_unit_test(shown_behind_size),
	    cmocka_unit_test(answer_before_the_last_octet),
	    cmocka_unit_test(values),
	    cmocka_unit_test(append),
	    cmocka_unit_test(fetch),
	    cmocka_unit_test(fetch_bodies),
	    cmocka_unit_test(fetch_without_a_body),
	    cmocka_unit_test(fetch_sections),
	    cmocka_unit_test(idle),
	    cmocka_unit_test(opaque),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
