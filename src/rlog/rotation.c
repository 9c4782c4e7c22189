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
static void processor_failed(struct logdir *d)
{
	struct processor *p = &d->processor;

	if (p->ended) {
		p->ended = false;
		processor_pause(p, &d->now);
		if (!p->killed)
			d->listener->tell(d, LOGDIR_PROCESSOR);
	}
	if (d->ending || archive_gone(d) ||
	    (d->finishing && (d->leftover || p->paused)))
		d->step = steps_abandoning;
	else if (d->due && d->leftover)
		d->step = NULL;
}

static void choose_anew(struct logdir *d)
{
	const bool saved = d->saved;

	d->saved = d->leftover = false;
	d->processor.paused = false;
	d->processor.pause = 0;
	if (saved && d->archive[0] && !d->ending) {
		d->step = steps_processing;
		return;
	}
	d->archive[0] = 0;
	if (d->due && !d->writing) {
		d->due = false;
		d->saved = d->settings.processor;
		d->step = d->saved ? steps_saving : steps_plain;
	} else if (d->leftovers && !d->finishing && !d->ending) {
		d->leftovers = d->leftover =
		    archive_oldest(d->fd, ARCHIVE_UNFINISHED, d->archive) > 0;
		if (d->leftover)
			d->step = steps_processing;
	}
}

bool rotation_choose(struct logdir *d)
{
	const struct processor *p = &d->processor;

	if (d->step && steps_processes(d->step) && !p->pid &&
	    !(p->ended && p->status == 0))
		processor_failed(d);
	if (!d->step)
		choose_anew(d);
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

static void processor_deadline(struct logdir *d, struct tain_s *deadline)
{
	struct processor *p = &d->processor;

	if (p->pid && p->killed)
		deadline_lower(deadline, &p->deadline);
	if (p->pid && !p->killed && !p->told) {
		p->told = !tain_less(&d->now, &p->slow);
		if (p->told)
			d->listener->tell(d, LOGDIR_SLOW);
		else
			deadline_lower(deadline, &p->slow);
	}
	if (!p->pid && p->paused && d->step)
		deadline_lower(deadline, &p->again);
}

bool rotation_go(struct logdir *d, const struct tain_s *now,
		 struct tain_s *deadline)
{
	int r = 1;

	if (rotation_idle(d) && !d->leftovers)
		return true;
	d->now = *now;
	if (d->ending)
		processor_kill(&d->processor, now);
	while (r != 0 && !trouble_waits(&d->rotating, now, deadline) &&
	       rotation_choose(d)) {
		r = rotation_step(d);
		if (r < 0 && logdir_make_room(d, now))
			continue;
		if (r < 0) {
			if (trouble_hit(&d->rotating, now))
				d->listener->tell(d, LOGDIR_TROUBLE);
			continue;
		}
		d->seconds = trouble_over(&d->rotating, now);
		if (d->seconds >= 0)
			d->listener->tell(d, LOGDIR_AGAIN);
	}
	processor_deadline(d, deadline);
	return !d->due && (!d->step || d->step->behind);
}
