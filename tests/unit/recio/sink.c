/* The sink: gathers, waits or drops, counts, and tells what was lost. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>

#include <cmocka.h>

#include "recio/sink.h"

static struct sink s;
static int ends[2];

static size_t say_lost(void *ctx, char *out, uint64_t records, uint64_t bytes)
{
	(void)ctx;
	return (size_t)sprintf(out, "lost %d %d\n", (int)records, (int)bytes);
}

static int set_up(void **state)
{
	(void)state;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	sink_init(&s, ends[1], true);
	s.say_lost = say_lost;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static void add(const char *text, size_t times)
{
	size_t len = strlen(text);

	while (times--) {
		memcpy(sink_room(&s), text, len);
		sink_add(&s, len, len - 1);
	}
}

/* One read from a pipe gives at most what one write put there, if it is full
 * pages; so look at sizes and line ends only. */
static size_t read_all(char *buf, size_t size)
{
	size_t n = 0;
	ssize_t r;

	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	while ((r = read(ends[0], buf + n, size - n)) > 0)
		n += (size_t)r;
	return n;
}

static void nothing_before_flush(void **state)
{
	char buf[64];

	(void)state;
	add("a\n", 3);
	assert_int_equal(read_all(buf, sizeof buf), 0);
	sink_flush(&s);
	assert_int_equal(read_all(buf, sizeof buf), 6);
	sink_flush(&s);
	assert_int_equal(read_all(buf, sizeof buf), 0);
}

static void whole_lines_of_at_most_a_write(void **state)
{
	static char buf[2 * SINK_WRITE];

	(void)state;
	add("123456789\n", SINK_WRITE / 10);
	assert_int_equal(read_all(buf, sizeof buf), 0);
	add("123456789\n", 1);
	assert_int_equal(read_all(buf, sizeof buf), SINK_WRITE / 10 * 10);
	sink_flush(&s);
	assert_int_equal(read_all(buf, sizeof buf), 10);
}

static void stuck_drops_and_counts(void **state)
{
	static char buf[1 << 20];
	size_t n, lines = 0, lost, bytes;
	char *note;

	(void)state;
	add("123456789\n", 20000);
	sink_flush(&s);
	assert_true(s.lost_records > 0);
	assert_int_equal(sink_waits_for(&s), ends[1]);
	n = read_all(buf, sizeof buf);
	sink_tell(&s);
	assert_int_equal(s.lost_records, 0);
	assert_int_equal(sink_waits_for(&s), -1);
	n += read_all(buf + n, sizeof buf - n);
	buf[n] = 0;
	note = strstr(buf, "lost ");
	assert_non_null(note);
	assert_int_equal(sscanf(note, "lost %zu %zu", &lost, &bytes), 2);
	for (char *p = buf; p < note; p++)
		lines += *p == '\n';
	assert_int_equal(lines + lost, 20000);
	assert_int_equal(bytes, lost * 9);
}

static void failed_is_told_by_the_next_flush(void **state)
{
	char buf[64];

	(void)state;
	s.log.fd = -1;
	add("abc\n", 2);
	sink_flush(&s);
	assert_int_equal(sink_waits_for(&s), -1);
	s.log.fd = ends[1];
	add("x\n", 1);
	sink_flush(&s);
	assert_int_equal(read_all(buf, sizeof buf), 11);
	assert_memory_equal(buf, "lost 2 6\nx\n", 11);
}

static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A disk that is full in the middle of a line, and then has room again. */
static void a_torn_line_is_ended(void **state)
{
	FILE *file = tmpfile();
	char buf[64];
	ssize_t n;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	s.log = endpoint_shared(fileno(file));
	add("1234567\n", 2);
	limit_files(12);
	sink_flush(&s);
	limit_files(RLIM_INFINITY);
	assert_int_equal(s.lost_records, 2);
	add("abc\n", 1);
	sink_flush(&s);
	n = pread(fileno(file), buf, sizeof buf - 1, 0);
	buf[n > 0 ? n : 0] = 0;
	assert_string_equal(buf, "1234567\n1234\nlost 2 14\nabc\n");
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(nothing_before_flush, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(whole_lines_of_at_most_a_write,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(stuck_drops_and_counts, set_up,
					    tear_down),
	    cmocka_unit_test_setup_teardown(failed_is_told_by_the_next_flush,
					    set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_torn_line_is_ended, set_up,
					    tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
