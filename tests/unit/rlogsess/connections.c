/* When a session begins and when it is over. */
#include "rlogsess/grouping/connections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "rlogsess/grouper.h"

enum { QUIET = 3600 };

static struct grouper grouper;
static struct filter filter;
static char
    over[1 << 18]; /* "PID/LINES+MARKS " for each session that is over */
static int answer;

static int on_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	assert_true(group->lines > 0 && line.len > 0);
	return 0;
}

static int on_over(void *ctx, struct group *group)
{
	size_t len = strlen(over);

	(void)ctx;
	snprintf(over + len, sizeof over - len, "%d/%d+%u ", (int)group->key,
		 (int)group->lines, group->marks);
	return answer;
}

static int begin(void **state)
{
	(void)state;
	*over = 0;
	answer = 0;
	return grouper_init(&grouper,
			    &(struct grouper_options){
				.grouping = &grouping_connections,
				.filter = &filter,
				.events = {.line = on_line, .over = on_over},
				.quiet = QUIET});
}

static int end(void **state)
{
	(void)state;
	grouper_free(&grouper);
	return 0;
}

/* Passes a line with this time in seconds; a negative one: without a stamp. */
static int line(double time, const char *text)
{
	char stamped[1200];
	struct tm tm;
	time_t seconds = (time_t)time;
	size_t len = 0;

	if (time >= 0) {
		gmtime_r(&seconds, &tm);
		len = strftime(stamped, sizeof stamped, "%FT%T", &tm);
		len += (size_t)snprintf(stamped + len, sizeof stamped - len,
					".%09.0fZ ",
					(time - (double)seconds) * 1e9);
	}
	len +=
	    (size_t)snprintf(stamped + len, sizeof stamped - len, "%s", text);
	return grouper_line(&grouper, stamped, len);
}

static void lines(double time, const char *const *text)
{
	for (; *text; text++)
		assert_int_equal(line(time, *text), 0);
}

/* What is over now, since it was asked last. */
static void is_over(const char *want)
{
	assert_string_equal(over, want);
	*over = 0;
}

#define START "tcpserver: pid 7 from 192.0.2.7"
#define END "tcpserver: end 7 status 0"
#define WHOLE                                                               \
	(const char *const[])                                               \
	{                                                                   \
		START, "7 > 220 me ", "7 < QUIT ", "7 > 221 ", "7 > [EOF]", \
		    "7 < [EOF]", END, NULL                                  \
	}

static void the_same_pid_again(void **state)
{
	(void)state;
	lines(1, WHOLE);
	is_over("");
	assert_int_equal(line(1.5, START), 0);
	is_over("7/7+0 ");
	/* The first has not ended, as far as this log knows. */
	assert_int_equal(line(9, START), 0);
	is_over("7/1+4 ");
	assert_int_equal(grouper.load.most, 1);
	assert_int_equal(line(10, END), 0);
	assert_int_equal(line(10, END), 0);
	is_over("7/2+0 ");
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/1+1 ");
}

/* Without a server's lines: data where there can't be any more. */
static void data_behind_an_end(void **state)
{
	static const char *const ends[] = {
	    "7 < [EOF]", "7 > [EOF]",
	    "7 : end < 2 bytes, eof; > 3 bytes, eof; 0.1 seconds"};

	for (int i = 0; i < 3; i++) {
		assert_int_equal(line(1, "7 < a "), 0);
		assert_int_equal(line(1, "7 > a "), 0);
		assert_int_equal(line(1, ends[i]), 0);
		is_over("");
		assert_int_equal(line(1, i == 1 ? "7 > b " : "7 < b "), 0);
		is_over(i == 2 ? "7/3+0 " : "7/3+4 ");
		end(state);
		begin(state);
	}
}

/* A server that tells of a start when the first records have been written. */
/*
 * recio -x: the first byte of a direction is there once in a session.  Behind
 * the stars of a secret the offset may go back, since they can be longer.
 */
static void a_dump_that_begins_again(void **state)
{
	static const char *const first[] = {
	    "7 > 00000000  61 0a                                             "
	    "|a.|",
	    "7 > 00000002  2a                                                "
	    "|*|",
	    "7 > 00000001  62 0a                                             "
	    "|b.|",
	    NULL};
	static const char in[] =
	    "7 < 00000000  63 0a                                             "
	    "|c.|";

	(void)state;
	lines(1, first);
	assert_int_equal(line(1, in), 0);
	is_over("");
	assert_int_equal(line(1, first[0]), 0);
	is_over("7/4+4 ");
	assert_int_equal(line(1, in), 0);
	is_over("");
	assert_int_equal(line(1, in), 0);
	is_over("7/2+4 ");
}

