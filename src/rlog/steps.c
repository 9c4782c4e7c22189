/*
 * The steps and their tables.  Each step that changes a name is one rename, so
 * that every logger that takes the directory over after a crash finds every
 * line once: in `current` or in an archive.  multilog itself renames current to
 * `previous` first, and s6-log fails to start when it finds that beside a
 * current that is not clean.
 *
 * A file that is gone is not missed: somebody who removes one by hand must not
 * stop the log.  Tested by tests/unit/rlog/rotation.c.
 */
#include "rlog/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "rlog/logdir_files.h"

static int sync_current(struct logdir *logdir)
{
	return logdir_sync_current(logdir, fsync) < 0 ? -1 : 1;
}

/* All of it is on the disk. */
static int mark_current(struct logdir *logdir)
{
	if (fchmod(logdir->current, logdir->settings.mode | LAYOUT_ENDED) < 0)
		return failure_set(&logdir->failure, "set the mode of",
				   LAYOUT_CURRENT);
	return 1;
}

static int archive_current(struct logdir *logdir, enum archive_kind kind)
{
	return logdir_files_archive(logdir, LAYOUT_CURRENT, kind, "",
				    logdir->archive) < 0
		   ? -1
		   : 1;
}

static int finish_current(struct logdir *logdir)
{
	return archive_current(logdir, ARCHIVE_FINISHED);
}

static int save_current(struct logdir *logdir)
{
	return archive_current(logdir, ARCHIVE_UNFINISHED);
}

static int create_current(struct logdir *logdir)
{
	return logdir_open_current(logdir) < 0 ||
		       logdir_files_sync_names(logdir) < 0
		   ? -1
		   : 1;
}

static int prune_archives(struct logdir *logdir)
{
	logdir_files_prune(logdir);
	return 1;
}

/* rotation_choose has looked at one that failed. */
static int run_processor(struct logdir *logdir)
{
	struct processor *p = &logdir->processor;
	const struct processor_job job = {.directory = logdir->fd,
					  .command = logdir->settings.processor,
					  .file = logdir->archive,
					  .mode = logdir->settings.mode};

	if (p->pid || (p->paused && tain_less(&logdir->now, &p->again)))
		return 0;
	if (p->ended) {
		p->ended = false;
		return 1;
	}
	if (processor_start(p, &job, &logdir->now) < 0)
		return failure_set(&logdir->failure, "start the processor of",
				   "");
	return 0;
}

/* Before the sync, which is of the mark, too. */
static int mark_processed(struct logdir *logdir)
{
	return logdir_files_mark(logdir, LAYOUT_PROCESSED, LAYOUT_MADE) < 0 ? -1
									    : 1;
}

/*
 * After a failed sync nobody knows what is on the disk, and the next one says
 * yes: what it was made from is there, so it is made again.
 */
static int sync_made(struct logdir *logdir, const char *file)
{
	if (logdir_files_sync(logdir, file) == 0)
		return 1;
	logdir->step = steps_processing;
	return -1;
}

static int sync_processed(struct logdir *logdir)
{
	return sync_made(logdir, LAYOUT_PROCESSED);
}

static int sync_newstate(struct logdir *logdir)
{
	return sync_made(logdir, LAYOUT_NEWSTATE);
}

/* In the place of what it was made from, unless that was removed meanwhile, on
 * a full disk or since it was too old: it must not come back. */
static int rename_processed(struct logdir *logdir)
{
	if (faccessat(logdir->fd, logdir->archive, F_OK, AT_SYMLINK_NOFOLLOW) <
		0 &&
	    errno == ENOENT)
		return logdir_files_remove(logdir, LAYOUT_PROCESSED) < 0 ? -1
									 : 1;
	if (renameat(logdir->fd, LAYOUT_PROCESSED, logdir->fd,
		     logdir->archive) < 0 &&
	    errno != ENOENT)
		return failure_set(&logdir->failure, "rename",
				   LAYOUT_PROCESSED);
	return 1;
}

static int rename_newstate(struct logdir *logdir)
{
	return logdir_files_adopt_state(logdir) < 0 ? -1 : 1;
}

static int finish_archive(struct logdir *logdir)
{
	return logdir_files_finish(logdir, logdir->archive) < 0 ? -1 : 1;
}

/* LAYOUT_MADE stays: the archive's end says nothing of the lines. */
static int mark_archive(struct logdir *logdir)
{
	return logdir_files_mark(logdir, logdir->archive,
				 LAYOUT_ENDED | LAYOUT_MADE) < 0 ||
		       logdir_files_sync_names(logdir) < 0
		   ? -1
		   : 1;
}

static int unlink_newstate(struct logdir *logdir)
{
	return logdir_files_remove(logdir, LAYOUT_NEWSTATE) < 0 ? -1 : 1;
}

static int unlink_processed(struct logdir *logdir)
{
	return logdir_files_remove(logdir, LAYOUT_PROCESSED) < 0 ? -1 : 1;
}

const struct step steps_plain[] = {
    {"sync current", sync_current, false},
    {"mark current", mark_current, false},
    {"finish current", finish_current, false},
    {"create current", create_current, false},
    {"prune", prune_archives, true},
    {NULL, NULL, true},
};

const struct step steps_saving[] = {
    {"sync current", sync_current, false},
    {"mark current", mark_current, false},
    {"save current", save_current, false},
    {"create current", create_current, false},
    {"prune", prune_archives, true},
    {NULL, NULL, true},
};

const struct step steps_processing[] = {
    {"process", run_processor, true},
    {"mark processed", mark_processed, true},
    {"sync processed", sync_processed, true},
    {"sync newstate", sync_newstate, true},
    {"rename processed", rename_processed, true},
    {"rename newstate", rename_newstate, true},
    {"finish archive", finish_archive, true},
    {"mark archive", mark_archive, true},
    {"prune", prune_archives, true},
    {NULL, NULL, true},
};

/* In this order, as in recovery: newstate alone would be of a complete run. */
const struct step steps_abandoning[] = {
    {"unlink newstate", unlink_newstate, true},
    {"unlink processed", unlink_processed, true},
    {NULL, NULL, true},
};

bool steps_processes(const struct step *step)
{
	return step->run == run_processor;
}
