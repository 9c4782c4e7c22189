/*
 * A siphon: moves bytes that nobody needs to see from one descriptor to
 * another, by way of a pipe inside the system, without copying them (splice(2),
 * Linux).
 */
#ifndef SIPHON_H
#define SIPHON_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

struct siphon {
	int ends[2];
	size_t held; /* bytes taken and not given on yet */
	bool open;
};

/* s is all zero.  0, or -1 and errno: there is none here. */
int siphon_open(struct siphon *s);
void siphon_close(struct siphon *s);

/*
 * As read(2) of at most len bytes, into the siphon, which must hold nothing.
 * EINVAL: not from such a descriptor.  A socket must be readable; from others
 * it never waits.
 */
ssize_t siphon_take(struct siphon *s, int fd, size_t len);

/*
 * As write(2) of what is held.  EINVAL: not to such a descriptor.  A socket
 * must be O_NONBLOCK; for others it never waits.
 */
ssize_t siphon_give(struct siphon *s, int fd);

/* Reads what is held into buf: how many bytes, or -1 and errno. */
ssize_t siphon_empty(struct siphon *s, char *buf);

#endif
