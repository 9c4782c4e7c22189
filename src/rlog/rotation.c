/*
 * Rotation: which table of steps is next, and running it.  At most one table is
 * under way.  A rotation that is due goes before a leftover that waits for its
 * processor, and nothing begins while a batch is begun.
 */
#include "rlog/rotation.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/deadline.h"
#include "rlog/steps.h"

/* Somebody who removes an archive by hand must not stop the log. */
static bool archive_gone(const struct logdir *logdir)
{
	return faccessat(logdir->fd, logdir->archive, F_OK,
			 AT_SYMLINK_NOFOLLOW) < 0;
}

/* The processor is not running and has not succeeded: must it run again? */
static void handle_failed_processor(struct logdir *logdir, enum phase phase)
{
	struct processor *p = &logdir->processor;

	if (p->ended) {
		p->ended = false;
		processor_pause(p, &logdir->now);
		if (!p->killed)
			logdir_tell(logdir, EVENT_PROCESSOR_FAILED);
	}
	if (phase == PHASE_TERMINATING || archive_gone(logdir) ||
	    (phase == PHASE_FINISHING && (logdir->leftover || p->paused)))
		logdir->step = steps_abandoning;
	else if (logdir->due && logdir->leftover)
		logdir->step = NULL;
}

static void choose_anew(struct logdir *logdir, const struct turn *turn)
{
	const bool saved = logdir->saved;

	logdir->saved = logdir->leftover = false;
	logdir->processor.paused = false;
	logdir->processor.pause = 0;
	if (saved && logdir->archive[0] && turn->phase != PHASE_TERMINATING) {
		logdir->step = steps_processing;
		return;
	}
	logdir->archive[0] = 0;
	if (logdir->due && !turn->writing) {
		logdir->due = false;
		logdir->saved = logdir->settings.processor;
		logdir->step = logdir->saved ? steps_saving : steps_plain;
	} else if (logdir->leftovers && turn->phase < PHASE_FINISHING) {
		logdir->leftovers = logdir->leftover =
		    archive_oldest(logdir->fd, ARCHIVE_UNFINISHED,
				   logdir->archive) > 0;
		if (logdir->leftover)
			logdir->step = steps_processing;
	}
}

bool rotation_choose(struct logdir *logdir, const struct turn *turn)
{
	const struct processor *p = &logdir->processor;

	if (logdir->step && steps_processes(logdir->step) && !p->pid &&
	    !(p->ended && p->status == 0))
		handle_failed_processor(logdir, turn->phase);
	if (!logdir->step)
		choose_anew(logdir, turn);
	return logdir->step;
}

int rotation_step(struct logdir *logdir)
{
	const struct step *step = logdir->step;
	int r = step->run(logdir);

	if (r > 0)
		logdir->step = step[1].run ? step + 1 : NULL;
	return r;
}

bool rotation_idle(const struct logdir *logdir)
{
	return !logdir->step && !logdir->due && !logdir->saved;
}

static void lower_to_processor(struct logdir *logdir, struct tain_s *deadline)
{
	struct processor *p = &logdir->processor;

	if (p->pid && p->killed)
		deadline_lower(deadline, &p->deadline);
	if (p->pid && !p->killed && !p->told) {
		p->told = !tain_less(&logdir->now, &p->slow);
		if (p->told)
			logdir_tell(logdir, EVENT_PROCESSOR_SLOW);
		else
			deadline_lower(deadline, &p->slow);
	}
	if (!p->pid && p->paused && logdir->step)
		deadline_lower(deadline, &p->again);
}

bool rotation_go(struct logdir *logdir, struct turn *turn)
{
	const struct tain_s *now = &turn->now;
	int r = 1;

	if (rotation_idle(logdir) && !logdir->leftovers)
		return true;
	logdir->now = *now;
	if (turn->phase == PHASE_TERMINATING)
		processor_kill(&logdir->processor, now);
	while (r != 0 &&
	       !trouble_waits(&logdir->rotating, now, &turn->deadline) &&
	       rotation_choose(logdir, turn)) {
		r = rotation_step(logdir);
		if (r < 0 &&
		    logdir_make_room(logdir, logdir->failure.error, now))
			continue;
		if (r < 0) {
			if (trouble_hit(&logdir->rotating, now))
				logdir_tell(logdir, EVENT_TROUBLE);
			continue;
		}
		logdir->seconds = trouble_over(&logdir->rotating, now);
		if (logdir->seconds >= 0)
			logdir_tell(logdir, EVENT_WORKS_AGAIN);
	}
	lower_to_processor(logdir, &turn->deadline);
	return !logdir->due && (!logdir->step || logdir->step->behind);
}
