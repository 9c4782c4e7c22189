/*
 * The steps of rotation and their tables; see rotation.h.  Every step may be
 * run again after it has failed.  What is gone is not missed: whoever removed
 * `previous` by hand must not bring the log to a stop.
 */
#include "rlog/rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include "rlog/recover.h"

static int sync_current(struct logdir *d)
{
	if (fsync(d->current) < 0)
		return failure_set(&d->failure, "sync", "current");
	d->unsynced = false;
	return 1;
}

static int set_aside(struct logdir *d, const char *file)
{
	if (renameat(d->fd, file, d->fd, "previous") < 0 && errno != ENOENT)
		return failure_set(&d->failure, "rename", file);
	return 1;
}

static int rename_current(struct logdir *d)
{
	return set_aside(d, "current");
}

/* With `F`, so that a name is on the disk like what it stands for. */
static int sync_names(struct logdir *d)
{
	if (d->settings.sync >= 0 && fsync(d->fd) < 0)
		return failure_set(&d->failure, "sync directory", "");
	return 1;
}

static int create_current(struct logdir *d)
{
	return logdir_open_current(d) < 0 ? -1 : sync_names(d);
}

static int mark(struct logdir *d, const char *file)
{
	if (fchmodat(d->fd, file, d->settings.mode | S_IXUSR, 0) < 0 &&
	    errno != ENOENT)
		return failure_set(&d->failure, "set the mode of", file);
	return 1;
}

static int mark_previous(struct logdir *d)
{
	return mark(d, "previous");
}

static int link_previous(struct logdir *d)
{
	return recover_archive(d, "previous", "s") < 0 ? -1 : 1;
}

static int save_previous(struct logdir *d)
{
	return recover_archive(d, "previous", "u") < 0 ? -1 : 1;
}

static int unlink_previous(struct logdir *d)
{
	return sync_names(d) < 0 || recover_remove(d, "previous") < 0 ? -1 : 1;
}

static int prune(struct logdir *d)
{
	logdir_prune(d);
	return 1;
}

/* Runs the processor; rotation_choose has looked at one that failed. */
static int process(struct logdir *d)
{
	struct processor *p = &d->processor;
	const struct processor_job job = {.directory = d->fd,
					  .command = d->settings.processor,
					  .file = d->archive[0] ? d->archive
								: "previous",
					  .mode = d->settings.mode};

	if (p->pid || (p->paused && tain_less(&d->now, &p->again)))
		return 0;
	if (p->ended) {
		p->ended = false;
		return 1;
	}
	if (processor_start(p, &job, &d->now) < 0)
		return failure_set(&d->failure, "start the processor of", "");
	return 0;
}

static int sync_file(struct logdir *d, const char *file)
{
	int fd =
	    openat(d->fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 1;
	r = fd < 0 ? -1 : fsync(fd);
	if (r < 0)
		failure_set(&d->failure, "sync", file);
	if (fd >= 0)
		close(fd);
	return r < 0 ? -1 : 1;
}

static int sync_processed(struct logdir *d)
{
	return sync_file(d, "processed");
}

static int sync_newstate(struct logdir *d)
{
	return sync_file(d, "newstate");
}

static int rename_leftover(struct logdir *d)
{
	return set_aside(d, d->archive);
}

static int mark_processed(struct logdir *d)
{
	return mark(d, "processed");
}

static int rename_newstate(struct logdir *d)
{
	return recover_state(d) < 0 ? -1 : 1;
}

static int link_processed(struct logdir *d)
{
	return recover_archive_processed(d) < 0 ? -1 : 1;
}

/* Under its own label, if that is free; if it is not, under a new one. */
static int link_leftover(struct logdir *d)
{
	char name[ARCHIVE_NAME];

	snprintf(name, sizeof name, "%.*s.s%s", (int)LABEL_LEN, d->archive,
		 d->settings.suffix);
	if (linkat(d->fd, "processed", d->fd, name, 0) == 0)
		return 1;
	if (errno != EEXIST)
		return failure_set(&d->failure, "link", "processed");
	return link_processed(d);
}

static int unlink_processed(struct logdir *d)
{
	return sync_names(d) < 0 || recover_remove(d, "processed") < 0 ? -1 : 1;
}

static int unlink_newstate(struct logdir *d)
{
	return recover_remove(d, "newstate") < 0 ? -1 : 1;
}

static const struct step plain[] = {
    {"sync current", sync_current, false},
    {"rename current", rename_current, false},
    {"create current", create_current, false},
    {"mark previous", mark_previous, true},
    {"link previous", link_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

static const struct step processing[] = {
    {"sync current", sync_current, false},
    {"rename current", rename_current, false},
    {"create current", create_current, false},
    {"mark previous", mark_previous, true},
    {"process", process, true},
    {"sync processed", sync_processed, true},
    {"sync newstate", sync_newstate, true},
    {"mark processed", mark_processed, true},
    {"unlink previous", unlink_previous, true},
    {"rename newstate", rename_newstate, true},
    {"link processed", link_processed, true},
    {"unlink processed", unlink_processed, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

/*
 * Once the leftover is `previous`, a crash is one in a rotation.  Linking the
 * result beside it instead would leave a .s and a .u of one label, and those
 * also occur with different contents, made by s6-log.
 */
static const struct step leftover[] = {
    {"process", process, true},
    {"sync processed", sync_processed, true},
    {"sync newstate", sync_newstate, true},
    {"rename leftover", rename_leftover, true},
    {"mark processed", mark_processed, true},
    {"unlink previous", unlink_previous, true},
    {"rename newstate", rename_newstate, true},
    {"link leftover", link_leftover, true},
    {"unlink processed", unlink_processed, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

/* With a processor, when there is no time to run it. */
static const struct step saving[] = {
    {"sync current", sync_current, false},
    {"rename current", rename_current, false},
    {"create current", create_current, false},
    {"save previous", save_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

/* Instead of the rest, when the processor was killed or may not start. */
static const struct step abandoning[] = {
    {"unlink processed", unlink_processed, true},
    {"unlink newstate", unlink_newstate, true},
    {"save previous", save_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

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
	if (d->ending || (d->finishing && d->archive[0]))
		d->step = abandoning;
	else if (d->due && d->archive[0])
		d->step = NULL;
}

static void choose_anew(struct logdir *d)
{
	d->archive[0] = 0;
	d->processor.paused = false;
	d->processor.pause = 0;
	if (d->due && !d->writing) {
		d->due = false;
		if (!d->settings.processor)
			d->step = plain;
		else
			d->step = d->ending ? saving : processing;
	} else if (d->leftovers && !d->finishing && !d->ending) {
		if (archive_oldest(d->fd, "u", d->archive) > 0)
			d->step = leftover;
		else
			d->leftovers = false;
	}
}

bool rotation_choose(struct logdir *d)
{
	const struct processor *p = &d->processor;

	if (d->step && d->step->run == process && !p->pid &&
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
	return !d->step && !d->due;
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
