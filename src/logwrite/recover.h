/*
 * Recovery of a log directory from the state in which it was left, by rlog,
 * multilog, s6-log or svlogd.  These are all files that a kill can leave beside
 * `current` and whole archives, with what becomes of them:
 *
 *     of          what there is                       what becomes of it
 *     multilog,   previous                            is named @LABEL.u
 *     s6-log      previous, an archive already,       loses the name `previous`
 *                 or current, an archive already      loses the name `current`,
 *                                                     vouched for or not
 *                 previous, processed without u+x     processed is removed, and
 *                                                     newstate; as above
 *                 previous, processed with u+x        previous is removed,
 *                 processed with u+x                  newstate becomes state,
 *                                                     it is named @LABEL.s
 *     svlogd      @L.u, @L.t                          @L.t is removed, and
 *                                                     newstate
 *                 @L.u, @M.u, the same file           loses the larger name
 *                 @L.u with u+x, @L.s                 newstate becomes state,
 *                                                     @L.u is removed
 *     rlog        @L.u, processing                    processing and nextstate
 *                                                     are removed
 *                 @L.u with LAYOUT_MADE               nextstate becomes state,
 *                                                     it is named @L.s
 *     all         current without u+x                 is named @LABEL.u, unless
 *                                                     it is empty or the intake
 *                                                     has vouched for it:
 *                                                     logdir->kept
 *                 current with u+x                    is gone on with
 *
 * So nothing is removed but what stands beside the file that it was made from,
 * or that was made from it, and each name changes by one rename: whoever comes
 * next, if this is killed, finds one of these states again.
 *
 * A .u and a .s of one label are the same lines only when the .u has u+x, as
 * svlogd sets it before it runs a processor.  s6-log, too, gives one label
 * twice, at its start, to what was processed and to an unclean current: then
 * the .u has no u+x, and both stay.
 *
 * Unlike multilog, the processor's state is kept, and a previous beside a clean
 * current is saved too, not overwritten by the next rotation.
 */
#ifndef RECOVER_H
#define RECOVER_H

#include "logwrite/logdir.h"

/*
 * Recovers the directory, which is open and locked, removes archives that are
 * too many, too large or too old, and opens current.  Returns 0, or -1 with
 * logdir->failure.
 */
int recover_start(struct logdir *logdir);

#endif
