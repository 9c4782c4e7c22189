/*
 * Endpoints: descriptors that are read and written without waiting.  Their
 * O_NONBLOCK flag is never changed, since other processes may share it.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

enum endpoint_kind {
	ENDPOINT_PLAIN,  /* not shared and O_NONBLOCK, or a regular file */
	ENDPOINT_SOCKET, /* MSG_DONTWAIT */
	ENDPOINT_FIFO,   /* RWF_NOWAIT where the system has it for pipes */
	ENDPOINT_OTHER,  /* poll before each PIPE_BUF bytes */
};

struct endpoint {
	int fd; /* -1: none */
	enum endpoint_kind kind;
};

/* Returns the endpoint of a descriptor that other processes may share. */
struct endpoint endpoint_shared(int fd);

/* Returns the endpoint of a descriptor that is not shared and O_NONBLOCK. */
struct endpoint endpoint_own(int fd);

/*
 * Reads as read(2) does; poll must have reported the descriptor as readable.
 * Returns the number of bytes, 0 at the end, -1 with errno; EAGAIN if there are
 * no bytes now.
 */
ssize_t endpoint_read(const struct endpoint *endpoint, char *buf, size_t len);

/*
 * Writes as write(2) does.  Returns the number of bytes, or -1 with errno;
 * EAGAIN if no byte can be written now, EBADF if there is no descriptor.  On a
 * system without RWF_NOWAIT for pipes, a write to a shared pipe can wait if
 * another process fills the pipe between poll and write.
 */
ssize_t endpoint_write(struct endpoint *endpoint, const char *buf, size_t len);

/*
 * True if all bytes written to a socket were delivered: acknowledged by the
 * peer's system or, at a local socket, read by the peer.  False if the system
 * can't tell.
 */
bool endpoint_is_delivered(const struct endpoint *endpoint);

#endif
