/* Rotation; see rotation.h. */
#include "rlog/rotation.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/deadline.h"
#include "rlog/steps.h"

/* Whoever removes an archive by hand must not stop the log. */
static bool archive_gone(const struct logdir *d)
{
	return faccessat(d->fd, d->archive, F_OK, AT_SYMLINK_NOFOLLOW) < 0;
}

/* The processor is not running and has not succeeded: must it run again? */
static void handle_failed_processor(struct logdir *d, enum phase phase)
{
	struct processor *p = &d->processor;

	if (p->ended) {
		p->ended = false;
		processor_pause(p, &d->now);
		if (!p->killed)
			logdir_tell(d, EVENT_PROCESSOR_FAILED);
	}
	if (phase == PHASE_TERMINATING || archive_gone(d) ||
	    (phase == PHASE_FINISHING && (d->leftover || p->paused)))
		d->step = steps_abandoning;
	else if (d->due && d->leftover)
		d->step = NULL;
}

static void choose_anew(struct logdir *d, const struct turn *turn)
{
	const bool saved = d->saved;

	d->saved = d->leftover = false;
	d->processor.paused = false;
	d->processor.pause = 0;
	if (saved && d->archive[0] && turn->phase != PHASE_TERMINATING) {
		d->step = steps_processing;
		return;
	}
	d->archive[0] = 0;
	if (d->due && !turn->writing) {
		d->due = false;
		d->saved = d->settings.processor;
		d->step = d->saved ? steps_saving : steps_plain;
	} else if (d->leftovers && turn->phase < PHASE_FINISHING) {
		d->leftovers = d->leftover =
		    archive_oldest(d->fd, ARCHIVE_UNFINISHED, d->archive) > 0;
		if (d->leftover)
			d->step = steps_processing;
	}
}

bool rotation_choose(struct logdir *d, const struct turn *turn)
{
	const struct processor *p = &d->processor;

	if (d->step && steps_processes(d->step) && !p->pid &&
	    !(p->ended && p->status == 0))
		handle_failed_processor(d, turn->phase);
	if (!d->step)
		choose_anew(d, turn);
	return d->step;
}

int rotation_step(struct logdir *d)
{
	const struct step *step = d->step;
	int r = step->run(d);

	if (r > 0)
		d->step = step[1].run ? step + 1 : NULL;
	return r;
}

bool rotation_idle(const struct logdir *d)
{
	return !d->step && !d->due && !d->saved;
}

static void lower_to_processor(struct logdir *d, struct tain_s *deadline)
{
	struct processor *p = &d->processor;

	if (p->pid && p->killed)
		deadline_lower(deadline, &p->deadline);
	if (p->pid && !p->killed && !p->told) {
		p->told = !tain_less(&d->now, &p->slow);
		if (p->told)
			logdir_tell(d, EVENT_PROCESSOR_SLOW);
		else
			deadline_lower(deadline, &p->slow);
	}
	if (!p->pid && p->paused && d->step)
		deadline_lower(deadline, &p->again);
}

bool rotation_go(struct logdir *d, struct turn *turn)
{
	const struct tain_s *now = &turn->now;
	int r = 1;

	if (rotation_idle(d) && !d->leftovers)
		return true;
	d->now = *now;
	if (turn->phase == PHASE_TERMINATING)
		processor_kill(&d->processor, now);
	while (r != 0 && !trouble_waits(&d->rotating, now, &turn->deadline) &&
	       rotation_choose(d, turn)) {
		r = rotation_step(d);
		if (r < 0 && logdir_make_room(d, d->failure.error, now))
			continue;
		if (r < 0) {
			if (trouble_hit(&d->rotating, now))
				logdir_tell(d, EVENT_TROUBLE);
			continue;
		}
		d->seconds = trouble_over(&d->rotating, now);
		if (d->seconds >= 0)
			logdir_tell(d, EVENT_WORKS_AGAIN);
	}
	lower_to_processor(d, &turn->deadline);
	return !d->due && (!d->step || d->step->behind);
}
