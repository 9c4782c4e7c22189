/*
 * Waiting for a descriptor, with a time limit that a stop shortens, and
 * addresses of a host, which are looked up within such a limit.
 */
#ifndef SOCKET_WAIT_H
#define SOCKET_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

enum socket_wait_end {
	SOCKET_WAIT_READY,
	SOCKET_WAIT_TIMEOUT,
	SOCKET_WAIT_STOP, /* once a stop descriptor */
};

struct socket_wait {
	int64_t until; /* milliseconds of the monotonic clock */
	int stop;      /* readable: the program is told to end; or -1 */
};

/* Sets the time limit to a number of milliseconds from now. */
void socket_wait_limit(struct socket_wait *wait, int milliseconds);

/*
 * Waits until poll finds one of the events at fd, or an error of fd.  If
 * several ends apply, the first one in the order of the enumeration's READY,
 * STOP, TIMEOUT is returned.
 */
enum socket_wait_end socket_wait_for(const struct socket_wait *wait, int fd,
				     short events);

enum { SOCKET_ADDRESSES = 16 };

struct socket_address {
	socklen_t len;
	struct sockaddr_storage address;
};

struct socket_addresses {
	size_t n;
	struct socket_address address[SOCKET_ADDRESSES];
	int error; /* of getaddrinfo, if the host has none */
};

/*
 * Looks up the addresses of a host for TCP, the first SOCKET_ADDRESSES of them.
 * Names are looked up by a child process, which is killed at the end of the
 * wait: getaddrinfo knows no time limit.  READY: n is 0 if the host has none.
 */
enum socket_wait_end socket_wait_addresses(const struct socket_wait *wait,
					   struct socket_addresses *addresses,
					   const char *host, uint16_t port);

#endif
