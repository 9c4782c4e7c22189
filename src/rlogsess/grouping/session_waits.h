/*
 * How long the two sides of a session waited for each other: the time from a
 * record of the client, or from the start, to the next record of the server is
 * waited for the server, all other time until the last record for the client.
 * The note of a whole message counts as a record of the side that sent it.
 */
#ifndef SESSION_WAITS_H
#define SESSION_WAITS_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/grouping/log_line.h"

/* Zero-initialised before the first line of a session. */
struct session_waits {
	bool begun;         /* a line with a time was taken */
	bool known;         /* a record with a time was taken */
	bool answered;      /* the last record was the server's */
	int64_t last;       /* the time of the start or of the last record */
	int64_t client_for; /* nanoseconds waited for the client */
	int64_t server_for; /* and for the server */
};

/*
 * Takes the next line of the session.  Returns the time since the record
 * before it in nanoseconds, 0 for a line that is no record with a time; a clock
 * that was set back counts as no time.
 */
int64_t session_waits_take(struct session_waits *waits,
			   const struct connection_line *line);

/* True if the wait before this line, the next one, is for the server. */
bool session_waits_for_server(const struct session_waits *waits,
			      const struct connection_line *line);

#endif
