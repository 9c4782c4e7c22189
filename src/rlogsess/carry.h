/*
 * Open groups carried over from one run to the next, as a text: a line with the
 * grouping's name and the number of the newest group, and for each open group a
 * line and then its lines as they were in the log, which are parsed again:
 *
 *   rlogsess state 1 sessions|messages NUMBER
 *   = KEY NUMBER LINES LEFT_OUT
 *   ...
 *   end
 *
 * Where a grouper has several logs, the state has number 2 instead of 1, and
 * the groups of each log stand behind a line with the log's name, in which
 * control bytes and backslashes are escaped as in records.5:
 *
 *   source NAME
 *
 * Where the labels of a log count leap seconds, the line `labels leap` is
 * before its groups.
 *
 * Lines of the program itself may follow the first one; each begins with "+ ".
 */
#ifndef CARRY_H
#define CARRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/output.h"
#include "rlogsess/grouper.h"

/* The lines of the program in a state. */
struct carry_lines {
	/* Takes one, without "+ "; false: it is none. */
	bool (*load)(void *ctx, struct slice line);
	/* Writes them, whole. */
	void (*save)(void *ctx, struct output *output);
	void *ctx;
};

/*
 * Opens the groups of the state in descriptor fd, which may be empty.  Returns
 * 0, or -1 with errno set: EINVAL if that is no state of this program, EXDEV
 * if it has groups of other logs than the grouper.
 */
int carry_load(struct grouper *grouper, const struct carry_lines *own, int fd);

/* Writes the open groups to fd, and syncs it.  Returns 0, or -1 and errno. */
int carry_save(struct grouper *grouper, const struct carry_lines *own, int fd);

/* Like carry_load, for a file; one that does not exist is an empty state. */
int carry_load_file(struct grouper *grouper, const struct carry_lines *own,
		    const char *file);

/*
 * Like carry_save, for a file: a new one is written beside it as FILE.new,
 * synced and renamed.
 */
int carry_save_file(struct grouper *grouper, const struct carry_lines *own,
		    const char *file);

/*
 * Finds the number in the line "+ position NUMBER", which is in hexadecimal and
 * the second line of the state in a file.  Returns false if there is none.
 */
bool carry_find_position(const char *file, uint64_t *number);

#endif
