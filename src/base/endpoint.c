/*
 * Endpoints.  Each kind of descriptor has its own way not to wait: a flag of
 * the call for sockets and, where the system has it, for pipes; poll and small
 * writes for all others.
 */
#include "base/endpoint.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include "compat/descriptors.h"

struct endpoint endpoint_shared(int fd)
{
	struct endpoint endpoint = {fd, ENDPOINT_OTHER};
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISSOCK(st.st_mode))
			endpoint.kind = ENDPOINT_SOCKET;
		else if (S_ISFIFO(st.st_mode))
			endpoint.kind = ENDPOINT_FIFO;
		else if (S_ISREG(st.st_mode))
			endpoint.kind = ENDPOINT_PLAIN;
	}
	return endpoint;
}

struct endpoint endpoint_own(int fd)
{
	return (struct endpoint){fd, ENDPOINT_PLAIN};
}

ssize_t endpoint_read(const struct endpoint *endpoint, char *buf, size_t len)
{
	ssize_t n;

	do {
		if (endpoint->kind == ENDPOINT_SOCKET)
			n = recv(endpoint->fd, buf, len, MSG_DONTWAIT);
		else
			n = read(endpoint->fd, buf, len);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Writes PIPE_BUF bytes at most at a time, for which a writable pipe has room.
 */
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

static ssize_t write_nowait(struct endpoint *endpoint, const char *buf,
			    size_t len)
{
	ssize_t n = descriptors_write(endpoint->fd, buf, len);

	if (n < 0 && errno == EOPNOTSUPP) {
		endpoint->kind = ENDPOINT_OTHER;
		return poll_and_write(endpoint->fd, buf, len);
	}
	return n;
}

ssize_t endpoint_write(struct endpoint *endpoint, const char *buf, size_t len)
{
	ssize_t n;

	if (endpoint->fd < 0) {
		errno = EBADF; /* poll would ignore it */
		return -1;
	}
	do {
		switch (endpoint->kind) {
		case ENDPOINT_PLAIN: n = write(endpoint->fd, buf, len); break;
		case ENDPOINT_SOCKET:
			n = send(endpoint->fd, buf, len,
				 MSG_DONTWAIT | MSG_NOSIGNAL);
			break;
		case ENDPOINT_FIFO: n = write_nowait(endpoint, buf, len); break;
		default: n = poll_and_write(endpoint->fd, buf, len); break;
		}
	} while (n < 0 && errno == EINTR);
	return n;
}

bool endpoint_is_delivered(const struct endpoint *endpoint)
{
	return descriptors_unsent(endpoint->fd) == 0;
}
