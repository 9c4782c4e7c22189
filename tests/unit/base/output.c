/* Buffered output: whole lines together, exact mode, and the error it keeps. */
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct output output;
static int ends[2];
static int reports, reports_of_all, answer;
static volatile sig_atomic_t stop;

static int count_report(void *ctx, bool all)
{
	(void)ctx;
	reports++;
	reports_of_all += all;
	errno = EDQUOT;
	return answer;
}

static void start(void)
{
	assert_int_equal(pipe(ends), 0);
	output_init(&output, ends[1]);
	reports = reports_of_all = answer = stop = 0;
}

static void start_exact(void)
{
	static sigset_t none;
	const struct output_exact exact = {
	    .stop = &stop, .waiting = &none, .written = count_report};

	start();
	output_set_exact(&output, &exact);
}

static void finish(void)
{
	close(ends[0]);
	close(ends[1]);
}

static void add_line(const char *text, size_t len)
{
	output_bytes(&output, text, len);
	output_end_line(&output, true);
}

static void assert_read(size_t want)
{
	static char buf[1 << 17];

	assert_int_equal(read(ends[0], buf, sizeof buf), want);
}

static void lines_are_written_together(void **state)
{
	(void)state;
	start_exact();
	add_line("one", 3);
	add_line("two", 3);
	assert_int_equal(reports, 0);
	assert_int_equal(output_flush(&output), 0);
	assert_true(reports == 1 && reports_of_all == 1);
	assert_read(8);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(reports, 1);
	finish();
}

static void text_without_lines_is_written_too(void **state)
{
	static char x[3 * OUTPUT_LARGE];

	(void)state;
	output_init(&output, open(".", O_TMPFILE | O_RDWR, 0600));
	memset(x, 'x', sizeof x);
	output_bytes(&output, x, sizeof x);
	output_number(&output, UINT64_MAX);
	output_string(&output, "!");
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(lseek(output.fd, 0, SEEK_END), sizeof x + 21);
	close(output.fd);
}

/* Whatever is in the buffer, and after a failure, there is room. */
static void room_is_reserved(void **state)
{
	static char x[2 * OUTPUT_LARGE];

	(void)state;
	memset(x, 'x', sizeof x);
	for (size_t n = sizeof x - OUTPUT_SMALL - 2; n <= sizeof x; n++) {
		output_init(&output, open(".", O_TMPFILE | O_RDWR, 0600));
		output_bytes(&output, x, n);
		memset(output_reserve(&output, OUTPUT_SMALL), 'y',
		       OUTPUT_SMALL);
		output_advance(&output, OUTPUT_SMALL);
		assert_int_equal(output_flush(&output), 0);
		assert_int_equal(lseek(output.fd, 0, SEEK_END),
				 n + OUTPUT_SMALL);
		close(output.fd);
		n += n % 64 ? 63 : 0;
	}
	output_init(&output, -1);
	output_bytes(&output, x, sizeof x);
	memset(output_reserve(&output, OUTPUT_SMALL), 'y', OUTPUT_SMALL);
	assert_int_equal(output_error(&output), EBADF);
	output_advance(&output, OUTPUT_SMALL);
	output_bytes(&output, x, 1);
	assert_int_equal(output.len, 0);
}

static void exact_writes_end_with_a_line(void **state)
{
	static char x[1000];

	(void)state;
	start_exact();
	memset(x, 'x', sizeof x);
	for (int n = 0; n < 4; n++)
		add_line(x, sizeof x);
	assert_int_equal(reports, 0);
	add_line(x, sizeof x);
	/* Of all lines but the one that was being added. */
	assert_true(reports == 1 && reports_of_all == 0);
	assert_read(4004);
	assert_int_equal(output_flush(&output), 0);
	assert_read(1001);
	finish();
}

static void exact_writes_to_a_file_are_large(void **state)
{
	static char x[1000];
	const struct output_exact exact = {.stop = &stop,
					   .written = count_report};

	(void)state;
	start();
	output_init(&output, open(".", O_TMPFILE | O_RDWR, 0600));
	output_set_exact(&output, &exact);
	memset(x, 'x', sizeof x);
	stop = 1;
	for (int n = 0; n < 65; n++)
		add_line(x, sizeof x);
	assert_int_equal(reports, 0);
	add_line(x, sizeof x);
	assert_true(reports == 1 && reports_of_all == 0);
	assert_int_equal(lseek(output.fd, 0, SEEK_END), 65 * 1001);
	close(output.fd);
	finish();
}

static void a_signal_ends_exact_output_between_two_lines(void **state)
{
	static char x[4000];

	(void)state;
	start_exact();
	memset(x, 'x', sizeof x);
	stop = 1;
	add_line(x, sizeof x);
	errno = 0;
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EINTR);
	assert_int_equal(output_error(&output), EINTR);
	assert_int_equal(reports, 0);
	finish();
}

static void a_signal_tears_no_line(void **state)
{
	static char x[2 * OUTPUT_LARGE];
	size_t len;

	(void)state;
	start_exact();
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, 8 * OUTPUT_LARGE) > 0);
	memset(x, 'x', sizeof x);
	output_bytes(&output, x, sizeof x);
	output_bytes(&output, x, 1);
	output_composed(&output, &len);
	assert_int_equal(len, 1); /* so the beginning of the line is written */
	stop = 1;
	output_bytes(&output, x, sizeof x);
	add_line(x, 1);
	assert_int_equal(output_flush(&output), 0);
	assert_int_equal(reports_of_all, 1);
	add_line(x, 1);
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EINTR);
	finish();
}

