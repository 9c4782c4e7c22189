/*
 * The lines of a group that is over, one at a time: who speaks, when, and how
 * long one side has waited for the other.
 */
#ifndef GROUP_LINES_H
#define GROUP_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/group_table.h"
#include "rlogsess/slice.h"

enum group_speaker {
	SPEAKER_CLIENT,
	SPEAKER_SERVER,
	SPEAKER_NONE, /* a server or a logger reports */
};

struct group_line {
	enum group_speaker speaker;
	bool for_server;   /* the wait before it was for the server */
	int64_t time;      /* LINE_TIME_NONE if it has none */
	int64_t wait;      /* nanoseconds before it, 0 if that is nobody's */
	uint64_t at;       /* bytes of the lines before it */
	struct slice text; /* without stamp, and of a record without number */
};

/*
 * Passes all lines that a group of sessions or of messages holds to visit.
 * Returns 0, or -1 with errno set if the lines cannot be read back.
 */
int group_lines_each(struct line_spool_store *store, const struct group *group,
		     bool by_message,
		     void (*visit)(void *ctx, const struct group_line *line),
		     void *ctx);

#endif
