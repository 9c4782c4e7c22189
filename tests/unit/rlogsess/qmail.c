/* Messages and deliveries, and their numbers, which are used again. */
#include "rlogsess/grouping/qmail.h"

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

static struct grouper grouper;
static struct filter filter;
static char told[1 << 20];
static int answer;

__attribute__((format(printf, 1, 2))) static void note(const char *form, ...)
{
	size_t len = strlen(told);
	va_list args;

	va_start(args, form);
	vsnprintf(told + len, sizeof told - len, form, args);
	va_end(args);
}

static int on_line(void *ctx, const struct group *group, struct slice line)
{
	(void)ctx;
	assert_true(group->lines > 0 && line.len > 0);
	return 0;
}

static int on_stray(void *ctx, struct slice line)
{
	(void)ctx;
	assert_true(line.len > 0);
	return 0;
}

/* "DELIVERY:OUTCOME@MESSAGE ", "-" for what is not known. */
static int on_result(void *ctx, const struct mail_result *r)
{
	static const char outcome[] = "sdf?";

	(void)ctx;
	if (r->mail)
		note("%d:%c@%d ", (int)r->delivery->group.key,
		     outcome[r->outcome], (int)r->mail->group.key);
	else
		note("-:%c ", outcome[r->outcome]);
	return 0;
}

/* "MESSAGE/LINES+MARKS " */
static int on_over(void *ctx, struct group *group)
{
	(void)ctx;
	assert_null(qmail_mail(group)->deliveries);
	note("%d/%d+%u ", (int)group->key, (int)group->lines, group->marks);
	return answer;
}

static int begin(void **state)
{
	(void)state;
	*told = 0;
	answer = 0;
	return grouper_init(&grouper, &(struct grouper_options){
					  .grouping = &grouping_qmail,
					  .filter = &filter,
					  .events = {NULL, on_line, on_stray,
						     on_result, on_over, NULL},
					  .quiet = 100});
}

static int end(void **state)
{
	(void)state;
	grouper_free(&grouper);
	return 0;
}

/* Passes a line with this time in seconds; a negative one: without a stamp. */
static int line(int time, const char *text)
{
	char stamped[1200];
	struct tm tm;
	time_t seconds = time;
	size_t len = 0;

	if (time >= 0) {
		gmtime_r(&seconds, &tm);
		len = strftime(stamped, sizeof stamped, "%FT%TZ ", &tm);
	}
	len +=
	    (size_t)snprintf(stamped + len, sizeof stamped - len, "%s", text);
	return grouper_line(&grouper, stamped, len);
}

static void lines(int time, const char *const *text)
{
	for (; *text; text++)
		assert_int_equal(line(time, *text), 0);
}

#define LINES(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static void is_told(const char *want)
{
	assert_string_equal(told, want);
	*told = 0;
}

static const struct mail *message(uint64_t number)
{
	struct group *g = group_table_find(&grouper.log->table, number);

	assert_non_null(g);
	return qmail_mail(g);
}

static int add_deliveries(void *ctx, const struct group *group)
{
	const struct mail_delivery *d = qmail_mail(group)->deliveries;

	for (; d; d = d->next)
		++*(int *)ctx;
	return 0;
}

/* The number of deliveries that have not ended. */
static int deliveries(void)
{
	int count = 0;

	assert_int_equal(
	    group_table_each(&grouper.log->table, add_deliveries, &count), 0);
	return count;
}

static void from_beginning_to_end(void **state)
{
	(void)state;
	lines(1,
	      LINES("new msg 7", "info msg 7: bytes 99 from <a@b> qp 1 uid 2",
		    "starting delivery 1: msg 7 to local joe@c",
		    "starting delivery 2: msg 7 to remote d@e"));
	assert_string_equal(message(7)->from, "a@b");
	assert_int_equal(message(7)->bytes, 99);
	is_told("");
	lines(2,
	      LINES("delivery 2: deferral: later/", "delivery 1: success: ok/",
		    "starting delivery 3: msg 7 to remote d@e",
		    "delivery 3: failure: no/", "bounce msg 7 qp 9",
		    "end msg 7"));
	is_told("2:d@7 1:s@7 3:f@7 7/10+0 ");
	assert_int_equal(grouper.open, 0);
}

static void a_message_number_again(void **state)
{
	(void)state;
	lines(1, LINES("new msg 7", "starting delivery 1: msg 7 to local joe@c",
		       "new msg 7", "delivery 1: success: late/", "end msg 7"));
	is_told("1:?@7 7/2+4 -:s 7/2+0 ");
}

/* After a crash of qmail-send they begin with 1 again. */
static void a_delivery_number_again(void **state)
{
	(void)state;
	lines(1, LINES("new msg 7", "starting delivery 1: msg 7 to local joe@c",
		       "new msg 8", "starting delivery 1: msg 8 to local d@e",
		       "delivery 1: success: ok/"));
	is_told("1:?@7 1:s@8 ");
	assert_int_equal(message(7)->count[MAIL_UNKNOWN], 1);
	assert_int_equal(grouper_finish(&grouper), 0);
	is_told("7/2+2 8/3+2 ");
}

/* From a state they come a message at a time, with numbers of any age. */
static void numbers_that_come_back(void **state)
{
	(void)state;
	grouper_restore(&grouper, 1);
	lines(1,
	      LINES("new msg 7", "starting delivery 1: msg 7 to local joe@c"));
	lines(500,
	      LINES("new msg 8", "starting delivery 1: msg 8 to local d@e"));
	is_told("");
	assert_int_equal(deliveries(), 2);
	grouper_resume(&grouper, 2);
	lines(501, LINES("delivery 1: success: ok/"));
	is_told("1:?@7 7/2+8 1:s@8 ");
}

