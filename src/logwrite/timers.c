/*
 * Timers.  The age of a current begins with the first batch after a rotation,
 * and not with the rotation.  period.h knows when it is too old.
 */
#include "logwrite/timers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "base/label.h"
#include "compat/system_facts.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"

/* Sets the time when a file was created, else when it was last changed. */
static int find_birth(struct tain_s *since, int fd)
{
	struct timespec time;
	struct stat st;

	if (!system_facts_birth(fd, &time)) {
		if (fstat(fd, &st) < 0)
			return -1;
		time = st.st_mtim;
	}
	return label_from_time(since, &time, LABEL_DJB) ? 0 : -1;
}

/* Sets the time at which a current that is not empty began. */
static int find_first_line(struct tain_s *since, int directory,
			   enum label_kind kind)
{
	int fd = regular_file_open(directory, LAYOUT_CURRENT, O_RDONLY, 0);
	char text[LINE_STAMP_MAX];
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text);
	if (n < 0 || !line_stamp_parse(kind, since, text, (size_t)n))
		r = find_birth(since, fd);
	close(fd);
	return r;
}

int timers_init(struct timers *timers, const struct batch *batch,
		struct directory *directories, const struct tain_s *stopwatch)
{
	timers->batch = batch;
	timers->directories = directories;
	timers->n = batch->script->directories_n;
	timers->rotates = timers->prunes = false;
	timers->since = calloc(timers->n + 1, sizeof *timers->since);
	timers->local_ends = calloc(timers->n + 1, sizeof *timers->local_ends);
	if (!timers->since || !timers->local_ends) {
		timers_free(timers);
		return -1;
	}
	tain_addsec(&timers->prune_at, stopwatch, TIMERS_PRUNE);
	for (unsigned int i = 0; i < timers->n; i++) {
		const struct settings *settings =
		    &directories[i].logdir.settings;

		timers->prunes = timers->prunes || settings->age;
		if (!settings->period.length)
			continue;
		timers->rotates = true;
		if (settings->period.local)
			tzset();
		if (find_first_line(&timers->since[i], directories[i].logdir.fd,
				    batch->script->stamp) < 0)
			label_now(&timers->since[i]);
	}
	return 0;
}

void timers_free(struct timers *timers)
{
	free(timers->since);
	free(timers->local_ends);
	timers->since = NULL;
	timers->local_ends = NULL;
}

/* True if there may be lines to rotate, and the file ends with one. */
static bool is_rotatable(const struct timers *timers, unsigned int i)
{
	const struct directory *directory = &timers->directories[i];

	return directory->logdir.settings.period.length &&
	       directory->logdir.bytes && !directory->due &&
	       !batch_is_within(timers->batch, i);
}

/*
 * Sets *end to the time when the current is too old.  The end by the local
 * clock is kept, since the C library may look at the zone's file each time.
 */
static void find_current_end(struct timers *timers, unsigned int i,
			     struct tain_s *end)
{
	const struct period *period =
	    &timers->directories[i].logdir.settings.period;
	struct local_end *kept = &timers->local_ends[i];
	const struct tain_s *since = &timers->since[i];

	if (!period->local) {
		period_find_end(end, since, period);
		return;
	}
	if (!kept->known || tain_less(&kept->since, since) ||
	    tain_less(since, &kept->since)) {
		*kept = (struct local_end){.known = true, .since = *since};
		period_find_end(&kept->end, since, period);
	}
	*end = kept->end;
}

/* True if the current is too old.  One that began after now begins now. */
static bool is_too_old(struct timers *timers, unsigned int i,
		       const struct tain_s *now)
{
	struct tain_s *since = &timers->since[i], end;

	if (tain_less(now, since))
		*since = *now;
	find_current_end(timers, i, &end);
	return deadline_is_past(&end, now);
}

bool timers_rotate(struct timers *timers, const struct turn *turn,
		   const struct tain_s *clock)
{
	bool any = false;

	if (!timers->rotates || turn->writing)
		return false;
	for (unsigned int i = 0; i < timers->n; i++) {
		if (!is_rotatable(timers, i) || !is_too_old(timers, i, clock))
			continue;
		directory_mark_due(&timers->directories[i]);
		any = true;
	}
	return any;
}

void timers_begin(struct timers *timers, const struct tain_s *clock)
{
	for (unsigned int i = 0; timers->rotates && i < timers->n; i++)
		if (!timers->directories[i].logdir.bytes)
			timers->since[i] = *clock;
}

static void prune_all(struct timers *timers)
{
	for (unsigned int i = 0; i < timers->n; i++)
		if (timers->directories[i].logdir.settings.age)
			logdir_prune(&timers->directories[i].logdir);
}

/* Lowers turn->deadline, of the stopwatch, to the end, of the clock. */
static void lower_to_end(struct turn *turn, const struct tain_s *end,
			 const struct tain_s *clock)
{
	struct tain_s wait = {.sec = {TIMERS_LOOK}}, left, when;

	if (tain_less(clock, end))
		tain_sub(&left, end, clock);
	else
		left = tain_zero;
	if (tain_less(&left, &wait))
		wait = left;
	tain_add(&when, &turn->now, &wait);
	deadline_lower(&turn->deadline, &when);
}

void timers_wait(struct timers *timers, struct turn *turn,
		 const struct tain_s *clock)
{
	struct tain_s end;

	if (timers->prunes && deadline_is_past(&timers->prune_at, &turn->now)) {
		prune_all(timers);
		tain_addsec(&timers->prune_at, &turn->now, TIMERS_PRUNE);
	}
	if (timers->prunes)
		deadline_lower(&turn->deadline, &timers->prune_at);
	if (!timers->rotates || turn->writing)
		return;
	for (unsigned int i = 0; i < timers->n; i++) {
		if (!is_rotatable(timers, i))
			continue;
		find_current_end(timers, i, &end);
		lower_to_end(turn, &end, clock);
	}
}
