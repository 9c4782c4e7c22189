/*
 * Moves bytes that no tap needs from one descriptor to another through a pipe,
 * without copying them (splice(2), Linux).
 */
#ifndef SPLICE_PIPE_H
#define SPLICE_PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

struct splice_pipe {
	int ends[2];
	size_t held; /* bytes in the pipe */
	bool open;
};

/* Makes the pipe; *pipe must be all zero.  Returns 0, or -1 with errno. */
int splice_pipe_open(struct splice_pipe *pipe);

/* Closes the pipe, if it is open, and discards the bytes in it. */
void splice_pipe_close(struct splice_pipe *pipe);

/*
 * Moves at most len bytes from fd into the pipe, which must be empty.  Returns
 * their number, 0 at the end of input, or -1 with errno; EINVAL or ENOSYS if
 * the system can't splice from fd.  A socket must be readable; other
 * descriptors never wait.
 */
ssize_t splice_pipe_take(struct splice_pipe *pipe, int fd, size_t len);

/*
 * Moves bytes from the pipe to fd.  Returns their number, or -1 with errno;
 * EINVAL or ENOSYS if the system can't splice to fd.  A socket must be
 * O_NONBLOCK; other descriptors never wait.
 */
ssize_t splice_pipe_give(struct splice_pipe *pipe, int fd);

/* Reads all bytes of the pipe into buf.  Returns their number, or -1 with
 * errno. */
ssize_t splice_pipe_empty(struct splice_pipe *pipe, char *buf);

#endif
