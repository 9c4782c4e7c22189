/*
 * Preloads the companion (src/companion) into the program, by the environment
 * of the process that becomes the program.
 */
#ifndef PRELOAD_H
#define PRELOAD_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "base/clear_channel.h"
#include "base/socket_facts.h"

enum preload_state {
	PRELOAD_NEEDLESS, /* no socket, no channel: nothing to tell */
	PRELOAD_DONE,
	PRELOAD_IMPOSSIBLE, /* static; the programs that it runs need not be */
	PRELOAD_REFUSED,    /* the program gains rights by its file */
	PRELOAD_BROKEN,     /* the companion can't be used */
};

struct preload {
	enum preload_state state;
	bool has_peer;    /* the session has a socket */
	bool is_passed;   /* the environment names the companion */
	const char *kind; /* IMPOSSIBLE, REFUSED: of a program it is */
	char why[512];    /* the reason, unless NEEDLESS or DONE */
};

/*
 * Asks the kernel for all facts about fd, and makes them valid for the file of
 * descriptor inside, which the program gets in its place.  An answer of more
 * than FACT_SIZE bytes becomes the error ENOPROTOOPT, as from a kernel without
 * the option.  Returns false if fd is not a socket.
 */
bool preload_ask(struct socket_facts *facts, int fd, int inside);

/*
 * Sets the environment so that program learns these n facts, and sets *preload
 * to the result. With a channel, which may be NULL, the companion is the one
 * that hands over the clear bytes of TLS.
 *
 * The companion is searched for beside our own program, as it is installed
 * (../lib/recio) or built, then in LIBDIR; never in places that the environment
 * or the current directory name.  It is used only if each user that can change
 * it could also change our program.
 */
void preload_companion(struct preload *preload, const char *program,
		       const struct socket_facts *facts, size_t n,
		       const struct clear_channel *channel);

/* Room for the text of preload_examine. */
enum { PRELOAD_WHY = 512 };

/*
 * Writes why nothing was preloaded into the program that the process runs now,
 * such as "/bin/x is linked statically". Returns false if something may have
 * been, or if that can't be known.
 */
bool preload_examine(char why[PRELOAD_WHY], pid_t pid);

#endif
