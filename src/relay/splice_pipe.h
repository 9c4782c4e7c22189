/*
 * A siphon: moves bytes that nobody needs to see from one descriptor to
 * another, by way of a pipe inside the system, without copying them (splice(2),
 * Linux).
 */
#ifndef SPLICE_PIPE_H
#define SPLICE_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

struct splice_pipe {
	int ends[2];
	size_t held; /* bytes taken and not given on yet */
	bool open;
};

/* s is all zero.  0, or -1 and errno: there is none here. */
int splice_pipe_open(struct splice_pipe *s);
void splice_pipe_close(struct splice_pipe *s);

/*
 * As read(2) of at most len bytes, into the siphon, which must hold nothing.
 * EINVAL: not from such a descriptor.  A socket must be readable; from others
 * it never waits.
 */
ssize_t splice_pipe_take(struct splice_pipe *s, int fd, size_t len);

/*
 * As write(2) of what is held.  EINVAL: not to such a descriptor.  A socket
 * must be O_NONBLOCK; for others it never waits.
 */
ssize_t splice_pipe_give(struct splice_pipe *s, int fd);

/* Reads what is held into buf: how many bytes, or -1 and errno. */
ssize_t splice_pipe_empty(struct splice_pipe *s, char *buf);

#endif
