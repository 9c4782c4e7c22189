/* What lines say of sessions. */
#include "rlogsess/grouping/log_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "rlogsess/grouping/known_form.h"

#define LABEL "@400000006b00c2ea009a1f14 "

static struct connection_line parsed(const char *text)
{
	struct line_time_reader stamps = {0};
	struct line_prefix prefix = {0};
	struct line_reader reader = {&stamps, &prefix};
	struct connection_line l;

	log_line_parse_connection(&l, &reader, text, strlen(text));
	return l;
}

static void assert_span(struct slice s, const char *want)
{
	assert_int_equal(s.len, strlen(want));
	assert_memory_equal(s.at, want, s.len);
}

static void records(void **state)
{
	static const struct {
		const char *text;
		enum connection_line_kind kind;
		const char *payload;
		bool more, eof;
	} row[] = {
	    {"4711 < EHLO me ", LINE_IN, "EHLO me", false, false},
	    {"4711 > 250 ok\r ", LINE_OUT, "250 ok\r", false, false},
	    {"4711 < part+", LINE_IN, "part", true, false},
	    {"4711 <  ", LINE_IN, "", false, false},
	    {"4711 < +", LINE_IN, "", true, false},
	    {"4711 > ++", LINE_OUT, "+", true, false},
	    {"4711 < [EOF]", LINE_IN, "", false, true},
	    {"4711 < [EOF] ", LINE_IN, "[EOF]", false, false},
	    {"4711 < [EOF]+", LINE_IN, "[EOF]", true, false},
	    {"4711 > cut", LINE_OUT, "cut", false, false},
	    {"4711 : start prog", LINE_NOTE, "start prog", false, false},
	    {"4711 < ", LINE_IN, "", false, false},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < 2 * sizeof row / sizeof *row; i++) {
		size_t k = i / 2;
		struct connection_line l;

		strcpy(text, i % 2 ? LABEL : "");
		strcat(text, row[k].text);
		l = parsed(text);
		assert_int_equal(l.kind, row[k].kind);
		assert_int_equal(l.pid, 4711);
		assert_span(l.body, row[k].payload);
		assert_int_equal(l.more, row[k].more);
		assert_int_equal(l.eof, row[k].eof);
		assert_int_equal(l.time == LINE_TIME_NONE, i % 2 == 0);
	}
}

