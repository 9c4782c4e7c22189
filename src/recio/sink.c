/*
 * Gathers and writes records. Invariant: the buffer holds whole lines, and
 * after a torn write the next one begins with a newline.
 */
#include "recio/sink.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void sink_init(struct sink *sink, int fd, bool drop)
{
	memset(sink, 0, offsetof(struct sink, buf));
	sink->log = endpoint_shared(fd);
	sink->drop = drop;
}

static ssize_t write_some(struct sink *sink, const char *buf, size_t len)
{
	ssize_t n;

	if (sink->drop)
		return endpoint_write(&sink->log, buf, len);
	do
		n = write(sink->log.fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Writes all bytes. Returns false if the log does not take them. */
static bool write_sink(struct sink *sink, const char *buf, size_t len)
{
	struct pollfd p = {sink->log.fd, POLLOUT, 0};
	ssize_t n;

	sink->stuck = false;
	while (len) {
		n = write_some(sink, buf, len);
		if (n >= 0) {
			buf += n;
			len -= (size_t)n;
			sink->torn = len > 0;
		} else if (errno == EAGAIN && !sink->drop) {
			poll(&p, 1, -1);
		} else {
			sink->stuck = errno == EAGAIN;
			return false;
		}
	}
	return true;
}

/* Ends a torn line and writes the line about lost records. */
static bool put_lost(struct sink *sink)
{
	char line[SINK_WRITE];
	size_t len = 0;

	if (!sink->lost_records)
		return true;
	if (sink->torn)
		line[len++] = '\n';
	len += sink->say_lost(sink->ctx, line + len, sink->lost_records,
			      sink->lost_bytes);
	if (!write_sink(sink, line, len))
		return false;
	sink->lost_records = sink->lost_bytes = 0;
	return true;
}

char *sink_room(struct sink *sink)
{
	return sink->buf + sink->len;
}

void sink_add(struct sink *sink, size_t len, size_t bytes)
{
	size_t before = sink->len;

	if (before + len > SINK_WRITE) {
		sink_flush(sink);
		memmove(sink->buf, sink->buf + before, len);
	}
	sink->len += len;
	sink->records++;
	sink->bytes += bytes;
}

void sink_flush(struct sink *sink)
{
	if (sink->len &&
	    !(put_lost(sink) && write_sink(sink, sink->buf, sink->len))) {
		sink->lost_records += sink->records;
		sink->lost_bytes += sink->bytes;
	}
	sink->len = sink->records = sink->bytes = 0;
}

int sink_waits_for(const struct sink *sink)
{
	return sink->lost_records && sink->stuck ? sink->log.fd : -1;
}

void sink_tell(struct sink *sink)
{
	put_lost(sink);
}

void sink_end(struct sink *sink, unsigned int seconds)
{
	struct pollfd p = {sink->log.fd, POLLOUT, 0};

	sink_flush(sink);
	if (put_lost(sink) || !sink->stuck)
		return;
	poll(&p, 1, (int)seconds * 1000);
	put_lost(sink);
}
