/* Moving bytes without looking at them; see splice_pipe.h. */
#include "relay/splice_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "compat/pipes.h"

int splice_pipe_open(struct splice_pipe *s)
{
	if (pipe2(s->ends, O_NONBLOCK | O_CLOEXEC) < 0)
		return -1;
	s->open = true;
	return 0;
}

void splice_pipe_close(struct splice_pipe *s)
{
	if (!s->open)
		return;
	close(s->ends[0]);
	close(s->ends[1]);
	s->open = false;
	s->held = 0;
}

ssize_t splice_pipe_take(struct splice_pipe *s, int fd, size_t len)
{
	ssize_t n = pipes_move(fd, s->ends[1], len);

	if (n > 0)
		s->held = (size_t)n;
	return n;
}

ssize_t splice_pipe_give(struct splice_pipe *s, int fd)
{
	ssize_t n = pipes_move(s->ends[0], fd, s->held);

	if (n > 0)
		s->held -= (size_t)n;
	return n;
}

ssize_t splice_pipe_empty(struct splice_pipe *s, char *buf)
{
	ssize_t n = read(s->ends[0], buf, s->held);

	s->held = 0;
	return n;
}
