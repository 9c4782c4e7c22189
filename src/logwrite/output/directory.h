/*
 * A log directory as an output: lines are appended to current, and current is
 * rotated.  A rotation is a table of steps: current becomes an archive, perhaps
 * processed, and a new current takes its place.  Lines are appended again as
 * soon as there is a new current; only the next rotation waits for the later
 * steps and for the processor.  In the same way an archive @LABEL.u that a
 * crash has left is processed.
 */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include <stdbool.h>

#include "logwrite/logdir.h"
#include "logwrite/output/log_output.h"
#include "logwrite/processor.h"

struct step;

struct directory {
	struct log_output output; /* the first member */
	struct logdir logdir;
	bool due;                /* current has to be rotated */
	bool leftovers;          /* there may be .u files of a crash */
	const struct step *step; /* the next one, NULL: none is under way */
	bool saved;    /* the steps under way make a .u for the processor */
	bool leftover; /* archive is a .u of a crash */
	char archive[ARCHIVE_NAME]; /* the .u that is processed, "" */
	struct processor processor;
	struct trouble rotating;
	struct tain_s now; /* of the turn, by the stopwatch */
};

/*
 * Opens and locks the log directory of an action.  Returns 0, or -1 with
 * directory->logdir.failure and nothing left open.
 */
int directory_open(struct directory *directory, const struct action *action,
		   event_listener *tell);

/*
 * Recovers the directory and opens current; tells of a current that is not as
 * the ring has it.  Returns 0, or -1 with directory->logdir.failure.
 */
int directory_start(struct directory *directory);

/* Marks current as due for rotation. */
void directory_mark_due(struct directory *directory);

/*
 * Takes all steps that can be taken now.  Returns true if lines may be
 * appended.  turn->deadline is lowered to the next call that is due; another
 * one is due when a child has ended.
 */
bool directory_rotate(struct directory *directory, struct turn *turn);

/* Chooses the next step.  Returns false if there is none. */
bool directory_choose_step(struct directory *directory,
			   const struct turn *turn);

/*
 * Runs the next step; directory_choose_step must have returned true.  Returns 1
 * if it is done, 0 if it has to wait, or -1 with directory->logdir.failure if
 * it is to be tried again.
 */
int directory_run_step(struct directory *directory);

/* Returns true if no rotation is under way, or due. */
bool directory_is_idle(const struct directory *directory);

/* Returns true if the child that has ended was the directory's processor. */
bool directory_reaped(struct directory *directory, pid_t pid, int status);

/* Returns true if no batch can be written to the directory, or begun, now. */
bool directory_is_blocked(const struct directory *directory);

#endif
