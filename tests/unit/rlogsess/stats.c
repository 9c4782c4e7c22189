/* Counts over sessions. */
#include "rlogsess/stats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/line_time.h"

enum { PEERS = STATS_PEERS / 4 * 3 };

static struct stats stats;
static struct output out;

static int begin(void **state)
{
	(void)state;
	output_init(&out, -1);
	return stats_init(&stats);
}

static int end(void **state)
{
	(void)state;
	stats_free(&stats);
	return 0;
}

/* One of this peer that took so many milliseconds. */
static struct session took(const char *peer, int64_t milliseconds)
{
	struct session s = {0};

	strcpy(s.peer, peer);
	s.group.first = 1000 * SESSION_SECOND;
	s.group.last = s.group.first + milliseconds * 1000000;
	return s;
}

/* The text that was shown, with a NUL at its end. */
static const char *shown(void)
{
	static char text[1 << 16];
	size_t len;
	const char *composed = output_composed(&out, &len);

	assert_true(len < sizeof text);
	memcpy(text, composed, len);
	text[len] = 0;
	return text;
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

static void shows(const char *name, const char *count)
{
	shows_peer(name, count, "");
}

static void show(size_t most)
{
	output_init(&out, -1);
	stats_show(&out, &stats, most);
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
	stats_add(&stats, &s);
	s.status = 0;
	s.group.marks = GROUP_OPEN;
	stats_add(&stats, &s);
	s.signal = 9;
	s.denied = true;
	stats_add(&stats, &s);
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
	shows("below 10 s", "3");
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
	    -5000,
	    0,
	    99,
	    100,
	    999,
	    1000,
	    9999,
	    10000,
	    599999,
	    600000,
	    3599999,
	    3600000,
	    INT64_C(1) << 42,
	};
	static const char *const row[][2] = {
	    {"below 0.1 s", "3"},  {"below 1 s", "2"},    {"below 10 s", "2"},
	    {"below 1 min", "1"},  {"below 10 min", "1"}, {"below 1 h", "2"},
	    {"1 h and more", "2"},
	};
	struct session none = {0};

	(void)state;
	for (size_t i = 0; i < sizeof time / sizeof *time; i++) {
		struct session s = took("", time[i]);

		stats_add(&stats, &s);
	}
	none.group.first = none.group.last = LINE_TIME_NONE;
	stats_add(&stats, &none);
	show(0);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		shows(row[i][0], row[i][1]);
	shows("of other peers", "14");
	shows("peers", "0");
}

/* The exit status of a process, whatever a log says. */
static void odd_status(void **state)
{
	struct session s = took("", 0);

	(void)state;
	s.ended = true;
	s.status = -1;
	stats_add(&stats, &s);
	s.status = 1 << 20 | 7;
	stats_add(&stats, &s);
	show(0);
	shows("255", "1");
	shows("7", "1");
}

/* More peers than there is room for are counted together. */
static void many_peers(void **state)
{
	char peer[SESSION_PEER];

	(void)state;
	for (int n = 0; n < PEERS + 10; n++) {
		struct session s;

		snprintf(peer, sizeof peer, "2001:db8::%x", n);
		s = took(peer, 0);
		for (int k = 0; k < (n == 4711 ? 3 : 1); k++)
			stats_add(&stats, &s);
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
			stats_add(&stats, &s);
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
