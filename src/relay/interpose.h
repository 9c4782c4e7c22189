/*
 * Puts a relay between this process, which becomes the program, and the two
 * descriptors of its session: 0 and 1, or those of a UCSPI client, 6 and 7
 * (https://cr.yp.to/proto/ucspi.txt).
 */
#ifndef INTERPOSE_H
#define INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "relay/preload.h"
#include "relay/relay.h"

/* What the program reads from and writes to. */
struct interpose_session {
	int in, out;
};

static const struct interpose_session interpose_server = {0, 1};
static const struct interpose_session interpose_client = {6, 7};

enum {
	INTERPOSE_FDS = 8,  /* those below may be part of a session */
	INTERPOSE_KEPT = 4, /* the most that a relay keeps besides */
};

/* Descriptors are -1 where the session's was closed from the start. */
struct interpose {
	struct interpose_session session;
	pid_t pid;   /* the program's */
	bool socket; /* both are one socket: the program gets one too */
	bool closed[INTERPOSE_FDS]; /* of 0, 1, 2 and the session's: the
				       program finds them closed */
	int program[2];             /* the program's ends, in and out */
	int to_program;             /* the relay's ends; */
	int from_program;           /* the same one if socket */
	struct preload preload;     /* whether the program knows its peer */
	const char *failed;         /* "unable to" do this */
};

/*
 * Makes this process the one that is to become the program, and another one,
 * no child of it, which ignores all signals and runs relay(i, ctx), and ends
 * when that returns.
 *
 * The program gets a socketpair if the session's descriptors are the same
 * socket, otherwise two pipes.  Of 0, 1, 2 and the session's, closed ones are
 * filled with /dev/null before anything is opened, so that nothing takes their
 * place, and the program finds them closed.  The environment is changed so that
 * program, which is found as execvp finds it, knows the peer of the session's
 * sockets; i->preload says whether it will.  Result: 0, or -1 with errno and
 * i->failed.
 */
int interpose_start(struct interpose *i, struct interpose_session session,
		    const char *program,
		    void (*relay)(const struct interpose *i, void *ctx),
		    void *ctx);

/*
 * For the relay: closes all but the session, its own ends and those of the n
 * descriptors kept that are not -1, and fills in the descriptors of r and
 * r->socket.
 */
void interpose_relay(const struct interpose *i, const int *kept, size_t n,
		     struct relay *r);

/* For the relay, when it has run: both peers may see the session's end. */
void interpose_end(const struct interpose *i);

#endif
