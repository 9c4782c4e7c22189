/* ManageSieve: what may be recorded of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "splits.h"

#define SIEVE(want, ...) DIALOGUE("sieve", want, __VA_ARGS__)
#define GREETING ">\"IMPLEMENTATION\" \"x\"\r\n\"SASL\" \"PLAIN\"\r\nOK\r\n"
#define GREETED ">\"IMPLEMENTATION\" \"x\"\n>\"SASL\" \"PLAIN\"\n>OK\n"

static void authenticate(void **state)
{
	(void)state;
	SIEVE(GREETED "<AUTHENTICATE \"PLAIN\" ***\n>OK\n<LISTSCRIPTS\n",
	      GREETING, "<AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", ">OK\r\n",
	      "<LISTSCRIPTS\r\n");
	SIEVE(GREETED "<authenticate  \"plain\" ***\n<***\n>NO\n<NOOP\n",
	      GREETING, "<authenticate  \"plain\" {8+}\r\nAGEAYg==\r\n",
	      ">NO\r\n", "<NOOP\r\n");
	SIEVE(GREETED "<AUTHENTICATE \"LOGIN\"\n>\"VXNlcm5hbWU6\"\n<***\n"
		      ">{12}\n>UGFzc3dvcmQ6\n<***\n<***\n>NO\n<***\n"
		      "<CAPABILITY\n",
	      GREETING, "<AUTHENTICATE \"LOGIN\"\r\n", ">\"VXNlcm5hbWU6\"\r\n",
	      "<\"dXNlcg==\"\r\n", ">{12}\r\nUGFzc3dvcmQ6\r\n",
	      "<{8+}\r\ncGFzcw==\r\n", ">NO\r\n", "<\"cGFzcw==\"\r\n",
	      "<CAPABILITY\r\n");
}

/* Whatever the answer was: a response may come behind it. */
static void late_responses(void **state)
{
	(void)state;
	SIEVE(GREETED "<AUTHENTICATE \"LOGIN\"\n>OK\n>\"VXNlcm5hbWU6\"\n<***\n"
		      ">{12}\n>UGFzc3dvcmQ6\n<***\n<***\n>OK\n"
		      "<LISTSCRIPTS\n",
	      GREETING, "<AUTHENTICATE \"LOGIN\"\r\n", ">OK\r\n",
	      ">\"VXNlcm5hbWU6\"\r\n", "<\"dXNlcg==\"\r\n",
	      ">{12}\r\nUGFzc3dvcmQ6\r\n", "<{8+}\r\ncGFzcw==\r\n", ">OK\r\n",
	      "<LISTSCRIPTS\r\n");
	SIEVE(GREETED
	      "<AUTHENTICATE \"PLAIN\" ***\n>OK\n<AUTHENTICATE \"PLAIN\"\n"
	      ">\"\"\n<***\n>OK\n",
	      GREETING,
	      "<AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n"
	      "AUTHENTICATE \"PLAIN\"\r\n",
	      ">OK\r\n\"\"\r\n", "<\"AGEAYg==\"\r\n", ">OK\r\n");
}

static void scripts(void **state)
{
	(void)state;
	SIEVE(GREETED
	      "<PUTSCRIPT \"a b\" {7+}\n:< 7 bytes, 1 lines of message\n"
	      "<\n>OK\n<GETSCRIPT \"a b\"\n>{7}\n"
	      ":> 7 bytes, 1 lines of message\n>\n>OK\n<NOOP\n",
	      GREETING, "<PUTSCRIPT \"a b\" {7+}\r\nkeep;\r\n\r\n", ">OK\r\n",
	      "<GETSCRIPT \"a b\"\r\n", ">{7}\r\nkeep;\r\n\r\nOK\r\n",
	      "<NOOP\r\n");
	/* No name of a command is a response, with a literal or without. */
	SIEVE(GREETED "<AUTHENTICATE \"PLAIN\" ***\n>OK\n<CHECKSCRIPT {5+}\n"
		      ":< 5 bytes, 0 lines of message\n<\n>OK\n",
	      GREETING, "<AUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n", ">OK\r\n",
	      "<CHECKSCRIPT {5+}\r\nkeep;\r\n", ">OK\r\n");
	SIEVE(GREETED
	      "<PUTSCRIPT {1+}\n<x \"+\n:< 5 bytes, 0 lines of message\n"
	      "<\"\n<CHECKSCRIPT {5+}\n:< 5 bytes, 0 lines of message\n"
	      "<\n<SETACTIVE {1+}\n<x\n",
	      GREETING,
	      "<PUTSCRIPT {1+}\r\nx \"keep;\"\r\nCHECKSCRIPT {5+}\r\nkeep;\r\n"
	      "SETACTIVE {1+}\r\nx\r\n");
	SIEVE(GREETED
	      "<GETSCRIPT \"a\"\n>NO {3}\n>bad\n<GETSCRIPT \"a\"\n>\"+\n"
	      ":> 3 bytes, 0 lines of message\n>\"\n>OK\n",
	      GREETING, "<GETSCRIPT \"a\"\r\n", ">NO {3}\r\nbad\r\n",
	      "<GETSCRIPT \"a\"\r\n", ">\"x\\\"\"\r\nOK\r\n");
}