static void only_the_end_is_here(void **state)
{
	(void)state;
	lines(1,
	      LINES("delivery 5: deferral: later/", "delivery 6: what: ever/",
		    "end msg 7", "bounce msg 8 qp 1"));
	is_told("-:d -:? 7/1+1 ");
	assert_true(message(8)->bounced);
	assert_int_equal(grouper_finish(&grouper), 0);
	is_told("8/1+3 ");
}

static void the_quiet_time(void **state)
{
	(void)state;
	lines(1000, LINES("new msg 7", "new msg 8"));
	/* The clock is set back: nothing is over for that. */
	lines(10, LINES("info msg 8: bytes 1 from <> qp 1 uid 2", "-"));
	lines(110, LINES("-"));
	is_told("");
	assert_string_equal(message(8)->from, "<>");
	lines(1101, LINES("-"));
	is_told("7/1+8 8/2+8 ");
	lines(-1, LINES("new msg 9", "-"));
	lines(100000, LINES("-"));
	is_told("");
}

static void time_that_passes_without_lines(void **state)
{
	(void)state;
	lines(1000, LINES("new msg 7"));
	assert_int_equal(grouper_pass(&grouper, 1100 * GROUPING_SECOND), 0);
	is_told("");
	assert_int_equal(grouper_pass(&grouper, 1101 * GROUPING_SECOND), 0);
	is_told("7/1+8 ");
}

static void too_many(void **state)
{
	char text[64];

	(void)state;
	for (int n = 1; n <= QMAIL_MAX; n++) {
		snprintf(text, sizeof text, "new msg %d", n);
		assert_int_equal(line(1, text), 0);
	}
	is_told("");
	assert_int_equal(line(1, "info msg 1: bytes 1 from <> qp 1 uid 2"), 0);
	assert_int_equal(line(1, "new msg 99999"), 0);
	is_told("2/1+16 ");
	assert_int_equal(grouper.open, QMAIL_MAX);
}

static void too_many_deliveries(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(line(1, "new msg 7"), 0);
	for (int n = 1; n <= QMAIL_DELIVERIES_MAX + 2; n++) {
		snprintf(text, sizeof text,
			 "starting delivery %d: msg 7 to local joe@c", n);
		assert_int_equal(line(1, text), 0);
	}
	is_told("1:?@7 2:?@7 ");
	assert_int_equal(deliveries(), QMAIL_DELIVERIES_MAX);
}

/* The qp is behind the last bracket; a sender may have brackets in it. */
static void the_qp(void **state)
{
	static const struct {
		const char *text;
		uint64_t qp;
	} row[] = {
	    {"info msg 7: bytes 1 from <a@b> qp 27763 uid 2", 27763},
	    {"info msg 7: bytes 1 from <a> qp 1> qp 2 uid 3", 2},
	    {"info msg 7: bytes 1 from <a> qp 1", 1},
	    {"info msg 7: bytes 1 from <a>", 0},
	    {"info msg 7: bytes 1 from <a> qp x uid 2", 0},
	    {"info msg 7: bytes 1 from <a> qp 18446744073709551616", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		assert_int_equal(line(1, row[i].text), 0);
		assert_int_equal(message(7)->qp, row[i].qp);
	}
}

static int keep_mail(void *ctx, struct group *group)
{
	*(struct mail *)ctx = *qmail_mail(group);
	return 0;
}

/* What is known of a message that is in the queue where the log ends. */
static void the_last_deferral(void **state)
{
	struct mail last;

	(void)state;
	grouper.events.over = keep_mail;
	grouper.events.ctx = &last;
	lines(10, LINES("new msg 7", "starting delivery 1: msg 7 to local a",
			"starting delivery 2: msg 7 to local b"));
	lines(20, LINES("delivery 1: deferral: one/",
			"delivery 2: failure: two/", "status: exiting"));
	assert_int_equal(grouper_finish(&grouper), 0);
	assert_string_equal(last.deferred, "a");
	assert_string_equal(last.reason, "one/");
	assert_true(qmail_queued_until(&last) == 20 * GROUPING_SECOND);
	lines(10, LINES("starting delivery 1: msg 7 to local a"));
	assert_int_equal(grouper_finish(&grouper), 0);
	assert_true(qmail_queued_until(&last) == LINE_TIME_NONE);
	lines(10, LINES("new msg 7", "end msg 7"));
	assert_true(qmail_queued_until(&last) == LINE_TIME_NONE);
}

static void addresses_are_cut(void **state)
{
	char text[1000] = "info msg 7: bytes 1 from <";

	(void)state;
	memset(text + strlen(text), 'a', 400);
	strcat(text, "> qp 1 uid 2");
	assert_int_equal(line(1, text), 0);
	assert_int_equal(strlen(message(7)->from), QMAIL_ADDRESS - 1);
}

static void who_is_told_may_end_all(void **state)
{
	(void)state;
	lines(1, LINES("new msg 7", "new msg 8"));
	answer = -1;
	assert_int_equal(line(1, "end msg 7"), -1);
	assert_int_equal(grouper_finish(&grouper), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(from_beginning_to_end),
	    TEST(a_message_number_again),
	    TEST(a_delivery_number_again),
	    TEST(numbers_that_come_back),
	    TEST(only_the_end_is_here),
	    TEST(the_quiet_time),
	    TEST(time_that_passes_without_lines),
	    TEST(too_many),
	    TEST(too_many_deliveries),
	    TEST(the_qp),
	    TEST(the_last_deferral),
	    TEST(addresses_are_cut),
	    TEST(who_is_told_may_end_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
