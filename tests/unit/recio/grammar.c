/*
 * What of a client's lines is shown: the vocabularies of common clients whole,
 * and of all else no more than a first word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dialogue.h"

/* Says the line, with CRLF, and gives what is shown of it. */
static const char *said(const char *name, const char *line)
{
	static struct dialogue d;

	dialogue_begin(&d, name);
	dialogue_data(&d, RELAY_IN, line, strlen(line));
	dialogue_say(&d, "<\r\n");
	session_finish(&d.protocol);
	dialogue_close(&d, -1);
	return d.text;
}

/* Each line is shown as it is. */
static void whole(const char *name, const char *const *line)
{
	char want[2048];

	for (; *line; line++) {
		snprintf(want, sizeof want, "<%s\n", *line);
		assert_string_equal(said(name, *line), want);
	}
}

#define SAID(name, line, want) \
	assert_string_equal(said(name, line), "<" want "\n")

static void smtp_clients(void **state)
{
	static const char *const lines[] = {
	    /* exim, postfix, Exchange, Outlook, Thunderbird, swaks, curl */
	    "EHLO mail.example.org",
	    "EHLO [192.0.2.1]",
	    "EHLO [IPv6:2001:db8::1]",
	    "EHLO user_pc",
	    "ehlo WIN-8.local",
	    "EHLO caf\xc3\xa9.example",
	    "HELO localhost",
	    "HELO",
	    "LHLO mx.example.org",
	    "MAIL FROM:<a@example.org>",
	    "MAIL FROM:<>",
	    "MAIL FROM: <a@example.org> size=1234 body=8BITMIME",
	    "mail from:<a@example.org> SIZE=10240 BODY=BINARYMIME SMTPUTF8",
	    "MAIL FROM:<\"a b>\\\" c\"@example.org> RET=HDRS ENVID=QQ314159",
	    "MAIL FROM:<@a.example,@b.example:c@d.example> AUTH=<>",
	    "MAIL FROM:<a@b> SIZE=5 AUTH=e+3Dmc2@example.com XVERP",
	    "MAIL FROM:<a@b> REQUIRETLS MT-PRIORITY=3 HOLDFOR=60 BY=120;R",
	    "MAIL FROM:a@example.org",
	    "MAIL FROM:<SRS0=abc=XY=example.com=bob@example.org> SIZE=1",
	    "RCPT TO:<b@example.org>",
	    "RCPT TO:<b@example.org> NOTIFY=SUCCESS,FAILURE",
	    "RCPT TO:<b@x> NOTIFY=NEVER ORCPT=rfc822;Bob@example.com",
	    "rcpt to: <postmaster>",
	    "RCPT TO:<b@example.org> RRVS=2014-04-03T23:01:00Z",
	    "DATA",
	    "data ",
	    "BDAT 0 LAST",
	    "bdat 0",
	    "RSET",
	    "NOOP",
	    "QUIT",
	    "HELP",
	    "HELP MAIL",
	    "VRFY bob@example.org",
	    "VRFY <bob@example.org>",
	    "EXPN all",
	    "ETRN @example.org",
	    "ETRN #queue",
	    "TURN",
	    "STARTTLS",
	    "AUTH PLAIN",
	    "AUTH CRAM-MD5",
	    "auth xoauth2",
	    "AUTH SCRAM-SHA-256-PLUS",
	    "XCLIENT NAME=client.example.org ADDR=192.0.2.1 PROTO=ESMTP",
	    "XCLIENT ADDR=192.0.2.1 PORT=5 SESSION=abc TTL=4 LOGIN=bob",
	    "XFORWARD NAME=a ADDR=192.0.2.1 HELO=a SOURCE=REMOTE IDENT=1234",
	    "PROXY TCP4 192.0.2.1 192.0.2.2 51234 25",
	    "PROXY UNKNOWN",
	    " \t NOOP",
	    "",
	    NULL};

	(void)state;
	whole("smtp", lines);
}

