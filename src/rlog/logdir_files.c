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

int logdir_files_remove(struct logdir *logdir, const char *file)
{
	if (unlinkat(logdir->fd, file, 0) < 0 && errno != ENOENT)
		return failure_set(&logdir->failure, "remove", file);
	return 0;
}

int logdir_files_adopt_state(struct logdir *logdir)
{
	if (renameat(logdir->fd, LAYOUT_NEWSTATE, logdir->fd, LAYOUT_STATE) <
		0 &&
	    errno != ENOENT)
		return failure_set(&logdir->failure, "rename", LAYOUT_NEWSTATE);
	return 0;
}

int logdir_files_mark(struct logdir *logdir, const char *file, mode_t bits)
{
	if (fchmodat(logdir->fd, file, logdir->settings.mode | bits, 0) < 0 &&
	    errno != ENOENT)
		return failure_set(&logdir->failure, "set the mode of", file);
	return 0;
}

int logdir_files_sync(struct logdir *logdir, const char *file)
{
	int fd = regular_file_open(logdir->fd, file, O_RDONLY, 0);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	r = fd < 0 ? -1 : fsync(fd);
	if (r < 0)
		failure_set(&logdir->failure, "sync", file);
	if (fd >= 0)
		close(fd);
	return r;
}

int logdir_files_sync_names(struct logdir *logdir)
{
	if (logdir->settings.sync >= 0 && fsync(logdir->fd) < 0)
		return failure_set(&logdir->failure, "sync directory", "");
	return 0;
}

int logdir_files_archive(struct logdir *logdir, const char *file,
			 enum archive_kind kind, const char *suffix, char *name)
{
	if (archive_rename(logdir->fd, file, kind, suffix, &logdir->newest,
			   name) < 0)
		return failure_set(&logdir->failure, "rename", file);
	return 0;
}

int logdir_files_finish(struct logdir *logdir, char *archive)
{
	if (archive_finish(logdir->fd, archive, logdir->settings.suffix,
			   &logdir->newest) < 0)
		return failure_set(&logdir->failure, "rename", archive);
	return 0;
}

void logdir_files_prune(struct logdir *logdir)
{
	if (archive_prune(logdir->fd, &logdir->settings, logdir->stuck) == 0)
		return;
	failure_set(&logdir->failure, "remove", logdir->stuck);
	logdir_tell(logdir, EVENT_ARCHIVE_STUCK);
}
