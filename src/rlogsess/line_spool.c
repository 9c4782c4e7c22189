/*
 * Spools of lines.  Block N of the file lies at N times LINE_SPOOL_BLOCK, holds
 * whole lines and belongs to one spool; its unused rest is a hole of the file.
 * The blocks of a spool are chained in the store's table, the newest lines are
 * in the spool's own buffer.  Numbers of blocks are kept plus one, so that 0
 * means none.
 */
#include "rlogsess/line_spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temp_file.h"

enum { SMALLEST = 1024 };

void line_spool_store_init(struct line_spool_store *store)
{
	*store = (struct line_spool_store){.fd = -1, .most = LINE_SPOOL_MAX};
}

void line_spool_store_widen(struct line_spool_store *store)
{
	store->most = UINT64_MAX;
}

void line_spool_store_free(struct line_spool_store *store)
{
	if (store->fd >= 0)
		close(store->fd);
	free(store->block);
	free(store->scratch);
	line_spool_store_init(store);
}

/* Returns the number of a free block plus one, or 0 with errno set. */
static uint32_t take_spool_block(struct line_spool_store *store)
{
	uint32_t n = store->spare, room;
	struct line_spool_block *more;

	if (n) {
		store->spare = store->block[n - 1].next;
	} else {
		if (store->blocks == store->room) {
			room = store->room ? 2 * store->room : 64;
			if (room > LINE_SPOOL_BLOCKS_MAX) {
				errno = ENOSPC;
				return 0;
			}
			more = realloc(store->block, room * sizeof *more);
			if (!more)
				return 0;
			store->block = more;
			store->room = room;
		}
		n = ++store->blocks;
	}
	store->block[n - 1] = (struct line_spool_block){0, 0};
	return n;
}

static void free_spool_block(struct line_spool_store *store, uint32_t n)
{
	store->block[n - 1].next = store->spare;
	store->spare = n;
}

static int write_spool_block(struct line_spool_store *store, uint32_t n,
			     const struct line_spool *spool)
{
	off_t at = (off_t)(n - 1) * LINE_SPOOL_BLOCK;
	size_t done = 0;
	ssize_t r;

	while (done < spool->len) {
		r = pwrite(store->fd, spool->buf + done, spool->len - done,
			   at + (off_t)done);
		if (r <= 0) {
			if (r < 0 && errno == EINTR)
				continue;
			return -1;
		}
		done += (size_t)r;
	}
	store->block[n - 1].used = spool->len;
	return 0;
}

/* Moves the lines in memory to the file. */
static int spill_to_file(struct line_spool_store *store,
			 struct line_spool *spool)
{
	uint32_t n;

	if (store->fd < 0 && (store->fd = temp_file_open()) < 0)
		return -1;
	n = take_spool_block(store);
	if (!n)
		return -1;
	if (write_spool_block(store, n, spool) < 0) {
		free_spool_block(store, n);
		return -1;
	}
	if (spool->last)
		store->block[spool->last - 1].next = n;
	else
		spool->first = n;
	spool->last = n;
	spool->len = 0;
	return 0;
}

/* Makes room for len more bytes, at most LINE_SPOOL_BLOCK. */
static int make_spool_room(struct line_spool_store *store,
			   struct line_spool *spool, size_t len)
{
	size_t room = spool->room ? spool->room : SMALLEST;
	char *more;

	while (room < spool->len + len)
		room *= 2;
	if (spool->len &&
	    (spool->len + len > LINE_SPOOL_BLOCK || room > spool->room) &&
	    (spool->len + len > LINE_SPOOL_BLOCK ||
	     store->memory > LINE_SPOOL_MEMORY)) {
		if (spill_to_file(store, spool) < 0)
			return -1;
		for (room = spool->room; room < len;)
			room *= 2;
	}
	if (room > spool->room) {
		more = realloc(spool->buf, room);
		if (!more)
			return -1;
		store->memory += room - spool->room;
		spool->buf = more;
		spool->room = (uint32_t)room;
	}
	return 0;
}

int line_spool_add(struct line_spool_store *store, struct line_spool *spool,
		   const char *text, size_t len)
{
	if (spool->bytes + len >= store->most) {
		spool->left_out++;
		return 0;
	}
	if (spool->len + len + 1 > spool->room &&
	    make_spool_room(store, spool, len + 1) < 0) {
		store->trouble = errno;
		spool->left_out++;
		return 0;
	}
	memcpy(spool->buf + spool->len, text, len);
	spool->buf[spool->len + len] = '\n';
	spool->len += (uint32_t)len + 1;
	spool->bytes += len + 1;
	return 1;
}

void line_spool_leave_out(struct line_spool *spool, uint64_t lines)
{
	spool->left_out += lines;
}

static int read_spool_block(struct line_spool_store *store, uint32_t n)
{
	size_t done = 0, used = store->block[n - 1].used;
	ssize_t r;

	if (!store->scratch && !(store->scratch = malloc(LINE_SPOOL_BLOCK)))
		return -1;
	while (done < used) {
		r = pread(store->fd, store->scratch + done, used - done,
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

int line_spool_each(struct line_spool_store *store,
		    const struct line_spool *spool,
		    int (*visit)(void *ctx, const char *lines, size_t len),
		    void *ctx)
{
	for (uint32_t n = spool->first; n; n = store->block[n - 1].next)
		if (read_spool_block(store, n) < 0 ||
		    visit(ctx, store->scratch, store->block[n - 1].used) < 0)
			return -1;
	return spool->len ? visit(ctx, spool->buf, spool->len) : 0;
}

struct each_line {
	void (*visit)(void *ctx, const char *line, size_t len);
	void *ctx;
};

static int split_lines(void *ctx, const char *lines, size_t len)
{
	const struct each_line *each = ctx;
	const char *newline;
	size_t n;

	for (; len; lines += n + 1, len -= n + 1) {
		newline = memchr(lines, '\n', len);
		n = (size_t)(newline - lines);
		each->visit(each->ctx, lines, n);
	}
	return 0;
}

int line_spool_each_line(struct line_spool_store *store,
			 const struct line_spool *spool,
			 void (*visit)(void *ctx, const char *line, size_t len),
			 void *ctx)
{
	struct each_line each = {visit, ctx};

	return line_spool_each(store, spool, split_lines, &each);
}

void line_spool_clear(struct line_spool_store *store, struct line_spool *spool)
{
	uint32_t next;

	for (uint32_t n = spool->first; n; n = next) {
		next = store->block[n - 1].next;
		free_spool_block(store, n);
	}
	store->memory -= spool->room;
	free(spool->buf);
	*spool = (struct line_spool){0};
}