/* A literal for one side, and none for the other. */
static void odd_literals(void **state)
{
	(void)state;
	SIEVE(GREETED "<CHECKSCRIPT *** 7 bytes\n<LOGOUT\n<AUTHENTICATE ***\n",
	      GREETING,
	      "<CHECKSCRIPT \"{60+}\r\nLOGOUT\r\n"
	      "AUTHENTICATE \"PLAIN\" \"c2Vj\"\r\n");
	SIEVE(GREETED "<*** 5 bytes\n<AUTHENTICATE ***\n>\"\"\n<***\n>\"\"\n"
		      "<***\n",
	      GREETING, "<{0+}\r\nAUTHENTICATE \"LOGIN\"\r\n", ">\"\"\r\n",
	      "<\"dXNlcg==\"\r\n", ">\"\"\r\n", "<\"cGFzcw==\"\r\n");
	SIEVE(GREETED "<CHECKSCRIPT *** 8 bytes\n"
		      ":< 8 bytes, 2 lines of message, unfinished\n<LOGOUT\n",
	      GREETING,
	      "<\xff\xfb"
	      "CHECKSCRIPT {22+}\r\nkeep;\r\n\nLOGOUT\r\n");
	SIEVE(GREETED "<RENAMESCRIPT {20+}\n<*** 20 bytes ***\n>NO\n"
		      ":< not taken: lines begin with AUTHENTICATE\n",
	      GREETING,
	      "<RENAMESCRIPT {20+}\r\nAUTHENTICATE \"PLAIN\" \"AGEAYg==\"\r\n",
	      ">NO\r\n");
	SIEVE(GREETED "<RENAMESCRIPT {80+}\n<*** 80 bytes ***\n>NO\n"
		      ":< not taken: lines begin with AUTHENTICATE\n",
	      GREETING,
	      "<RENAMESCRIPT {80+}\r\nAUTHENTICATE "
	      "                                                            "
	      "\"PLAIN\" \"AGEAYg==\"\r\n",
	      ">NO\r\n");
	SIEVE(GREETED "<CHECKSCRIPT {19+}\n:< 19 bytes, 2 lines of message\n"
		      "<\n>NO\n:< not taken: lines begin with LOGOUT, NOOP\n",
	      GREETING, "<CHECKSCRIPT {19+}\r\nLOGOUT\r\nNOOP\r\nkeep;\r\n",
	      ">NO\r\n");
}

static void tls(void **state)
{
	(void)state;
	SIEVE(GREETED "<STARTTLS\n>OK\n:TLS\n", GREETING, "<STARTTLS\r\n",
	      ">OK\r\n", "<\x16\x03\x01x", ">\x16\x03\x03y");
	SIEVE(GREETED "<STARTTLS\n>NO\n<AUTHENTICATE \"PLAIN\" ***\n", GREETING,
	      "<STARTTLS\r\n", ">NO\r\n", "<AUTHENTICATE \"PLAIN\" \"x\"\r\n");
}

/* A reply to a line whose LF has not come yet. */
static void answered_at_the_cr(void **state)
{
	(void)state;
	SIEVE(GREETED ">NO\n<XYZ\n<GETSCRIPT \"a\"\n>{6}\n"
		      ":> 6 bytes, 0 lines of message\n>\n>OK\n",
	      GREETING, "<XYZ\r", ">NO\r\n", "<\nGETSCRIPT \"a\"\r\n",
	      ">{6}\r\nscript\r\nOK\r\n");
	SIEVE(GREETED ">{6}\n:> 6 bytes, 0 lines of message\n>\n>OK\n"
		      "<GETSCRIPT \"a\"\n<NOOP\n>OK\n",
	      GREETING, "<GETSCRIPT \"a\"\r", ">{6}\r\nscript\r\nOK\r\n",
	      "<\nNOOP\r\n", ">OK\r\n");
	SIEVE(GREETED ">OK\n<STARTTLS\n:TLS\n", GREETING, "<STARTTLS\r",
	      ">OK\r\n", "<\n", "<\x16\x03\x01hello", ">\x16\x03\x03server");
	SIEVE(GREETED ">NO\n<STARTTLS\n<NOOP\n", GREETING, "<STARTTLS\r",
	      ">NO\r\n", "<\nNOOP\r\n");
	SIEVE(GREETED ">NO\n<AUTHENTICATE \"PLAIN\" ***\n<NOOP\n", GREETING,
	      "<AUTHENTICATE \"PLAIN\" \"x\"\r", ">NO\r\n", "<\nNOOP\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(authenticate),
	    cmocka_unit_test(late_responses),
	    cmocka_unit_test(scripts),
	    cmocka_unit_test(odd_literals),
	    cmocka_unit_test(tls),
	    cmocka_unit_test(answered_at_the_cr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
