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
 */
#ifndef CARRY_H
#define CARRY_H

#include "rlogsess/grouper.h"

/*
 * Opens the groups of the state in descriptor fd, which may be empty.  Returns
 * 0, or -1 with errno set: EINVAL if that is no state of this grouping, EXDEV
 * if it has groups of other logs than the grouper.
 */
int carry_load(struct grouper *grouper, int fd);

/* Writes the open groups to fd, and syncs it.  Returns 0, or -1 and errno. */
int carry_save(struct grouper *grouper, int fd);

/* Like carry_load, for a file; one that does not exist is an empty state. */
int carry_load_file(struct grouper *grouper, const char *file);

/*
 * Like carry_save, for a file: a new one is written beside it as FILE.new,
 * synced and renamed.
 */
int carry_save_file(struct grouper *grouper, const char *file);

#endif
