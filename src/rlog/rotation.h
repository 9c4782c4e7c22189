/*
 * Rotation: current becomes an archive, perhaps processed, and a new current
 * takes its place, step by step (steps.h).  Lines are appended again as soon as
 * there is a new current; only the next rotation waits for the later steps and
 * for the processor.
 *
 * In the same way an archive @LABEL.u that a crash has left is processed.
 */
#ifndef ROTATION_H
#define ROTATION_H

#include <stdbool.h>

#include "rlog/logdir.h"
#include "rlog/turn.h"

/*
 * Takes all steps that can be taken now.  Returns true if lines may be
 * appended.  turn->deadline is lowered to the next call that is due; another
 * one is due when a child has ended.
 */
bool rotation_go(struct logdir *logdir, struct turn *turn);

/* Chooses the next step.  Returns false if there is none. */
bool rotation_choose(struct logdir *logdir, const struct turn *turn);

/* Runs the next step, as its run says.  rotation_choose must be true. */
int rotation_step(struct logdir *logdir);

/* True if nothing is under way. */
bool rotation_idle(const struct logdir *logdir);

#endif
