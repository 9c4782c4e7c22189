/* Mails, their messages and bounces, by numbers that are used again. */
#include "rlogsess/trace/mail_links.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rlogsess/line_time.h"

static struct mail_facts facts;
static struct mail_links links;
static uint64_t keys; /* of add_mail and add_message */
static int64_t begins[2];
static struct mail_span span = {begins, 0, INT64_MAX};

static int begin(void **state)
{
	(void)state;
	begins[0] = begins[1] = 0;
	keys = 0;
	return mail_facts_init(&facts);
}

static int end(void **state)
{
	(void)state;
	mail_facts_free(&facts);
	mail_links_free(&links);
	return 0;
}

static uint64_t sender_of(const char *text)
{
	return mail_query_hash((struct slice){text, strlen(text)});
}

/* Adds a fact at a time in seconds; its sender may be unknown, NULL. */
static void add(enum mail_fact_kind kind, uint64_t key, uint64_t qp,
		int64_t time, const char *sender)
{
	struct mail_fact fact = {
	    .kind = kind,
	    .group = {.messages = kind != FACT_SENT, .key = key},
	    .mail = {.matches = true,
		     .replied = true,
		     .accepted = true,
		     .has_sender = sender != NULL,
		     .sender = sender ? sender_of(sender) : 0,
		     .qp = qp},
	};

	fact.mail.begin = fact.mail.end = time * 1000000000;
	if (kind == FACT_SENT)
		fact.mail.begin -= INT64_C(2000000000);
	fact.group.first = kind == FACT_SENT ? fact.mail.begin : (int64_t)key;
	fact.last = fact.mail.end;
	assert_int_equal(mail_facts_add(&facts, &fact), 0);
}

static void add_mail(uint64_t qp, int64_t time)
{
	add(FACT_SENT, ++keys, qp, time, "a@x");
}

static void add_message(uint64_t qp, int64_t time)
{
	add(FACT_QUEUED, ++keys, qp, time, "a@x");
}

static void add_pair(uint64_t qp, int64_t sent, int64_t queued)
{
	add_mail(qp, sent);
	add_message(qp, queued);
}

/* Links a fact, by the number in which it was added: the other's, or a code. */
static int side_of(uint64_t number)
{
	size_t other;

	for (size_t i = 0; i < links.count; i++) {
		if (links.fact[i].number != number)
			continue;
		switch (mail_links_side(&links, i, &other)) {
		case LINK_NONE: return -1;
		case LINK_AMBIGUOUS: return -2;
		case LINK_FOUND: return (int)links.fact[other].number;
		}
	}
	return -3;
}

static void find_links(void)
{
	assert_int_equal(mail_links_find(&links, &facts, &span), 0);
}

#define NONE (-1)
#define AMBIGUOUS (-2)

static void is_linked(int a, int b)
{
	assert_int_equal(side_of((uint64_t)a), b);
	assert_int_equal(side_of((uint64_t)b), a);
}

static void one_of_each(void **state)
{
	(void)state;
	add_pair(77, 100, 101);
	add_message(78, 101);
	find_links();
	is_linked(0, 1);
	assert_int_equal(side_of(2), NONE);
}

