/*
 * Waiting with a limit.  Signals do not end a wait: a program that is told to
 * end makes its stop descriptor readable.
 */
#include "relp/socket_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/wait.h>

static int64_t read_milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void socket_wait_limit(struct socket_wait *wait, int milliseconds)
{
	wait->until = read_milliseconds() + milliseconds;
}

enum socket_wait_end socket_wait_for(const struct socket_wait *wait, int fd,
				     short events)
{
	struct pollfd fds[] = {{fd, events, 0}, {wait->stop, POLLIN, 0}};
	int64_t left;
	int n;

	do {
		left = wait->until - read_milliseconds();
		n = poll(fds, 2, left > 0 ? (int)left : 0);
	} while (n < 0 && errno == EINTR);
	if (fds[0].revents)
		return SOCKET_WAIT_READY;
	return fds[1].revents ? SOCKET_WAIT_STOP : SOCKET_WAIT_TIMEOUT;
}

static void find_addresses(struct socket_addresses *found, const char *host,
			   uint16_t port, int flags)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
				 .ai_flags = flags | AI_NUMERICSERV};
	struct addrinfo *list = NULL;
	char service[8];

	memset(found, 0, sizeof *found);
	snprintf(service, sizeof service, "%u", (unsigned)port);
	found->error = getaddrinfo(host, service, &hints, &list);
	for (const struct addrinfo *a = found->error ? NULL : list;
	     a && found->n < SOCKET_ADDRESSES; a = a->ai_next) {
		struct socket_address *address = &found->address[found->n++];

		address->len = a->ai_addrlen;
		memcpy(&address->address, a->ai_addr, a->ai_addrlen);
	}
	if (!found->error)
		freeaddrinfo(list);
}

/* The child: it writes what it has found, and ends. */
static void write_addresses(int fd, const char *host, uint16_t port)
{
	struct socket_addresses found;
	const char *at = (const char *)&found, *end = at + sizeof found;
	ssize_t n;

	find_addresses(&found, host, port, 0);
	while (at < end && (n = write(fd, at, (size_t)(end - at))) > 0)
		at += n;
	_exit(0);
}

/* Reads what the child writes; no address if that is not whole. */
static enum socket_wait_end read_addresses(const struct socket_wait *wait,
					   int fd,
					   struct socket_addresses *found)
{
	enum socket_wait_end end = SOCKET_WAIT_READY;
	size_t len = 0;
	ssize_t n = 1;

	while (len < sizeof *found && n > 0 && end == SOCKET_WAIT_READY) {
		end = socket_wait_for(wait, fd, POLLIN);
		n = end == SOCKET_WAIT_READY
			? read(fd, (char *)found + len, sizeof *found - len)
			: 0;
		len += n > 0 ? (size_t)n : 0;
	}
	if (len < sizeof *found)
		*found = (struct socket_addresses){.error = EAI_SYSTEM};
	return end;
}

enum socket_wait_end socket_wait_addresses(const struct socket_wait *wait,
					   struct socket_addresses *addresses,
					   const char *host, uint16_t port)
{
	enum socket_wait_end end = SOCKET_WAIT_READY;
	int fds[2];
	pid_t child;

	find_addresses(addresses, host, port, AI_NUMERICHOST);
	if (addresses->n)
		return end;
	*addresses = (struct socket_addresses){.error = EAI_SYSTEM};
	if (pipe2(fds, O_CLOEXEC) < 0)
		return end;
	child = fork();
	if (child == 0)
		write_addresses(fds[1], host, port);
	close(fds[1]);
	if (child > 0) {
		end = read_addresses(wait, fds[0], addresses);
		kill(child, SIGKILL);
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	}
	close(fds[0]);
	return end;
}
