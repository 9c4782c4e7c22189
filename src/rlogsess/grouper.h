/*
 * Puts the lines of logs together to groups, as a grouping says.  Each log is a
 * source of its own: no group has lines of two of them, and time passes in each
 * by its own stamps.  A group is over
 *
 * - when another one begins under the same key;
 * - when the grouping says so;
 * - when it was silent for as long as its phase allows, in times of the log;
 * - when as many groups as the grouping allows are open, in all logs together:
 *   the quietest one, complete ones first.
 *
 * Where a window is asked for, lines before and after it are taken, too, so
 * that groups are whole; but only groups of the window are told.
 */
#ifndef GROUPER_H
#define GROUPER_H

#include "rlogsess/grouping/grouping.h"

struct grouper_options {
	const struct grouping *grouping;
	const struct filter *filter;
	struct group_events events;
	/* See grouper_go_live; its ctx is that of the events. */
	int (*known)(void *ctx, const struct group *group);
	int64_t quiet;   /* seconds; 0: the grouping's default */
	bool hold_lines; /* of open groups */
	bool parts;      /* of groups are told, and groups are not awaited */
	size_t logs;     /* their number; 0 is one */
};

/* All that is known of one log. */
struct grouped_log {
	void *state;           /* the grouping's */
	int64_t now;           /* of the last line with a time, or as told */
	uint64_t lines;        /* that were taken */
	enum window_side side; /* of the line that is taken */
	size_t awaited;        /* open groups that can be of the window */
	struct line_time_reader stamps;
	struct group_table table;
};

struct grouper {
	const struct grouping *grouping;
	const struct filter *filter;
	struct group_events events;
	/* See grouper_go_live; its ctx is that of the events. */
	int (*known)(void *ctx, const struct group *group);
	int64_t quiet; /* nanoseconds */
	bool hold_lines, parts;
	bool live;          /* since grouper_go_live */
	bool restoring;     /* lines of an earlier run, one group at a time */
	uint64_t number;    /* of the newest group of all logs */
	uint64_t lines;     /* of the window, that were taken from all logs */
	uint64_t restored;  /* lines of an earlier run */
	uint64_t grouped;   /* of both, that belong to groups */
	uint64_t cut_lines; /* that were longer than LINE_SPOOL_LINE_MAX */
	uint64_t crowded;   /* groups that ended with GROUP_CROWDED */
	uint64_t nameless;  /* groups of the window without start and peer */
	size_t open;        /* groups of all logs */
	struct grouping_load load;
	struct grouped_log *logs;
	size_t count;            /* of logs */
	struct grouped_log *log; /* the one that lines are taken from */
	struct line_spool_store store;
};

/*
 * Makes a grouper without groups.  The filter and the events of the options
 * must stay.  Returns 0, or -1 with errno set if there is no memory;
 * grouper_free releases the grouper in both cases.
 */
int grouper_init(struct grouper *grouper,
		 const struct grouper_options *options);

/* Releases all groups, without telling their ends, and their lines. */
void grouper_free(struct grouper *grouper);

/*
 * Names the nth log, from 0, before its first line; the name must stay.  A log
 * that is the only one needs no name.
 */
void grouper_name_log(struct grouper *grouper, size_t n, const char *name);

/* Says of which log the following lines are: at first of log 0. */
void grouper_choose_log(struct grouper *grouper, size_t n);

/* Returns the reader of the stamps of the log with this name, a pointer. */
const struct line_time_reader *grouper_stamps(const struct grouper *grouper,
					      const char *source);

/*
 * From now on events.line tells only lines of groups that are sure to be
 * accepted, and known of the options that they are, with the lines up to then
 * held, at first of the open ones.  The grouper must hold lines.  Returns 0, or
 * -1 with errno set.
 */
int grouper_go_live(struct grouper *grouper);

/* Returns the name of the log that lines are taken from, or NULL. */
const char *grouper_source(const struct grouper *grouper);

/*
 * Says of which kind the labels of the following lines are, and when these were
 * written.
 */
void grouper_set_stamps(struct grouper *grouper, enum label_kind kind,
			struct stamp_span span);

/* Says on which side of the window the following lines are: at first inside. */
void grouper_set_side(struct grouper *grouper, enum window_side side);

/*
 * True if the log that lines are taken from is after the window, and has no
 * open group, or part of one, that can be of the window: later lines add
 * nothing.
 */
bool grouper_is_done(const struct grouper *grouper);

/* Takes a line without its newline.  Returns 0, or -1 with errno set. */
int grouper_line(struct grouper *grouper, const char *text, size_t len);

/*
 * Tells the time now, in nanoseconds, while no lines arrive, so that silent
 * groups end.  Returns 0, or -1 with errno set.
 */
int grouper_pass(struct grouper *grouper, int64_t now);

/*
 * Ends all groups with the logs, in the order of their last lines.  Returns 0,
 * or -1 with errno set.
 */
int grouper_finish(struct grouper *grouper);

/*
 * Begins to restore a group of an earlier run: until grouper_resume, no time
 * passes, lines are not reported again, and the next group gets this number.
 */
void grouper_restore(struct grouper *grouper, uint64_t number);

/*
 * Ends restoring a group, whose lines were passed to grouper_line; left_out
 * lines of it had been lost.  Returns false if they did not form this group.
 */
bool grouper_restored(struct grouper *grouper, uint64_t key, uint64_t number,
		      uint64_t left_out);

/* Ends restoring; number is the newest that an earlier run has given. */
void grouper_resume(struct grouper *grouper, uint64_t number);

#endif
