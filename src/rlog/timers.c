/*
 * Timers.  A current is as old as its first line, so its time begins with the
 * first batch after a rotation, and not with the rotation.
 */
#include "rlog/timers.h"

#include <stdlib.h>

#include "base/deadline.h"
#include "base/label.h"
#include "rlog/age.h"
#include "rlog/logdir_files.h"

int timers_init(struct timers *timers, const struct batch *batch,
		struct logdir *directories, const struct tain_s *stopwatch)
{
	timers->batch = batch;
	timers->directories = directories;
	timers->n = batch->script->directories_n;
	timers->rotates = timers->prunes = false;
	timers->since = calloc(timers->n + 1, sizeof *timers->since);
	if (!timers->since)
		return -1;
	tain_addsec(&timers->prune_at, stopwatch, TIMERS_PRUNE);
	for (unsigned int i = 0; i < timers->n; i++) {
		const struct settings *settings = &directories[i].settings;

		timers->prunes = timers->prunes || settings->age;
		if (!settings->period)
			continue;
		timers->rotates = true;
		if (age_find(&timers->since[i], directories[i].fd,
			     batch->script->stamp) < 0)
			label_now(&timers->since[i]);
	}
	return 0;
}

void timers_free(struct timers *timers)
{
	free(timers->since);
	timers->since = NULL;
}

/* True if there may be lines to rotate, and the file ends with one. */
static bool is_rotatable(const struct timers *timers, unsigned int i)
{
	const struct logdir *logdir = &timers->directories[i];

	return logdir->settings.period && logdir->bytes && !logdir->due &&
	       !batch_is_within(timers->batch, i);
}

bool timers_rotate(struct timers *timers, const struct turn *turn,
		   const struct tain_s *clock)
{
	bool any = false;

	if (!timers->rotates || turn->writing)
		return false;
	for (unsigned int i = 0; i < timers->n; i++) {
		struct logdir *logdir = &timers->directories[i];

		if (!is_rotatable(timers, i) ||
		    !age_is_over(&timers->since[i], clock,
				 logdir->settings.period))
			continue;
		logdir_mark_due(logdir);
		any = true;
	}
	return any;
}

void timers_begin(struct timers *timers, const struct tain_s *clock)
{
	for (unsigned int i = 0; timers->rotates && i < timers->n; i++)
		if (!timers->directories[i].bytes)
			timers->since[i] = *clock;
}

static void prune_all(struct timers *timers)
{
	for (unsigned int i = 0; i < timers->n; i++)
		if (timers->directories[i].settings.age)
			logdir_files_prune(&timers->directories[i]);
}

void timers_wait(struct timers *timers, struct turn *turn)
{
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
	for (unsigned int i = 0; i < timers->n; i++) {
		if (!is_rotatable(timers, i))
			continue;
		age_end(&end, &timers->since[i],
			timers->directories[i].settings.period);
		age_lower(&turn->deadline, &turn->now, &end, &clock);
	}
}
