/*
 * The two ends of a session's connection, as its log tells their addresses and
 * ports.  Each part that the log lacks has a stand-in: the address 0.0.0.0 or
 * ::, for a client a port by the session's number, and for a server the port
 * that its protocol is registered with.
 */
#ifndef SESSION_ENDS_H
#define SESSION_ENDS_H

#include "rlogsess/grouping/connections.h"
#include "rlogsess/pcapng/spoken_protocol.h"
#include "rlogsess/pcapng/tcp_frame.h"

enum {
	SESSION_PORT_FIRST = 1024,   /* of stand-ins for a client's port */
	SESSION_PORT_UNKNOWN = 1022, /* of experiments (RFC 4727) */
	SESSION_ENDS_TEXT = 128,
};

struct session_ends {
	struct tcp_end end[2]; /* the senders of DIALOGUE_IN and _OUT */
	bool v6;
	bool client_out;                 /* the program is the client */
	char made_up[SESSION_ENDS_TEXT]; /* names of stand-ins, or empty */
};

/* Finds the ends of a session. */
void session_ends_find(struct session_ends *ends, const struct session *session,
		       const struct spoken_protocol *protocol);

#endif