/* As tcpserver, tcpsvd, s6-tcpserver4d, s6-tcpserverd and others print them. */
static void servers(void **state)
{
	static const struct {
		const char *text;
		enum connection_line_kind kind;
		const char *peer, *port;
		int status, signal;
	} row[] = {
	    {"tcpserver: pid 7 from 192.0.2.7", LINE_START, "192.0.2.7", "", 0,
	     0},
	    {"tcpserver: pid 7 from 2001:db8::7", LINE_START, "2001:db8::7", "",
	     0, 0},
	    {"tcpserver: ok 7 mx:192.0.2.25:25 c.example:192.0.2.7::51234",
	     LINE_OK, "192.0.2.7", "51234", 0, 0},
	    {"tcpserver: ok 7 mx:192.0.2.25:25 c.example:192.0.2.7:joe:51234",
	     LINE_OK, "192.0.2.7", "51234", 0, 0},
	    {"tcpserver: ok 7 mx:2001:db8::25:25 :2001:db8::7::40000", LINE_OK,
	     "2001:db8::7", "40000", 0, 0},
	    {"tcpserver: deny 7 0:127.0.0.1:25 :127.0.0.2::43181", LINE_DENY,
	     "127.0.0.2", "43181", 0, 0},
	    {"tcpserver: end 7 status 25600", LINE_END, "", "", 100, 0},
	    {"tcpserver: end 7 status 9", LINE_END, "", "", 0, 9},
	    {"sslserver: pid 7 from 192.0.2.7", LINE_START, "192.0.2.7", "", 0,
	     0},
	    {"tcpsvd: info: pid 7 from 127.0.0.1", LINE_START, "127.0.0.1", "",
	     0, 0},
	    {"tcpsvd: info: start 7 0:127.0.0.1 ::127.0.0.1:54296", LINE_OK,
	     "127.0.0.1", "54296", 0, 0},
	    {"tcpsvd: info: start 7 h:127.0.0.1 c.example::127.0.0.1:54302 ",
	     LINE_OK, "127.0.0.1", "54302", 0, 0},
	    {"tcpsvd: info: deny 7 :127.0.0.1 ::127.0.0.2:59589 inst/127.0.0.2",
	     LINE_DENY, "127.0.0.2", "59589", 0, 0},
	    {"tcpsvd: info: end 7 exit 3", LINE_END, "", "", 3, 0},
	    {"s6-tcpserver4d: info: allow 192.0.2.7:51234 pid 7 count 1/40",
	     LINE_START, "192.0.2.7", "51234", 0, 0},
	    {"s6-tcpserver6d: info: allow 2001:db8::7:51234 pid 7 count 1/40",
	     LINE_START, "2001:db8::7", "51234", 0, 0},
	    {"s6-tcpserver4d: info: end pid 7 ip 192.0.2.7 exitcode 1",
	     LINE_END, "", "", 1, 0},
	    {"s6-tcpserver4d: info: end pid 7 ip 192.0.2.7 signal 15", LINE_END,
	     "", "", 0, 15},
	    {"s6-tcpserverd: info: accept 2001:db8::7_51234 pid 7 count 1/40",
	     LINE_START, "2001:db8::7", "51234", 0, 0},
	    {"s6-tcpserverd: info: end pid 7 exitcode 111 count 0/40", LINE_END,
	     "", "", 111, 0},
	    {"s6-tcpserver-access: info: allow pid 7 ip 192.0.2.7", LINE_OK,
	     "192.0.2.7", "", 0, 0},
	    {"s6-tcpserver-access: info: deny pid 7 ip 192.0.2.7", LINE_DENY,
	     "192.0.2.7", "", 0, 0},
	    {"s6-ipcserverd: info: allow 0:0 pid 7 count 1/40", LINE_START, "0",
	     "0", 0, 0},
	    {"s6-ipcserverd: info: end pid 7 uid 0 exitcode 3", LINE_END, "",
	     "", 3, 0},
	    {"rblsmtpd: 192.0.2.7 pid 7: 451 come back", LINE_SAID, "192.0.2.7",
	     "", 0, 0},
	    {"qmail-smtpd[7]: AUTH failed [192.0.2.7] joe", LINE_SAID, "", "",
	     0, 0},
	    {"jgreylist[7]: 2001:db8::7 GREY first time", LINE_SAID, "", "", 0,
	     0},
	    {"spamdyke: pid 7 said so", LINE_SAID, "", "", 0, 0},
	    {"some-prog: 7 said so", LINE_MAYBE, "", "", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct connection_line l = parsed(row[i].text);

		assert_int_equal(l.kind, row[i].kind);
		assert_int_equal(l.pid, 7);
		assert_span(l.peer, row[i].peer);
		assert_span(l.port, row[i].port);
		assert_int_equal(l.status, row[i].status);
		assert_int_equal(l.signal, row[i].signal);
	}
}

/* Each form of the table is the one that fits its example. */
static void known_forms(void **state)
{
	const struct known_form *form;
	size_t i;

	(void)state;
	for (i = 0; (form = known_form_get(i)); i++) {
		struct connection_line l = parsed(form->example);
		char text[1024];

		assert_int_equal(l.kind, form->kind);
		assert_int_equal(l.pid, 4711);
		assert_non_null(form->source);
		snprintf(text, sizeof text, LABEL "%s", form->example);
		assert_int_equal(parsed(text).pid, 4711);
		assert_int_equal(parsed(text).kind, form->kind);
	}
	assert_true(i > 15);
}

/* Text of a peer that has the form of a line changes no other session. */
static void hostile_text(void **state)
{
	static const struct {
		const char *text;
		uint32_t pid;
		enum connection_line_kind kind;
	} row[] = {
	    {"7 < qlogenvelope: result=a pid=9 ", 7, LINE_IN},
	    {"7 < tcpserver: pid 9 from 192.0.2.7+", 7, LINE_IN},
	    {"7 > 9 < x ", 7, LINE_OUT},
	    {"7 : start TCP 192.0.2.7:1 9 < x", 7, LINE_NOTE},
	    {"qmail-smtpd[7]: 9 < x pid=9", 7, LINE_SAID},
	    {"qmail-smtpd: pid 7 from 192.0.2.7 HELO <9 > x> pid 9", 7,
	     LINE_SAID},
	    {"qmail-smtpd: pid 7 F:<tcpserver: pid 9 from 192.0.2.9>", 7,
	     LINE_SAID},
	    {"qlogenvelope: result=a helo=x pid=9 rcptto=y qp= pid=7", 7,
	     LINE_SAID},
	    {"qlogenvelope: result=a helo=x pid=9 rcptto=y qp= pid=", 0,
	     LINE_OTHER},
	    {"qlogenvelope: result=a helo=x qp= pid=9 ", 0, LINE_OTHER},
	    {"other: result=a pid=9", 0, LINE_OTHER},
	    {"CHKUSER accepted rcpt: from <a> remote <b:9 < x:192.0.2.7>", 0,
	     LINE_OTHER},
	    {"some program says 9 < x ", 0, LINE_OTHER},
	    {"tcpserver: warning: dropping: 9 < x ", 0, LINE_OTHER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct connection_line l = parsed(row[i].text);

		assert_int_equal(l.pid, row[i].pid);
		assert_int_equal(l.kind, row[i].kind);
	}
}

/* The kinds of the lines of a log, a letter each. */
static void assert_kinds(const char *const *lines, const char *want)
{
	static const char letters[] = "-<>:SODESM";
	struct line_time_reader stamps = {0};
	struct line_prefix prefix = {0};
	struct line_reader reader = {&stamps, &prefix};
	struct connection_line l;

	for (; *lines; lines++, want++) {
		log_line_parse_connection(&l, &reader, *lines, strlen(*lines));
		assert_int_equal(letters[l.kind], *want);
	}
	assert_int_equal(*want, 0);
}

static void prefixes(void **state)
{
	(void)state;
	assert_kinds(
	    (const char *const[]){
		"mx1: tcpserver: status: 1/40",
		"mx1: tcpserver: pid 7 from 1.2.3.4", LABEL "mx1: 7 > 220 me ",
		"mx1: " LABEL "7 < QUIT ", LABEL "mx1: " LABEL "7 < [EOF]",
		"mx2: 7 < of another ", "mx1: 7 < too late ", NULL},
	    "-S><<MM");
	/* A line that is known without it, and a text of several words. */
	assert_kinds((const char *const[]){"tcpserver: pid 7 from 1.2.3.4",
					   "mx1 7 < x ", NULL},
		     "S-");
	assert_kinds((const char *const[]){"bad command 9 < x ",
					   "bad command 9 < x ", NULL},
		     "--");
	/* The text between the records begins with spaces, too. */
	assert_kinds(
	    (const char *const[]){"mx1   indented", "mx1 7 < x ", NULL}, "-<");
	assert_kinds((const char *const[]){"HTTP 404 : not found",
					   "HTTPS 404 : not found", NULL},
		     ":-");
}

static void others(void **state)
{
	static const char *const row[] = {
	    "",
	    " ",
	    "@",
	    LABEL,
	    "tcpserver: status: 1/40",
	    "tcpsvd: info: status 0/30",
	    "s6-tcpserverd: info: status: 0/40",
	    "tcpserver: pid x from 192.0.2.7",
	    "tcpserver: pid 0 from 192.0.2.7",
	    "tcpserver: end 4711",
	    "tcpserver: pid 99999999999 from 192.0.2.7",
	    "4711",
	    "4711 ",
	    "4711 <",
	    "4711 <x",
	    "4711 = x ",
	    "0 < x ",
	    "99999999999 < x ",
	    "-4711 < x ",
	    "new msg 12345",
	    "name[]: x",
	    "name[4711] x",
	    "tcpserver: fatal: unable to bind: address already used",
	    "<4711 > x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct connection_line l = parsed(row[i]);

		assert_int_equal(l.kind, LINE_OTHER);
		assert_int_equal(l.pid, 0);
	}
}

static void stamps(void **state)
{
	static const struct {
		const char *text;
		int64_t time;
	} row[] = {
	    {"@400000006b00c2ea009a1f14 1 < x ", 1795212000010100500},
	    {"2026-11-20 22:00:00.010100500 1 < x ", 1795208400010100500},
	    {"2026-11-20 22:00:00 1 < x ", 1795208400000000000},
	    {"2026-11-20T22:00:00.5 1 < x ", 1795212000500000000},
	    {"2026-11-20_22:00:00.01010 1 < x ", 1795212000010100000},
	    {"2026-11-20T22:00:00.010100500Z 1 < x ", 1795212000010100500},
	    {"2026-11-20T22:00:00+02:00 1 < x ", 1795204800000000000},
	    {"2026-07-01 12:00:00 1 < x ", 1782900000000000000},
	    {"2026-11-20 22:00:00.010100500 @400000006b00c2ea009a1f14 1 < x ",
	     1795208400010100500},
	    {"1 < x ", LINE_TIME_NONE},
	    {"@400000006b00c2ea009a1f1g 1 < x ", LINE_TIME_NONE},
	};

	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct connection_line l = parsed(row[i].text);

		assert_true(l.time == row[i].time);
		if (l.kind != LINE_OTHER)
			assert_span(l.body, "x");
	}
	assert_int_equal(parsed("2026-13-20 22:00:00 1 < x ").kind, LINE_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records),     cmocka_unit_test(servers),
	    cmocka_unit_test(known_forms), cmocka_unit_test(hostile_text),
	    cmocka_unit_test(prefixes),    cmocka_unit_test(others),
	    cmocka_unit_test(stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
