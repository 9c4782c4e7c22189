/* NNTP: what may be recorded of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define NNTP(want, ...) DIALOGUE("nntp", want, __VA_ARGS__)

static void pass(void **state)
{
	(void)state;
	NNTP(">200 hello\n<AUTHINFO USER alice\n>381 more\n<AUTHINFO PASS ***\n"
	     ">281 ok\n<GROUP comp.lang.c++\n>211 2 1 2 comp.lang.c++\n"
	     "<QUIT\n>205 bye\n",
	     ">200 hello\r\n", "<AUTHINFO USER alice\r\n", ">381 more\r\n",
	     "<AUTHINFO PASS my secret  word\r\n", ">281 ok\r\n",
	     "<GROUP comp.lang.c++\r\n", ">211 2 1 2 comp.lang.c++\r\n",
	     "<QUIT\r\n", ">205 bye\r\n");
	NNTP("<  authinfo\tpass  ***\n<DATE\n",
	     "<  authinfo\tpass  secret\nDATE\n");
	NNTP("<PASS ***\n<DATE\n", "<PASSsecret\r\nDATE\r\n");
	NNTP("<AUTHINFO PASS\n<***\n<DATE\n",
	     "<AUTHINFO PASS\r\nsecret\r\nDATE\r\n");
	NNTP("<AUTHINFO *** 11 bytes\n<DATE\n",
	     "<AUTHINFO PASSsecret\r\nDATE\r\n");
	NNTP("<AUTHINFO USER a *** 7 bytes\n<AUTHINFO GENERIC ***\n",
	     "<AUTHINFO USER a secret\r\nAUTHINFO GENERIC a secret\r\n");
	/* A password without its command. */
	NNTP(">200\n<AUTHINFO USER a\n>381\n<***\n>500\n<***\n>500\n<DATE\n",
	     ">200\r\n", "<AUTHINFO USER a\r\n", ">381\r\n", "<secret\r\n",
	     ">500\r\n", "<secret word\r\n", ">500\r\n", "<DATE\r\n");
}

static void sasl(void **state)
{
	(void)state;
	NNTP(">200\n<AUTHINFO SASL PLAIN ***\n>281\n<DATE\n", ">200\r\n",
	     "<AUTHINFO SASL PLAIN AGEAYg==\r\n", ">281\r\n", "<DATE\r\n");
	NNTP(">200\n<AUTHINFO SASL LOGIN\n>383 VXNlcm5hbWU6\n<***\n>383 =\n"
	     "<***\n>481 no\n<***\n<DATE\n",
	     ">200\r\n", "<AUTHINFO SASL LOGIN\r\n", ">383 VXNlcm5hbWU6\r\n",
	     "<dXNlcg\r\n", ">383 =\r\n", "<cGFzcw\r\n", ">481 no\r\n",
	     "<cGFzcw\r\n", "<DATE\r\n");
	NNTP(">200\n<AUTHINFO SASL LOGIN\n>383 \n<*\n>481\n<DATE\n", ">200\r\n",
	     "<AUTHINFO SASL LOGIN\r\n", ">383 \r\n", "<*\r\n", ">481\r\n",
	     "<DATE\r\n");
	NNTP(">200\n<AUTHINFO SIMPLE\n>350\n<***\n>281\n<DATE\n", ">200\r\n",
	     "<AUTHINFO SIMPLE\r\n", ">350\r\n", "<alice secret\r\n",
	     ">281\r\n", "<DATE\r\n");
	/* A user who is named as a command. */
	NNTP(">200\n<AUTHINFO SIMPLE\n>350\n<date ***\n>281\n<DATE\n",
	     ">200\r\n", "<AUTHINFO SIMPLE\r\n", ">350\r\n", "<date secret\r\n",
	     ">281\r\n", "<DATE\r\n");
	/* The mechanism is not known, or is the secret. */
	NNTP("<AUTHINFO SASL ***\n", "<AUTHINFO SASL secret\r\n");
	/* A client that does not wait. */
	NNTP(">200\n<AUTHINFO SASL LOGIN\n>481 no\n<***\n<***\n<DATE\n",
	     ">200\r\n", "<AUTHINFO SASL LOGIN\r\ndXNlcg\r\ncGFzcw\r\n",
	     ">481 no\r\n", "<DATE\r\n");
	/* The answer comes in the middle of a response. */
	NNTP(">200\n<AUTHINFO SIMPLE\n>350\n>400 bye\n<group ***\n"
	     "<GROUP a.b\n",
	     ">200\r\n", "<AUTHINFO SIMPLE\r\n", ">350\r\n", "<gro",
	     ">400 bye\r\n", "<up secret\r\nGROUP a.b\r\n");
	/* A challenge that nobody asked for. */
	NNTP(">200\n<LIST\n>383 \n<***\n>481\n<DATE\n", ">200\r\n", "<LIST\r\n",
	     ">383 \r\n", "<cGFzcw\r\n", ">481\r\n", "<DATE\r\n");
}

