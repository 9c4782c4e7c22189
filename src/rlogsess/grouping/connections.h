/*
 * Sessions out of the lines of a log.  All lines with the same process ID
 * belong to one session, from its start until it is over:
 *
 * - another one starts under the same process ID, or data comes in a direction
 *   that had ended;
 * - all has come that can be expected (its end, and the end of both directions)
 *   and nothing more for SESSION_LINGER: a line can come late;
 * - its end has come, and nothing more for SESSION_AFTER_END: a relay may still
 *   serve a slow client;
 * - nothing has come for the quiet time;
 * - SESSION_MAX are open: the one that is quiet for the longest time.
 *
 * Times are those of the log.  Where lines have no stamps, SESSION_LINES lines
 * stand for SESSION_LINGER, and the other times never pass.
 */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/group_table.h"
#include "rlogsess/grouping/connection_line.h"
#include "rlogsess/grouping/dialogue.h"

enum {
	SESSION_MAX = 8192,
	SESSION_LINES = 1000,
	SESSION_PEER = 64,
	SESSION_LOCAL = 128,
};

#define SESSION_SECOND INT64_C(1000000000)
#define SESSION_LINGER (2 * SESSION_SECOND)
#define SESSION_AFTER_END (90 * SESSION_SECOND)

/* The lists of the book. */
enum { SESSION_RUNNING, SESSION_ENDED, SESSION_COMPLETE };

struct session {
	struct group group;
	bool started; /* its start was seen */
	bool ended;   /* so was the end of its process */
	bool denied;
	bool matches;       /* a line has what is looked for */
	bool running;       /* it is among those that are open at one time */
	int status, signal; /* if it ended */
	char peer[SESSION_PEER], port[8], local[SESSION_LOCAL];
	struct dialogue said;
};

/* Who is told; each returns 0, or -1 with errno, which ends all. */
struct session_events {
	void *ctx;
	int (*line)(void *ctx, struct session *session,
		    const struct connection_line *line);
	int (*over)(void *ctx, struct session *session);
};

struct sessions {
	struct group_table book;
	struct line_spool_store store;
	struct session_events events;
	int64_t quiet;    /* nanoseconds */
	bool keep;        /* the lines */
	bool restoring;   /* lines come a session at a time: no time passes */
	bool starts_seen; /* this log has lines that tell of starts */
	int64_t now;      /* the time of the last line that had one */
	uint64_t lines;   /* that were taken */
	size_t running;   /* sessions that have not ended */
	size_t most;      /* the most that there were */
};

void sessions_init(struct sessions *sessions,
		   const struct session_events *events);
void sessions_free(struct sessions *sessions);

/* Takes a line that was parsed.  Returns 0, or -1 with errno. */
int sessions_take(struct sessions *sessions,
		  const struct connection_line *line);

/* Time passes also where no line comes.  Returns 0, or -1 with errno. */
int sessions_pass(struct sessions *sessions, int64_t now);

/* The log is over, and so are all sessions.  Returns 0, or -1 with errno. */
int sessions_finish(struct sessions *sessions);

#endif
