/*
 * The charts of -o stats: sessions over time by outcome, their durations, the
 * waits, the slowest sessions, and the senders and replies of refusals.
 */
#ifndef SESSION_CHARTS_H
#define SESSION_CHARTS_H

#include "base/screen.h"
#include "rlogsess/format/percentiles.h"
#include "rlogsess/format/time_bins.h"
#include "rlogsess/format/top_names.h"
#include "rlogsess/grouping/session_outcome.h"

enum { CHART_DURATIONS = 16, CHART_SLOWEST = 10 };

/* A session of which the slowest ones are chosen. */
struct slow_session {
	int64_t duration, start; /* nanoseconds */
	struct session_waits waits;
	uint64_t pid;
	char peer[CONNECTIONS_PEER];
};

/* Zero-initialised before session_charts_begin. */
struct session_charts {
	uint64_t outcome[OUTCOMES];
	struct time_bins bins; /* a row for each outcome */
	uint64_t duration[CHART_DURATIONS];
	struct percentiles client, server; /* waits of each session */
	struct slow_session slow[CHART_SLOWEST];
	size_t slow_count;
	struct top_names *senders, *replies;
};

/* Returns 0, or -1 with errno set; session_charts_free releases in any case. */
int session_charts_begin(struct session_charts *charts);

void session_charts_free(struct session_charts *charts);

/* Counts a session that is over. */
void session_charts_add(struct session_charts *charts,
			const struct session *session);

/* Writes all charts that have something to show.  None can be added then. */
void session_charts_show(struct session_charts *charts, struct output *output,
			 const struct screen *screen);

#endif