/* The bodies of replies are counted. */
static void articles(void **state)
{
	(void)state;
	NNTP(">200\n<ARTICLE <1@b>\n>220 0 <1@b>\n"
	     ":> 16 bytes, 3 lines of message\n<HEAD 5\n>423\n<BODY\n>222\n"
	     ":> 3 bytes, 1 lines of message\n<STAT 7\n>223 7 <2@b>\n",
	     ">200\r\n", "<ARTICLE <1@b>\r\n",
	     ">220 0 <1@b>\r\nbody\r\n220\r\n..x\r\n.\r\n", "<HEAD 5\r\n",
	     ">423\r\n", "<BODY\r\n", ">222\r\nx\r\n.\r\n", "<STAT 7\r\n",
	     ">223 7 <2@b>\r\n");
	NNTP(">200\n<OVER 1-5\n>224\n:> 5 bytes, 1 lines of message\n"
	     "<XHDR Subject 5-\n>221\n:> 5 bytes, 1 lines of message\n"
	     "<HDR :bytes\n>225\n:> 5 bytes, 1 lines of message\n"
	     "<LIST ACTIVE comp.*,!alt.*\n>215\n"
	     ":> 8 bytes, 1 lines of message\n",
	     ">200\r\n", "<OVER 1-5\r\n", ">224\r\n1\tx\r\n.\r\n",
	     "<XHDR Subject 5-\r\n", ">221\r\n5 x\r\n.\r\n", "<HDR :bytes\r\n",
	     ">225\r\n5 7\r\n.\r\n", "<LIST ACTIVE comp.*,!alt.*\r\n",
	     ">215\r\nabcdef\r\n.\r\n");
	NNTP(">200\n<NEWNEWS comp.* 20260101 000000 GMT\n>230\n"
	     ":> 5 bytes, 1 lines of message\n"
	     "<NEWGROUPS 20260101 000000\n>231\n:> 0 bytes, 0 lines of "
	     "message\n<XGTITLE a.*\n>282\n"
	     ":> 5 bytes, 1 lines of message\n",
	     ">200\r\n", "<NEWNEWS comp.* 20260101 000000 GMT\r\n",
	     ">230\r\n<a>\r\n.\r\n", "<NEWGROUPS 20260101 000000\r\n",
	     ">231\r\n.\r\n", "<XGTITLE a.*\r\n", ">282\r\na b\r\n.\r\n");
	/* Bare newlines. */
	NNTP(">200\n<BODY 1\n>222\n:> 4 bytes, 2 lines of message\n<QUIT\n",
	     ">200\n", "<BODY 1\n", ">222\na\nb\n.\n", "<QUIT\n");
	NNTP(">200\n<BODY 1\n>222\n"
	     ":> 6 bytes, 3 lines of message, unfinished\n>[EOF]\n",
	     ">200\r\n", "<BODY 1\r\n", ">222\r\na\n.\nb\n", ">!");
	/* Even where no command is known to be owed it. */
	NNTP(">200\n>222\n:> 3 bytes, 1 lines of message\n<DATE\n>111 1\n",
	     ">200\r\n", ">222\r\nx\r\n.\r\n", "<DATE\r\n", ">111 1\r\n");
}

/* 211 has a body after LISTGROUP, whatever is pipelined around it. */
static void numbers(void **state)
{
	(void)state;
	NNTP(">200\n<GROUP a.b\n<LISTGROUP a.b 1-\n<GROUP c\n<XPAT a 1 ***"
	     " 2 bytes\n>211 1 1 1 a.b\n>211 1 1 1 a.b\n"
	     ":> 3 bytes, 1 lines of message\n>211 0 0 0 c\n>221\n:> 0 bytes, "
	     "0 lines of message\n<DATE\n"
	     ">111 1\n",
	     ">200\r\n",
	     "<GROUP a.b\r\nLISTGROUP a.b 1-\r\nGROUP c\r\nXPAT a 1 *\r\n",
	     ">211 1 1 1 a.b\r\n211 1 1 1 a.b\r\n1\r\n.\r\n211 0 0 0 c\r\n"
	     "221\r\n.\r\n",
	     "<DATE\r\n", ">111 1\r\n");
	/* The greeting is no answer to a client that did not wait for it. */
	NNTP("<LISTGROUP a.b\n>200\n>211 1\n:> 3 bytes, 1 lines of message\n",
	     "<LISTGROUP a.b\r\n", ">200\r\n211 1\r\n1\r\n.\r\n");
	/* Some servers answer an empty line, some do not. */
	NNTP(">200\n<\n<LISTGROUP\n>211 1\n:> 3 bytes, 1 lines of message\n",
	     ">200\r\n", "<\r\nLISTGROUP\r\n", ">211 1\r\n1\r\n.\r\n");
}

