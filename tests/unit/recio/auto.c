/* A protocol that is not known, or not yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define AUTO(want, ...) DIALOGUE("auto", want, __VA_ARGS__)

static void by_greeting(void **state)
{
	(void)state;
	AUTO(
	    ">220-x\n>220 mx\n<DATA\n>354 go\n:< 3 bytes, 1 lines of message\n",
	    ">220-x\r\n220 mx\r\n", "<DATA\r\n", ">354 go\r\n", "<x\r\n.\r\n");
	AUTO(">220 mx\n<LHLO x\n>250 x\n<RCPT TO:<a>\n<RCPT "
	     "TO:<b>\n<DATA\n>250 a\n>250 "
	     "b\n"
	     ">354 go\n:< 0 bytes, 0 lines of message\n<DATA\n>250 a\n>250 b\n"
	     ">500\n<NOOP\n",
	     ">220 mx\r\n", "<LHLO x\r\n", ">250 x\r\n",
	     "<RCPT TO:<a>\r\nRCPT TO:<b>\r\nDATA\r\n",
	     ">250 a\r\n250 b\r\n354 go\r\n", "<.\r\nDATA\r\nNOOP\r\n",
	     ">250 a\r\n250 b\r\n500\r\n");
	AUTO(">+OK\n<RETR 1\n>+OK\n:> 3 bytes, 1 lines of message\n",
	     ">+OK\r\n", "<RETR 1\r\n", ">+OK\r\nx\r\n.\r\n");
	AUTO(">* OK\n<a LOGIN b ***\n>* 1 FETCH (BODY[] {1}\n"
	     ":> 1 bytes, 0 lines of message\n>)\n",
	     ">* OK\r\n", "<a LOGIN b c\r\n",
	     ">* 1 FETCH (BODY[] {1}\r\nx)\r\n");
	AUTO(">\"IMPLEMENTATION\" \"x\"\n>OK\n<PUTSCRIPT a {1+}\n"
	     ":< 1 bytes, 0 lines of message\n<\n",
	     ">\"IMPLEMENTATION\" \"x\"\r\nOK\r\n",
	     "<PUTSCRIPT a {1+}\r\nx\r\n");
}

/* NNTP's greetings are near those of SMTP. */
static void by_code(void **state)
{
	(void)state;
	AUTO(">200 news\n<BODY 1\n>222\n:> 3 bytes, 1 lines of message\n"
	     "<AUTHINFO PASS ***\n>281\n",
	     ">200 news\r\n", "<BODY 1\r\n", ">222\r\nx\r\n.\r\n",
	     "<AUTHINFO PASS x\r\n", ">281\r\n");
	AUTO(">201\n<AUTHINFO SASL LOGIN\n>383 =\n<***\n>281\n<DATE\n",
	     ">201\r\n", "<AUTHINFO SASL LOGIN\r\n", ">383 =\r\n",
	     "<dXNlcg\r\n", ">281\r\n", "<DATE\r\n");
	/* An early client, before the greeting. */
	AUTO("<MODE READER\n<POST\n>200 news\n>200 ok\n>340\n"
	     ":< 3 bytes, 1 lines of message\n>240\n",
	     "<MODE READER\r\nPOST\r\n", ">200 news\r\n200 ok\r\n340\r\n",
	     "<x\r\n.\r\n", ">240\r\n");
	AUTO(">220 news\n<DATA\n>354\n:< 3 bytes, 1 lines of message\n>250\n",
	     ">220 news\r\n", "<DATA\r\n", ">354\r\n", "<x\r\n.\r\n",
	     ">250\r\n");
	/* More than one line: not NNTP. */
	AUTO(">200-x\n>200 x\n<DATA\n>354\n:< 3 bytes, 1 lines of message\n",
	     ">200-x\r\n200 x\r\n", "<DATA\r\n", ">354\r\n", "<x\r\n.\r\n");
	AUTO(">202 x\n<DATA\n>354\n:< 3 bytes, 1 lines of message\n",
	     ">202 x\r\n", "<DATA\r\n", ">354\r\n", "<x\r\n.\r\n");
}

/* Who speaks first is shown at once, and what it said is not forgotten. */
static void client_first(void **state)
{
	(void)state;
	AUTO(
	    "<EHLO a\n<AUTH LOGIN\n>220 x\n>250 x\n>334 u\n<***\n>334 p\n<***\n"
	    ">235 ok\n<NOOP\n",
	    "<EHLO a\r\nAUTH LOGIN\r\ndXNlcg==\r\n",
	    ">220 x\r\n250 x\r\n334 u\r\n334 p\r\n", "<cGFzcw==\r\n",
	    ">235 ok\r\n", "<NOOP\r\n");
	AUTO("<a LOGIN b ***\n>a OK [CAPABILITY x]\n<c APPEND d {1+}\n"
	     ":< 1 bytes, 0 lines of message\n<\n",
	     "<a LOGIN b c\r\n", ">a OK [CAPABILITY x]\r\n",
	     "<c APPEND d {1+}\r\nx\r\n");
	AUTO(">220 x\n<EHLO a\n>250 x\n<DATA\n", "<EHL", ">220 x\r\n",
	     "<O a\r\n", ">250 x\r\n", "<DATA\r\n");
	/* The server speaks something else than the client thought. */
	AUTO(">* OK\n<PASS *** 7 bytes\n<a NOOP\n", "<PASS sec", ">* OK\r\n",
	     "<ret\r\na NOOP\r\n");
	AUTO("<AUTH LOGIN\n>* OK\n<***\n<a NOOP\n", "<AUTH LOGIN\r\n",
	     ">* OK\r\n", "<c2VjcmV0\r\na NOOP\r\n");
	AUTO(":TLS\n", "<\x16\x03\x01x", ">\x16\x03\x03y");
}

/* Nothing tells; secrets are hidden all the same. */
static void unknown(void **state)
{
	(void)state;
	AUTO("<GET *** 11 bytes\n<\n>*** 200 OK\n>\n>text\n",
	     "<GET / HTTP/1.0\r\n\r\n", ">HTTP/1.0 200 OK\r\n\r\ntext\n");
	AUTO("<PASS ***\n<APOP a ***\n<x LOGIN b ***\n<LOGIN b ***\n"
	     "<x AUTHENTICATE PLAIN ***\n>what\n<NOOP\n<a NOOP\n",
	     "<PASS x\r\nAPOP a b\r\nx LOGIN b c\r\nLOGIN b c\r\n"
	     "x AUTHENTICATE PLAIN b\r\nNOOP\r\n",
	     ">what\r\n", "<a NOOP\r\n");
	AUTO(">what\n<x LOGIN {1+}\n<b ***\n<***\n<y *** 5 bytes\n>334 "
	     "x\n<***\n>+ x\n"
	     "<***\n>ok\n<***\n<a NOOP\n",
	     ">what\r\n", "<x LOGIN {1+}\r\nb {1+}\r\nc\r\ny AUTH\r\n",
	     ">334 x\r\n", "<x\r\n", ">+ x\r\n", "<x\r\n", ">ok\r\n", "<x\r\n",
	     "<a NOOP\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_greeting),
	    cmocka_unit_test(by_code),
	    cmocka_unit_test(client_first),
	    cmocka_unit_test(unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
