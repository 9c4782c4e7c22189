/*
 * A log directory that a program writes to from memory, with no input, loop or
 * signals of its own: a program has as many of them as it needs, and calls each
 * when it likes.  None of the functions waits.
 *
 * Each put gives the bytes a mark, RING_MARK bytes that tell the program where
 * they are from.  Bytes and mark outlive the process together (intake.h), so a
 * program that is killed at any instruction finds by the mark which bytes it
 * has to put next.
 *
 * A log has a lock, a ring of 384 KiB on the disk and in the page cache, and a
 * buffer of 256 KiB.
 */
#ifndef FED_LOG_H
#define FED_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include "logwrite/intake_setup.h"

struct fed_log_options {
	/* Directives of rlog about sizes, archives and processors; they
	 * outlive the log. */
	const char *const *directives;
	size_t directives_n;
	const char *path; /* of the log directory, as messages show it */
	int root; /* the directory that it is in; path's last part is no link */
	event_listener *tell;
};

enum fed_log_state { FED_LOG_CLOSED, FED_LOG_OPENING, FED_LOG_OPEN };

struct fed_log {
	enum fed_log_state state;
	const char **arguments; /* of the script, and the path */
	struct script script;
	struct writer writer;
	struct intake intake;
	struct intake_setup setup;
	bool starved; /* all that can be written is */
};

/*
 * Checks directives.  Returns 1; 0 with a sentence in why, SCRIPT_ERROR bytes;
 * or -1 with errno.
 */
int fed_log_check(const char *const *directives, size_t n, char *why);

/*
 * Makes, locks and recovers the directory, and writes nothing yet; the log is 0
 * before.  Returns 1; 0 with *failure if the disk is full: fed_log_open is to
 * be called again; or -1 with *failure, which fed_log_close ends: it has to be
 * called then, too.
 */
int fed_log_open(struct fed_log *log, const struct fed_log_options *options,
		 struct failure *failure);

/* Copies the mark, RING_MARK bytes.  Returns false if there is none. */
bool fed_log_mark(const struct fed_log *log, void *mark);

/* Returns the number of bytes that fed_log_put may have now. */
size_t fed_log_room(const struct fed_log *log);

/* Takes n bytes, which may be 0, and their mark, in one step. */
void fed_log_put(struct fed_log *log, const char *bytes, size_t n,
		 const void *mark);

/* Returns true if the bytes that were put last end within a line. */
bool fed_log_midline(const struct fed_log *log);

/*
 * Writes and rotates what can be now; in PHASE_TERMINATING ends processors.
 * Lowers *deadline, of the stopwatch, to the next call that is due.
 */
void fed_log_go(struct fed_log *log, enum phase phase, struct tain_s *deadline);

/* Returns true if nothing is left to do until more is put. */
bool fed_log_is_idle(const struct fed_log *log);

/* Marks current as due for rotation. */
void fed_log_rotate(struct fed_log *log);

/* Passes on the end of a child, perhaps a processor. */
void fed_log_reaped(struct fed_log *log, pid_t pid, int status);

/* Returns true if a processor is running. */
bool fed_log_processing(const struct fed_log *log);

/*
 * Leaves the directory and the ring, with what it still holds, as the next
 * process expects them.  Returns 0, or -1 if that failed, which was told.
 */
int fed_log_close(struct fed_log *log);

#endif