/* Lines of a list are no replies, whatever they look like. */
static void lists(void **state)
{
	(void)state;
	NNTP(">200\n<CAPABILITIES\n>101\n>VERSION 2\n>220 x\n>383 x\n>.\n"
	     "<HELP\n>100\n>LIST\n>.\n<DATE\n>111 1\n",
	     ">200\r\n", "<CAPABILITIES\r\n",
	     ">101\r\nVERSION 2\r\n220 x\r\n383 x\r\n.\r\n", "<HELP\r\n",
	     ">100\r\nLIST\r\n.\r\n", "<DATE\r\n", ">111 1\r\n");
}

static void posts(void **state)
{
	(void)state;
	NNTP(">200\n<POST\n>340 go\n:< 16 bytes, 3 lines of message\n>240 ok\n"
	     "<IHAVE <1@b>\n>335 go\n:< 3 bytes, 1 lines of message\n>235\n"
	     "<IHAVE <1@b>\n>435 no\n<QUIT\n",
	     ">200\r\n", "<POST\r\n", ">340 go\r\n",
	     "<A: b\r\n\r\nLIST x\r\n.\r\n", ">240 ok\r\n", "<IHAVE <1@b>\r\n",
	     ">335 go\r\n", "<x\r\n.\r\n", ">235\r\n", "<IHAVE <1@b>\r\n",
	     ">435 no\r\n", "<QUIT\r\n");
	NNTP(">201\n<POST\n>440 no\n<DATE\n", ">201\r\n", "<POST\r\n",
	     ">440 no\r\n", "<DATE\r\n");
	/* The client does not wait, and the server refuses: lines came. */
	NNTP(">200\n<POST\n>440 no\n<Subject *** 7 bytes\n<DATE\n", ">200\r\n",
	     "<POST\r\nSubject secret\r\nDATE\r\n", ">440 no\r\n");
	/* No answer can come: it is hidden as an article. */
	NNTP("<POST\n>[EOF]\n:< 8 bytes, 1 lines of message\n"
	     ":< not taken: lines begin with DATE\n<QUIT\n",
	     "<POST\r\n", ">!", "<DATE x\r\n.\r\n", "<QUIT\r\n");
	/* A 2xx that was not counted: the client waits for its 340. */
	NNTP(">200\n<DATE\n<POST\n>111 1\n>200 extra\n>340\n"
	     ":< 8 bytes, 1 lines of message\n"
	     ":< not taken: lines begin with LIST\n",
	     ">200\r\n", "<DATE\r\nPOST\r\nLIST x\r\n.\r\n",
	     ">111 1\r\n200 extra\r\n", ">340\r\n");
	/* A 340 that no POST waits for: what it hides may be commands. */
	NNTP(">200\n>340 go\n>240\n:< 14 bytes, 2 lines of message\n"
	     ":< not taken: lines begin with DATE, LIST\n<QUIT\n",
	     ">200\r\n", ">340 go\r\n", "<DATE\r\nLIST x\r\n", ">240\r\n",
	     "<QUIT\r\n");
	/* An end that not all servers take for one. */
	NNTP(">200\n<POST\n>340\n>240\n:< 2 bytes, 1 lines of message\n<DATE\n",
	     ">200\r\n", "<POST\r\n", ">340\r\n", "<a\n.\nDATE\r\n",
	     ">240\r\n");
}

/* The article of TAKETHIS follows at once. */
static void streaming(void **state)
{
	(void)state;
	NNTP(">200\n<MODE STREAM\n>203\n<CHECK <1@b>\n<TAKETHIS <2@b>\n"
	     ":< 8 bytes, 1 lines of message\n<CHECK <3@b>\n<TAKETHIS <4@b>\n"
	     ":< 3 bytes, 1 lines of message\n>238 <1@b>\n>239 <2@b>\n"
	     ">438 <3@b>\n>439 <4@b>\n<QUIT\n>205\n",
	     ">200\r\n", "<MODE STREAM\r\n", ">203\r\n",
	     "<CHECK <1@b>\r\nTAKETHIS <2@b>\r\nLIST x\r\n.\r\n"
	     "CHECK <3@b>\r\nTAKETHIS <4@b>\r\ny\r\n.\r\n",
	     ">238 <1@b>\r\n239 <2@b>\r\n438 <3@b>\r\n439 <4@b>\r\n",
	     "<QUIT\r\n", ">205\r\n");
	NNTP(">200\n<CAPABILITIES\n>101\n>STREAMING\n>.\n<TAKETHIS <2@b>\n"
	     ":< 8 bytes, 1 lines of message\n>239\n<DATE\n",
	     ">200\r\n", "<CAPABILITIES\r\n", ">101\r\nSTREAMING\r\n.\r\n",
	     "<TAKETHIS <2@b>\r\nLIST x\r\n.\r\n", ">239\r\n", "<DATE\r\n");
	/* A server that did not say so may take its lines for commands. */
	NNTP(">200\n<TAKETHIS <2@b>\n:< 22 bytes, 1 lines of message\n"
	     ":< not taken: lines begin with AUTHINFO\n>500\n<DATE\n",
	     ">200\r\n", "<TAKETHIS <2@b>\r\nAUTHINFO PASS secret\r\n.\r\n",
	     ">500\r\n", "<DATE\r\n");
}

