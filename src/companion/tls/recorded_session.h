/* Which TLS sessions of the process are part of the session that is recorded.
 */
#ifndef RECORDED_SESSION_H
#define RECORDED_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clear_channel.h"

/* A TLS session, as the relay recognises it. */
struct recorded_session {
	const void *object;           /* of the library */
	bool by_descriptor;           /* it runs on the session's descriptor */
	uint8_t random[CLEAR_RANDOM]; /* of its ClientHello */
};

/* The parts of a TLS session that tell whether it is recorded. */
struct session_ends {
	int read_fd, write_fd; /* not open: the program moves the bytes */
	bool is_server;
};

/*
 * Returns whether the clear bytes of a TLS session with these ends are for the
 * relay, and sets by_descriptor if so. Keeps errno.
 */
bool recorded_session_match(struct recorded_session *session,
			    const struct session_ends *ends);

/*
 * Returns a number that no two objects of TLS sessions share but by chance; not
 * 0. The address of one may be used again, but not with the same random, and
 * both ends of a session that runs within the process have the same random.
 */
uint64_t recorded_session_key(const struct recorded_session *session);

#endif
