/*
 * What is open at one time: groups of lines, found by a number (a process ID, a
 * message number) and kept in lists, each in order of their last line.
 */
#ifndef GROUP_TABLE_H
#define GROUP_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "rlogsess/line_spool.h"

enum { GROUP_TABLE_LISTS = 3, GROUP_TABLE_HASH = 4096 };

/* What is to be known of how a group is told. */
enum group_mark {
	GROUP_NO_START = 1, /* it began before what was read */
	GROUP_OPEN = 2,     /* it goes on behind what was read */
	GROUP_NO_END = 4,   /* another one has its key */
	GROUP_QUIET = 8,    /* the quiet time has passed */
	GROUP_CROWDED = 16, /* too many were open */
};

/* The first member of what a user of this module keeps of a group. */
struct group {
	struct group *same;            /* the next one with the same hash */
	struct group *before, *behind; /* in its list */
	int list;
	unsigned int marks; /* enum group_mark */
	uint64_t key;
	uint64_t number;        /* 1, 2, 3, in the order of their first lines */
	int64_t first, last;    /* times of its first and last line, or NONE */
	uint64_t lines;         /* how many lines it has */
	uint64_t last_line;     /* number of its last line in the log */
	struct line_spool held; /* the lines, if they are kept */
};

struct group_table {
	size_t size;  /* bytes of a group and what belongs to it */
	size_t count; /* open groups */
	uint64_t number;
	struct group *hash[GROUP_TABLE_HASH];
	struct {
		struct group *head, *tail;
	} list[GROUP_TABLE_LISTS];
	struct group *spare;  /* closed ones, for use again */
	struct group *latest; /* what was found last */
};

void group_table_init(struct group_table *book, size_t size);

/* Frees all; the lines of open groups belong to their store. */
void group_table_free(struct group_table *book);

/* The open group of this key, or NULL. */
struct group *group_table_find(struct group_table *book, uint64_t key);

/* A new group, zeroed, the last of list 0; NULL with errno without memory. */
struct group *group_table_open(struct group_table *book, uint64_t key);

/* A line of it, the nth of the log; its time may be LINE_TIME_NONE. */
void group_table_line(struct group *group, int64_t time, uint64_t nth);

/* Makes it the last one of a list. */
void group_table_move(struct group_table *book, struct group *group, int list);

/* The one of all that had its last line first, or NULL. */
struct group *group_table_quietest(const struct group_table *book);

/*
 * Gives all to one, in the order of their last lines.  Returns 0, or -1 when
 * give did.
 */
int group_table_each(struct group_table *book,
		     int (*give)(void *ctx, const struct group *g), void *ctx);

/* Takes it out of the book, which may use it again; its lines are freed. */
void group_table_close(struct group_table *book, struct line_spool_store *store,
		       struct group *group);

#endif