static void tls(void **state)
{
	(void)state;
	NNTP(">200\n<STARTTLS\n>382\n:TLS\n", ">200\r\n", "<STARTTLS\r\n",
	     ">382\r\n", "<\x16\x03\x01x", ">\x16\x03\x03x");
	NNTP(">200\n<STARTTLS\n>580\n<PASS ***\n", ">200\r\n",
	     "<STARTTLS\r\nPASS x\r\n", ">580\r\n");
	NNTP(">200\n<STARTTLS\n>580\n<BODY 1\n>222\n<*** 3 bytes\n"
	     ":> 5 bytes, 1 lines of message\n<DATE\n",
	     ">200\r\n", "<STARTTLS\r\n", ">580\r\n", "<BODY 1\r\n", ">222\r\n",
	     "<\x16\x03\r\n", ">\x16\x03x\r\n.\r\n", "<DATE\r\n");
	/* A client can't end the record by an article like an answer. */
	NNTP(">200\n<BODY 1\n>222\n<*** 3 bytes\n"
	     ":> 5 bytes, 1 lines of message\n<DATE\n",
	     ">200\r\n", "<BODY 1\r\n", ">222\r\n", "<\x16\x03\r\n",
	     ">\x16\x03x\r\n.\r\n", "<DATE\r\n");
	NNTP("<PROXY TCP4\n:TLS\n", "<PROXY TCP4\r\n", "<\x16\x03\x01x",
	     ">\x16\x03\x03x");
}

static void compression(void **state)
{
	(void)state;
	NNTP(">200\n<COMPRESS DEFLATE\n>206\n:compressed\n", ">200\r\n",
	     "<COMPRESS DEFLATE\r\n", ">206\r\n", "<xyz", ">abc");
	NNTP(">200\n<COMPRESS DEFLATE\n>403\n<DATE\n", ">200\r\n",
	     "<COMPRESS DEFLATE\r\nDATE\r\n", ">403\r\n");
	/* The 206 of another command is none. */
	NNTP(">200\n<DATE\n>206\n<DATE\n", ">200\r\n", "<DATE\r\n", ">206\r\n",
	     "<DATE\r\n");
}

/* What is no known command, or does not have its form, is hidden. */
static void unknown(void **state)
{
	(void)state;
	NNTP("<XSECRET *** 7 bytes\n<*** 9 bytes\n<ARTICLE *** 7 bytes\n"
	     "<GROUP *** 8 bytes\n<HEAD *** 18 bytes\n",
	     "<XSECRET secret\r\ns3cret x\r\nARTICLE secret\r\n"
	     "GROUP a/b=c;d\r\nHEAD /x?key=y HTTP/1.0\r\n");
}

/* More kinds of commands than can be remembered, without an answer. */
static void flood(void **state)
{
	static struct dialogue d;

	(void)state;
	dialogue_begin(&d, "nntp");
	for (size_t i = 0; i < 3000; i++)
		dialogue_say(&d, "<DATE\r\nLISTGROUP\r\n");
	dialogue_say(&d, "<AUTHINFO PASS secret\r\n");
	/* 256 commands are owed an answer. */
	assert_non_null(strstr(d.text, ":lost track behind < 2176 bytes, > 0 "
				       "bytes: too many answers are owed\n"));
	/* SMTP's AUTH is found first. */
	assert_non_null(strstr(d.text, "<AUTH ***"));
	assert_null(strstr(d.text, "secret"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pass),        cmocka_unit_test(sasl),
	    cmocka_unit_test(articles),    cmocka_unit_test(numbers),
	    cmocka_unit_test(lists),       cmocka_unit_test(posts),
	    cmocka_unit_test(streaming),   cmocka_unit_test(tls),
	    cmocka_unit_test(compression), cmocka_unit_test(unknown),
	    cmocka_unit_test(flood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
