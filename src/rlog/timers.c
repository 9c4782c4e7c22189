/*
 * Timers.  The age of a current begins with the first batch after a rotation,
 * and not with the rotation.  Periods that divide a day are counted from the
 * beginning of Unix time, so they end on the hours of UTC.
 */
#include "rlog/timers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "base/label.h"
#include "compat/system_facts.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"

enum {
	DAY = 86400000, /* milliseconds */
	MS = 1000000    /* nanoseconds */
};

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
	if (!timers->since)
		return -1;
	tain_addsec(&timers->prune_at, stopwatch, TIMERS_PRUNE);
	for (unsigned int i = 0; i < timers->n; i++) {
		const struct settings *settings =
		    &directories[i].logdir.settings;

		timers->prunes = timers->prunes || settings->age;
		if (!settings->period)
			continue;
		timers->rotates = true;
		if (find_first_line(&timers->since[i], directories[i].logdir.fd,
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
	const struct directory *directory = &timers->directories[i];

	return directory->logdir.settings.period && directory->logdir.bytes &&
	       !directory->due && !batch_is_within(timers->batch, i);
}

/*
 * Sets *end to the time when a current that began at *since is too old.  A
 * label before Unix time, as another logger may have written it, counts as its
 * beginning.
 */
static void find_period_end(struct tain_s *end, const struct tain_s *since,
			    uint64_t period)
{
	struct timespec time;
	uint64_t ms;

	if (!label_to_time(&time, since, LABEL_DJB) || time.tv_sec < 0)
		time = (struct timespec){0};
	ms = (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / MS;
	if (DAY % period) {
		ms += period;
		time.tv_nsec %= MS;
	} else {
		ms = (ms / period + 1) * period;
		time.tv_nsec = 0;
	}
	time.tv_sec = (time_t)(ms / 1000);
	time.tv_nsec += (long)(ms % 1000 * MS);
	label_from_time(end, &time, LABEL_DJB);
}

/* True if the current is too old.  One that began after now begins now. */
static bool is_too_old(struct timers *timers, unsigned int i,
		       const struct tain_s *now)
{
	struct tain_s *since = &timers->since[i], end;

	if (tain_less(now, since))
		*since = *now;
	find_period_end(&end, since,
			timers->directories[i].logdir.settings.period);
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
		find_period_end(&end, &timers->since[i],
				timers->directories[i].logdir.settings.period);
		lower_to_end(turn, &end, clock);
	}
}
