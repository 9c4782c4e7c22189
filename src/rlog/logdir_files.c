/*
 * File operations of a log directory.  A file that is missing is no failure:
 * somebody who removes one by hand must not stop the log.
 * Tested by tests/unit/rlog/rotation.c and tests/crash/state.t.
 */
#include "rlog/logdir_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"

int logdir_files_remove(struct logdir *d, const char *file)
{
	if (unlinkat(d->fd, file, 0) < 0 && errno != ENOENT)
		return failure_set(&d->failure, "remove", file);
	return 0;
}

int logdir_files_adopt_state(struct logdir *d)
{
	if (renameat(d->fd, LAYOUT_NEWSTATE, d->fd, LAYOUT_STATE) < 0 &&
	    errno != ENOENT)
		return failure_set(&d->failure, "rename", LAYOUT_NEWSTATE);
	return 0;
}

int logdir_files_mark(struct logdir *d, const char *file, mode_t bits)
{
	if (fchmodat(d->fd, file, d->settings.mode | bits, 0) < 0 &&
	    errno != ENOENT)
		return failure_set(&d->failure, "set the mode of", file);
	return 0;
}

int logdir_files_sync(struct logdir *d, const char *file)
{
	int fd = regular_file_open(d->fd, file, O_RDONLY, 0);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	r = fd < 0 ? -1 : fsync(fd);
	if (r < 0)
		failure_set(&d->failure, "sync", file);
	if (fd >= 0)
		close(fd);
	return r;
}

int logdir_files_sync_names(struct logdir *d)
{
	if (d->settings.sync >= 0 && fsync(d->fd) < 0)
		return failure_set(&d->failure, "sync directory", "");
	return 0;
}

int logdir_files_archive(struct logdir *d, const char *file,
			 enum archive_kind kind, const char *suffix, char *name)
{
	if (archive_rename(d->fd, file, kind, suffix, &d->newest, name) < 0)
		return failure_set(&d->failure, "rename", file);
	return 0;
}

int logdir_files_finish(struct logdir *d, char *archive)
{
	if (archive_finish(d->fd, archive, d->settings.suffix, &d->newest) < 0)
		return failure_set(&d->failure, "rename", archive);
	return 0;
}

void logdir_files_prune(struct logdir *d)
{
	if (archive_prune(d->fd, &d->settings, d->stuck) == 0)
		return;
	failure_set(&d->failure, "remove", d->stuck);
	logdir_tell(d, EVENT_ARCHIVE_STUCK);
}