static void pop3_clients(void **state)
{
	static const char *const lines[] = {
	    /* Thunderbird, Outlook, K-9, fetchmail, getmail, mpop, curl */
	    "CAPA",
	    "USER alice",
	    "user alice@example.org",
	    "USER EXAMPLE\\alice",
	    "USER m\xc3\xbcller",
	    "AUTH",
	    "AUTH PLAIN",
	    "AUTH SCRAM-SHA-1",
	    "STAT",
	    "LIST",
	    "LIST 1",
	    "UIDL",
	    "UIDL 17",
	    "RETR 1",
	    "TOP 1 0",
	    "top 12 100",
	    "DELE 1",
	    "LAST",
	    "NOOP",
	    "RSET",
	    "STLS",
	    "UTF8",
	    "UTF8 USER",
	    "LANG de",
	    "LANG *",
	    "XCLIENT ADDR=192.0.2.1 PORT=1",
	    "PROXY TCP6 2001:db8::1 2001:db8::2 1 110",
	    "QUIT",
	    NULL};

	(void)state;
	whole("pop3", lines);
}

static void imap_clients(void **state)
{
	static const char *const lines[] = {
	    /* Thunderbird */
	    "1 capability", "3 authenticate PLAIN",
	    "4 ID (\"name\" \"Thunderbird\" \"version\" \"128.4.0\")",
	    "5 namespace",
	    "6 list (subscribed) \"\" \"*\" return (special-use)",
	    "7 list \"\" \"INBOX\"", "8 lsub \"\" \"*\"",
	    "9 select \"INBOX\" (CONDSTORE)", "10 UID fetch 1:* (FLAGS)",
	    "11 UID fetch 1,3:5 (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS "
	    "(From To Cc Bcc Subject Date Message-ID Priority)])",
	    "12 getquotaroot \"INBOX\"",
	    "13 uid store 5 +FLAGS (\\Deleted \\Seen $Label1 Junk)", "14 IDLE",
	    "DONE", "15 myrights \"INBOX\"", "16 getacl \"INBOX\"",
	    "17 ENABLE CONDSTORE",
	    "18 select \"a b/c\" (QRESYNC (67890007 90060115194045000 41:211))",
	    "19 uid fetch 1:* (FLAGS) (CHANGEDSINCE 12345 VANISHED)",
	    "20 expunge", "21 close", "22 logout", "23 uid copy 4,6 \"Trash\"",
	    "24 uid move 4:9 \"Archives/2026\"", "25 create \"a\\\"b\"",
	    "26 subscribe \"Entw&APw-rfe\"", "27 rename \"a\" \"b\"",
	    "28 UID SEARCH UNDELETED HEADER Message-ID \"<1@example.org>\"",
	    "29 noop", "30 check",
	    "31 status \"INBOX\" (UIDNEXT MESSAGES UNSEEN RECENT)",
	    "32 uid fetch 7 (UID RFC822.SIZE BODY[]<0.65536>)",
	    /* Outlook */
	    "bvhd CAPABILITY", "u3ie LIST \"\" \"\"",
	    "cm2k UID FETCH 1:5 (UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE)",
	    "0abc STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)",
	    /* Apple's */
	    "1.2 ID (\"name\" \"iPhone Mail\" \"os\" \"iOS\" \"version\" "
	    "\"18.1 (22B83)\")",
	    "5.9 LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS (MESSAGES))",
	    "7.4 XLIST \"\" \"*\"",
	    "8.1 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1)",
	    "9.1 SELECT INBOX (CONDSTORE)", "9.2 UID SEARCH 1:* NOT DELETED",
	    "9.3 FETCH 1:3 (BODY.PEEK[HEADER] BODY.PEEK[1.MIME] "
	    "BODYSTRUCTURE)",
	    /* K-9, FairEmail */
	    "1 AUTHENTICATE XOAUTH2", "2 LIST \"\" \"*\" RETURN (SPECIAL-USE)",
	    "3 UID FETCH 1 (UID BODY.PEEK[1]<0.1024>)",
	    "A3 UID SEARCH OR UNSEEN SINCE 1-Nov-2026", "A4 ENABLE UTF8=ACCEPT",
	    "A5 NOTIFY SET (SELECTED (MessageNew (UID) MessageExpunge)) "
	    "(PERSONAL (MailboxName SubscriptionChange))",
	    "A6 NOTIFY NONE",
	    /* mutt, alpine */
	    "a0001 LIST \"\" \"%\"", "a0002 STATUS \"=Sent\" (MESSAGES)",
	    "a0003 FETCH 1:20 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK["
	    "HEADER.FIELDS (DATE FROM SENDER SUBJECT TO CC MESSAGE-ID)])",
	    "0000000a FETCH 1:3 (UID ENVELOPE BODY.PEEK[HEADER.FIELDS "
	    "(Newsgroups Content-MD5)] INTERNALDATE RFC822.SIZE FLAGS)",
	    "00000010 SORT (REVERSE ARRIVAL) US-ASCII ALL",
	    "00000011 THREAD REFERENCES UTF-8 ALL",
	    /* mbsync, offlineimap, imaplib, fetchmail, getmail, isync */
	    "1 LIST \"\" \"*\"",
	    "6 UID FETCH 1:2147483647 (UID FLAGS INTERNALDATE)",
	    "7 UID FETCH 4 (BODY.PEEK[])",
	    "8 UID STORE 4,5 +FLAGS.SILENT (\\Deleted)", "9 UID EXPUNGE 4:5",
	    "KHPD3 EXAMINE INBOX", "KHPD4 SEARCH ALL",
	    "KHPD5 SEARCH CHARSET UTF-8 SUBJECT \"hello world\" LARGER 5",
	    "KHPD6 FETCH 1 (FLAGS BODY.PEEK[TEXT])",
	    "A0004 FETCH 1 RFC822.HEADER",
	    "A0005 STORE 1 +FLAGS (\\Seen \\Deleted)",
	    "A0006 SEARCH UNSEEN NOT DELETED",
	    /* roundcube, JavaMail, Evolution */
	    "A0001 ID (\"name\" \"Roundcube\" \"os\" \"Linux\" \"command\" "
	    "\"/?_task=mail\")",
	    "A0002 LIST (SUBSCRIBED) \"\" (\"*\") RETURN (SUBSCRIBED STATUS "
	    "(MESSAGES UNSEEN))",
	    "A0003 UID THREAD REFS US-ASCII ALL UNDELETED",
	    "A0004 UID SORT RETURN (ALL COUNT) (ARRIVAL) US-ASCII UNDELETED",
	    "A0005 GETMETADATA (DEPTH infinity) \"INBOX\" (/shared /private)",
	    "A0007 SETACL \"INBOX\" \"bob\" lrs",
	    "A0008 LISTRIGHTS \"INBOX\" bob", "A0009 GETQUOTA \"\"",
	    "A0010 SETQUOTA \"\" (STORAGE 512)",
	    "A0011 ESEARCH IN (mailboxes \"INBOX\") UNSEEN",
	    "A0012 UID FETCH 5 (BODYSTRUCTURE X-GM-MSGID X-GM-LABELS)",
	    "A0013 UID STORE 5 +X-GM-LABELS (\\Important \"my label\")",
	    "A0014 UID SEARCH X-GM-RAW \"has:attachment\"",
	    "A0015 UID STORE 5 (UNCHANGEDSINCE 12) FLAGS ()", "A0016 ID NIL",
	    "A0017 COMPRESS DEFLATE", "A0018 UNSELECT",
	    "A0019 CREATE \"Sent\" (USE (\\Sent))", "A0020 STARTTLS",
	    "A0021 UID SEARCH RETURN (SAVE) SINCE 1-Jan-2026",
	    "A0022 UID FETCH $ (PREVIEW (LAZY) EMAILID THREADID SAVEDATE)",
	    "A0023 LANGUAGE de", "A0024 COMPARATOR \"i;ascii-casemap\"",
	    "A0025 UNAUTHENTICATE", "", NULL};

	(void)state;
	whole("imap", lines);
}

