/*
 * Brings the companion (src/companion) into the program, by the environment of
 * the process that is to become it.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <stddef.h>

#include "base/socket_facts.h"

enum preload_state {
	PRELOAD_NEEDLESS, /* the session has no socket */
	PRELOAD_DONE,
	PRELOAD_IMPOSSIBLE, /* the program has no linker that would do it, but
			       what it becomes may have one */
	PRELOAD_REFUSED,    /* the program has other rights than we */
	PRELOAD_BROKEN,     /* the companion can't be used */
};

struct preload {
	enum preload_state state;
	char why[512]; /* unless NEEDLESS or DONE: in words */
};

/*
 * Sets the environment so that program will know these facts, n of them.
 * If not, p->why says why.
 *
 * The companion is looked for beside our own program, as it is installed
 * (../lib/recio) or built, then in the directory that was given when this was
 * compiled; never anywhere that the environment or the current directory says.
 * It is used only if nobody can change it who could not change our program.
 */
void preload_companion(struct preload *p, const char *program,
		       const struct socket_facts *facts, size_t n);

#endif
