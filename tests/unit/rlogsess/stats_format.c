/* Counts over sessions. */
#include "rlogsess/format/format.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../composed.h"

#include "rlogsess/grouping/connections.h"

enum { PEERS = (1 << 16) / 4 * 3 };

static const struct filter filter;
static struct output out;
static struct grouper grouper;
static const struct format *format;
static struct format_run run;

static int ignore_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	(void)group;
	(void)line;
	return 0;
}

static int begin(void **state)
{
	struct format_options options = {.output = &out, .grouper = &grouper};

	(void)state;
	format = format_find("stats")->sessions;
	options.format = format;
	output_init(&out, -1);
	if (grouper_init(&grouper, &(struct grouper_options){
				       .grouping = &grouping_connections,
				       .filter = &filter,
				       .events.line = ignore_line}) < 0)
		return -1;
	return format_begin(&run, &options);
}

static int end(void **state)
{
	(void)state;
	format_free(&run);
	grouper_free(&grouper);
	return 0;
}

static void count_one(const struct session *s)
{
	assert_int_equal(format->group(&run, &s->group), 0);
}

/* One of this peer that took so many milliseconds. */
static struct session took(const char *peer, int64_t milliseconds)
{
	struct session s = {0};

	strcpy(s.peer, peer);
	s.group.first = 1000 * GROUPING_SECOND;
	s.group.last = s.group.first + milliseconds * 1000000;
	return s;
}

/* The text that was shown, with a NUL at its end. */
static const char *shown(void)
{
	return composed_text(&out);
}

/* The text has a line of this name and count, and bytes, for a peer. */
static void shows_peer(const char *name, const char *count, const char *bytes)
{
	char line[128];

	snprintf(line, sizeof line, "\n%-20s %12s%s\n", name, count, bytes);
	if (!strstr(shown(), line) &&
	    strncmp(shown(), line + 1, strlen(line) - 1) != 0)
		fail_msg("missing: %s%s", line, shown());
}

/* The text has a row of the chart with this name and count. */
static void charts(const char *name, const char *count)
{
	char row[128];

	snprintf(row, sizeof row, "\n%-20s %12s  ", name, count);
	if (!strstr(shown(), row))
		fail_msg("missing: %s%s", row, shown());
}

static void shows(const char *name, const char *count)
{
	shows_peer(name, count, "");
}

/* Shows the counts when this many sessions were open at one time. */
static void show(size_t most)
{
	char text[64];

	for (size_t pid = 1; pid <= most; pid++) {
		snprintf(text, sizeof text, "tcpserver: pid %zu from 192.0.2.7",
			 pid);
		assert_int_equal(grouper_line(&grouper, text, strlen(text)), 0);
	}
	output_init(&out, -1);
	assert_int_equal(format->finish(&run), 0);
}

static void nothing(void **state)
{
	(void)state;
	show(0);
	shows("sessions", "0");
	shows("most at one time", "0");
	assert_null(strstr(shown(), "from "));
}

static void sums(void **state)
{
	struct session s = took("192.0.2.7", 1500);

	(void)state;
	s.ended = true;
	s.status = 99;
	s.said.bytes[DIALOGUE_IN] = 100;
	s.said.bytes[DIALOGUE_OUT] = 10;
	s.said.talk.messages = 2;
	s.said.talk.message_bytes = 50;
	s.said.talk.codes[451 / 64] = (uint64_t)1 << 451 % 64;
	count_one(&s);
	s.status = 0;
	s.group.marks = GROUP_OPEN;
	count_one(&s);
	s.signal = 9;
	s.denied = true;
	count_one(&s);
	show(2);
	shows("sessions", "3");
	shows("ended badly", "2");
	shows("denied", "1");
	shows("not whole", "2");
	shows("peers", "1");
	shows("messages", "6");
	shows("bytes of messages", "150");
	shows("bytes in", "300");
	shows("bytes out", "30");
	shows("most at one time", "2");
	shows("mean at one time", "3.00");
	charts("below 3 s", "3");
	shows("99", "1");
	shows("0", "1");
	shows("a signal", "1");
	shows("451", "3");
	shows_peer("192.0.2.7", "3", "          330");
}

/* At its bound a time belongs to the next step. */
static void durations(void **state)
{
	static const int64_t time[] = {
	    -5000, 0,     1,       2,       3,       999,      1000,
	    9999,  10000, 2999999, 3000000, 9999999, 10000000, INT64_C(1) << 42,
	};
	static const char *const row[][2] = {
	    {"below 1 ms", "2"},    {"below 3 ms", "2"},
	    {"below 10 ms", "1"},   {"below 1 s", "1"},
	    {"below 3 s", "1"},     {"below 10 s", "1"},
	    {"below 30 s", "1"},    {"below 3000 s", "1"},
	    {"below 10000 s", "2"}, {"10000 s and more", "2"},
	};
	struct session none = {0};

	(void)state;
	for (size_t i = 0; i < sizeof time / sizeof *time; i++) {
		struct session s = took("", time[i]);

		count_one(&s);
	}
	none.group.first = none.group.last = LINE_TIME_NONE;
	count_one(&none);
	show(0);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		charts(row[i][0], row[i][1]);
	shows("of other peers", "15");
	shows("peers", "0");
}

/* The exit status of a process, whatever a log says. */
static void odd_status(void **state)
{
	struct session s = took("", 0);

	(void)state;
	s.ended = true;
	s.status = -1;
	count_one(&s);
	s.status = 1 << 20 | 7;
	count_one(&s);
	show(0);
	shows("255", "1");
	shows("7", "1");
}

/* More peers than there is room for are counted together. */
static void many_peers(void **state)
{
	char peer[CONNECTIONS_PEER];

	(void)state;
	for (int n = 0; n < PEERS + 10; n++) {
		struct session s;

		snprintf(peer, sizeof peer, "2001:db8::%x", n);
		s = took(peer, 0);
		for (int k = 0; k < (n == 4711 ? 3 : 1); k++)
			count_one(&s);
	}
	show(1);
	shows("peers", "49152");
	shows("of other peers", "10");
	shows_peer("2001:db8::1267", "3", "            0");
}

/* By sessions, then bytes, then name. */
static void busiest_first(void **state)
{
	static const struct {
		const char *peer;
		int sessions;
		uint64_t bytes;
	} row[] = {{"d", 1, 5}, {"c", 1, 5}, {"b", 1, 6}, {"a", 2, 1}};
	const char *at;

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct session s = took(row[i].peer, 0);

		s.said.bytes[DIALOGUE_OUT] = row[i].bytes;
		for (int n = 0; n < row[i].sessions; n++)
			count_one(&s);
	}
	show(1);
	at = strstr(shown(), "busiest peers: sessions, bytes\n");
	assert_non_null(at);
	for (char c = 'a'; c <= 'd'; c++) {
		at = strchr(at, '\n') + 1;
		assert_int_equal(*at, c);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing),    TEST(sums),       TEST(durations),
	    TEST(odd_status), TEST(many_peers), TEST(busiest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
