/*
 * The steps and their tables; see steps.h.  What is gone is not missed: whoever
 * removed `previous` by hand must not bring the log to a stop.
 */
#include "rlog/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

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

/* rotation_choose has looked at one that failed. */
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

const struct step steps_plain[] = {
    {"sync current", sync_current, false},
    {"rename current", rename_current, false},
    {"create current", create_current, false},
    {"mark previous", mark_previous, true},
    {"link previous", link_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

const struct step steps_processing[] = {
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
const struct step steps_leftover[] = {
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

const struct step steps_saving[] = {
    {"sync current", sync_current, false},
    {"rename current", rename_current, false},
    {"create current", create_current, false},
    {"save previous", save_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

const struct step steps_abandoning[] = {
    {"unlink processed", unlink_processed, true},
    {"unlink newstate", unlink_newstate, true},
    {"save previous", save_previous, true},
    {"unlink previous", unlink_previous, true},
    {"prune", prune, true},
    {NULL, NULL, true},
};

bool steps_processes(const struct step *step)
{
	return step->run == process;
}