static void times(void **state)
{
	static const struct {
		int64_t time;
		int side;
	} row[] = {
	    {100, 0}, {98, 0},   {88, 0},      {87, NONE},     {110, 0},
	    {111, 0}, {3700, 0}, {3701, NONE}, {400000, NONE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		add_pair(77, 100, row[i].time);
		find_links();
		assert_int_equal(side_of(1), row[i].side);
		end(NULL);
		begin(NULL);
	}
}

/* A late message may be another's if the log does not tell of that time. */
static void coverage(void **state)
{
	(void)state;
	begins[0] = INT64_C(100000000001);
	add_pair(77, 100, 110);
	add_pair(78, 100, 111);
	find_links();
	is_linked(0, 1);
	assert_int_equal(side_of(2), NONE);
	assert_int_equal(side_of(3), NONE);
}

static void senders(void **state)
{
	(void)state;
	add(FACT_SENT, 1, 77, 100, "a@x");
	add(FACT_QUEUED, 2, 77, 100, "b@x");
	add(FACT_SENT, 3, 78, 100, NULL);
	add(FACT_QUEUED, 4, 78, 100, "b@x");
	find_links();
	assert_int_equal(side_of(0), NONE);
	assert_int_equal(side_of(1), NONE);
	is_linked(2, 3);
}

/* A qp again, promptly, late, and where a side is missing. */
static void used_again(void **state)
{
	(void)state;
	add_pair(77, 100, 101);
	add_pair(77, 1000, 1001);
	add_pair(77, 2000, 3000);
	add(FACT_QUEUED, 7, 77, 4000, "b@x");
	find_links();
	is_linked(0, 1);
	is_linked(2, 3);
	is_linked(4, 5);
	assert_int_equal(side_of(6), NONE);
}

static void several(void **state)
{
	(void)state;
	/* Two messages, then two mails, for one. */
	add_pair(77, 100, 101);
	add_message(77, 102);
	add_mail(78, 100);
	add_pair(78, 101, 102);
	/* Two late messages. */
	add_pair(79, 100, 200);
	add_message(79, 300);
	find_links();
	for (uint64_t i = 0; i < 9; i++)
		assert_int_equal(side_of(i), AMBIGUOUS);
}

static void bounces(void **state)
{
	(void)state;
	add(FACT_QUEUED, 1, 77, 100, "a@x");
	add(FACT_BOUNCE, 1, 78, 101, "a@x");
	add(FACT_QUEUED, 2, 78, 102, "");
	add(FACT_BOUNCE, 2, 79, 103, "");
	add(FACT_QUEUED, 3, 79, 104, "#@[]");
	/* A bounce of the wrong sender, and one of an unknown message. */
	add(FACT_BOUNCE, 4, 80, 101, "a@x");
	add(FACT_QUEUED, 5, 80, 102, "#@[]");
	add(FACT_BOUNCE, 6, 81, 101, NULL);
	add(FACT_QUEUED, 7, 81, 102, "#@[]");
	find_links();
	is_linked(1, 2);
	is_linked(3, 4);
	assert_int_equal(side_of(5), NONE);
	is_linked(7, 8);
	/* All of the first mail have one root. */
	assert_int_equal(links.roots, 4);
	assert_int_equal(links.fact[links.root[0]].number, 0);
}

static void no_times(void **state)
{
	(void)state;
	add_pair(77, 0, 0);
	find_links();
	for (size_t i = 0; i < links.count; i++)
		links.fact[i].mail.begin = links.fact[i].mail.end =
		    LINE_TIME_NONE;
	is_linked(0, 1);
}

/* Each message is the bounce of the other: searching has an end. */
static void circle(void **state)
{
	(void)state;
	add(FACT_QUEUED, 1, 77, 100, "");
	add(FACT_BOUNCE, 1, 78, 100, "");
	add(FACT_QUEUED, 2, 78, 100, "#@[]");
	add(FACT_BOUNCE, 2, 77, 100, "x");
	find_links();
	assert_in_range(links.roots, 1, 4);
}

static void many(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < MAIL_LINKS_MAX + 10; i++)
		add(FACT_QUEUED, i, 1 + i / 8, (int64_t)i, "a@x");
	find_links();
	assert_true(links.full);
	assert_true(links.more);
	assert_int_equal(links.count, MAIL_LINKS_MAX);
	assert_int_equal(links.roots, MAIL_LINKS_ROOTS);
	assert_int_equal(links.fact[links.root[0]].number, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_of_each), TEST(times),   TEST(coverage), TEST(senders),
	    TEST(used_again),  TEST(several), TEST(bounces),  TEST(no_times),
	    TEST(circle),      TEST(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
