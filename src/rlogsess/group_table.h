/*
 * The groups that are open at one time, found by a number (a process ID, a
 * message number) and kept in lists, each in the order of the groups' last
 * lines.  A table with a line store holds lines of its groups, too.
 */
#ifndef GROUP_TABLE_H
#define GROUP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logread/time_window.h"
#include "rlogsess/line_spool.h"
#include "rlogsess/slice.h"

enum { GROUP_TABLE_LISTS = 3, GROUP_TABLE_HASH = 4096 };

/* Flags: why a group is incomplete. */
enum group_mark {
	GROUP_NO_START = 1, /* it began before the first line of the log */
	GROUP_OPEN = 2,     /* it continues after the last line of the log */
	GROUP_NO_END = 4,   /* another group took its key */
	GROUP_QUIET = 8,    /* the quiet time has passed */
	GROUP_CROWDED = 16, /* too many groups were open */
};

/* The first member of a user's struct; only this module writes to it. */
struct group {
	struct group *same_hash;       /* the next group of the bucket */
	struct group *previous, *next; /* in its list */
	int list;
	unsigned int marks; /* of enum group_mark */
	bool live; /* its lines are told as they arrive, and not held */
	uint64_t key;
	const char *source;     /* the name of its log, or NULL */
	uint64_t number;        /* 1, 2, 3, in the order of their first lines */
	int64_t first, last;    /* times of its lines, or LINE_TIME_NONE */
	enum window_side side;  /* of its last line */
	unsigned int sides;     /* of all lines: bits 1 << enum window_side */
	uint64_t lines;         /* number of its lines */
	uint64_t last_line;     /* number of its last line in the log */
	struct line_spool held; /* its lines, if they are held */
	struct line_spool rows; /* texts that a format holds until its end */
};

struct group_table {
	size_t size;        /* of the user's struct, in bytes */
	size_t count;       /* open groups */
	uint64_t number;    /* of the newest group */
	const char *source; /* of its groups */
	struct line_spool_store *store;
	struct group *hash[GROUP_TABLE_HASH];
	struct {
		struct group *head, *tail;
	} list[GROUP_TABLE_LISTS];
	struct group *spare;  /* closed groups, for use again */
	struct group *latest; /* the result of the last search */
};

/*
 * Groups are of size bytes.  A table without a store, which is NULL then, holds
 * no lines.
 */
void group_table_init(struct group_table *table, size_t size,
		      struct line_spool_store *store);

/* Names the log of the groups that are opened from now on; it must stay. */
void group_table_set_source(struct group_table *table, const char *name);

/* Closes and frees all groups. */
void group_table_free(struct group_table *table);

/* Returns the open group of this key, or NULL. */
struct group *group_table_find(struct group_table *table, uint64_t key);

/*
 * Opens a group, zeroed but for its key and number, as the last of list 0.
 * Returns NULL with errno set if there is no memory.
 */
struct group *group_table_open(struct group_table *table, uint64_t key);

/* Counts a line, the nth of the log; its time may be LINE_TIME_NONE. */
void group_table_count_line(struct group *group, int64_t time, uint64_t nth);

/* Says on which side of the window the line is that was counted last. */
void group_table_note_side(struct group *group, enum window_side side);

/* Holds a line of the group, or counts it as left out. */
void group_table_hold_line(struct group_table *table, struct group *group,
			   struct slice line);

/* Holds a text of the group, without newlines, for its format. */
void group_table_hold_row(struct group_table *table, struct group *group,
			  struct slice row);

/* Adds lines that an earlier run left out. */
void group_table_leave_out(struct group *group, uint64_t lines);

/* Adds flags of enum group_mark. */
void group_table_mark(struct group *group, unsigned int marks);

/* Makes a group live, and forgets the lines that it holds. */
void group_table_set_live(struct group_table *table, struct group *group);

/* Makes the group the last one of a list. */
void group_table_move(struct group_table *table, struct group *group, int list);

/* Makes number + 1 the number of the next group. */
void group_table_renumber(struct group_table *table, uint64_t number);

/* Returns the first group of a list, the quietest one, or NULL. */
struct group *group_table_head(const struct group_table *table, int list);

/* Returns the group of all lists whose last line is the oldest, or NULL. */
struct group *group_table_quietest(const struct group_table *table);

/*
 * Passes all groups to visit, in the order of their last lines.  Returns 0, or
 * -1 as soon as visit returns -1.
 */
int group_table_each(struct group_table *table,
		     int (*visit)(void *ctx, const struct group *group),
		     void *ctx);

/* Forgets a group and its lines; its memory may be used again. */
void group_table_close(struct group_table *table, struct group *group);

#endif
