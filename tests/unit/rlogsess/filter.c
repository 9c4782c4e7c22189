/* Which sessions are asked for. */
#include "rlogsess/filter.h"
#include "base/regex.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/grouping/connections.h"
#include "rlogsess/grouping/qmail.h"

/* True if the grouping of connections accepts the session. */
static bool is_accepted(const struct filter *f, const struct session *s)
{
	return grouping_connections.is_wanted(&s->group, f);
}

static struct session of_peer(const char *peer)
{
	struct session s = {0};

	strcpy(s.peer, peer);
	return s;
}

static void networks(void **state)
{
	static const struct {
		const char *arg, *peer;
		bool taken;
	} row[] = {
	    {"192.0.2.7", "192.0.2.7", true},
	    {"192.0.2.7", "192.0.2.6", false},
	    {"192.0.2.7/32", "192.0.2.7", true},
	    {"192.0.2.7/32", "192.0.2.6", false},
	    {"192.0.2.7/31", "192.0.2.6", true},
	    {"192.0.2.7/31", "192.0.2.8", false},
	    {"192.0.2.7/24", "192.0.2.255", true},
	    {"192.0.2.7/24", "192.0.3.7", false},
	    {"128.0.0.0/1", "255.0.2.7", true},
	    {"128.0.0.0/1", "127.0.2.7", false},
	    /* All of IPv4, and nothing else; the same for IPv6. */
	    {"0.0.0.0/0", "255.255.255.255", true},
	    {"0.0.0.0/0", "2001:db8::7", false},
	    {"::/0", "2001:db8::7", true},
	    {"::/0", "::1", true},
	    {"::/0", "192.0.2.7", false},
	    {"2001:db8::6/127", "2001:db8::7", true},
	    {"2001:db8::6/127", "2001:db8::5", false},
	    {"2001:db8::7/128", "2001:db8::7", true},
	    {"2001:db8::7/128", "2001:db8::6", false},
	    {"2001:db8::7", "2001:0DB8:0:0:0:0:0:7", true},
	    {"2001:db8::/32", "2001:db9::", false},
	    {"2001:db8::/33", "2001:db8:7fff::", true},
	    {"2001:db8::/33", "2001:db8:8000::", false},
	    /* An IPv4 address that a server of IPv6 has mapped. */
	    {"192.0.2.7", "::ffff:192.0.2.7", true},
	    {"192.0.2.0/24", "::ffff:c000:207", true},
	    {"::ffff:192.0.2.7", "192.0.2.7", true},
	    {"::ffff:192.0.2.0/120", "192.0.2.7", true},
	    {"::ffff:192.0.2.0/120", "192.0.3.7", false},
	    {"::ffff:0:0/96", "192.0.2.7", true},
	    {"::ffff:0:0/95", "192.0.2.7", false},
	    {"::ffff:0:0/95", "::fffe:0:7", true},
	    {"::192.0.2.7", "192.0.2.7", false},
	    /* No address is in no network. */
	    {"0.0.0.0/0", "", false},
	    {"::/0", "mail.example.org", false},
	    {"::/0", "2001:db8::7%eth0", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct session s = of_peer(row[i].peer);
		struct filter f = {0};

		assert_int_equal(filter_add_network(&f, row[i].arg), 0);
		assert_false(filter_is_open(&f));
		if (is_accepted(&f, &s) != row[i].taken)
			fail_msg("-i %s: %s", row[i].arg, row[i].peer);
	}
}

static int set_text(struct filter *f, const char *arg)
{
	char why[160] = "";
	int r = filter_add_text(f, arg, why, sizeof why);

	assert_int_equal(r < 0, *why != 0);
	return r;
}

static int set_sender(struct filter *f, const char *arg)
{
	char why[160];

	return filter_add_sender(f, arg, why, sizeof why);
}

static void refused(void **state)
{
	static const struct {
		int (*set)(struct filter *f, const char *arg);
		const char *arg;
	} row[] = {
	    {filter_add_network, ""},
	    {filter_add_network, "192.0.2"},
	    {filter_add_network, "192.0.2.256"},
	    {filter_add_network, "192.0.2.7 "},
	    {filter_add_network, "192.0.2.7/"},
	    {filter_add_network, "192.0.2.7/33"},
	    {filter_add_network, "192.0.2.7/-1"},
	    {filter_add_network, "192.0.2.7/+1"},
	    {filter_add_network, "192.0.2.7/ 1"},
	    {filter_add_network, "192.0.2.7/1/1"},
	    {filter_add_network, "192.0.2.7/4294967297"},
	    {filter_add_network, "192.0.2.7/99999999999999999999999"},
	    {filter_add_network, "/24"},
	    {filter_add_network, "2001:db8::/129"},
	    {filter_add_network, "fe80::1%eth0"},
	    {filter_add_network, "mail.example.org"},
	    {filter_add_network,
	     "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111:1111"},
	    {filter_add_pid, ""},
	    {filter_add_pid, "0"},
	    {filter_add_pid, "-1"},
	    {filter_add_pid, " 1"},
	    {filter_add_pid, "1x"},
	    {filter_add_pid, "2147483648"},
	    {filter_add_pid, "18446744073709551617"},
	    {filter_add_reply, ""},
	    {filter_add_reply, "45"},
	    {filter_add_reply, "4511"},
	    {filter_add_reply, "x51"},
	    {filter_add_reply, "051"},
	    {filter_add_reply, "600"},
	    {filter_add_reply, "4XX"},
	    {filter_add_reply, "4 1"},
	    {filter_add_message, ""},
	    {filter_add_message, "-1"},
	    {filter_add_message, "1 "},
	    {filter_add_message, "18446744073709551616"},
	    {set_sender, "("},
	    {set_text, "("},
	    {set_text, "a{9999999}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct filter f = {0};

		if (row[i].set(&f, row[i].arg) == 0)
			fail_msg("taken: %s", row[i].arg);
		assert_true(filter_is_open(&f));
	}
}

static void replies(void **state)
{
	static const struct {
		const char *arg;
		unsigned int code;
		bool taken;
	} row[] = {
	    {"451", 451, true},  {"451", 450, false}, {"45x", 459, true},
	    {"45x", 460, false}, {"4xx", 400, true},  {"4xx", 499, true},
	    {"4xx", 399, false}, {"4xx", 500, false}, {"5x0", 550, true},
	    {"5x0", 551, false}, {"5xx", 599, true},  {"1xx", 100, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct session s = of_peer("");
		struct filter f = {0};
		unsigned int code = row[i].code;

		s.said.talk.codes[code / 64] = (uint64_t)1 << code % 64;
		assert_int_equal(filter_add_reply(&f, row[i].arg), 0);
		if (is_accepted(&f, &s) != row[i].taken)
			fail_msg("-r %s: %u", row[i].arg, code);
		s.said.talk.codes[code / 64] = 0;
		assert_false(is_accepted(&f, &s));
	}
}

static void pids(void **state)
{
	struct session s = of_peer("");
	struct filter f = {0};

	(void)state;
	assert_int_equal(filter_add_pid(&f, "2147483647"), 0);
	s.group.key = 2147483647;
	assert_true(is_accepted(&f, &s));
	s.group.key = UINT64_C(1) << 32 | 2147483647;
	assert_false(is_accepted(&f, &s));
}

/* Only these bytes, with a NUL among them or none behind them. */
static void texts(void **state)
{
	static const char text[] = "one\0two three";
	struct session s = of_peer("");
	struct filter f = {0};

	(void)state;
	assert_false(filter_text(&f, text, 3));
	assert_int_equal(set_text(&f, "^one$"), 0);
	assert_true(filter_text(&f, text, 3));
	assert_false(filter_text(&f, text, 2));
	assert_false(filter_text(&f, "one more", 8));
	filter_free(&f);
	assert_int_equal(set_text(&f, "two$"), 0);
	assert_int_equal(filter_text(&f, text, 7), REGEX_NULS);
	assert_false(filter_text(&f, text, 8));
	assert_false(is_accepted(&f, &s));
	s.matches = true;
	assert_true(is_accepted(&f, &s));
	assert_int_equal(set_text(&f, "("), -1);
	assert_true(filter_text(&f, "two", 3));
	filter_free(&f);
	assert_true(filter_is_open(&f));
	assert_int_equal(set_text(&f, "("), -1);
	assert_true(filter_is_open(&f));
}

static struct mail of_sender(const char *sender)
{
	struct mail m = {.group.key = 7, .qp = 4711};

	strcpy(m.from, sender);
	return m;
}

static bool takes_mail(const struct filter *f, const struct mail *m)
{
	return grouping_qmail.is_wanted(&m->group, f);
}

/* Number, qp and sender of a message. */
static void messages(void **state)
{
	struct mail m = of_sender("a@example.org"), unknown = of_sender("");
	struct filter f = {0};

	(void)state;
	assert_int_equal(filter_add_message(&f, "18446744073709551615"), 0);
	assert_false(filter_is_open(&f));
	assert_false(takes_mail(&f, &m));
	assert_int_equal(filter_add_message(&f, "7"), 0);
	assert_true(takes_mail(&f, &m));
	assert_int_equal(filter_add_pid(&f, "4712"), 0);
	assert_false(takes_mail(&f, &m));
	assert_int_equal(filter_add_pid(&f, "4711"), 0);
	assert_true(takes_mail(&f, &m));
	assert_true(takes_mail(&f, &unknown));
	assert_int_equal(set_sender(&f, ""), 0);
	assert_true(takes_mail(&f, &m));
	assert_false(takes_mail(&f, &unknown));
	filter_free(&f);
	assert_int_equal(set_sender(&f, "^b@"), 0);
	assert_false(filter_is_open(&f));
	assert_false(takes_mail(&f, &m));
	filter_free(&f);
}

/* Deferred, and in the queue at the end of the log. */
static void stuck(void **state)
{
	struct mail m = of_sender("a@example.org");
	struct filter f = {0};

	(void)state;
	filter_set_stuck(&f);
	assert_false(filter_is_open(&f));
	assert_false(takes_mail(&f, &m));
	m.group.marks = GROUP_OPEN | GROUP_NO_START;
	assert_false(takes_mail(&f, &m));
	m.count[MAIL_DEFERRAL] = 1;
	assert_true(takes_mail(&f, &m));
	m.group.marks = GROUP_NO_END;
	assert_false(takes_mail(&f, &m));
}

/* Any of one kind; FILTER_MAX of them, and no more. */
static void any_of_a_kind(void **state)
{
	struct session s = of_peer("192.0.2.7");
	struct filter f = {0};
	char why[160];

	(void)state;
	for (size_t i = 0; i < FILTER_MAX; i++) {
		assert_int_equal(filter_add_network(&f, "2001:db8::/32"), 0);
		assert_int_equal(filter_add_pid(&f, "1"), 0);
		assert_int_equal(filter_add_reply(&f, "550"), 0);
		assert_int_equal(filter_add_text(&f, "x", why, sizeof why), 0);
		assert_int_equal(filter_add_message(&f, "1"), 0);
		assert_int_equal(set_sender(&f, "x"), 0);
	}
	assert_int_equal(filter_add_message(&f, "1"), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(set_sender(&f, "x"), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(filter_add_network(&f, "2001:db8::/32"), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(filter_add_pid(&f, "1"), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(filter_add_reply(&f, "550"), -1);
	assert_int_equal(errno, E2BIG);
	assert_int_equal(filter_add_text(&f, "x", why, sizeof why), -1);
	assert_int_equal(errno, E2BIG);
	filter_free(&f);
	assert_int_equal(filter_add_network(&f, "2001:db8::/32"), 0);
	assert_false(is_accepted(&f, &s));
	assert_int_equal(filter_add_network(&f, "192.0.2.0/24"), 0);
	assert_int_equal(filter_add_network(&f, "::/128"), 0);
	assert_true(is_accepted(&f, &s));
	s.group.key = 9;
	assert_int_equal(filter_add_pid(&f, "8"), 0);
	assert_false(is_accepted(&f, &s));
	assert_int_equal(filter_add_pid(&f, "9"), 0);
	assert_true(is_accepted(&f, &s));
}

static void bad_ends(void **state)
{
	struct session s = of_peer("");
	struct filter f = {.bad = true};

	(void)state;
	assert_false(is_accepted(&f, &s));
	s.status = 1;
	assert_false(is_accepted(&f, &s)); /* it has not ended */
	s.ended = true;
	assert_true(is_accepted(&f, &s));
	s.status = 0;
	assert_false(is_accepted(&f, &s));
	s.signal = 9;
	assert_true(is_accepted(&f, &s));
	s.signal = 0;
	s.said.reset = true;
	assert_true(is_accepted(&f, &s));
	s.said.reset = false;
	s.said.talk.expects_quit = true;
	assert_true(is_accepted(&f, &s));
	s.group.marks = GROUP_OPEN; /* it may still be said */
	assert_false(is_accepted(&f, &s));
	s.said.eof[DIALOGUE_OUT] = true;
	assert_true(is_accepted(&f, &s));
	s.said.talk.polite = true;
	assert_false(is_accepted(&f, &s));
}

/* All that is asked for, not any of it. */
static void all_of_it(void **state)
{
	struct session s = of_peer("192.0.2.7");
	struct filter f = {0};

	(void)state;
	assert_true(filter_is_open(&f) && is_accepted(&f, &s));
	assert_int_equal(filter_add_network(&f, "192.0.2.7"), 0);
	assert_int_equal(filter_add_pid(&f, "7"), 0);
	assert_false(is_accepted(&f, &s));
	s.group.key = 7;
	assert_true(is_accepted(&f, &s));
	f.bad = true;
	assert_false(is_accepted(&f, &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages),  cmocka_unit_test(stuck),
	    cmocka_unit_test(networks),  cmocka_unit_test(refused),
	    cmocka_unit_test(replies),   cmocka_unit_test(pids),
	    cmocka_unit_test(texts),     cmocka_unit_test(bad_ends),
	    cmocka_unit_test(all_of_it), cmocka_unit_test(any_of_a_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
