/* The sockets of the session, and the facts about each and its peer. */
#ifndef SESSION_SOCKETS_H
#define SESSION_SOCKETS_H

#include <stdbool.h>

#include "base/socket_facts.h"

/*
 * Reads the facts of one or two sockets from text.  If text is malformed, no
 * descriptor belongs to the session.
 */
void session_sockets_init(const char *text);

/* Returns the facts of fd, or NULL if fd is not the session's.  Keeps errno. */
const struct socket_facts *session_sockets_facts(int fd);

/*
 * True if a program that is executed now inherits a socket of the session.
 * With also_closing, descriptors with close-on-exec count as inherited.  Keeps
 * errno.
 */
bool session_sockets_are_inherited(bool also_closing);

#endif
