/*
 * Recovery of a log directory from the state in which it was left:
 *
 *     processed with u+x      it is complete: becomes an archive @LABEL.s, and
 *                             newstate, if there, becomes state; previous,
 *                             what it was made from, is removed
 *     processed without       it is not: removed, with newstate
 *     previous                becomes an archive @LABEL.u
 *     current without u+x     becomes an archive @LABEL.u, unless it is empty
 *                             or the intake has vouched for it: d->kept
 *     current with u+x        is gone on with
 *
 * Unlike multilog, the processor's state is kept, and a previous beside a clean
 * current is saved too, not overwritten by the next rotation.
 */
#ifndef RLOG_RECOVER_H
#define RLOG_RECOVER_H

#include "rlog/logdir.h"

/* 0, or -1 with d->failure.  The directory is open and locked. */
int recover(struct logdir *d);

/* Removes the file, if it is there.  0, or -1 with d->failure. */
int recover_remove(struct logdir *d, const char *file);

/* Archives the file, if it is there.  0, or -1 with d->failure. */
int recover_archive(struct logdir *d, const char *file, const char *suffix);

/* The same for what a processor has made, with the suffix of its archives. */
int recover_archive_processed(struct logdir *d);

/* What the processor has left as newstate becomes its state. */
int recover_state(struct logdir *d);

#endif
