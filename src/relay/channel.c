/* One direction of a relay; see channel.h. */
#include "relay/channel.h"

#include <errno.h>

bool channel_holds(const struct channel *c)
{
	return c->start < c->end || c->siphon.held;
}

bool channel_hides(const struct channel *c)
{
	return c->siphon.open;
}

/*
 * A splice to a socket may wait, unless that is O_NONBLOCK, which only one that
 * is ours alone can be.  One from a socket does not, since it was polled.
 */
static bool can_siphon(const struct channel *c)
{
	return c->to.fd >= 0 && c->from.kind != ENDPOINT_OTHER &&
	       (c->to.kind == ENDPOINT_PLAIN || c->to.kind == ENDPOINT_FIFO);
}

static bool siphons(struct channel *c, bool blind)
{
	if (!c->siphon.open && blind && !c->copies)
		c->copies = !can_siphon(c) || splice_pipe_open(&c->siphon) < 0;
	return c->siphon.open;
}

static bool unsupported(ssize_t result)
{
	return result < 0 && (errno == EINVAL || errno == ENOSYS);
}

/* The system can't splice these: from now on they are copied. */
static void copy_instead(struct channel *c)
{
	ssize_t n = c->siphon.held ? splice_pipe_empty(&c->siphon, c->buf) : 0;

	if (n > 0)
		c->end = (size_t)n;
	splice_pipe_close(&c->siphon);
	c->copies = true;
}

static ssize_t take(struct channel *c, bool blind)
{
	ssize_t n;

	if (siphons(c, blind)) {
		n = splice_pipe_take(&c->siphon, c->from.fd, CHANNEL_CHUNK);
		if (!unsupported(n))
			return n;
		copy_instead(c);
	}
	n = endpoint_read(&c->from, c->buf, CHANNEL_CHUNK);
	if (n > 0)
		c->end = (size_t)n;
	return n;
}

ssize_t channel_take(struct channel *c, bool blind)
{
	ssize_t n = take(c, blind);

	if (n > 0)
		c->bytes += (size_t)n;
	return n;
}

ssize_t channel_give(struct channel *c)
{
	ssize_t n;

	if (c->siphon.held) {
		n = splice_pipe_give(&c->siphon, c->to.fd);
		if (!unsupported(n))
			return n;
		copy_instead(c);
	}
	n = endpoint_write(&c->to, c->buf + c->start, c->end - c->start);
	if (n > 0)
		c->start += (size_t)n;
	if (c->start == c->end)
		c->start = c->end = 0;
	return n;
}

void channel_drop(struct channel *c)
{
	c->dropped += c->end - c->start + c->siphon.held;
	c->start = c->end = 0;
	splice_pipe_close(&c->siphon);
	c->copies = true;
}
