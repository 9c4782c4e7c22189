/* What the files hold, and what happens when one fails. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rawio/raw_tap.h"

static struct raw_tap keeper;
static struct relay_tap tap;
static int failed_dir, failed_error, failures;
static char content[400000];

static void failed(void *ctx, enum relay_dir dir, int error)
{
	(void)ctx;
	failed_dir = (int)dir;
	failed_error = error;
	failures++;
}

static int temporary(void)
{
	char name[] = "/tmp/recio-test.XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static int set_up(void **state)
{
	(void)state;
	memset(&keeper, 0, sizeof keeper);
	keeper.fd[RELAY_IN] = temporary();
	keeper.fd[RELAY_OUT] = temporary();
	keeper.failed = failed;
	failures = 0;
	tap = raw_tap_tap(&keeper);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	raw_tap_end(&keeper);
	assert_int_equal(keeper.fd[RELAY_IN], -1);
	return 0;
}

static void show(enum relay_dir dir, const char *text)
{
	tap.data(tap.ctx, dir, text, strlen(text));
}

/* The file's content, with each stamp in it made "T ". */
static const char *kept(enum relay_dir dir)
{
	ssize_t n = pread(keeper.fd[dir], content, sizeof content - 1, 0);
	char *to = content;
	int len;

	assert_true(n >= 0);
	content[n] = 0;
	for (const char *from = content; *from;) {
		len = 0;
		sscanf(from, "%*10[0-9].%*6[0-9]%n", &len);
		if (keeper.stamps && len == 17 && from[17] == ' ') {
			*to++ = 'T';
			from += len;
		}
		*to++ = *from++;
	}
	*to = 0;
	return content;
}

static void bytes_as_they_are(void **state)
{
	(void)state;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_OUT, "answer\r\n");
	show(RELAY_IN, "ld\n");
	assert_string_equal(kept(RELAY_IN), "hello\nworld\n");
	assert_string_equal(kept(RELAY_OUT), "answer\r\n");
}

static void bounds(void **state)
{
	(void)state;
	keeper.bounds = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_IN, "ld\n");
	assert_string_equal(kept(RELAY_IN),
			    "<<<\nhello\nwor>>>\n<<<\nld\n>>>\n");
}

static void stamps(void **state)
{
	(void)state;
	keeper.stamps = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_OUT, "a\n\nb");
	show(RELAY_IN, "ld\n");
	show(RELAY_IN, "x");
	assert_string_equal(kept(RELAY_IN), "T hello\nT world\nT x");
	assert_string_equal(kept(RELAY_OUT), "T a\nT \nT b");
}

static void both_forms(void **state)
{
	(void)state;
	keeper.bounds = keeper.stamps = true;
	show(RELAY_IN, "hello\nwor");
	show(RELAY_IN, "ld\nx\n");
	assert_string_equal(kept(RELAY_IN),
			    "<<<\nT hello\nT wor>>>\n<<<\nld\nT x\n>>>\n");
}

/* Stamps make many times as much of it as fits into the buffer. */
static void a_full_packet_of_empty_lines(void **state)
{
	static char packet[CHANNEL_CHUNK];
	off_t len;

	(void)state;
	keeper.bounds = keeper.stamps = true;
	memset(packet, '\n', sizeof packet);
	tap.data(tap.ctx, RELAY_IN, packet, sizeof packet);
	len = lseek(keeper.fd[RELAY_IN], 0, SEEK_END);
	assert_int_equal(len, 8 + (17 + 2) * (off_t)sizeof packet);
}

static void a_full_packet(void **state)
{
	static char packet[CHANNEL_CHUNK];
	const char *text;

	(void)state;
	keeper.bounds = true;
	memset(packet, 'x', sizeof packet);
	tap.data(tap.ctx, RELAY_OUT, packet, sizeof packet);
	text = kept(RELAY_OUT);
	assert_int_equal(strlen(text), sizeof packet + 8);
	assert_memory_equal(text, "<<<\nxxx", 7);
	assert_string_equal(text + sizeof packet + 4, ">>>\n");
}

/* Both end, so that the pair does not tell of different times. */
static void one_fails(void **state)
{
	(void)state;
	close(keeper.fd[RELAY_OUT]);
	keeper.fd[RELAY_OUT] = open("/dev/full", O_WRONLY);
	show(RELAY_IN, "kept");
	show(RELAY_OUT, "lost");
	show(RELAY_OUT, "lost");
	show(RELAY_IN, "lost");
	assert_int_equal(failures, 1);
	assert_int_equal(failed_dir, RELAY_OUT);
	assert_int_equal(failed_error, ENOSPC);
	assert_int_equal(keeper.fd[RELAY_IN], -1);
	assert_int_equal(keeper.fd[RELAY_OUT], -1);
}

static void one_direction(void **state)
{
	(void)state;
	close(keeper.fd[RELAY_IN]);
	keeper.fd[RELAY_IN] = -1;
	show(RELAY_IN, "not wanted");
	show(RELAY_OUT, "wanted");
	assert_string_equal(kept(RELAY_OUT), "wanted");
	assert_int_equal(failures, 0);
}

/* As on a file system that knows only then that it is full. */
static void the_end_fails(void **state)
{
	(void)state;
	show(RELAY_OUT, "text");
	assert_int_equal(failures, 0);
	close(keeper.fd[RELAY_OUT]);
	raw_tap_end(&keeper);
	assert_int_equal(failures, 1);
	assert_int_equal(failed_dir, RELAY_OUT);
	assert_int_equal(failed_error, EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	    TEST(bytes_as_they_are),
	    TEST(bounds),
	    TEST(stamps),
	    TEST(both_forms),
	    TEST(a_full_packet_of_empty_lines),
	    TEST(a_full_packet),
	    TEST(one_fails),
	    TEST(one_direction),
	    TEST(the_end_fails),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
