/*
 * The writer: makes batches of what the intake holds, one after the other, and
 * has every output write them and rotate.  It never waits: an output that can't
 * write now is asked again at the deadline of the turn.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#include "logwrite/batch.h"
#include "logwrite/checkpoint.h"
#include "logwrite/intake.h"
#include "logwrite/output/directory.h"
#include "logwrite/output/log_output.h"
#include "logwrite/output/standard_output.h"
#include "logwrite/output/status_file.h"
#include "logwrite/script.h"
#include "logwrite/timers.h"
#include "logwrite/turn.h"

struct writer {
	const struct script *script;
	event_listener *tell;
	struct intake *intake;
	struct batch batch;
	struct directory *directories; /* in the order of the script */
	struct status_file *statuses;
	struct standard_output standard_output;
	struct log_output alerts;
	struct log_outputs outputs; /* all of these */
	struct checkpoint checkpoint;
	struct timers timers;
	bool replay; /* the next batch has the clock of the intake */
};

/*
 * Opens all outputs of the script; the writer is 0 before.  Returns 0, or -1
 * with *failure: an output before the one that failed is left open.
 */
int writer_open(struct writer *writer, const struct script *script,
		event_listener *tell, struct failure *failure);

/*
 * Recovers the directories, and goes on from the state that the intake, which
 * is open, has of the last rlog.  Returns 0, or -1 with *failure.
 */
int writer_start(struct writer *writer, struct intake *intake,
		 struct failure *failure);

/*
 * Cuts off a batch that is begun, leaves all outputs as the next rlog expects
 * them, and frees the writer's memory.  Returns 0, or -1 if that failed, which
 * was told.
 */
int writer_close(struct writer *writer);

/*
 * Closes all outputs as a kill does, and frees the writer's memory.  It may
 * have failed to open or to start.
 */
void writer_abandon(struct writer *writer);

/*
 * Does all that can be done without waiting.  last: nothing follows what the
 * intake holds, so that a line in progress gets its newline.  Returns true if
 * nothing can be done without more input, or false if outputs have to write
 * first; turn->deadline is set to the next try.
 */
bool writer_go(struct writer *writer, bool last, struct turn *turn);

/*
 * Removes archives that are too old if it is time, and lowers turn->deadline,
 * which writer_go has set, to the next time or to the end of a current's age.
 */
void writer_wait(struct writer *writer, struct turn *turn);

/* Notes that bytes at the end of the intake were dropped. */
void writer_dropped(struct writer *writer);

/* Returns true if bytes of the intake, or the end of a line, are to be written.
 */
bool writer_pending(const struct writer *writer);

/* Returns true if the log ends in the middle of a line. */
bool writer_midline(const struct writer *writer);

/* Marks every current that is not empty as due for rotation. */
void writer_rotate(struct writer *writer);

/* Passes on the status of a child that has ended, perhaps a processor. */
void writer_reaped(struct writer *writer, pid_t pid, int status);

/* Returns true if no rotation is under way, or due. */
bool writer_idle(const struct writer *writer);

/* Returns true if a processor is running. */
bool writer_processing(const struct writer *writer);

/* Returns the descriptor that has to become writable, or -1. */
int writer_stuck(const struct writer *writer);

/* Returns log_outputs_drop_after of the outputs. */
uint64_t writer_drop_after(const struct writer *writer);

#endif