/* The note of the start is recio's first line of a session. */
static void a_note_before_the_start(void **state)
{
	(void)state;
	assert_int_equal(line(1, "7 : lost 3 records, 9 bytes"), 0);
	assert_int_equal(line(1, "7 : start SMTP 192.0.2.7:4000 to x true"), 0);
	is_over("7/1+4 ");
}

/*
 * The relay of a short session may write after the server has reported its end,
 * but never about another peer.
 */
static void an_address_behind_the_end(void **state)
{
	static const char ok[] =
	    "tcpserver: ok 7 mx:192.0.2.25:25 c:192.0.2.7::4000";
	static const struct {
		const char *line, *over;
	} cases[] = {
	    {"7 : start SMTP 192.0.2.7:4000 to 192.0.2.25:25 true", ""},
	    {"7 : start SMTP : to : true", ""},
	    {"7 : start SMTP 192.0.2.7:4001 to 192.0.2.25:25 true", "7/2+1 "},
	    {"7 : start SMTP 192.0.2.8:4000 to 192.0.2.25:25 true", "7/2+1 "},
	    {"rblsmtpd: 192.0.2.7 pid 7: 451 no", ""},
	    {"rblsmtpd: 192.0.2.8 pid 7: 451 no", "7/2+1 "},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(line(1, ok), 0);
		assert_int_equal(line(1, END), 0);
		assert_int_equal(line(1, cases[i].line), 0);
		is_over(cases[i].over);
		end(state);
		begin(state);
	}
}

static void a_start_that_comes_late(void **state)
{
	(void)state;
	assert_int_equal(line(1, "7 > 220 me "), 0);
	assert_int_equal(line(2, START), 0);
	is_over("");
	assert_int_equal(line(3, START), 0);
	is_over("7/2+4 ");
	/* More than a second later it is another one. */
	assert_int_equal(line(4, "8 > 220 me "), 0);
	assert_int_equal(line(5.1, "tcpserver: pid 8 from 192.0.2.7"), 0);
	is_over("8/1+5 ");
}

static void quiet_connections_end(void **state)
{
	(void)state;
	lines(10, WHOLE);
	assert_int_equal(line(12, "-"), 0);
	is_over("");
	assert_int_equal(line(12.1, "-"), 0);
	is_over("7/7+0 ");
	/* Its end came, but not that of its data. */
	assert_int_equal(line(20, START), 0);
	assert_int_equal(line(20, "7 < a "), 0);
	assert_int_equal(line(20, END), 0);
	assert_int_equal(line(110, "-"), 0);
	is_over("");
	assert_int_equal(line(110.1, "-"), 0);
	is_over("7/3+0 ");
	/* Neither came. */
	assert_int_equal(line(200, START), 0);
	assert_int_equal(line(200 + QUIET, "-"), 0);
	is_over("");
	assert_int_equal(line(200.1 + QUIET, "-"), 0);
	is_over("7/1+8 ");
}

/* Behind the note of recio -k nothing tells that the client said QUIT. */
static void a_full_record_ends(void **state)
{
	static const char *const full[] = {
	    "7 > 220 me ", "7 < EHLO a ",
	    "7 : recorded 16 bytes, the rest is left out", "7 > [EOF]", NULL};

	(void)state;
	lines(10, full);
	assert_int_equal(line(100, "-"), 0);
	is_over("");
	assert_int_equal(line(100.1, "-"), 0);
	is_over("7/4+0 ");
}

static void time_that_passes_without_lines(void **state)
{
	(void)state;
	/* No time is known yet. */
	assert_int_equal(line(-1, START), 0);
	assert_int_equal(grouper_pass(&grouper, INT64_MAX), 0);
	is_over("");
	lines(10, WHOLE + 1);
	assert_int_equal(grouper_pass(&grouper, 12 * GROUPING_SECOND), 0);
	is_over("");
	assert_int_equal(grouper_pass(&grouper, 13 * GROUPING_SECOND), 0);
	is_over("7/7+0 ");
}

