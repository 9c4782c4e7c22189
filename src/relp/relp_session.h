/*
 * One session of RELP, seen from the client: which frames it sends, and which
 * messages the server has acknowledged.  It moves no bytes: a link
 * (relp_link.h) does.
 *
 * A session ends with its first fault.  A refused message, whose answer is not
 * "200", is such a fault too: the messages after it would otherwise be stored
 * before it.  A session begins with one message in flight, and has its whole
 * window after the first acknowledgement.  So a message that is refused again
 * and again doubles no message that follows it.
 */
#ifndef RELP_SESSION_H
#define RELP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relp/relp_frame.h"

enum {
	RELP_WINDOW = 128, /* messages in flight, at most */
	RELP_OPEN_MAX = 256,
	RELP_TEXT = 160,
};

enum relp_phase {
	RELP_OPENING, /* the answer to the first frame is awaited */
	RELP_OPEN,
	RELP_CLOSING, /* the answer to the last frame is awaited */
	RELP_CLOSED,  /* it has come */
	RELP_FAILED,
};

/* The reason why a session has failed. */
enum relp_reason {
	RELP_NO_REASON,
	RELP_MALFORMED,  /* bytes that are no frame */
	RELP_UNEXPECTED, /* an answer to nothing, or twice; another command */
	RELP_NOT_OPENED, /* the server refuses the session or has no syslog */
	RELP_REFUSED,    /* the server refuses a message */
	RELP_ENDED,      /* the server closes the session */
};

struct relp_session {
	enum relp_phase phase;
	enum relp_reason reason;
	char text[RELP_TEXT]; /* the server's words, printable, or "" */
	uint32_t number;      /* of the frame that was sent last */
	unsigned int window;
	unsigned int oldest;    /* index of the oldest one in flight in acked */
	unsigned int in_flight; /* messages from the oldest unacked one on */
	bool acked[RELP_WINDOW]; /* by index, in the order of sending */
	uint64_t done;           /* messages before the oldest unacked one */
	struct relp_parser parser;
};

/*
 * Begins a session with a window of 1 to RELP_WINDOW.  Writes the frame that
 * opens it.  Returns the number of its bytes.
 */
size_t relp_session_begin(struct relp_session *session, unsigned int window,
			  char out[RELP_OPEN_MAX]);

/* Returns the number of messages that may be sent now. */
unsigned int relp_session_room(const struct relp_session *session);

/*
 * Counts a message of len bytes, at least 1, as sent, for which there must be
 * room.  Writes the bytes of its frame before the message; a newline follows
 * it.  Returns the number of bytes.
 */
size_t relp_session_add(struct relp_session *session, size_t len,
			char out[RELP_HEADER_MAX]);

/* Writes the frame that closes an open session; returns its length. */
size_t relp_session_finish(struct relp_session *session,
			   char out[RELP_HEADER_MAX + 1]);

/*
 * Takes bytes of the server.  Returns true if the session goes on; false if it
 * has ended: phase is then RELP_CLOSED or RELP_FAILED, and what follows is
 * ignored.
 */
bool relp_session_receive(struct relp_session *session, const char *text,
			  size_t len);

/* The number of messages, from the first one on, that are all acknowledged. */
static inline uint64_t relp_session_acked(const struct relp_session *session)
{
	return session->done;
}

/* The number of messages after these that were sent. */
static inline unsigned int
relp_session_in_flight(const struct relp_session *session)
{
	return session->in_flight;
}

#endif
