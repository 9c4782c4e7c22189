/*
 * The grouping of connections: all lines with the same process ID belong to one
 * session, from its start until it is over:
 *
 * - another one starts under the same process ID, or data arrives in a
 * direction that had ended;
 * - all expected lines have come (its end, and the end of both directions) and
 *   no more for 2 seconds: a line can be late;
 * - its end has come, and no more lines for 90 seconds: a relay may still serve
 *   a slow client;
 * - the quiet time has passed;
 * - CONNECTIONS_MAX are open: the one that is quiet for the longest time.
 *
 * Times are those of the log.  Where lines have no stamps, CONNECTIONS_LINES
 * lines stand for the 2 seconds, and the other times never pass.
 */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include "rlogsess/grouping/dialogue.h"
#include "rlogsess/grouping/grouping.h"
#include "rlogsess/grouping/session_waits.h"

enum {
	CONNECTIONS_MAX = 8192,
	CONNECTIONS_LINES = 1000,
	CONNECTIONS_PEER = 64,
	CONNECTIONS_LOCAL = 128,
};

struct session {
	struct group group; /* key: the process ID */
	bool started;       /* a server has reported its start */
	bool ended;         /* and its end */
	bool denied;
	bool matches;       /* a line has the text that the filter looks for */
	bool running;       /* it counts as open in connections_most */
	int status, signal; /* of its end */
	char peer[CONNECTIONS_PEER], port[8], local[CONNECTIONS_LOCAL];
	struct dialogue said;
	struct session_waits waits;
	const struct line_reader *reader; /* of its log, to parse lines again */
};

/* Returns the session of a group of this grouping. */
const struct session *connections_session(const struct group *group);

/*
 * True if the session ended badly: by a signal or with a status other than 0,
 * by a reset, or without QUIT where the server expects it.
 */
bool connections_ended_badly(const struct session *session);

#endif
