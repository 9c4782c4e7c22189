/*
 * The way of sessions to a NATS server whose stream keeps one message a subject
 * and refuses a second one: session_run.h and nats_link.h behind ship_link.h.
 * A batch is lines of the log (session_form.h).  Each session that they end is
 * a message, to the subject of the URL with .START.PID added.
 *
 * The server knows sessions and no place of the log.  So the cursor file has
 * the place, the sessions that were open there, and the objects of those that
 * had ended and may not be stored yet.
 */
#ifndef SESSION_WAY_H
#define SESSION_WAY_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogship/nats_way.h"
#include "rlogship/session_run.h"
#include "rlogship/ship_cursor.h"

enum { SESSION_WAY_WAKE = 1000 }; /* ms between two calls of `idle` */

/* The first group is set by the caller, the rest is zero. */
struct session_way {
	struct nats_way nats;
	const struct ship_cursor_file *file; /* open, with a path */
	struct ship_cursor cursor;           /* as it was read */
	struct ship_tail tail;               /* as it was read; owned now */
	bool once;                           /* no more lines will arrive */

	size_t open;                /* bytes of tail that are open sessions */
	size_t stored;              /* bytes of tail that need no sending */
	int64_t ran, due, patience; /* ms: last run, next idle run, pause */
	struct session_run run;
};

/* The functions; their ctx is a struct session_way. */
extern const struct ship_link_ops session_way_ops;

/*
 * Takes the tail apart.  Returns false if it is none of a file of sessions.
 */
bool session_way_start(struct session_way *way);

/* Frees the memory and closes the files, but not the connection. */
void session_way_free(struct session_way *way);

#endif
