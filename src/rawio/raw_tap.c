/*
 * The formats are those of Dovecot's rawlog.  A packet is one write to its
 * file, unless it is larger than the buffer.  After the first failure no file
 * is written any more, so that both end at about the same place.
 */
#include "rawio/raw_tap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/allreadwrite.h>

static void close_files(struct raw_tap *tap)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (tap->fd[dir] >= 0)
			close(tap->fd[dir]);
		tap->fd[dir] = -1;
	}
}

static void write_file(struct raw_tap *tap, enum relay_dir dir, const char *buf,
		       size_t len)
{
	if (tap->fd[dir] < 0 || allwrite(tap->fd[dir], buf, len) == len)
		return;
	tap->failed(tap->ctx, dir, errno);
	close_files(tap);
}

static void flush_buffer(struct raw_tap *tap, enum relay_dir dir)
{
	write_file(tap, dir, tap->buf, tap->len);
	tap->len = 0;
}

/* Text of more than half of the buffer is written without being copied. */
static void add_text(struct raw_tap *tap, enum relay_dir dir, const char *text,
		     size_t len)
{
	if (len > RAW_TAP_BUFFER - tap->len)
		flush_buffer(tap, dir);
	if (len > RAW_TAP_BUFFER / 2) {
		flush_buffer(tap, dir);
		write_file(tap, dir, text, len);
		return;
	}
	memcpy(tap->buf + tap->len, text, len);
	tap->len += len;
}

static int format_raw_stamp(char *stamp, size_t size)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return snprintf(stamp, size, "%lld.%06ld ", (long long)now.tv_sec,
			now.tv_nsec / 1000);
}

/* All lines of a packet have one stamp; the rest of an earlier line has none.
 */
static void add_stamped_text(struct raw_tap *tap, enum relay_dir dir,
			     const char *buf, size_t len)
{
	char stamp[48];
	size_t stamp_len = (size_t)format_raw_stamp(stamp, sizeof stamp), n;
	const char *newline;

	for (; len; buf += n, len -= n) {
		newline = memchr(buf, '\n', len);
		n = newline ? (size_t)(newline - buf) + 1 : len;
		if (!tap->in_line[dir])
			add_text(tap, dir, stamp, stamp_len);
		add_text(tap, dir, buf, n);
		tap->in_line[dir] = !newline;
	}
}

static void keep_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	struct raw_tap *tap = ctx;

	if (tap->fd[dir] < 0)
		return;
	if (tap->bounds)
		add_text(tap, dir, "<<<\n", 4);
	if (tap->stamps)
		add_stamped_text(tap, dir, buf, len);
	else
		add_text(tap, dir, buf, len);
	if (tap->bounds)
		add_text(tap, dir, ">>>\n", 4);
	flush_buffer(tap, dir);
}

/* The end of a direction is the end of its file. */
static void ignore_end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	(void)dir;
}

struct relay_tap raw_tap_tap(struct raw_tap *tap)
{
	return (struct relay_tap){
	    .ctx = tap, .data = keep_data, .end = ignore_end};
}

/* On a network file system only close may report a full disk. */
void raw_tap_end(struct raw_tap *tap)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (tap->fd[dir] >= 0 && close(tap->fd[dir]) < 0)
			tap->failed(tap->ctx, (enum relay_dir)dir, errno);
		tap->fd[dir] = -1;
	}
}
