/* Joining pieces: what is given together, when, and with which offset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recio/coalescer.h"

static struct coalescer p;
static char buf[COALESCER_MAX];
static char given[256];
static size_t given_bytes;

static void give(void *ctx, enum relay_dir dir, struct record_span span)
{
	size_t n = strlen(given);

	assert_ptr_equal(ctx, &p);
	given_bytes += span.len;
	snprintf(given + n, sizeof given - n, "%d@%d:%.*s;", (int)dir,
		 (int)span.offset, (int)(span.len < 20 ? span.len : 20),
		 span.at);
}

static int set_up(void **state)
{
	(void)state;
	p = (struct coalescer){.ctx = &p, .give = give, .buf = buf};
	*given = 0;
	given_bytes = 0;
	return 0;
}

static void add(enum relay_dir dir, const char *text, uint64_t offset)
{
	coalescer_add(&p, dir,
		      (struct record_span){text, strlen(text), offset});
}

static void were_given(const char *want)
{
	assert_string_equal(given, want);
	*given = 0;
}

static void pieces_of_a_packet(void **state)
{
	(void)state;
	coalescer_settle(&p, false);
	coalescer_flush(&p);
	were_given("");
	add(RELAY_IN, "one ", 7);
	add(RELAY_IN, "two", 11);
	were_given("");
	coalescer_settle(&p, false);
	were_given("0@7:one two;");
	assert_false(p.waiting);
	add(RELAY_OUT, "three", 0);
	coalescer_settle(&p, false);
	were_given("1@0:three;");
}

static void a_direction_ends_the_other(void **state)
{
	(void)state;
	add(RELAY_IN, "in", 0);
	add(RELAY_OUT, "out", 5);
	were_given("0@0:in;");
	coalescer_flush(&p);
	were_given("1@5:out;");
}

static void gaps(void **state)
{
	(void)state;
	add(RELAY_IN, "abc", 4);
	assert_false(coalescer_has_gap(&p, 7));
	assert_true(coalescer_has_gap(&p, 6));
	assert_true(coalescer_has_gap(&p, 8));
}

static void lines(void **state)
{
	struct tain_s first;

	(void)state;
	add(RELAY_IN, "a\nb\nc", 0);
	coalescer_settle(&p, true);
	were_given("0@0:a\nb\n;");
	assert_true(p.waiting);
	first = p.deadline;
	tain_addsec_g(&STAMP, 1);
	add(RELAY_IN, "d", 5);
	coalescer_settle(&p, true);
	assert_memory_equal(&p.deadline, &first, sizeof first);
	add(RELAY_IN, "\ne", 6);
	coalescer_settle(&p, true);
	were_given("0@4:cd\n;");
	/* Another line waits anew. */
	assert_true(p.waiting);
	assert_true(tain_less(&first, &p.deadline));
	coalescer_flush(&p);
	were_given("0@7:e;");
	assert_false(p.waiting);
}

/* What is too much goes in whole lines, or else all of it. */
static void more_than_fits(void **state)
{
	static char text[2 * COALESCER_MAX];

	(void)state;
	memset(text, 'x', sizeof text);
	text[3] = '\n';
	coalescer_add(&p, RELAY_IN,
		      (struct record_span){text, COALESCER_MAX, 0});
	were_given("");
	coalescer_add(&p, RELAY_IN,
		      (struct record_span){text, 4, COALESCER_MAX});
	were_given("0@0:xxx\n;");
	assert_int_equal(p.len, COALESCER_MAX);
	text[3] = 'x';
	coalescer_flush(&p);
	given_bytes = 0;
	coalescer_add(&p, RELAY_IN, (struct record_span){text, sizeof text, 9});
	assert_int_equal(given_bytes, COALESCER_MAX);
	assert_int_equal(p.offset, 9 + COALESCER_MAX);
	coalescer_flush(&p);
	assert_int_equal(given_bytes, sizeof text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(pieces_of_a_packet, set_up),
	    cmocka_unit_test_setup(a_direction_ends_the_other, set_up),
	    cmocka_unit_test_setup(gaps, set_up),
	    cmocka_unit_test_setup(lines, set_up),
	    cmocka_unit_test_setup(more_than_fits, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
