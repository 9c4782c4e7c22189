/*
 * Puts a relay between this process, which becomes the program, and its
 * descriptors 0 and 1.
 */
#ifndef INTERPOSE_H
#define INTERPOSE_H

#include <stdbool.h>

#include <sys/types.h>

#include "relay.h"

/* All -1 where that descriptor was closed from the start. */
struct interpose {
	bool socket;      /* 0 and 1 are one socket: the program gets one too */
	bool closed[3];   /* 0, 1, 2 were closed: the program finds them so */
	int program[2];   /* the program's ends, for its 0 and 1 */
	int to_program;   /* the relay's ends; */
	int from_program; /* the same one if socket */
};

/*
 * Makes the descriptors, all close-on-exec: a socketpair if 0 and 1 are the
 * same socket, otherwise two pipes.  A closed 0, 1 or 2 is filled with
 * /dev/null so that no other descriptor takes its place.  Result: 0, or -1
 * with errno.
 */
int interpose_open(struct interpose *i);

/*
 * Forks twice, so that the relay is no child of the program.  Result: 1 in the
 * process that is to become the program, 0 in the relay, which ignores all
 * signals; -1 with errno.
 */
int interpose_fork(void);

/* For the program: puts its ends to 0 and 1.  Result: 0, or -1 with errno. */
int interpose_program(const struct interpose *i);

/*
 * For the relay: closes all but 0, 1, its own ends and descriptor log (-1 for
 * none), and fills in the descriptors of r and r->socket.
 */
void interpose_relay(const struct interpose *i, int log, struct relay *r);

#endif
