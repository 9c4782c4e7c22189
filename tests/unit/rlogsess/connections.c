/* When a session begins and when it is over. */
#include "rlogsess/grouping/connections.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { QUIET = 3600 };

static struct sessions sessions;
static char over[1 << 18]; /* "PID/LINES+MARKS " for each that is over */
static int answer;

static int on_over(void *ctx, struct session *s)
{
	size_t len = strlen(over);

	(void)ctx;
	snprintf(over + len, sizeof over - len, "%d/%d+%u ", (int)s->group.key,
		 (int)s->group.lines, s->group.marks);
	return answer;
}

static int begin(void **state)
{
	(void)state;
	sessions_init(&sessions, &(struct session_events){.over = on_over});
	sessions.quiet = QUIET * SESSION_SECOND;
	*over = 0;
	answer = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	sessions_free(&sessions);
	return 0;
}

/* A line of that time, in seconds; a negative one: without a stamp. */
static int line(double time, const char *text)
{
	struct line_time_reader stamps = {0};
	struct connection_line l;

	connection_line_parse(&l, &stamps, text, strlen(text));
	l.time = time < 0 ? LINE_TIME_NONE : (int64_t)(time * SESSION_SECOND);
	return sessions_take(&sessions, &l);
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
	assert_int_equal(sessions.most, 1);
	assert_int_equal(line(10, END), 0);
	assert_int_equal(line(10, END), 0);
	is_over("7/2+0 ");
	assert_int_equal(sessions_finish(&sessions), 0);
	is_over("7/1+1 ");
}

/* Without a server's lines: data where there can't be any more. */
static void data_behind_an_end(void **state)
{
	static const char *const ends[] = {
	    "7 < [EOF]", "7 > [EOF]",
	    "7 : end < 2 bytes, eof; > 3 bytes, eof; 0.1 seconds"};

	for (int i = 0; i < 3; i++) {
		begin(state);
		assert_int_equal(line(1, "7 < a "), 0);
		assert_int_equal(line(1, "7 > a "), 0);
		assert_int_equal(line(1, ends[i]), 0);
		is_over("");
		assert_int_equal(line(1, i == 1 ? "7 > b " : "7 < b "), 0);
		is_over(i == 2 ? "7/3+0 " : "7/3+4 ");
		end(state);
	}
	begin(state);
}

/* A server that tells of a start when the first records have been written. */
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

static void waits(void **state)
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

static void time_that_passes_without_lines(void **state)
{
	(void)state;
	/* No time is known yet. */
	assert_int_equal(line(-1, START), 0);
	assert_int_equal(sessions_pass(&sessions, INT64_MAX), 0);
	is_over("");
	lines(10, WHOLE + 1);
	assert_int_equal(sessions_pass(&sessions, 12 * SESSION_SECOND), 0);
	is_over("");
	assert_int_equal(sessions_pass(&sessions, 13 * SESSION_SECOND), 0);
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
	assert_int_equal(sessions_pass(&sessions, 9 * SESSION_SECOND), 0);
	is_over("");
	assert_int_equal(sessions_finish(&sessions), 0);
	is_over("7/1+2 ");
}

/* Where lines have no stamps, lines stand for time. */
static void no_stamps(void **state)
{
	(void)state;
	lines(-1, WHOLE);
	assert_int_equal(line(-1, "tcpserver: pid 9 from 192.0.2.9"), 0);
	for (int n = 0; n < SESSION_LINES - 2; n++)
		assert_int_equal(line(-1, "-"), 0);
	is_over("");
	assert_int_equal(line(-1, "-"), 0);
	is_over("7/7+0 ");
	for (int n = 0; n < 3 * SESSION_LINES; n++)
		assert_int_equal(line(-1, "-"), 0);
	is_over("");
}

/* No more are open than there is room for; those that are done go first. */
static void too_many(void **state)
{
	char text[64], want[64];

	(void)state;
	lines(1, WHOLE);
	for (int n = 0; n < SESSION_MAX - 1; n++) {
		snprintf(text, sizeof text, "tcpserver: pid %d from 192.0.2.7",
			 100 + n);
		assert_int_equal(line(1, text), 0);
	}
	is_over("");
	assert_int_equal(sessions.most, SESSION_MAX - 1);
	assert_int_equal(line(1, "tcpserver: pid 8 from 192.0.2.7"), 0);
	is_over("7/7+0 ");
	for (int n = 0; n < 3; n++) {
		snprintf(text, sizeof text, "tcpserver: pid %d from 192.0.2.7",
			 10 + n);
		snprintf(want, sizeof want, "%d/1+16 ", 100 + n);
		assert_int_equal(line(1, text), 0);
		is_over(want);
	}
	assert_int_equal(sessions.book.count, SESSION_MAX);
}

/* That a session began before the log is known only where starts are told. */
static void no_start(void **state)
{
	(void)state;
	assert_int_equal(line(1, "7 < a "), 0);
	assert_int_equal(sessions_finish(&sessions), 0);
	is_over("7/1+2 ");
	assert_int_equal(line(1, "7 < a "), 0);
	assert_int_equal(line(1, "tcpserver: end 8 status 0"), 0);
	assert_int_equal(sessions_finish(&sessions), 0);
	is_over("7/1+3 8/1+1 ");
}

/* What a program says that may mean anything needs a session. */
static void maybe(void **state)
{
	(void)state;
	assert_int_equal(line(1, "prog: 7 apples"), 0);
	assert_int_equal(sessions.book.count, 0);
	assert_int_equal(line(1, START), 0);
	assert_int_equal(line(1, "prog: 7 apples"), 0);
	assert_int_equal(sessions_finish(&sessions), 0);
	is_over("7/2+2 ");
}

/* Names of any length. */
static void names_are_cut(void **state)
{
	char text[1000];
	struct group *g;
	struct session *s;

	(void)state;
	strcpy(text, "tcpserver: ok 7 ");
	memset(text + strlen(text), 'l', 300);
	strcpy(text + 316, ":192.0.2.25:25 h:192.0.2.7::123456789012");
	assert_int_equal(line(1, text), 0);
	g = group_table_find(&sessions.book, 7);
	assert_non_null(g);
	s = (struct session *)(void *)g;
	assert_int_equal(strlen(s->local), SESSION_LOCAL - 1);
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
	assert_int_equal(sessions_finish(&sessions), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_same_pid_again),
	    TEST(data_behind_an_end),
	    TEST(a_start_that_comes_late),
	    TEST(waits),
	    TEST(time_that_passes_without_lines),
	    TEST(a_clock_that_is_set_back),
	    TEST(no_stamps),
	    TEST(too_many),
	    TEST(no_start),
	    TEST(maybe),
	    TEST(names_are_cut),
	    TEST(who_is_told_may_end_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