static void sieve_clients(void **state)
{
	static const char *const lines[] = {"CAPABILITY",
					    "HAVESPACE \"main\" 1234",
					    "LISTSCRIPTS",
					    "SETACTIVE \"my script\"",
					    "SETACTIVE \"\"",
					    "GETSCRIPT \"m\xc3\xbcller\"",
					    "DELETESCRIPT \"old\"",
					    "RENAMESCRIPT \"old\" \"new\"",
					    "NOOP",
					    "NOOP \"tag\"",
					    "UNAUTHENTICATE",
					    "AUTHENTICATE \"PLAIN\"",
					    "STARTTLS",
					    "LOGOUT",
					    NULL};

	(void)state;
	whole("sieve", lines);
}

/* Of what is not known a first word of letters, and how much more there is. */
static void unknown(void **state)
{
	(void)state;
	SAID("smtp", "GET / HTTP/1.0", "GET *** 11 bytes");
	SAID("smtp", "hunter2", "*** 8 bytes");
	SAID("smtp", "Xyzzy", "Xyzzy");
	SAID("smtp", "XYZZY a", "XYZZY *** 2 bytes");
	SAID("smtp", "cGFzcw", "*** 7 bytes");
	SAID("smtp", "cGFzcw== x", "*** 11 bytes");
	SAID("smtp", "MAIL FROM:<a> SECRET=x SIZE=5",
	     "MAIL FROM:<a> *** 16 bytes");
	SAID("smtp", "MAIL FROM:<a>SIZE=5", "MAIL *** 15 bytes");
	SAID("smtp", "MAIL secret", "MAIL *** 7 bytes");
	SAID("smtp", "EHLO a b", "EHLO a *** 2 bytes");
	SAID("smtp", "EHLO a\tb=c", "EHLO a\t*** 4 bytes");
	SAID("smtp", "DATA x", "DATA *** 2 bytes");
	SAID("smtp", "NOOP\001x", "NOOP *** 3 bytes");
	SAID("smtp", "BURL imap://host/x;urlauth=y LAST", "BURL *** 29 bytes");
	SAID("smtp", "XCLIENT ADDR=192.0.2.1 FORWARD=c2VjcmV0",
	     "XCLIENT ADDR=192.0.2.1 *** 17 bytes");
	SAID("pop3", "USER a b", "USER a *** 2 bytes");
	SAID("pop3", "RETR x", "RETR *** 2 bytes");
	SAID("imap", "a XYZZY b", "a XYZZY *** 2 bytes");
	SAID("imap", "my secret words", "my *** 13 bytes");
	SAID("imap", "a b2 c", "a *** 5 bytes");
	SAID("imap", "a NOOP x", "a NOOP *** 2 bytes");
	SAID("imap", "a SELECT \"x", "a SELECT *** 3 bytes");
	SAID("imap", "a SELECT \"x\"y", "a SELECT *** 5 bytes");
	SAID("imap", "a FETCH x y", "a FETCH *** 4 bytes");
	SAID("imap", "a SEARCH x \002 y", "a SEARCH x *** 5 bytes");
	SAID("imap", "a UID LOGIN b", "a UID LOGIN ***");
	SAID("imap", "a APPEND INBOX \"x\"", "a APPEND INBOX *** 4 bytes");
	SAID("imap", "a SETMETADATA \"INBOX\" (/private/comment \"mine\")",
	     "a SETMETADATA \"INBOX\" *** 26 bytes");
	SAID("imap", "a SETANNOTATION \"a\" \"/x\" (\"value.priv\" \"b\")",
	     "a SETANNOTATION *** 28 bytes");
	SAID("imap", "a ID (\"name\" \"x\" \"password\" \"secret\")",
	     "a ID (\"name\" \"x\" *** 21 bytes");
	SAID("imap", "a ID (\"password\" \"x\" \"y", "a ID ( *** 18 bytes");
	SAID("imap", "a SETMETADATA x /y \"z\" \"y",
	     "a SETMETADATA x *** 10 bytes");
	SAID("imap", "a APPEND x \"secret words\" \"y",
	     "a APPEND x *** 18 bytes");
	SAID("imap", "a ID secret", "a ID *** 7 bytes");
	SAID("imap", "a APPEND x CATENATE (URL \"/y;urlauth=z\")",
	     "a APPEND x CATENATE ( *** 20 bytes");
	SAID("smtp", "PROXY LOGIN user secret", "PROXY *** 18 bytes");
	SAID("smtp", "PROXY TCP4 secret", "PROXY TCP4 *** 7 bytes");
	SAID("imap", "a URLFETCH \"imap://x;urlauth=y\"",
	     "a URLFETCH *** 21 bytes");
	SAID("sieve", "SETACTIVE secret word", "SETACTIVE secret *** 5 bytes");
}

