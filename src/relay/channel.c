/*
 * A chunk is either in buf, from start to end, or in the splice pipe, never in
 * both.  A channel that has begun to copy does not splice again.
 */
#include "relay/channel.h"

#include <errno.h>

#include <sys/socket.h>

bool channel_holds(const struct channel *channel)
{
	return channel->start < channel->end || channel->splice_pipe.held;
}

bool channel_hides(const struct channel *channel)
{
	return channel->splice_pipe.open;
}

/*
 * A splice to a socket may wait unless the socket is O_NONBLOCK, which only a
 * socket that no other process shares can be.  A splice from a socket does not
 * wait, since the socket was polled before.
 */
static bool can_splice(const struct channel *channel)
{
	return channel->to.fd >= 0 && channel->from.kind != ENDPOINT_OTHER &&
	       (channel->to.kind == ENDPOINT_PLAIN ||
		channel->to.kind == ENDPOINT_FIFO);
}

static bool uses_splice_pipe(struct channel *channel, bool blind)
{
	if (!channel->splice_pipe.open && blind && !channel->copies)
		channel->copies = !can_splice(channel) ||
				  splice_pipe_open(&channel->splice_pipe) < 0;
	return channel->splice_pipe.open;
}

static bool is_unsupported(ssize_t result)
{
	return result < 0 && (errno == EINVAL || errno == ENOSYS);
}

/* The system can't splice these descriptors: copies from now on. */
static void copy_instead(struct channel *channel)
{
	ssize_t n = channel->splice_pipe.held
			? splice_pipe_empty(&channel->splice_pipe, channel->buf)
			: 0;

	if (n > 0)
		channel->end = (size_t)n;
	splice_pipe_close(&channel->splice_pipe);
	channel->copies = true;
}

static ssize_t take_chunk(struct channel *channel, bool blind)
{
	ssize_t n;

	if (uses_splice_pipe(channel, blind)) {
		n = splice_pipe_take(&channel->splice_pipe, channel->from.fd,
				     CHANNEL_CHUNK);
		if (!is_unsupported(n))
			return n;
		copy_instead(channel);
	}
	n = endpoint_read(&channel->from, channel->buf, CHANNEL_CHUNK);
	if (n > 0)
		channel->end = (size_t)n;
	return n;
}

ssize_t channel_take(struct channel *channel, bool blind)
{
	ssize_t n = take_chunk(channel, blind);

	if (n > 0)
		channel->bytes += (size_t)n;
	return n;
}

ssize_t channel_give(struct channel *channel)
{
	ssize_t n;

	if (channel->splice_pipe.held) {
		n = splice_pipe_give(&channel->splice_pipe, channel->to.fd);
		if (!is_unsupported(n))
			return n;
		copy_instead(channel);
	}
	n = endpoint_write(&channel->to, channel->buf + channel->start,
			   channel->end - channel->start);
	if (n > 0)
		channel->start += (size_t)n;
	if (channel->start == channel->end)
		channel->start = channel->end = 0;
	return n;
}

void channel_drop(struct channel *channel)
{
	channel->dropped +=
	    channel->end - channel->start + channel->splice_pipe.held;
	channel->start = channel->end = 0;
	splice_pipe_close(&channel->splice_pipe);
	channel->copies = true;
}

/*
 * Closing in stages (RFC 9112, section 9.6).  If a socket is closed while it
 * holds unread bytes, or if bytes arrive later, the system answers them with a
 * reset.  A reset discards bytes that are not acknowledged; Linux lets the
 * client read those that are, Windows discards them too.  So a lingering
 * channel closes its half, reads and discards the client's bytes, and closes
 * the socket only when
 *
 * - the client's system has acknowledged the answer and the end, so that a
 *   reset can no longer overtake them, and
 * - the client has been silent for CHANNEL_LINGER, but for a few bytes: the
 *   bytes that it had sent in advance have arrived, and its program had time to
 *   read.
 *
 * A client that merely stays open can therefore keep a relay for
 * CHANNEL_LINGER.  To keep it longer, up to the relay's timeout, a client
 * must refuse the answer, or send at least CHANNEL_SENDS bytes each time.
 */
static void set_next_look(struct channel *channel)
{
	channel->lingering.bytes = channel->bytes;
	tain_addsec_g(&channel->lingering.look, CHANNEL_LINGER);
}

void channel_linger(struct channel *channel)
{
	shutdown(channel->from.fd, SHUT_WR);
	channel->lingering.on = true;
	set_next_look(channel);
}

bool channel_may_close(struct channel *channel)
{
	if (tain_future(&channel->lingering.look))
		return false;
	if (endpoint_is_delivered(&channel->from) &&
	    channel->bytes - channel->lingering.bytes < CHANNEL_SENDS)
		return true;
	set_next_look(channel);
	return false;
}
