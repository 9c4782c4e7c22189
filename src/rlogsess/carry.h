/*
 * Open sessions, or messages, carried over from one run to the next. The state
 * is a text: a line that says what it is, and for each open one a line and then
 * all its lines as the log had them, which are read again:
 *
 *   rlogsess state 1 sessions|messages NEXT
 *   = KEY NUMBER LINES LEFT_OUT
 *   ...
 *   end
 *
 * KEY is the process ID or message number, NUMBER the session's; NEXT is the
 * last number that was given to one.
 */
#ifndef CARRY_H
#define CARRY_H

#include "rlogsess/report.h"

/*
 * Takes up what descriptor fd holds, which may be nothing. Returns 0, or -1
 * with errno; EINVAL if that is no state of this kind.
 */
int carry_load(struct report *report, int fd);

/* Writes what is open to fd, and syncs it.  Returns 0, or -1 with errno. */
int carry_save(struct report *report, int fd);

/*
 * The same with a file: none is an empty one, and a new one is written beside
 * it as FILE.new, synced and renamed.
 */
int carry_load_file(struct report *report, const char *file);
int carry_save_file(struct report *report, const char *file);

#endif
