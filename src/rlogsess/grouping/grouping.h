/*
 * A grouping says which lines of a log belong together: struct grouping is a
 * table of functions and limits that one grouper drives.  The state of a
 * grouping holds the line that was parsed last; its group struct begins with a
 * struct group.
 */
#ifndef GROUPING_H
#define GROUPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/fields.h"
#include "rlogsess/filter.h"
#include "rlogsess/group_table.h"
#include "rlogsess/line_time.h"
#include "rlogsess/slice.h"

#define GROUPING_SECOND INT64_C(1000000000)

struct mail_result;

/*
 * The receiver of groups.  Each function returns 0, or -1 with errno set, which
 * ends the run.  Groups and results are those that the filter accepts.
 */
struct group_events {
	void *ctx;
	/* A line was added to an open group, which is live if the grouper is.
	 */
	int (*line)(void *ctx, const struct group *group, struct slice line);
	/* A line belongs to a group whose first lines are missing. */
	int (*stray)(void *ctx, struct slice line);
	/* A delivery of a message has ended. */
	int (*result)(void *ctx, const struct mail_result *result);
	/* A group is over; its lines are forgotten afterwards. */
	int (*over)(void *ctx, struct group *group);
	/* A line belongs to no group; NULL if that is of no interest. */
	int (*rest)(void *ctx, struct slice line);
};

/* How many groups of all logs were running at one time in the window. */
struct grouping_load {
	bool outside;   /* the line is not in the window */
	size_t running; /* now */
	size_t most;    /* the greatest value of running in the window */
};

/* The surroundings of a grouping, valid until it is freed. */
struct grouping_context {
	const struct filter *filter;
	const struct group_events *events;
	struct grouping_load *load;
};

/* Whether the parsed line belongs to a group. */
enum line_membership {
	LINE_OF_NONE,       /* to no group */
	LINE_OF_LOST_GROUP, /* to a group that is not known by its key */
	LINE_OF_OPEN_GROUP, /* to the group of its key, if that is open */
	LINE_OF_GROUP,      /* to the group of its key, which may be new */
};

/* The list of a group in the table; only in the first is it incomplete. */
enum group_phase {
	GROUP_RUNNING,
	GROUP_ENDED,    /* its end was seen, more lines are expected */
	GROUP_COMPLETE, /* no more lines are expected, but some may be late */
	GROUP_OVER,     /* no more lines are possible */
};

/* How long a group of one phase may be silent until it is over. */
struct grouping_patience {
	int64_t time;   /* nanoseconds; 0: the quiet time */
	uint64_t lines; /* of a log without times; 0: any number */
};

struct grouping_limits {
	size_t groups; /* the most that are open at one time */
	int64_t quiet; /* the default of the quiet time, in seconds */
	struct grouping_patience patience[GROUP_TABLE_LISTS]; /* by phase */
};

struct grouping {
	const char *name;      /* in the state that is carried over */
	const char *noun;      /* in remarks, before the key */
	const char *remark[5]; /* for people, by bit of enum group_mark */
	struct grouping_limits limits;
	size_t state_size, group_size;
	bool spans; /* a group is in the window between its lines, too */

	/* Starts with a zeroed state. */
	void (*init)(void *state, const struct grouping_context *context);
	void (*free)(void *state);

	/* Parses a line into the state; returns its time or LINE_TIME_NONE. */
	int64_t (*parse_line)(void *state, struct line_time_reader *stamps,
			      struct slice text);

	/* Says whether the parsed line belongs to a group, and to which. */
	enum line_membership (*key)(void *state, uint64_t *key);

	/* True if the line begins another group than the open one of its key.
	 */
	bool (*is_another)(const void *state, const struct group *group);

	/*
	 * Adds the facts of the parsed line to its group, which is NULL for a
	 * line of a lost group; again: an earlier run has reported the line.
	 * Returns 0, or -1 with errno set.
	 */
	int (*take_line)(void *state, struct group *group, bool again);

	/*
	 * Returns the number of parts, such as deliveries, that began in the
	 * window and have not ended.  NULL if groups have no parts.
	 */
	size_t (*open_parts)(const void *state);

	/* Says whether the group is over, or is soon. */
	enum group_phase (*is_over)(const struct group *group);

	/* True if the group began before its first line. */
	bool (*lacks_start)(const void *state, const struct group *group);

	/* True if the group continues after the last line of the log. */
	bool (*lacks_end)(const struct group *group);

	/*
	 * Ends the parts of a group that is over; again: its lines are those of
	 * an earlier run.  Returns 0, or -1 with errno set.
	 */
	int (*close)(void *state, struct group *group, bool again);

	/* True if the filter accepts the group, which is over. */
	bool (*is_wanted)(const struct group *group,
			  const struct filter *filter);

	/* Returns the peer's name, or "" while it is unknown. */
	const char *(*peer)(const struct group *group);

	/* Lists the facts of a group that is over. */
	void (*list_fields)(const struct group *group, struct fields *fields);
};

/* tcpserver's and its successors' connections, and the records of recio. */
extern const struct grouping grouping_connections;

/* The messages of qmail-send. */
extern const struct grouping grouping_qmail;

#endif
