/*
 * Rotation: current becomes an archive, perhaps processed, and a new current
 * takes its place, step by step (steps.h).  The later steps go on behind the
 * appending of lines; only the next rotation waits for them, and for the
 * processor.
 *
 * In the same way an archive @LABEL.u that a crash has left is processed, and
 * what a processor that had to be killed was working on is saved.
 */
#ifndef ROTATION_H
#define ROTATION_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "rlog/logdir.h"

/*
 * Does all that can be done now.  True if lines may be appended; otherwise, or
 * if something goes on behind, it has to be called again at the deadline, which
 * it lowers, or when a child has ended.
 */
bool rotation_go(struct logdir *d, const struct tain_s *now,
		 struct tain_s *deadline);

/* Chooses what is to be done next: false if there is nothing. */
bool rotation_choose(struct logdir *d);

/* Runs the next step, as its run says.  rotation_choose must be true. */
int rotation_step(struct logdir *d);

/* True if nothing is under way. */
bool rotation_idle(const struct logdir *d);

#endif
