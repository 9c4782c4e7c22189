/* Keeping; see raw_tap.h.  The formats are those of Dovecot's rawlog. */
#include "rawio/raw_tap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/allreadwrite.h>

static void end_files(struct raw_tap *k)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (k->fd[dir] >= 0)
			close(k->fd[dir]);
		k->fd[dir] = -1;
	}
}

static void put(struct raw_tap *k, enum relay_dir dir, const char *buf,
		size_t len)
{
	if (k->fd[dir] < 0 || allwrite(k->fd[dir], buf, len) == len)
		return;
	k->failed(k->ctx, dir, errno);
	end_files(k);
}

static void flush(struct raw_tap *k, enum relay_dir dir)
{
	put(k, dir, k->buf, k->len);
	k->len = 0;
}

/* What is longer than the buffer is written from where it is. */
static void add(struct raw_tap *k, enum relay_dir dir, const char *text,
		size_t len)
{
	if (len > RAW_TAP_BUFFER - k->len)
		flush(k, dir);
	if (len > RAW_TAP_BUFFER / 2) {
		flush(k, dir);
		put(k, dir, text, len);
		return;
	}
	memcpy(k->buf + k->len, text, len);
	k->len += len;
}

static int format_stamp(char *stamp, size_t size)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return snprintf(stamp, size, "%lld.%06ld ", (long long)now.tv_sec,
			now.tv_nsec / 1000);
}

/* All lines of a packet have one stamp; what continues a line has none. */
static void add_stamped(struct raw_tap *k, enum relay_dir dir, const char *buf,
			size_t len)
{
	char stamp[48];
	size_t stamp_len = (size_t)format_stamp(stamp, sizeof stamp), n;
	const char *newline;

	for (; len; buf += n, len -= n) {
		newline = memchr(buf, '\n', len);
		n = newline ? (size_t)(newline - buf) + 1 : len;
		if (!k->in_line[dir])
			add(k, dir, stamp, stamp_len);
		add(k, dir, buf, n);
		k->in_line[dir] = !newline;
	}
}

static void data(void *ctx, enum relay_dir dir, const char *buf, size_t len)
{
	struct raw_tap *k = ctx;

	if (k->fd[dir] < 0)
		return;
	if (k->bounds)
		add(k, dir, "<<<\n", 4);
	if (k->stamps)
		add_stamped(k, dir, buf, len);
	else
		add(k, dir, buf, len);
	if (k->bounds)
		add(k, dir, ">>>\n", 4);
	flush(k, dir);
}

/* The file says it by ending. */
static void end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	(void)dir;
}

struct relay_tap raw_tap_tap(struct raw_tap *k)
{
	return (struct relay_tap){.ctx = k, .data = data, .end = end};
}

/* On a file system of another machine only close may tell of a full disk. */
void raw_tap_end(struct raw_tap *k)
{
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		if (k->fd[dir] >= 0 && close(k->fd[dir]) < 0)
			k->failed(k->ctx, (enum relay_dir)dir, errno);
		k->fd[dir] = -1;
	}
}
