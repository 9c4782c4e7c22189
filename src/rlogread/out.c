/* Standard output; see out.h. */
#include "rlogread/out.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

/* How long a line that is half written may take when we are told to stop. */
enum { PATIENCE = 2 };

void out_init(struct out *o, int fd, bool exact)
{
	struct stat st;

	o->fd = fd;
	o->exact = exact && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode));
	o->unit = o->exact ? OUT_SMALL : OUT_LARGE;
	o->open = o->torn = false;
	o->whole = o->len = 0;
}

/* Waits until something can be written; a part of a line is not left alone. */
static int wait_writable(struct out *o, bool begun)
{
	const struct timespec patience = {PATIENCE, 0};
	struct pollfd p = {.fd = o->fd, .events = POLLOUT};
	int r;

	for (;;) {
		if (o->stop && *o->stop && !begun) {
			errno = EINTR;
			return -1;
		}
		r = ppoll(&p, 1, o->stop && *o->stop ? &patience : NULL,
			  o->waiting);
		if (r > 0)
			return 0;
		if (r < 0 && errno != EINTR)
			return -1;
		if (r == 0) {
			errno = EINTR;
			return -1;
		}
	}
}

/* In exact mode no more is written than surely fits. */
static int write_all(struct out *o, const char *text, size_t len)
{
	size_t at = 0, n;
	ssize_t w;

	while (at < len) {
		n = o->exact && len - at > OUT_SMALL ? OUT_SMALL : len - at;
		if (o->exact && wait_writable(o, at || o->torn) < 0)
			return -1;
		w = write(o->fd, text + at, n);
		if (w >= 0)
			at += (size_t)w;
		else if (errno == EAGAIN && wait_writable(o, at || o->torn) < 0)
			return -1;
		else if (errno != EINTR && errno != EAGAIN)
			return -1;
	}
	return 0;
}

static int tell(struct out *o, bool all)
{
	return o->written ? o->written(o->ctx, all) : 0;
}

/* Writes the whole lines, and keeps what has been put of another. */
static int flush_whole(struct out *o)
{
	int r;

	if (!o->whole)
		return 0;
	if (write_all(o, o->buf, o->whole) < 0)
		return -1;
	o->torn = false;
	r = tell(o, o->len == o->whole);
	o->len -= o->whole;
	memmove(o->buf, o->buf + o->whole, o->len);
	o->whole = 0;
	return r;
}

int out_put(struct out *o, const char *text, size_t len)
{
	size_t n;

	if (len)
		o->open = true;
	while (len) {
		if (o->len == sizeof o->buf) {
			if (flush_whole(o) < 0)
				return -1;
			if (o->len == sizeof o->buf) {
				/* A line that is longer than that. */
				if (write_all(o, o->buf, o->len) < 0)
					return -1;
				o->torn = true;
				o->len = 0;
			}
		}
		n = sizeof o->buf - o->len < len ? sizeof o->buf - o->len : len;
		memcpy(o->buf + o->len, text, n);
		o->len += n;
		text += n;
		len -= n;
	}
	return 0;
}

int out_end(struct out *o, bool newline)
{
	if (newline) {
		if (out_put(o, "\n", 1) < 0)
			return -1;
		o->open = false;
	}
	/* The line does not fit into one write with those before it. */
	if (o->len > o->unit && flush_whole(o) < 0)
		return -1;
	o->whole = o->len;
	return o->whole >= o->unit ? flush_whole(o) : 0;
}

int out_block(struct out *o, const char *text, size_t len, bool ends)
{
	if (out_flush(o) < 0 || write_all(o, text, len) < 0)
		return -1;
	o->open = !ends;
	return tell(o, true);
}

int out_flush(struct out *o)
{
	o->whole = o->len;
	return flush_whole(o);
}
