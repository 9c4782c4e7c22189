/* The variables that bring the companion into a program. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* The sizes of the arrays that environment_carry needs. */
struct environment_room {
	size_t pointers, text;
};

/* Returns the sizes of list and text for environment_carry with envp. */
struct environment_room environment_room(char *const envp[]);

/*
 * Returns the environment for a program that is executed with envp.  That is
 * envp itself if the program does not inherit the session, or if envp already
 * names a companion, as in a recio inside of this session.  Otherwise it is
 * list, filled with the pointers of envp and the companion's two variables;
 * LD_PRELOAD is written to text.  list and text have the sizes that
 * environment_room returned for envp.  also_closing is passed to
 * session_sockets_are_inherited.
 */
char *const *environment_carry(char *const envp[], char **list, char *text,
			       bool also_closing);

/*
 * Declares carried, the result of environment_carry, with list and text on the
 * caller's stack.
 */
#define CARRY(carried, envp, also_closing)                      \
	struct environment_room room_ = environment_room(envp); \
	char *list_[room_.pointers], text_[room_.text];         \
	char *const *carried =                                  \
	    environment_carry(envp, list_, text_, also_closing)

#endif