/* Nothing is over too early, and all of it some time. */
static void a_clock_that_is_set_back(void **state)
{
	(void)state;
	assert_int_equal(line(10000, START), 0);
	assert_int_equal(line(10, "7 < a "), 0);
	assert_int_equal(line(5, "7 < b "), 0);
	is_over("");
	assert_int_equal(line(5.0 + QUIET, "-"), 0);
	is_over("");
	assert_int_equal(line(5.1 + QUIET, "-"), 0);
	is_over("7/3+8 ");
	/* One whose last line lies in the future waits until then. */
	assert_int_equal(line(20000, START), 0);
	assert_int_equal(line(10, "-"), 0);
	assert_int_equal(grouper_pass(&grouper, 9 * GROUPING_SECOND), 0);
	is_over("");
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/1+2 ");
}

/* Where lines have no stamps, lines stand for time. */
static void no_stamps(void **state)
{
	(void)state;
	lines(-1, WHOLE);
	assert_int_equal(line(-1, "tcpserver: pid 9 from 192.0.2.9"), 0);
	for (int n = 0; n < CONNECTIONS_LINES - 2; n++)
		assert_int_equal(line(-1, "-"), 0);
	is_over("");
	assert_int_equal(line(-1, "-"), 0);
	is_over("7/7+0 ");
	for (int n = 0; n < 3 * CONNECTIONS_LINES; n++)
		assert_int_equal(line(-1, "-"), 0);
	is_over("");
}

/* No more are open than there is room for; those that are done go first. */
static void too_many(void **state)
{
	char text[64], want[64];

	(void)state;
	lines(1, WHOLE);
	for (int n = 0; n < CONNECTIONS_MAX - 1; n++) {
		snprintf(text, sizeof text, "tcpserver: pid %d from 192.0.2.7",
			 100 + n);
		assert_int_equal(line(1, text), 0);
	}
	is_over("");
	assert_int_equal(grouper.load.most, CONNECTIONS_MAX - 1);
	assert_int_equal(line(1, "tcpserver: pid 8 from 192.0.2.7"), 0);
	is_over("7/7+0 ");
	for (int n = 0; n < 3; n++) {
		snprintf(text, sizeof text, "tcpserver: pid %d from 192.0.2.7",
			 10 + n);
		snprintf(want, sizeof want, "%d/1+16 ", 100 + n);
		assert_int_equal(line(1, text), 0);
		is_over(want);
	}
	assert_int_equal(grouper.open, CONNECTIONS_MAX);
}

/* That a session began before the log is known only where starts are told. */
static void no_start(void **state)
{
	(void)state;
	assert_int_equal(line(1, "7 < a "), 0);
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/1+2 ");
	assert_int_equal(line(1, "7 < a "), 0);
	assert_int_equal(line(1, "tcpserver: end 8 status 0"), 0);
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/1+3 8/1+1 ");
}

/* What a program says that may mean anything needs a session. */
static void texts_like_a_record_open_nothing(void **state)
{
	(void)state;
	assert_int_equal(line(1, "prog: 7 apples"), 0);
	assert_int_equal(grouper.open, 0);
	assert_int_equal(line(1, START), 0);
	assert_int_equal(line(1, "prog: 7 apples"), 0);
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/2+2 ");
}

/* Names of any length. */
static void names_are_cut(void **state)
{
	char text[1000];
	struct group *g;
	const struct session *s;

	(void)state;
	strcpy(text, "tcpserver: ok 7 ");
	memset(text + strlen(text), 'l', 300);
	strcpy(text + 316, ":192.0.2.25:25 h:192.0.2.7::123456789012");
	assert_int_equal(line(1, text), 0);
	g = group_table_find(&grouper.log->table, 7);
	assert_non_null(g);
	s = connections_session(g);
	assert_int_equal(strlen(s->local), CONNECTIONS_LOCAL - 1);
	assert_string_equal(s->peer, "192.0.2.7");
	assert_string_equal(s->port, "1234567");
	/* What was learnt first stays. */
	assert_int_equal(
	    line(1, "tcpserver: ok 7 h:192.0.2.25:25 h:192.0.2.8::1"), 0);
	assert_string_equal(s->peer, "192.0.2.7");
}

