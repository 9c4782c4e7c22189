/* POP3: what may be recorded of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define POP3(want, ...) DIALOGUE("pop3", want, __VA_ARGS__)

static void pass(void **state)
{
	(void)state;
	POP3(">+OK hello\n<USER alice\n>+OK\n<PASS ***\n>+OK\n<QUIT\n>+OK\n",
	     ">+OK hello\r\n", "<USER alice\r\n", ">+OK\r\n",
	     "<PASS my secret  word\r\n", ">+OK\r\n", "<QUIT\r\n", ">+OK\r\n");
	POP3("<  pass\t***\n<NOOP\n", "<  pass\tsecret\nNOOP\n");
	POP3("<PASS ***\n<NOOP\n", "<PASSsecret\r\nNOOP\r\n");
	POP3("<PASS\n<***\n<NOOP\n", "<PASS\r\nsecret\r\nNOOP\r\n");
	POP3("<USER a\n<PASS ***\n<STAT\n", "<USER a\r\nPASS b\r\nSTAT\r\n");
	POP3("<PASS\n", "<PASS\n");
}

static void apop(void **state)
{
	(void)state;
	POP3(">+OK <1.2@h>\n<APOP alice ***\n>-ERR\n<apop bob  ***\n",
	     ">+OK <1.2@h>\r\n", "<APOP alice c4c9334bac56\r\n", ">-ERR\r\n",
	     "<apop bob  c4c9334bac57\r\n");
}

static void auth(void **state)
{
	(void)state;
	POP3(">+OK\n<AUTH\n>+OK\n>PLAIN\n>.\n<AUTH PLAIN ***\n>+OK\n<STAT\n",
	     ">+OK\r\n", "<AUTH\r\n", ">+OK\r\nPLAIN\r\n.\r\n",
	     "<AUTH PLAIN AGEAYg==\r\n", ">+OK\r\n", "<STAT\r\n");
	/* Alone it asks for a list, and no response follows. */
	POP3(">+OK\n<AUTH\n>-ERR\n<XYZZY\n", ">+OK\r\n", "<AUTH\r\n",
	     ">-ERR\r\n", "<XYZZY\r\n");
	/* There are no literals here. */
	POP3(">+OK\n<AUTH LOGIN ***\n>-ERR\n<USER a\n", ">+OK\r\n",
	     "<AUTH LOGIN {200}\n", ">-ERR\r\n", "<USER a\r\n");
	/* An answer that comes before its time. */
	POP3(">+OK\n<AUTH LOGIN\n>+OK\n<***\n<STAT\n", ">+OK\r\n",
	     "<AUTH LOGIN\r\n", ">+OK\r\n", "<dXNlcg==\r\n", "<STAT\r\n");
	POP3(">+OK\n<AUTH LOGIN\n>+ VXNlcm5hbWU6\n<***\n>+\n<***\n>-ERR\n"
	     "<AUTH LOGIN\n>+ \n<*\n>-ERR\n<***\n<USER a\n<b\n",
	     ">+OK\r\n", "<AUTH LOGIN\r\n", ">+ VXNlcm5hbWU6\r\n",
	     "<dXNlcg\r\n", ">+\r\n", "<cGFzcw\r\n", ">-ERR\r\n",
	     "<AUTH LOGIN\r\n", ">+ \r\n", "<*\r\n", ">-ERR\r\n", "<cGFzcw\r\n",
	     "<USER a\r\nb\r\n");
}

static void messages(void **state)
{
	(void)state;
	POP3(">+OK\n<RETR 1\n>+OK 12 octets\n:> 16 bytes, 3 lines of message\n"
	     "<TOP 2 0\n>-ERR\n<UIDL\n>+OK\n>1 abc\n>.\n<DELE 1\n>+OK\n",
	     ">+OK\r\n", "<RETR 1\r\n",
	     ">+OK 12 octets\r\nbody\r\n+OK\r\n..x\r\n.\r\n", "<TOP 2 0\r\n",
	     ">-ERR\r\n", "<UIDL\r\n", ">+OK\r\n1 abc\r\n.\r\n", "<DELE 1\r\n",
	     ">+OK\r\n");
	POP3(">+OK\n<LIST\n<RETR 1\n<LIST 1\n<RETR 2\n>+OK\n>1 5\n>.\n>+OK\n"
	     ":> 3 bytes, 1 lines of message\n>+OK 1 5\n>-ERR\n",
	     ">+OK\r\n", "<LIST\r\nRETR 1\r\nLIST 1\r\nRETR 2\r\n",
	     ">+OK\r\n1 5\r\n.\r\n+OK\r\nx\r\n.\r\n+OK 1 5\r\n-ERR\r\n");
	POP3(">+OK\n<RETR 1\n>+OK\n:> 4 bytes, 2 lines of message\n<QUIT\n",
	     ">+OK\n", "<RETR 1\n", ">+OK\na\nb\n.\n", "<QUIT\n");
	POP3(">+OK\n<RETR 1\n>+OK\n:> 6 bytes, 3 lines of message, unfinished\n"
	     ">[EOF]\n",
	     ">+OK\r\n", "<RETR 1\r\n", ">+OK\r\na\n.\nb\n", ">!");
}

