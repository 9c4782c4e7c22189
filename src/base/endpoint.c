/* Reading and writing without waiting; see endpoint.h. */
#include "base/endpoint.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include "compat/nowait.h"

struct endpoint endpoint_shared(int fd)
{
	struct endpoint e = {fd, ENDPOINT_OTHER};
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISSOCK(st.st_mode))
			e.kind = ENDPOINT_SOCKET;
		else if (S_ISFIFO(st.st_mode))
			e.kind = ENDPOINT_FIFO;
		else if (S_ISREG(st.st_mode))
			e.kind = ENDPOINT_PLAIN;
	}
	return e;
}

struct endpoint endpoint_own(int fd)
{
	return (struct endpoint){fd, ENDPOINT_PLAIN};
}

ssize_t endpoint_read(const struct endpoint *e, char *buf, size_t len)
{
	ssize_t n;

	do {
		if (e->kind == ENDPOINT_SOCKET)
			n = recv(e->fd, buf, len, MSG_DONTWAIT);
		else
			n = read(e->fd, buf, len);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* A pipe that poll calls writable takes PIPE_BUF bytes without waiting. */
static ssize_t poll_and_write(int fd, const char *buf, size_t len)
{
	struct pollfd p = {fd, POLLOUT, 0};
	size_t done = 0, most;
	ssize_t n = -1;

	errno = EAGAIN;
	while (done < len && poll(&p, 1, 0) > 0) {
		most = len - done < PIPE_BUF ? len - done : PIPE_BUF;
		n = write(fd, buf + done, most);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done ? (ssize_t)done : n;
}

static ssize_t write_nowait(struct endpoint *e, const char *buf, size_t len)
{
	ssize_t n = nowait_write(e->fd, buf, len);

	if (n < 0 && errno == EOPNOTSUPP) {
		e->kind = ENDPOINT_OTHER;
		return poll_and_write(e->fd, buf, len);
	}
	return n;
}

ssize_t endpoint_write(struct endpoint *e, const char *buf, size_t len)
{
	ssize_t n;

	if (e->fd < 0) {
		errno = EBADF; /* poll would ignore it */
		return -1;
	}
	do {
		switch (e->kind) {
		case ENDPOINT_PLAIN: n = write(e->fd, buf, len); break;
		case ENDPOINT_SOCKET:
			n = send(e->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
			break;
		case ENDPOINT_FIFO: n = write_nowait(e, buf, len); break;
		default: n = poll_and_write(e->fd, buf, len); break;
		}
	} while (n < 0 && errno == EINTR);
	return n;
}

bool endpoint_is_delivered(const struct endpoint *e)
{
	return nowait_unsent(e->fd) == 0;
}