static void who_is_told_may_end_all(void **state)
{
	(void)state;
	lines(1, WHOLE);
	answer = -1;
	assert_int_equal(line(5, "-"), -1);
	lines(5, (const char *const[]){START, NULL});
	assert_int_equal(grouper_finish(&grouper), -1);
}

/* Passes a line of this side of a window. */
static void line_of(enum window_side side, double time, const char *text)
{
	grouper_set_side(&grouper, side);
	assert_int_equal(line(time, text), 0);
}

static void a_window_has_sessions_with_a_line_in_it(void **state)
{
	(void)state;
	line_of(WINDOW_BEFORE, 1, "tcpserver: pid 5 from 192.0.2.7");
	line_of(WINDOW_BEFORE, 1, "tcpserver: end 5 status 0");
	line_of(WINDOW_BEFORE, 2, START);
	assert_int_equal(grouper.lines, 0);
	line_of(WINDOW_INSIDE, 10, END);
	line_of(WINDOW_INSIDE, 10, "tcpserver: pid 8 from 192.0.2.7");
	assert_int_equal(grouper.lines, 2);
	line_of(WINDOW_AFTER, 21, "tcpserver: pid 9 from 192.0.2.7");
	assert_false(grouper_is_done(&grouper));
	line_of(WINDOW_AFTER, 22, "tcpserver: end 8 status 0");
	line_of(WINDOW_AFTER, 24, "tcpserver: end 9 status 0");
	assert_false(grouper_is_done(&grouper));
	line_of(WINDOW_AFTER, 25, "a line of no session");
	assert_true(grouper_is_done(&grouper));
	assert_int_equal(grouper_finish(&grouper), 0);
	is_over("7/2+0 8/2+0 ");
}

static void a_window_has_sessions_that_are_silent_in_it(void **state)
{
	(void)state;
	line_of(WINDOW_BEFORE, 1, START);
	line_of(WINDOW_AFTER, 20, "a line of no session");
	assert_false(grouper_is_done(&grouper));
	line_of(WINDOW_AFTER, 21, END);
	line_of(WINDOW_AFTER, 24, "a line of no session");
	assert_true(grouper_is_done(&grouper));
	is_over("7/2+0 ");
}

static void a_session_that_was_over_before_a_window_is_not_in_it(void **state)
{
	(void)state;
	line_of(WINDOW_BEFORE, 1, START);
	line_of(WINDOW_INSIDE, 2 + QUIET, "a line of no session");
	line_of(WINDOW_AFTER, 3 + QUIET, END);
	line_of(WINDOW_AFTER, 99 + QUIET, "a line of no session");
	assert_true(grouper_is_done(&grouper));
	is_over("");
}

static void the_most_at_one_time_is_that_in_the_window(void **state)
{
	(void)state;
	line_of(WINDOW_BEFORE, 1, START);
	line_of(WINDOW_BEFORE, 1, "tcpserver: pid 8 from 192.0.2.7");
	line_of(WINDOW_BEFORE, 1, "tcpserver: pid 9 from 192.0.2.7");
	line_of(WINDOW_BEFORE, 1, "tcpserver: end 9 status 0");
	assert_int_equal(grouper.load.most, 0);
	line_of(WINDOW_INSIDE, 2, END);
	assert_int_equal(grouper.load.most, 2);
	line_of(WINDOW_AFTER, 3, "tcpserver: pid 10 from 192.0.2.7");
	line_of(WINDOW_AFTER, 3, "tcpserver: pid 11 from 192.0.2.7");
	assert_int_equal(grouper.load.most, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_same_pid_again),
	    TEST(data_behind_an_end),
	    TEST(a_dump_that_begins_again),
	    TEST(a_note_before_the_start),
	    TEST(an_address_behind_the_end),
	    TEST(a_start_that_comes_late),
	    TEST(quiet_connections_end),
	    TEST(a_full_record_ends),
	    TEST(time_that_passes_without_lines),
	    TEST(a_clock_that_is_set_back),
	    TEST(no_stamps),
	    TEST(too_many),
	    TEST(no_start),
	    TEST(texts_like_a_record_open_nothing),
	    TEST(names_are_cut),
	    TEST(who_is_told_may_end_all),
	    TEST(a_window_has_sessions_with_a_line_in_it),
	    TEST(a_window_has_sessions_that_are_silent_in_it),
	    TEST(a_session_that_was_over_before_a_window_is_not_in_it),
	    TEST(the_most_at_one_time_is_that_in_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
