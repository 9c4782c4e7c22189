/*
 * A descriptor is the session's if it has the device and the inode that recio
 * saw: duplicates count, and what took the number of a closed one does not.
 */
#include "companion/session.h"

#include <errno.h>
#include <fcntl.h>

/* A session is one socket, or one for each direction. */
enum { SOCKETS = 2, LAST_DESCRIPTOR = 1023 };

static struct {
	int n;
	struct socket_facts facts[SOCKETS];
} session;

void session_init(const char *text)
{
	int n = 0;

	do {
		text = socket_facts_read(&session.facts[n++], text);
	} while (text && *text == ' ' && n < SOCKETS && text++);
	session.n = text && *text == 0 ? n : 0;
}

const struct socket_facts *session_facts(int fd)
{
	const struct socket_facts *found = NULL;
	int saved = errno;

	for (int i = 0; i < session.n && !found; i++)
		if (socket_facts_match(&session.facts[i], fd))
			found = &session.facts[i];
	errno = saved;
	return found;
}

static bool is_inherited(int fd, bool also_closing)
{
	int flags = fcntl(fd, F_GETFD);

	return flags >= 0 && (also_closing || !(flags & FD_CLOEXEC)) &&
	       session_facts(fd);
}

bool session_is_inherited(bool also_closing)
{
	bool found = false;
	int saved = errno;

	if (session.n)
		for (int fd = 0; fd <= LAST_DESCRIPTOR && !found; fd++)
			found = is_inherited(fd, also_closing);
	errno = saved;
	return found;
}