/* The lines of a listing are no answers, whatever they look like. */
static void listings(void **state)
{
	(void)state;
	POP3(">+OK\n<CAPA\n>+OK\n>-ERR\n>+ x\n>.\n<TOP 1 0\n>+OK\n"
	     ":> 3 bytes, 1 lines of message\n<UIDL 1\n>+OK 1 x\n<QUIT\n",
	     ">+OK\r\n", "<CAPA\r\n", ">+OK\r\n-ERR\r\n+ x\r\n.\r\n",
	     "<TOP 1 0\r\n", ">+OK\r\nx\r\n.\r\n", "<UIDL 1\r\n",
	     ">+OK 1 x\r\n", "<QUIT\r\n");
}

static void tls(void **state)
{
	(void)state;
	POP3(">+OK\n<STLS\n>+OK\n:TLS\n", ">+OK\r\n", "<STLS\r\n", ">+OK\r\n",
	     "<\x16\x03\x01x", ">\x16\x03\x03x");
	POP3(">+OK\n<STLS\n>-ERR\n<PASS ***\n", ">+OK\r\n",
	     "<STLS\r\nPASS x\r\n", ">-ERR\r\n");
	/* A client can't end the record by a mail that looks like an answer. */
	POP3(">+OK\n<RETR 1\n>+OK\n<*** 3 bytes\n"
	     ":> 5 bytes, 1 lines of message\n<NOOP\n",
	     ">+OK\r\n", "<RETR 1\r\n", ">+OK\r\n", "<\x16\x03\r\n",
	     ">\x16\x03x\r\n.\r\n", "<NOOP\r\n");
	POP3(">+OK\n<STLS\n>-ERR\n<RETR 1\n>+OK\n<*** 3 bytes\n"
	     ":> 5 bytes, 1 lines of message\n<NOOP\n",
	     ">+OK\r\n", "<STLS\r\n", ">-ERR\r\n", "<RETR 1\r\n", ">+OK\r\n",
	     "<\x16\x03\r\n", ">\x16\x03x\r\n.\r\n", "<NOOP\r\n");
	/* What a proxy says in front of a handshake is no answer. */
	POP3("<PROXY TCP4\n:TLS\n", "<PROXY TCP4\r\n", "<\x16\x03\x01x",
	     ">\x16\x03\x03x");
}

/* More kinds of commands than can be remembered, without an answer. */
static void flood(void **state)
{
	static struct dialogue d;
	size_t i;

	(void)state;
	dialogue_begin(&d, "pop3");
	for (i = 0; i < 3000; i++)
		dialogue_say(&d, "<LIST\r\nNOOP\r\n");
	dialogue_say(&d, "<PASS secret\r\n");
	/* A greeting and 255 commands of six bytes are owed. */
	assert_non_null(strstr(d.text, ":lost track behind < 1530 bytes, > 0 "
				       "bytes: too many answers are owed\n"));
	assert_non_null(strstr(d.text, "<PASS ***"));
	assert_null(strstr(d.text, "secret"));
}

/* A reply to a line whose LF has not come yet. */
static void answered_at_the_cr(void **state)
{
	(void)state;
	POP3(">+OK\n>-ERR\n<XYZ\n<RETR 1\n>+OK\n"
	     ":> 3 bytes, 1 lines of message\n<PASS ***\n>+OK\n",
	     ">+OK\r\n", "<XYZ\r", ">-ERR\r\n", "<\nRETR 1\r\n",
	     ">+OK\r\na\r\n.\r\n", "<PASS x\r\n", ">+OK\r\n");
	POP3(">+OK\n>+OK\n:> 3 bytes, 1 lines of message\n<TOP 1 1\n"
	     "<STAT\n>+OK\n",
	     ">+OK\r\n", "<TOP 1 1\r", ">+OK\r\na\r\n.\r\n", "<\nSTAT\r\n",
	     ">+OK\r\n");
	/* The LF comes within the reply. */
	POP3(">+OK\n<RETR 1\n>+OK\n:> 3 bytes, 1 lines of message\n",
	     ">+OK\r\n", "<RETR 1\r", ">+OK", "<\n", ">\r\na\r\n.\r\n");
	POP3(">+OK\n>+OK\n<AUTH PLAIN ***\n<XYZ\n>-ERR\n<STAT\n", ">+OK\r\n",
	     "<AUTH PLAIN AGEAYg==\r", ">+OK\r\n", "<\nXYZ\r\n", ">-ERR\r\n",
	     "<STAT\r\n");
	POP3(">+OK\n>+OK\n<STLS\n:TLS\n", ">+OK\r\n", "<STLS\r", ">+OK\r\n",
	     "<\n", "<\x16\x03\x01hello", ">\x16\x03\x03server");
	POP3(">+OK\n>-ERR\n<STLS\n<STAT\n", ">+OK\r\n", "<STLS\r", ">-ERR\r\n",
	     "<\nSTAT\r\n");
	/* Another command's reply comes while a line is cut. */
	POP3(">+OK\n<STAT\n>+OK\n<RETR 1\n>+OK\n"
	     ":> 3 bytes, 1 lines of message\n",
	     ">+OK\r\n", "<STAT\r\nRETR 1\r", ">+OK\r\n", "<\n",
	     ">+OK\r\na\r\n.\r\n");
	/* A CR within a line. */
	POP3(">+OK\n>+OK\n<PASS ***\n<STAT\n", ">+OK\r\n", "<PASS a\r",
	     ">+OK\r\n", "<b\r\nSTAT\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pass),     cmocka_unit_test(apop),
	    cmocka_unit_test(auth),     cmocka_unit_test(messages),
	    cmocka_unit_test(listings), cmocka_unit_test(tls),
	    cmocka_unit_test(flood),    cmocka_unit_test(answered_at_the_cr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
