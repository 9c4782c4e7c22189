/*
 * Compares descriptors with the session's sockets by device and inode.  So a
 * duplicate of a session's descriptor belongs to the session, and a new file
 * that has the number of a closed one does not.
 *
 * Tested by tests/sh/recio-peer.t.
 */
#include "companion/session_sockets.h"

#include <errno.h>
#include <fcntl.h>

/* A session is one socket, or one for each direction. */
enum { SOCKETS = 2, LAST_DESCRIPTOR = 1023 };

static struct {
	int n;
	struct socket_facts facts[SOCKETS];
} sockets;

void session_sockets_init(const char *text)
{
	int n = 0;

	do {
		text = socket_facts_read(&sockets.facts[n++], text);
	} while (text && *text == ' ' && n < SOCKETS && text++);
	sockets.n = text && *text == 0 ? n : 0;
}

const struct socket_facts *session_sockets_facts(int fd)
{
	const struct socket_facts *found = NULL;
	int saved = errno;

	for (int i = 0; i < sockets.n && !found; i++)
		if (socket_facts_match(&sockets.facts[i], fd))
			found = &sockets.facts[i];
	errno = saved;
	return found;
}

/* True if fd is the session's and stays open on exec, or also_closing. */
static bool is_inherited_socket(int fd, bool also_closing)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (also_closing || !(flags & FD_CLOEXEC)) &&
	       session_sockets_facts(fd);
}

bool session_sockets_are_inherited(bool also_closing)
{
	bool found = false;
	int saved = errno;

	if (sockets.n)
		for (int fd = 0; fd <= LAST_DESCRIPTOR && !found; fd++)
			found = is_inherited_socket(fd, also_closing);
	errno = saved;
	return found;
}