/* A pipe of packets gives each write as one. */
static void a_flush_is_one_write(void **state)
{
	(void)state;
	start_exact();
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(pipe2(ends, O_DIRECT), 0);
	output.fd = ends[1];
	add_line("one", 3);
	output_bytes(&output, "begun", 5);
	assert_int_equal(output_flush(&output), 0);
	assert_true(reports == 1 && reports_of_all == 1);
	assert_read(9);
	finish();
}

/* The beginning of a line that was flushed counts as a line. */
static void a_signal_ends_the_output_after_a_flush(void **state)
{
	(void)state;
	start_exact();
	add_line("one", 3);
	output_bytes(&output, "begun", 5);
	assert_int_equal(output_flush(&output), 0);
	stop = 1;
	output_bytes(&output, "ended", 5);
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EINTR);
	assert_read(9);
	finish();
}

static void set_stop(int signal)
{
	(void)signal;
	stop = 1;
}

/*
 * The signal is pending, so it arrives when the output waits: the pipe is full
 * then, and holds the beginning of the line.
 */
static void a_torn_line_waits_for_its_reader_only_for_a_while(void **state)
{
	static char x[2 * OUTPUT_LARGE + 1];
	const struct sigaction action = {.sa_handler = set_stop};
	sigset_t set;

	(void)state;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR1, &action, NULL);
	start_exact();
	assert_int_equal(fcntl(ends[1], F_SETPIPE_SZ, OUTPUT_SMALL),
			 OUTPUT_SMALL);
	raise(SIGUSR1);
	output_bytes(&output, x, sizeof x);
	assert_int_equal(stop, 1);
	assert_int_equal(output_error(&output), EINTR);
	assert_read(OUTPUT_SMALL);
	finish();
}

static void a_pipe_that_does_not_block(void **state)
{
	static char x[OUTPUT_SMALL - 1];
	size_t len;

	(void)state;
	start_exact();
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	memset(x, 'x', sizeof x);
	for (int n = 0; n < 16; n++)
		add_line(x, sizeof x);
	assert_read(65536);
	add_line(x, sizeof x);
	assert_int_equal(output_flush(&output), 0);
	output_composed(&output, &len);
	assert_int_equal(len, 0);
	finish();
}

static void blocks_follow_the_text_before_them(void **state)
{
	(void)state;
	start();
	output_bytes(&output, "one", 3);
	output_end_line(&output, false);
	assert_true(output_is_mid_line(&output));
	output_block(&output, " two\nthree\n", 11);
	assert_false(output_is_mid_line(&output));
	assert_read(14);
	output_block(&output, "four", 4);
	assert_true(output_is_mid_line(&output));
	assert_int_equal(output_error(&output), 0);
	finish();
}

static void a_failed_write_is_not_reported(void **state)
{
	int full = open("/dev/full", O_WRONLY);
	const struct output_exact exact = {.stop = &stop,
					   .written = count_report};

	(void)state;
	start();
	output_init(&output, full);
	output_set_exact(&output, &exact);
	add_line("one", 3);
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(reports, 0);
	close(full);
	finish();
}

static void after_a_failure_nothing_is_written(void **state)
{
	static char x[4 * OUTPUT_LARGE];
	size_t len;

	(void)state;
	output_init(&output, -1);
	output_string(&output, "one");
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EBADF);
	output.fd = open(".", O_TMPFILE | O_RDWR, 0600);
	output_bytes(&output, x, sizeof x);
	output_end_line(&output, true);
	output_block(&output, "two\n", 4);
	errno = 0;
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EBADF);
	output_composed(&output, &len);
	assert_int_equal(len, 0);
	assert_int_equal(lseek(output.fd, 0, SEEK_END), 0);
	close(output.fd);
}

/* Such as a position that can't be saved: no line may follow unreported. */
static void a_failed_report_ends_the_output(void **state)
{
	(void)state;
	start_exact();
	add_line("one", 3);
	answer = -1;
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(errno, EDQUOT);
	answer = 0;
	output_block(&output, "two\n", 4);
	assert_int_equal(output_flush(&output), -1);
	assert_int_equal(output_error(&output), EDQUOT);
	assert_read(4);
	finish();
}

static void text_is_composed_in_memory(void **state)
{
	const char *text;
	size_t len;

	(void)state;
	output_init(&output, -1);
	output_set_safe(&output, true);
	assert_true(output_is_safe(&output));
	output_string(&output, "a");
	assert_int_equal(output_shown(&output, "\033[\\", 3), 6);
	text = output_composed(&output, &len);
	assert_int_equal(len, 7);
	assert_memory_equal(text, "a\\x1b[\\", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_written_together),
	    cmocka_unit_test(text_without_lines_is_written_too),
	    cmocka_unit_test(room_is_reserved),
	    cmocka_unit_test(exact_writes_end_with_a_line),
	    cmocka_unit_test(exact_writes_to_a_file_are_large),
	    cmocka_unit_test(a_signal_ends_exact_output_between_two_lines),
	    cmocka_unit_test(a_signal_tears_no_line),
	    cmocka_unit_test(a_flush_is_one_write),
	    cmocka_unit_test(a_signal_ends_the_output_after_a_flush),
	    cmocka_unit_test(a_torn_line_waits_for_its_reader_only_for_a_while),
	    cmocka_unit_test(a_pipe_that_does_not_block),
	    cmocka_unit_test(blocks_follow_the_text_before_them),
	    cmocka_unit_test(a_failed_write_is_not_reported),
	    cmocka_unit_test(after_a_failure_nothing_is_written),
	    cmocka_unit_test(a_failed_report_ends_the_output),
	    cmocka_unit_test(text_is_composed_in_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
