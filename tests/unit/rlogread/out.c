/* Standard output: whole lines together, and what is told of them. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlogread/out.h"

static struct out out;
static int ends[2];
static int told, told_all, answer;
static volatile sig_atomic_t stop;

static int written(void *ctx, bool all)
{
	(void)ctx;
	told++;
	told_all += all;
	errno = EDQUOT;
	return answer;
}

static void begin(bool exact)
{
	static sigset_t none;

	assert_int_equal(pipe(ends), 0);
	out_init(&out, ends[1], exact);
	out.written = written;
	out.stop = &stop;
	out.waiting = &none;
	told = told_all = answer = stop = 0;
}

static void end(void)
{
	close(ends[0]);
	close(ends[1]);
}

static void line(const char *text, size_t len)
{
	assert_int_equal(out_put(&out, text, len), 0);
	assert_int_equal(out_end(&out, true), 0);
}

static void is_read(size_t want)
{
	static char buf[1 << 17];

	assert_int_equal(read(ends[0], buf, sizeof buf), want);
}

static void lines_wait_for_each_other(void **state)
{
	(void)state;
	begin(false);
	line("one", 3);
	line("two", 3);
	assert_int_equal(told, 0);
	assert_int_equal(out_flush(&out), 0);
	assert_true(told == 1 && told_all == 1);
	is_read(8);
	assert_int_equal(out_flush(&out), 0);
	assert_int_equal(told, 1);
	end();
}

static void exact_writes_end_with_a_line(void **state)
{
	static char x[1000];

	(void)state;
	begin(true);
	memset(x, 'x', sizeof x);
	for (int n = 0; n < 4; n++)
		line(x, sizeof x);
	assert_int_equal(told, 0);
	line(x, sizeof x);
	/* Of all but the one that was being put. */
	assert_true(told == 1 && told_all == 0);
	is_read(4004);
	assert_int_equal(out_flush(&out), 0);
	is_read(1001);
	end();
}

static void told_to_stop_between_two_lines(void **state)
{
	static char x[4000];

	(void)state;
	begin(true);
	memset(x, 'x', sizeof x);
	stop = 1;
	line(x, sizeof x);
	errno = 0;
	assert_int_equal(out_flush(&out), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(told, 0);
	end();
}

static void a_pipe_that_does_not_block(void **state)
{
	static char x[OUT_SMALL - 1];

	(void)state;
	begin(true);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	memset(x, 'x', sizeof x);
	for (int n = 0; n < 16; n++)
		line(x, sizeof x);
	is_read(65536);
	line(x, sizeof x);
	assert_int_equal(out_flush(&out), 0);
	assert_int_equal(out.len, 0);
	end();
}

static void blocks_go_behind_what_was_put(void **state)
{
	(void)state;
	begin(false);
	assert_int_equal(out_put(&out, "one", 3), 0);
	assert_int_equal(out_end(&out, false), 0);
	assert_true(out.open);
	assert_int_equal(out_block(&out, " two\nthree\n", 11, true), 0);
	assert_false(out.open);
	is_read(14);
	end();
}

static void a_failure_tells_nothing(void **state)
{
	int full = open("/dev/full", O_WRONLY);

	(void)state;
	begin(false);
	out.fd = full;
	line("one", 3);
	assert_int_equal(out_flush(&out), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(told, 0);
	close(full);
	end();
}

/* Such as when the position can't be saved: what was written is not again. */
static void who_is_told_may_end_it(void **state)
{
	(void)state;
	begin(false);
	line("one", 3);
	answer = -1;
	assert_int_equal(out_flush(&out), -1);
	assert_int_equal(errno, EDQUOT);
	assert_int_equal(out_block(&out, "two\n", 4, true), -1);
	answer = 0;
	assert_int_equal(out_flush(&out), 0);
	is_read(8);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_wait_for_each_other),
	    cmocka_unit_test(exact_writes_end_with_a_line),
	    cmocka_unit_test(told_to_stop_between_two_lines),
	    cmocka_unit_test(a_pipe_that_does_not_block),
	    cmocka_unit_test(blocks_go_behind_what_was_put),
	    cmocka_unit_test(a_failure_tells_nothing),
	    cmocka_unit_test(who_is_told_may_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
