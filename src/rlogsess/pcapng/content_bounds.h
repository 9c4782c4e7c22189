/*
 * Where content begins and ends in a session: messages and other octets, which
 * are no lines of commands and replies, and messages that recio -p left out.
 */
#ifndef CONTENT_BOUNDS_H
#define CONTENT_BOUNDS_H

#include "rlogsess/mail/mail_finder.h"
#include "rlogsess/pcapng/spoken_protocol.h"

struct content_bounds {
	bool client_out; /* the client's bytes are those of DIALOGUE_OUT */
	struct mail_finder finder;
};

/* The content that a note says is left out. */
enum left_out {
	LEFT_OUT_NOTHING,
	LEFT_OUT_DOTTED, /* lines, and then a line with a dot */
	LEFT_OUT_CHUNK,  /* octets that BDAT announced */
	LEFT_OUT_OTHER,  /* octets, or lines whose end was not sent */
};

/*
 * Starts with the session's first byte in the log, which need not be that of a
 * greeting.  single: the log has no bytes of the server.
 */
void content_bounds_init(struct content_bounds *bounds,
			 const struct spoken_protocol *protocol, bool single);

/*
 * Takes the bytes of a record up to the next place at which content may begin
 * or end.  Returns their number, which is not 0 if the record has bytes.  *edge
 * says whether a frame has to end there, so that dissectors see what follows:
 * content of the client or lines up to a dot begin or end, or a command of POP3
 * ends.
 */
size_t content_bounds_take_bytes(struct content_bounds *bounds,
				 const struct session_part *part, bool *edge);

/* Takes a part without bytes. */
enum left_out content_bounds_take(struct content_bounds *bounds,
				  const struct session_part *part);

#endif
