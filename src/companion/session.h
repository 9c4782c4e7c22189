/* The descriptors of the session, and what is known of their peer. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>

#include "base/socket_facts.h"

/*
 * Takes over the facts in text, one or two.  If the text is malformed there is
 * no session.
 */
void session_init(const char *text);

/* The facts of descriptor fd, NULL if it is not the session's.  Keeps errno. */
const struct socket_facts *session_facts(int fd);

/*
 * True if a program that is executed now inherits the session.  also_closing:
 * descriptors with close-on-exec count, too.  Keeps errno.
 */
bool session_is_inherited(bool also_closing);

#endif
