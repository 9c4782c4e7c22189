/*
 * The bytes stay in the kernel: splice(2) moves them from the source into a
 * pipe of our own, and from there to the receiver.  Tested by
 * tests/unit/relay/channel.c.
 */
#include "relay/splice_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "compat/descriptors.h"

int splice_pipe_open(struct splice_pipe *pipe)
{
	if (pipe2(pipe->ends, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	pipe->open = true;
	return 0;
}

void splice_pipe_close(struct splice_pipe *pipe)
{
	if (!pipe->open)
		return;
	close(pipe->ends[0]);
	close(pipe->ends[1]);
	pipe->open = false;
	pipe->held = 0;
}

ssize_t splice_pipe_take(struct splice_pipe *pipe, int fd, size_t len)
{
	ssize_t n = descriptors_move(fd, pipe->ends[1], len);

	if (n > 0)
		pipe->held = (size_t)n;
	return n;
}

ssize_t splice_pipe_give(struct splice_pipe *pipe, int fd)
{
	ssize_t n = descriptors_move(pipe->ends[0], fd, pipe->held);

	if (n > 0)
		pipe->held -= (size_t)n;
	return n;
}

ssize_t splice_pipe_empty(struct splice_pipe *pipe, char *buf)
{
	ssize_t n = read(pipe->ends[0], buf, pipe->held);

	pipe->held = 0;
	return n;
}
