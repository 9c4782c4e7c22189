/*
 * Ordinary sessions, as common clients and servers have them: the record is the
 * session, but for secrets and messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

static void submission(void **state)
{
	(void)state;
	DIALOGUE(
	    "smtp",
	    ">220 mx.example.org ESMTP\n<EHLO [192.0.2.7]\n"
	    ">250-mx.example.org\n>250-PIPELINING\n>250 AUTH PLAIN LOGIN\n"
	    "<AUTH PLAIN ***\n>235 2.7.0 welcome\n"
	    "<MAIL FROM:<a@example.org> BODY=8BITMIME SIZE=30\n"
	    ">250 2.1.0 ok\n<RCPT TO:<b@example.net> NOTIFY=FAILURE\n"
	    ">250 2.1.5 ok\n<DATA\n>354 go ahead\n"
	    ":< 30 bytes, 4 lines of message\n>250 2.0.0 taken\n<QUIT\n"
	    ">221 2.0.0 bye\n>[EOF]\n<[EOF]\n",
	    ">220 mx.example.org ESMTP\r\n", "<EHLO [192.0.2.7]\r\n",
	    ">250-mx.example.org\r\n250-PIPELINING\r\n"
	    "250 AUTH PLAIN LOGIN\r\n",
	    "<AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", ">235 2.7.0 welcome\r\n",
	    "<MAIL FROM:<a@example.org> BODY=8BITMIME SIZE=30\r\n",
	    ">250 2.1.0 ok\r\n", "<RCPT TO:<b@example.net> NOTIFY=FAILURE\r\n",
	    ">250 2.1.5 ok\r\n", "<DATA\r\n", ">354 go ahead\r\n",
	    "<Subject: x\r\n\r\nAUTH x\r\nsecret\r\n.\r\n",
	    ">250 2.0.0 taken\r\n", "<QUIT\r\n", ">221 2.0.0 bye\r\n", ">!",
	    "<!");
}

static void chunking(void **state)
{
	(void)state;
	DIALOGUE(
	    "smtp",
	    ">220 mx\n<EHLO a\n>250 CHUNKING\n<MAIL FROM:<>\n<RCPT TO:<b>\n"
	    "<BDAT 14\n:< 14 bytes, 2 lines of message\n<BDAT 6 LAST\n"
	    ":< 6 bytes, 1 lines of message\n<QUIT\n>250 m\n>250 r\n"
	    ">250 b\n>250 l\n>221 bye\n",
	    ">220 mx\r\n", "<EHLO a\r\n", ">250 CHUNKING\r\n",
	    "<MAIL FROM:<>\r\nRCPT TO:<b>\r\nBDAT 14\r\nSubject: x\r\n\r\n"
	    "BDAT 6 LAST\r\ntext\r\nQUIT\r\n",
	    ">250 m\r\n250 r\r\n250 b\r\n250 l\r\n221 bye\r\n");
}

static void pop3(void **state)
{
	(void)state;
	DIALOGUE("pop3",
		 ">+OK ready <1.2@mx>\n<CAPA\n>+OK\n>TOP\n>SASL PLAIN\n>.\n"
		 "<AUTH PLAIN\n>+ \n<***\n>+OK\n<STAT\n>+OK 1 31\n<UIDL\n>+OK\n"
		 ">1 abc\n>.\n<RETR 1\n>+OK\n:> 14 bytes, 3 lines of message\n"
		 "<DELE 1\n>+OK\n<QUIT\n>+OK\n",
		 ">+OK ready <1.2@mx>\r\n", "<CAPA\r\n",
		 ">+OK\r\nTOP\r\nSASL PLAIN\r\n.\r\n", "<AUTH PLAIN\r\n",
		 ">+ \r\n", "<AGFsaWNlAHNlY3JldA==\r\n", ">+OK\r\n",
		 "<STAT\r\n", ">+OK 1 31\r\n", "<UIDL\r\n",
		 ">+OK\r\n1 abc\r\n.\r\n", "<RETR 1\r\n",
		 ">+OK\r\nA: b\r\n\r\ntext\r\n.\r\n", "<DELE 1\r\n", ">+OK\r\n",
		 "<QUIT\r\n", ">+OK\r\n");
}

static void nntp(void **state)
{
	(void)state;
	DIALOGUE(
	    "nntp",
	    ">200 news.example.org ready\n<MODE READER\n>200 posting\n"
	    "<AUTHINFO USER alice\n>381 password\n<AUTHINFO PASS ***\n"
	    ">281 ok\n<GROUP local.test\n>211 1 1 1 local.test\n"
	    "<OVER 1-1\n>224 overview\n:> 8 bytes, 1 lines of message\n"
	    "<ARTICLE <1@b.example>\n>220 1 <1@b.example>\n"
	    ":> 14 bytes, 3 lines of message\n<POST\n>340 go ahead\n"
	    ":< 14 bytes, 3 lines of message\n>240 <2@b.example>\n<QUIT\n"
	    ">205 bye\n",
	    ">200 news.example.org ready\r\n", "<MODE READER\r\n",
	    ">200 posting\r\n", "<AUTHINFO USER alice\r\n", ">381 password\r\n",
	    "<AUTHINFO PASS secret\r\n", ">281 ok\r\n", "<GROUP local.test\r\n",
	    ">211 1 1 1 local.test\r\n", "<OVER 1-1\r\n",
	    ">224 overview\r\n1\tA\t14\r\n.\r\n", "<ARTICLE <1@b.example>\r\n",
	    ">220 1 <1@b.example>\r\nA: b\r\n\r\ntext\r\n.\r\n", "<POST\r\n",
	    ">340 go ahead\r\n", "<A: b\r\n\r\ntext\r\n.\r\n",
	    ">240 <2@b.example>\r\n", "<QUIT\r\n", ">205 bye\r\n");
}

static void imap(void **state)
{
	(void)state;
	DIALOGUE(
	    "imap",
	    ">* OK ready\n<1 capability\n>* CAPABILITY IMAP4rev1 IDLE\n>1 OK\n"
	    "<2 login \"alice\" ***\n>2 OK\n<3 ID (\"name\" \"x\")\n>* ID NIL\n"
	    ">3 OK\n<4 list \"\" \"*\" RETURN (SPECIAL-USE)\n"
	    ">* LIST (\\Sent) \"/\" Sent\n>4 OK\n"
	    "<5 append \"Sent\" (\\Seen) {12}\n>+ OK\n"
	    ":< 12 bytes, 2 lines of message\n<\n>5 OK\n"
	    "<6 select INBOX (CONDSTORE)\n>* 1 EXISTS\n>6 OK\n"
	    "<7 UID search SUBJECT {3}\n>+ OK\n<abc UNSEEN\n>* SEARCH 4\n>7 "
	    "OK\n"
	    "<8 UID fetch 4 (FLAGS BODY.PEEK[])\n>* 1 FETCH (UID 4 BODY[] {4}\n"
	    ":> 4 bytes, 1 lines of message\n>)\n>8 OK\n<9 IDLE\n>+ idling\n"
	    "<DONE\n>9 OK\n<10 logout\n>* BYE\n>10 OK\n",
	    ">* OK ready\r\n", "<1 capability\r\n",
	    ">* CAPABILITY IMAP4rev1 IDLE\r\n1 OK\r\n",
	    "<2 login \"alice\" \"secret\"\r\n", ">2 OK\r\n",
	    "<3 ID (\"name\" \"x\")\r\n", ">* ID NIL\r\n3 OK\r\n",
	    "<4 list \"\" \"*\" RETURN (SPECIAL-USE)\r\n",
	    ">* LIST (\\Sent) \"/\" Sent\r\n4 OK\r\n",
	    "<5 append \"Sent\" (\\Seen) {12}\r\n", ">+ OK\r\n",
	    "<A: b\r\n\r\nNOOP\r\n", ">5 OK\r\n",
	    "<6 select INBOX (CONDSTORE)\r\n", ">* 1 EXISTS\r\n6 OK\r\n",
	    "<7 UID search SUBJECT {3}\r\n", ">+ OK\r\n", "<abc UNSEEN\r\n",
	    ">* SEARCH 4\r\n7 OK\r\n", "<8 UID fetch 4 (FLAGS BODY.PEEK[])\r\n",
	    ">* 1 FETCH (UID 4 BODY[] {4}\r\nab\r\n)\r\n8 OK\r\n",
	    "<9 IDLE\r\n", ">+ idling\r\n", "<DONE\r\n", ">9 OK\r\n",
	    "<10 logout\r\n", ">* BYE\r\n10 OK\r\n");
}

static void sieve(void **state)
{
	(void)state;
	DIALOGUE("sieve",
		 ">\"SASL\" \"PLAIN\"\n>OK\n<AUTHENTICATE \"PLAIN\" ***\n<***\n"
		 ">OK\n<LISTSCRIPTS\n>\"main\" ACTIVE\n>OK\n"
		 "<HAVESPACE \"main\" 7\n>OK\n<PUTSCRIPT \"main\" {7+}\n"
		 ":< 7 bytes, 1 lines of message\n<\n>OK\n"
		 "<SETACTIVE \"main\"\n>OK\n<LOGOUT\n>OK\n",
		 ">\"SASL\" \"PLAIN\"\r\nOK\r\n",
		 "<AUTHENTICATE \"PLAIN\" {8+}\r\nAGEAYg==\r\n", ">OK\r\n",
		 "<LISTSCRIPTS\r\n", ">\"main\" ACTIVE\r\nOK\r\n",
		 "<HAVESPACE \"main\" 7\r\n", ">OK\r\n",
		 "<PUTSCRIPT \"main\" {7+}\r\nkeep;\r\n\r\n", ">OK\r\n",
		 "<SETACTIVE \"main\"\r\n", ">OK\r\n", "<LOGOUT\r\n",
		 ">OK\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(submission), cmocka_unit_test(chunking),
	    cmocka_unit_test(pop3),       cmocka_unit_test(imap),
	    cmocka_unit_test(sieve),      cmocka_unit_test(nntp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
