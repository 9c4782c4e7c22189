/* Counts over many sessions. */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/output.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/histogram.h"

enum { STATS_PEERS = 1 << 16 };

struct stats_peer {
	char name[SESSION_PEER];
	uint64_t sessions, bytes;
};

struct stats {
	uint64_t sessions, bad, denied, cut;
	uint64_t messages, size, in, out;
	uint64_t duration[HISTOGRAM_STEPS];
	uint64_t reply[SMTP_SUMMARY_CODES]; /* sessions in which it was given */
	uint64_t by_signal, exit[256];
	int64_t first, last; /* of what was seen */
	double seconds;      /* of all sessions */
	size_t peers;
	uint64_t peerless; /* sessions whose peer has no room or no name */
	struct stats_peer *peer; /* a hash table */
};

/* Returns 0, or -1 with errno without memory. */
int stats_init(struct stats *stats);
void stats_free(struct stats *stats);

void stats_add(struct stats *stats, const struct session *session);

/* All of it; most is the most sessions that were open at one time. */
void stats_show(struct output *out, struct stats *stats, size_t most);

#endif
