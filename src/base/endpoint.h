/*
 * One descriptor of a relay, read and written without ever waiting, although
 * its O_NONBLOCK flag, which others may share, is never touched.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

enum endpoint_kind {
	ENDPOINT_PLAIN,  /* nobody else's, and O_NONBLOCK; or a file */
	ENDPOINT_SOCKET, /* MSG_DONTWAIT */
	ENDPOINT_FIFO,   /* RWF_NOWAIT where the system has it for pipes */
	ENDPOINT_OTHER,  /* poll before each PIPE_BUF bytes */
};

struct endpoint {
	int fd; /* -1: none */
	enum endpoint_kind kind;
};

/* A descriptor that others may share. */
struct endpoint endpoint_shared(int fd);

/* One that is ours alone and has been made O_NONBLOCK. */
struct endpoint endpoint_own(int fd);

/*
 * As read(2), but only after a poll has said that there is something.  Result:
 * bytes, 0 at the end, -1 with errno; EAGAIN: nothing is there after all.
 */
ssize_t endpoint_read(const struct endpoint *e, char *buf, size_t len);

/*
 * As write(2): bytes written, or -1 with errno; EAGAIN: it takes nothing now;
 * EBADF: there is no descriptor.
 * On a system without RWF_NOWAIT for pipes, a write to a shared pipe can still
 * wait if another process fills it between our poll and our write.
 */
ssize_t endpoint_write(struct endpoint *e, const char *buf, size_t len);

/*
 * True if the other end of a socket has all that was written to this one: its
 * system has acknowledged it, or for a local socket its program has read it.
 * False too if the system does not tell.
 */
bool endpoint_is_delivered(const struct endpoint *e);

#endif
