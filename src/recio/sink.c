/* Gathering and writing records; see sink.h. */
#include "recio/sink.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void sink_init(struct sink *s, int fd, bool drop)
{
	memset(s, 0, offsetof(struct sink, buf));
	s->log = endpoint_shared(fd);
	s->drop = drop;
}

static ssize_t write_some(struct sink *s, const char *buf, size_t len)
{
	ssize_t n;

	if (s->drop)
		return endpoint_write(&s->log, buf, len);
	do
		n = write(s->log.fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Writes it all, or says what stopped it. */
static bool put(struct sink *s, const char *buf, size_t len)
{
	struct pollfd p = {s->log.fd, POLLOUT, 0};
	ssize_t n;

	s->stuck = false;
	while (len) {
		n = write_some(s, buf, len);
		if (n >= 0) {
			buf += n;
			len -= (size_t)n;
			s->torn = len > 0;
		} else if (errno == EAGAIN && !s->drop) {
			poll(&p, 1, -1);
		} else {
			s->stuck = errno == EAGAIN;
			return false;
		}
	}
	return true;
}

/* Ends a torn line and tells what was lost, if anything was. */
static bool put_lost(struct sink *s)
{
	char line[SINK_WRITE];
	size_t len = 0;

	if (!s->lost_records)
		return true;
	if (s->torn)
		line[len++] = '\n';
	len += s->say_lost(s->ctx, line + len, s->lost_records, s->lost_bytes);
	if (!put(s, line, len))
		return false;
	s->lost_records = s->lost_bytes = 0;
	return true;
}

char *sink_room(struct sink *s)
{
	return s->buf + s->len;
}

void sink_add(struct sink *s, size_t len, size_t bytes)
{
	size_t before = s->len;

	if (before + len > SINK_WRITE) {
		sink_flush(s);
		memmove(s->buf, s->buf + before, len);
	}
	s->len += len;
	s->records++;
	s->bytes += bytes;
}

void sink_flush(struct sink *s)
{
	if (s->len && !(put_lost(s) && put(s, s->buf, s->len))) {
		s->lost_records += s->records;
		s->lost_bytes += s->bytes;
	}
	s->len = s->records = s->bytes = 0;
}

int sink_waits_for(const struct sink *s)
{
	return s->lost_records && s->stuck ? s->log.fd : -1;
}

void sink_tell(struct sink *s)
{
	put_lost(s);
}

void sink_end(struct sink *s, unsigned int seconds)
{
	struct pollfd p = {s->log.fd, POLLOUT, 0};

	sink_flush(s);
	if (put_lost(s) || !s->stuck)
		return;
	poll(&p, 1, (int)seconds * 1000);
	put_lost(s);
}