/* What is a secret, or may be one, has no length. */
static void secrets(void **state)
{
	(void)state;
	SAID("smtp", "AUTH PLAIN c2VjcmV0", "AUTH PLAIN ***");
	SAID("smtp", "AUTH c2VjcmV0", "AUTH ***");
	SAID("smtp", "AUTH PLAINc2VjcmV0", "AUTH ***");
	SAID("smtp", "AUTHPLAIN x", "AUTH ***");
	SAID("pop3", "PASS a b", "PASS ***");
	SAID("pop3", "PASSsecret", "PASS ***");
	SAID("pop3", "passSECRET", "pass ***");
	SAID("pop3", "PASS\vsecret", "PASS ***");
	SAID("pop3", "APOP alice c4c9334bac56", "APOP alice ***");
	SAID("pop3", "APOP c4c9334bac56", "APOP ***");
	SAID("imap", "a LOGIN alice secret", "a LOGIN alice ***");
	SAID("imap", "a LOGIN secret", "a LOGIN ***");
	SAID("imap", "a LOGIN secret ", "a LOGIN ***");
	SAID("imap", "a LOGIN \"al ice\" \"se cret\"",
	     "a LOGIN \"al ice\" ***");
	SAID("imap", "a LOGIN \"alice secret", "a LOGIN ***");
	SAID("imap", "a LOGIN (alice) secret", "a LOGIN ***");
	SAID("imap", "LOGIN alice secret", "LOGIN alice ***");
	SAID("imap", "a AUTHENTICATE PLAIN c2Vj", "a AUTHENTICATE PLAIN ***");
	SAID("sieve", "AUTHENTICATE \"PLAIN\" \"c2Vj\"",
	     "AUTHENTICATE \"PLAIN\" ***");
	SAID("sieve", "AUTHENTICATE PLAIN \"c2Vj\"", "AUTHENTICATE PLAIN ***");
	SAID("sieve", "AUTHENTICATE \"PLAINc2Vj\"", "AUTHENTICATE ***");
}

