/*
 * The log directories DIR/HOST/NAME.  At most FETCH_TREE_OPEN of them are open
 * at a time, since each needs memory: the one that was idle for the longest
 * time is closed for another.  No name in the tree may be a link.
 */
#ifndef FETCH_TREE_H
#define FETCH_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "logwrite/fed_log.h"
#include "stream/log_name.h"

enum {
	FETCH_TREE_OPEN = 64,  /* directories that are open at once */
	FETCH_TREE_MOST = 4096 /* directories in the tree */
};

struct fetch_branch {
	struct log_name origin;
	struct fed_log log;
	uint64_t used; /* when it was asked for, by a counter */
	char *path;    /* NULL: the branch is free */
};

struct fetch_tree {
	const char *const *directives;
	size_t directives_n;
	char *path; /* of DIR, as a directive of rlog */
	int root;
	size_t directories;    /* in the tree */
	struct log_name *logs; /* that were there, until recovered */
	size_t logs_n, recovered;
	uint64_t asked;
	bool crowded; /* a log was not opened, since none was idle */
	struct fetch_branch branches[FETCH_TREE_OPEN];
	struct trouble trouble; /* a directory that can't be opened */
	event_listener *tell;
};

/*
 * Makes, opens and locks DIR, counts its directories, and finds its logs.
 * directives, which stay, are those of each of them.  Returns 0, or -1 with
 * *failure.
 */
int fetch_tree_open(struct fetch_tree *tree, const char *path,
		    const char *const *directives, size_t directives_n,
		    event_listener *tell, struct failure *failure);

enum fetch_tree_answer {
	FETCH_TREE_TOO_MANY, /* there are FETCH_TREE_MOST others */
	FETCH_TREE_READY,
	FETCH_TREE_LATER /* to be asked again, at the deadline at the latest */
};

/*
 * Finds the log of an origin, or makes it.  A failure is told once, and tried
 * again; the deadline is lowered to the next try.
 */
enum fetch_tree_answer fetch_tree_find(struct fetch_tree *tree,
				       const struct log_name *origin,
				       struct fed_log **log,
				       struct tain_s *deadline);

/*
 * Opens each log that was there, so that what a process before this one has
 * left in rings is written, and archives are processed.  Returns false if it is
 * to be called again.
 */
bool fetch_tree_recover(struct fetch_tree *tree);

/* Calls fed_log_go, fed_log_rotate or fed_log_reaped of all open logs.  The
 * deadline is now if a log that another one waits for has become idle. */
void fetch_tree_go(struct fetch_tree *tree, enum phase phase,
		   struct tain_s *deadline);
void fetch_tree_rotate(struct fetch_tree *tree);
void fetch_tree_reaped(struct fetch_tree *tree, pid_t pid, int status);

/* Returns true if no log has anything to do. */
bool fetch_tree_is_idle(const struct fetch_tree *tree);

/* Returns true if a processor is running. */
bool fetch_tree_processing(const struct fetch_tree *tree);

/* Closes all.  Returns 0, or -1 if a log could not be closed, which was told.
 */
int fetch_tree_close(struct fetch_tree *tree);

#endif
