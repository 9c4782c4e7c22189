/* Timers; see timers.h. */
#include "rlog/timers.h"

#include "base/deadline.h"
#include "base/label.h"
#include "rlog/age.h"
#include "rlog/logdir_files.h"

void timers_init(struct timers *timers, const struct batch *batch,
		 struct logdir *directories, const struct tain_s *stopwatch)
{
	struct logdir *d;

	timers->batch = batch;
	timers->directories = directories;
	timers->n = batch->script->directories_n;
	timers->rotates = timers->prunes = false;
	tain_addsec(&timers->prune_at, stopwatch, TIMERS_PRUNE);
	for (d = directories; d < directories + timers->n; d++) {
		timers->prunes = timers->prunes || d->settings.age;
		if (!d->settings.period)
			continue;
		timers->rotates = true;
		if (age_find(&d->since, d->fd, batch->script->stamp) < 0)
			label_now(&d->since);
	}
}

/* True if there may be something to rotate: a file that ends with a line. */
static bool is_rotatable(const struct timers *timers, const struct logdir *d)
{
	const unsigned int i = (unsigned int)(d - timers->directories);

	return d->settings.period && d->bytes && !d->due &&
	       !batch_is_within(timers->batch, i);
}

bool timers_rotate(struct timers *timers, const struct turn *turn,
		   const struct tain_s *clock)
{
	struct logdir *d = timers->directories, *end = d + timers->n;
	bool any = false;

	for (; timers->rotates && !turn->writing && d < end; d++) {
		if (!is_rotatable(timers, d) ||
		    !age_is_over(&d->since, clock, d->settings.period))
			continue;
		logdir_mark_due(d);
		any = true;
	}
	return any;
}

void timers_begin(struct timers *timers, const struct tain_s *clock)
{
	struct logdir *d = timers->directories, *end = d + timers->n;

	for (; timers->rotates && d < end; d++)
		if (!d->bytes)
			d->since = *clock;
}

static void prune_all(struct timers *timers)
{
	struct logdir *d = timers->directories, *end = d + timers->n;

	for (; d < end; d++)
		if (d->settings.age)
			logdir_files_prune(d);
}

void timers_wait(struct timers *timers, struct turn *turn)
{
	struct logdir *d = timers->directories;
	const struct logdir *last = d + timers->n;
	struct tain_s clock, end;

	if (timers->prunes && !tain_less(&turn->now, &timers->prune_at)) {
		prune_all(timers);
		tain_addsec(&timers->prune_at, &turn->now, TIMERS_PRUNE);
	}
	if (timers->prunes)
		deadline_lower(&turn->deadline, &timers->prune_at);
	if (!timers->rotates || turn->writing)
		return;
	label_now(&clock);
	for (; d < last; d++) {
		if (!is_rotatable(timers, d))
			continue;
		age_end(&end, &d->since, d->settings.period);
		age_lower(&turn->deadline, &turn->now, &end, &clock);
	}
}
