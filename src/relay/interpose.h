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

/* The descriptors that the program reads and writes. */
struct interpose_session {
	int in, out;
	bool is_client;   /* the program is the client */
	bool sees_clear;  /* it hands over what TLS protects, by a channel, */
	bool unneeded[2]; /* but not what it reads, or what it writes */
};

static const struct interpose_session interpose_server = {.in = 0, .out = 1};
static const struct interpose_session interpose_client = {
    .in = 6, .out = 7, .is_client = true};

enum {
	INTERPOSE_FDS = 8,  /* descriptors below may be part of a session */
	INTERPOSE_KEPT = 8, /* most other descriptors that a relay keeps */
};

/* A descriptor is -1 if the session's was closed at the start. */
struct interpose {
	struct interpose_session session;
	pid_t pid;   /* the program's */
	bool socket; /* the session is one socket, and so is the program's */
	bool closed[INTERPOSE_FDS]; /* descriptors closed for the program */
	int program[2];             /* the program's ends, in and out */
	int to_program;             /* the relay's end for writing */
	int from_program;           /* the relay's end for reading */
	int clear;                  /* the relay's end of the clear channel */
	struct preload preload;     /* result of telling the program its peer */
	const char *failed;         /* after "unable to", on failure */
};

/*
 * Prepares this process to become the program by execvp, and forks the relay,
 * which is no child of this process, blocks all signals, runs
 * relay(interpose, ctx), and exits when that returns.
 *
 * The program gets a socketpair if the session's descriptors are the same
 * socket, otherwise two pipes.  Closed descriptors among 0, 1, 2 and those of
 * the session are closed for the program, too; until then /dev/null takes their
 * places.  The environment is changed so that the program learns the peer of
 * the session's sockets; interpose->preload has the result.  A session that
 * sees_clear fails if the companion can't be used (PRELOAD_BROKEN).  Returns 0,
 * or -1 with errno and interpose->failed.
 */
int interpose_start(struct interpose *interpose,
		    struct interpose_session session, const char *program,
		    void (*relay)(const struct interpose *interpose, void *ctx),
		    void *ctx);

/*
 * For the relay: sets the endpoints and socket of *relay, and closes all
 * descriptors but these and the n in kept; entries of -1 are ignored.
 */
void interpose_relay(const struct interpose *interpose, const int *kept,
		     size_t n, struct relay *relay);

/* For the relay, at its end: closes the session's descriptors. */
void interpose_end(const struct interpose *interpose);

#endif
