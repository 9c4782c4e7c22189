/*
 * Every use of the descriptor begins with a comparison of its file, since a
 * program may close descriptors that it does not know, and open files under
 * their numbers. Nothing changes after the companion's constructor but the
 * close-on-exec flag, which belongs to the descriptor.
 *
 * A thread that starts a program without the session while another thread
 * starts one with it may pass the descriptor on to both; that program knows
 * nothing of it. The flag can't be set for one of two programs only.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include "companion/carried_channel.h"

#include <errno.h>
#include <fcntl.h>

/* Set by the constructor only. */
static struct {
	bool taken;
	struct clear_channel channel;
} own;

const char *carried_channel_take(const char *text)
{
	const char *end = clear_channel_read(&own.channel, text);

	own.taken = end != NULL;
	carried_channel_close_on_exec(true);
	return end;
}

const struct clear_channel *carried_channel(void)
{
	const struct clear_channel *channel = &own.channel;

	return own.taken && file_identity_match(&channel->channel, channel->fd)
		   ? channel
		   : NULL;
}

static bool is_same_identity(const struct file_identity *a,
			     const struct file_identity *b)
{
	return a->device == b->device && a->inode == b->inode;
}

enum session_file carried_channel_session(int fd)
{
	const struct file_identity *files = own.channel.session;
	struct file_identity file;
	int saved = errno;
	bool open;

	if (!own.taken)
		return SESSION_FOREIGN;
	open = fd >= 0 && file_identity_get(&file, fd) == 0;
	errno = saved;
	if (!open)
		return SESSION_CLOSED;
	return is_same_identity(&file, &files[0]) ||
		       is_same_identity(&file, &files[1])
		   ? SESSION_FILE
		   : SESSION_FOREIGN;
}

bool carried_channel_needs_taken(void)
{
	return own.taken && !own.channel.unneeded[0];
}

bool carried_channel_needs_given(void)
{
	return own.taken && !own.channel.unneeded[1];
}

bool carried_channel_is_client(void)
{
	return own.taken && own.channel.is_client;
}

void carried_channel_close_on_exec(bool close)
{
	const struct clear_channel *channel = carried_channel();
	int saved = errno;

	if (channel)
		fcntl(channel->fd, F_SETFD, close ? FD_CLOEXEC : 0);
	errno = saved;
}
