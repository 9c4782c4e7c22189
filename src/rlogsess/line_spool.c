/*
 * Held lines; see line_spool.h.  A block of the file holds whole lines, up to
 * LINE_SPOOL_BLOCK bytes, at its number times LINE_SPOOL_BLOCK; what it does
 * not use is a hole.
 */
#include "rlogsess/line_spool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcntl.h>

enum { SMALLEST = 1024 };

void line_spool_store_init(struct line_spool_store *s)
{
	*s = (struct line_spool_store){.fd = -1};
}

void line_spool_store_free(struct line_spool_store *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->block);
	free(s->scratch);
	line_spool_store_init(s);
}

static int open_file(void)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd, n;

	n = snprintf(name, sizeof name, "%s/rlogsess.XXXXXX",
		     dir && *dir ? dir : "/tmp");
	if (n >= (int)sizeof name) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* The number of a block that is free, plus one; 0 if there is none. */
static uint32_t take_block(struct line_spool_store *s)
{
	uint32_t n = s->spare, room;
	struct line_spool_block *more;

	if (n) {
		s->spare = s->block[n - 1].next;
	} else {
		if (s->blocks == s->room) {
			room = s->room ? 2 * s->room : 64;
			if (room > LINE_SPOOL_BLOCKS_MAX) {
				errno = ENOSPC;
				return 0;
			}
			more = realloc(s->block, room * sizeof *more);
			if (!more)
				return 0;
			s->block = more;
			s->room = room;
		}
		n = ++s->blocks;
	}
	s->block[n - 1] = (struct line_spool_block){0, 0};
	return n;
}

static void give_back(struct line_spool_store *s, uint32_t n)
{
	s->block[n - 1].next = s->spare;
	s->spare = n;
}

static int write_block(struct line_spool_store *s, uint32_t n,
		       const struct line_spool *h)
{
	off_t at = (off_t)(n - 1) * LINE_SPOOL_BLOCK;
	size_t done = 0;
	ssize_t r;

	while (done < h->len) {
		r = pwrite(s->fd, h->buf + done, h->len - done,
			   at + (off_t)done);
		if (r <= 0) {
			if (r < 0 && errno == EINTR)
				continue;
			return -1;
		}
		done += (size_t)r;
	}
	s->block[n - 1].used = h->len;
	return 0;
}

/* Moves what is in memory to the file. */
static int spill(struct line_spool_store *s, struct line_spool *h)
{
	uint32_t n;

	if (s->fd < 0 && (s->fd = open_file()) < 0)
		return -1;
	n = take_block(s);
	if (!n)
		return -1;
	if (write_block(s, n, h) < 0) {
		give_back(s, n);
		return -1;
	}
	if (h->last)
		s->block[h->last - 1].next = n;
	else
		h->first = n;
	h->last = n;
	h->len = 0;
	return 0;
}

/* Makes room for len bytes more, at most LINE_SPOOL_BLOCK. */
static int make_room(struct line_spool_store *s, struct line_spool *h,
		     size_t len)
{
	size_t room = h->room ? h->room : SMALLEST;
	char *more;

	while (room < h->len + len)
		room *= 2;
	if (h->len && (h->len + len > LINE_SPOOL_BLOCK || room > h->room) &&
	    (h->len + len > LINE_SPOOL_BLOCK ||
	     s->memory > LINE_SPOOL_MEMORY)) {
		if (spill(s, h) < 0)
			return -1;
		for (room = h->room; room < len;)
			room *= 2;
	}
	if (room > h->room) {
		more = realloc(h->buf, room);
		if (!more)
			return -1;
		s->memory += room - h->room;
		h->buf = more;
		h->room = (uint32_t)room;
	}
	return 0;
}

int line_spool_add(struct line_spool_store *s, struct line_spool *h,
		   const char *text, size_t len)
{
	if (h->bytes + len >= LINE_SPOOL_MAX) {
		h->left_out++;
		return 0;
	}
	if (h->len + len + 1 > h->room && make_room(s, h, len + 1) < 0) {
		s->trouble = errno;
		h->left_out++;
		return 0;
	}
	memcpy(h->buf + h->len, text, len);
	h->buf[h->len + len] = '\n';
	h->len += (uint32_t)len + 1;
	h->bytes += len + 1;
	return 1;
}

static int read_block(struct line_spool_store *s, uint32_t n)
{
	size_t done = 0, used = s->block[n - 1].used;
	ssize_t r;

	if (!s->scratch && !(s->scratch = malloc(LINE_SPOOL_BLOCK)))
		return -1;
	while (done < used) {
		r = pread(s->fd, s->scratch + done, used - done,
			  (off_t)(n - 1) * LINE_SPOOL_BLOCK + (off_t)done);
		if (r <= 0) {
			if (r < 0 && errno == EINTR)
				continue;
			if (r == 0)
				errno = EIO;
			return -1;
		}
		done += (size_t)r;
	}
	return 0;
}

int line_spool_each(struct line_spool_store *s, const struct line_spool *h,
		    int (*give)(void *ctx, const char *lines, size_t len),
		    void *ctx)
{
	for (uint32_t n = h->first; n; n = s->block[n - 1].next)
		if (read_block(s, n) < 0 ||
		    give(ctx, s->scratch, s->block[n - 1].used) < 0)
			return -1;
	return h->len ? give(ctx, h->buf, h->len) : 0;
}

struct each_line {
	void (*give)(void *ctx, const char *line, size_t len);
	void *ctx;
};

static int give_lines(void *ctx, const char *lines, size_t len)
{
	const struct each_line *each = ctx;
	const char *newline;
	size_t n;

	for (; len; lines += n + 1, len -= n + 1) {
		newline = memchr(lines, '\n', len);
		n = (size_t)(newline - lines);
		each->give(each->ctx, lines, n);
	}
	return 0;
}

int line_spool_each_line(struct line_spool_store *s, const struct line_spool *h,
			 void (*give)(void *ctx, const char *line, size_t len),
			 void *ctx)
{
	struct each_line each = {give, ctx};

	return line_spool_each(s, h, give_lines, &each);
}

void line_spool_clear(struct line_spool_store *s, struct line_spool *h)
{
	uint32_t next;

	for (uint32_t n = h->first; n; n = next) {
		next = s->block[n - 1].next;
		give_back(s, n);
	}
	s->memory -= h->room;
	free(h->buf);
	*h = (struct line_spool){0};
}
