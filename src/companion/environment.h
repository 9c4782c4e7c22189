/* The variables that bring the companion into a program. */
#ifndef ENVIRONMENT_H
#define ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

/* What environment_carry needs for an environment. */
struct environment_room {
	size_t pointers, text;
};

struct environment_room environment_room(char *const envp[]);

/*
 * The environment for a program that is executed with envp: envp itself, if
 * that program does not inherit the session, or if envp names a companion
 * already, as that of a recio inside of this session does.  Otherwise a copy
 * of its pointers in list, with the companion's variables, one of them in
 * text; both have the room that environment_room asked for.  also_closing: see
 * session_is_inherited.
 */
char *const *environment_carry(char *const envp[], char **list, char *text,
			       bool also_closing);

/*
 * Declares carried, the environment for a program that is executed with envp,
 * on the stack of the caller.
 */
#define CARRY(carried, envp, also_closing)                      \
	struct environment_room room_ = environment_room(envp); \
	char *list_[room_.pointers], text_[room_.text];         \
	char *const *carried =                                  \
	    environment_carry(envp, list_, text_, also_closing)

#endif