/* Servers pass over some of what stands in front of a command. */
static void junk(void **state)
{
	(void)state;
	SAID("smtp", "{5+}AUTH PLAIN c2Vj", "AUTH ***");
	SAID("smtp", "}AUTH PLAIN c2Vj", "AUTH ***");
	SAID("smtp", "=AUTH PLAIN c2Vj", "AUTH ***");
	SAID("smtp",
	     "\xc2\x85"
	     "AUTH PLAIN c2Vj",
	     "AUTH ***");
	SAID("smtp",
	     "\x0b"
	     "AUTH PLAIN c2Vj",
	     "AUTH ***");
	SAID("smtp", "\xff\xfbMAIL FROM:<a>", "MAIL *** 11 bytes");
	SAID("pop3", "\xc2\xa0PASS secret", "PASS ***");
	SAID("imap", "a \"LOGIN\" b c", "LOGIN ***");
	SAID("imap", "a\001LOGIN b c", "LOGIN ***");
	SAID("imap", "\"a\" LOGIN b c", "LOGIN ***");
	SAID("imap", "{5+}a LOGIN b c", "LOGIN ***");
	SAID("imap", "(a) SELECT b", "SELECT *** 6 bytes");
}

/* A server may take a tag of any length. */
static void long_tags(void **state)
{
	char line[300 + sizeof " LOGIN alice secret"];

	(void)state;
	memset(line, 'A', 300);
	strcpy(line + 300, " LOGIN alice secret");
	SAID("imap", line, "LOGIN ***");
	strcpy(line + 300, " SELECT b");
	SAID("imap", line, "SELECT *** 303 bytes");
}

/* A line longer than what is looked at as one. */
static void long_lines(void **state)
{
	static struct dialogue d;
	static char text[3 * GRAMMAR_LINE];

	(void)state;
	memset(text, 'x', sizeof text);
	dialogue_begin(&d, "imap");
	dialogue_say(&d, "<a SEARCH TEXT ");
	dialogue_data(&d, RELAY_IN, text, sizeof text);
	dialogue_say(&d, "< y\r\nb NOOP\r\n");
	assert_string_equal(d.text,
			    "<a SEARCH TEXT *** 24579 bytes\n<b NOOP\n");
	dialogue_begin(&d, "imap");
	dialogue_data(&d, RELAY_IN, text, 300);
	dialogue_say(&d, "< LOGOUT\r\n");
	assert_string_equal(d.text, "<LOGOUT *** 302 bytes\n");
	dialogue_begin(&d, "pop3");
	dialogue_say(&d, "<PASS ");
	dialogue_data(&d, RELAY_IN, text, sizeof text);
	dialogue_say(&d, "<\r\nNOOP\r\n");
	assert_string_equal(d.text, "<PASS ***\n<NOOP\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(smtp_clients), cmocka_unit_test(pop3_clients),
	    cmocka_unit_test(imap_clients), cmocka_unit_test(sieve_clients),
	    cmocka_unit_test(unknown),      cmocka_unit_test(secrets),
	    cmocka_unit_test(junk),         cmocka_unit_test(long_tags),
	    cmocka_unit_test(long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
