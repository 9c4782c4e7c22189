/*
 * How a session ended, as one word: the class that forms count it in and paint
 * it by.  Each session has exactly one.
 */
#ifndef SESSION_OUTCOME_H
#define SESSION_OUTCOME_H

#include "rlogsess/grouping/connections.h"

/* The first that holds. */
enum session_outcome {
	OUTCOME_DENIED,  /* the server denied the connection */
	OUTCOME_BAD,     /* it ended badly: connections_ended_badly */
	OUTCOME_OPEN,    /* it goes on after the log */
	OUTCOME_REFUSED, /* a reply was 4xx or 5xx */
	OUTCOME_FINE,
	OUTCOMES,
};

enum session_outcome session_outcome(const struct session *session);

/* Returns "denied", "bad", "open", "refused" or "fine". */
const char *session_outcome_name(enum session_outcome outcome);

#endif
