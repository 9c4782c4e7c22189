/*
 * The writer: makes batches of what the intake holds, one after the other, and
 * has all outputs put them out: the directories, which it also has rotated,
 * standard output, alerts and status files.  It never waits; what can't be done
 * now is tried again at its deadline.
 */
#ifndef WRITER_H
#define WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include <sys/types.h>

#include "rlog/batch.h"
#include "rlog/checkpoint.h"
#include "rlog/intake.h"
#include "rlog/logdir.h"
#include "rlog/output/standard_output.h"
#include "rlog/output/status_file.h"
#include "rlog/script.h"
#include "rlog/timers.h"

struct writer {
	const struct script *script;
	struct intake *intake;
	struct batch batch;
	struct logdir *directories; /* open, as in the script */
	struct status_file *statuses;
	struct standard_output forward;
	struct checkpoint checkpoint;
	struct timers timers;

	bool replay;            /* the next batch has the intake's clock */
	bool ending;            /* a signal said so */
	struct tain_s now;      /* of the turn, by the stopwatch */
	struct tain_s deadline; /* when something has to be tried again */
};

/*
 * Does all that can be done without waiting, when the stopwatch shows *now.
 * last: nothing follows what the intake holds, so a line in progress gets its
 * newline.  True if nothing can be done without more input, false if outputs
 * have to take something first.
 */
bool writer_go(struct writer *writer, bool last, const struct tain_s *now);

/* True if bytes of the intake, or the end of a line, are still to be written.
 */
bool writer_pending(const struct writer *writer);

/* ALRM: every current that is not empty is due for rotation. */
void writer_rotate(struct writer *writer);

/* A child has ended, perhaps a processor. */
void writer_reaped(struct writer *writer, pid_t pid, int status);

/* No rotation begins that could be left to the next rlog. */
void writer_finish(struct writer *writer);

/* A signal says that rlog has to end: processors, too. */
void writer_end(struct writer *writer);

/* True if no rotation is under way, or due. */
bool writer_idle(const struct writer *writer);

/* True if a processor is running. */
bool writer_processing(const struct writer *writer);

/*
 * How long outputs may block what is there before input is dropped, in
 * milliseconds: the longest of those that do.  0: for ever.
 */
uint64_t writer_drop_after(const struct writer *writer);

#endif
