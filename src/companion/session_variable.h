/*
 * The variable of the environment by which recio brings the companion, and the
 * facts about the sockets of the session, into a program and those that it
 * executes.
 */
#ifndef SESSION_VARIABLE_H
#define SESSION_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/socket_facts.h"

/* Returns the facts of fd, or NULL if fd is not the session's.  Keeps errno. */
const struct socket_facts *session_variable_facts(int fd);

/* The sizes of the arrays that session_variable_carry needs. */
struct session_variable_room {
	size_t pointers, text;
};

/* Returns the sizes of list and text for session_variable_carry with envp. */
struct session_variable_room session_variable_room(char *const envp[]);

/*
 * Returns the environment for a program that is executed with envp.  That is
 * envp itself if the program does not inherit the session, or if envp already
 * names a companion, as in a recio inside of this session.  Otherwise it is
 * list, filled with the pointers of envp and the companion's two variables;
 * LD_PRELOAD is written to text.  list and text have the sizes that
 * session_variable_room returned for envp.  A program inherits the
 * session if it inherits one of its descriptors; with also_closing, those with
 * close-on-exec count as inherited. With list, the program inherits the channel
 * too; if the process goes on after that, it has to close the channel on exec
 * again (carried_channel.h).
 */
char *const *session_variable_carry(char *const envp[], char **list, char *text,
				    bool also_closing);

/*
 * Declares carried, the result of session_variable_carry, with list and text on
 * the caller's stack.
 */
#define CARRY(carried, envp, also_closing)                                \
	struct session_variable_room room_ = session_variable_room(envp); \
	char *list_[room_.pointers], text_[room_.text];                   \
	char *const *carried =                                            \
	    session_variable_carry(envp, list_, text_, also_closing)

#endif
