/*
 * Which protocol a session speaks, and on which side the client is, by its
 * first lines.
 */
#ifndef SPOKEN_PROTOCOL_H
#define SPOKEN_PROTOCOL_H

#include "rlogsess/bytes/session_bytes.h"
#include "rlogsess/bytes/stream_line.h"

/* Zero-initialised before the first part of a session. */
struct spoken_protocol {
	uint16_t port;   /* of the protocol as registered, or 0: unknown */
	bool client_out; /* the client's bytes are those of DIALOGUE_OUT */
	unsigned int lines[2]; /* that were looked at, in each direction */
	struct stream_line line[2];
};

/* Takes the next part of a session. */
void spoken_protocol_take(struct spoken_protocol *protocol,
			  const struct session_part *part);

/*
 * Returns a line with which a server of this port's protocol begins, or "" if
 * the port is no registered one.
 */
const char *spoken_protocol_greeting(uint16_t port);

/* True if a protocol of mail or news is registered for the port. */
bool spoken_protocol_has_port(uint16_t port);

#endif
