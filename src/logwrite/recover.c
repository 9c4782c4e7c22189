/*
 * Repairs a directory in the order of recover.h's table: first removes the
 * files that can't be the only copy of a line, then renames files, old ones
 * first, so that their labels tell the order. Tested by tests/sh/rlog-recover.t
 * and tests/crash/leftovers.t.
 */
#include "logwrite/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"

static int archive_file(struct logdir *logdir, const char *file,
			enum archive_kind kind, const char *suffix)
{
	char name[ARCHIVE_NAME];

	return logdir_archive(logdir, file, kind, suffix, name);
}

/* 1 and *st if the file is there, 0 if not, -1 if it is no regular file. */
static int stat_file(struct logdir *logdir, const char *file, struct stat *st)
{
	memset(st, 0, sizeof *st);
	if (fstatat(logdir->fd, file, st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : logdir_fail(logdir, "stat", file);
	if (!S_ISREG(st->st_mode)) {
		errno = EINVAL;
		return failure_refuse(&logdir->failure, "write to", file,
				      "not a regular file");
	}
	return 1;
}

/* 1 if the file is there, is regular, and has all bits of mode; else 0. */
static int has_mode(const struct logdir *logdir, const char *file, mode_t mode)
{
	struct stat st;

	return fstatat(logdir->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (st.st_mode & mode) == mode;
}

/* The archive with the same label, of another kind. */
static int twin_has_mode(const struct logdir *logdir, const char *archive,
			 enum archive_kind kind, mode_t mode, char *twin)
{
	archive_name_twin(twin, archive, kind);
	return has_mode(logdir, twin, mode);
}

/*
 * A .t beside an archive is what a processor of svlogd's has made so far, of
 * the .u; then newstate is of that run, too.
 */
static int remove_partial(void *context, const char *archive)
{
	struct logdir *logdir = context;
	char partial[ARCHIVE_NAME];

	if (!has_mode(logdir, archive, 0) ||
	    !twin_has_mode(logdir, archive, ARCHIVE_PARTIAL, 0, partial))
		return 0;
	if (archive_name_kind(archive) == ARCHIVE_UNFINISHED &&
	    logdir_remove(logdir, LAYOUT_NEWSTATE) < 0)
		return ARCHIVE_VISIT_FAILED;
	return logdir_remove(logdir, partial) < 0 ? ARCHIVE_VISIT_FAILED : 0;
}

/* Whether the file is an archive, too: 1 or 0, or -1 with logdir->failure. */
static int is_archive(struct logdir *logdir, const char *file)
{
	int r = archive_is(logdir->fd, file);

	return r < 0 ? logdir_fail(logdir, "stat", file) : r;
}

/* A .u that svlogd has processed, into this .s: 0, or -1 as all here. */
static int replace_by_twin(struct logdir *logdir, const char *archive,
			   const char *twin)
{
	return logdir_adopt_state(logdir, LAYOUT_NEWSTATE) < 0 ||
		       logdir_sync_file(logdir, twin) < 0
		   ? -1
		   : logdir_remove(logdir, archive);
}

/* A .u that rlog has processed. */
static int finish_made(struct logdir *logdir, const char *archive)
{
	char name[ARCHIVE_NAME];

	strcpy(name, archive);
	return logdir_adopt_state(logdir, LAYOUT_NEXTSTATE) < 0
		   ? -1
		   : logdir_finish(logdir, name);
}

/*
 * A .u that has been processed, or one with two names: svlogd found a current
 * that others had linked to an archive.
 */
static int complete_archive(struct logdir *logdir, const char *archive)
{
	char twin[ARCHIVE_NAME];
	int r = is_archive(logdir, archive);

	if (r)
		return r < 0 ? -1 : logdir_remove(logdir, archive);
	if (has_mode(logdir, archive, LAYOUT_ENDED))
		return twin_has_mode(logdir, archive, ARCHIVE_FINISHED, 0, twin)
			   ? replace_by_twin(logdir, archive, twin)
			   : 0;
	return has_mode(logdir, archive, LAYOUT_MADE)
		   ? finish_made(logdir, archive)
		   : 0;
}

static int complete_processed(void *context, const char *archive)
{
	return complete_archive(context, archive) < 0 ? ARCHIVE_VISIT_FAILED
						      : 0;
}

/* Returns 0, or -1 with logdir->failure, which a visit sets as well. */
static int visit_archives(struct logdir *logdir, enum archive_kind kind,
			  int (*visit)(void *context, const char *name))
{
	int r = archive_walk(logdir->fd, kind, visit, logdir);

	if (r < 0 && r != ARCHIVE_VISIT_FAILED)
		logdir_fail(logdir, "read directory", "");
	return r < 0 ? -1 : 0;
}

/* The output so far: without it, the state would be that of a complete one. */
static int remove_output(struct logdir *logdir, const char *output,
			 const char *state)
{
	return logdir_remove(logdir, state) < 0 ? -1
						: logdir_remove(logdir, output);
}

/* What rlog was processing. */
static int recover_processing(struct logdir *logdir)
{
	struct stat st;
	int r = stat_file(logdir, LAYOUT_PROCESSING, &st);

	return r <= 0
		   ? r
		   : remove_output(logdir, LAYOUT_PROCESSING, LAYOUT_NEXTSTATE);
}

/* What multilog or s6-log has processed. */
static int recover_processed(struct logdir *logdir)
{
	struct stat st;
	int r = stat_file(logdir, LAYOUT_PROCESSED, &st);

	if (r <= 0)
		return r;
	if (!(st.st_mode & LAYOUT_ENDED))
		return remove_output(logdir, LAYOUT_PROCESSED, LAYOUT_NEWSTATE);
	return logdir_remove(logdir, LAYOUT_PREVIOUS) < 0 ||
		       logdir_adopt_state(logdir, LAYOUT_NEWSTATE) < 0
		   ? -1
		   : archive_file(logdir, LAYOUT_PROCESSED, ARCHIVE_FINISHED,
				  logdir->settings.suffix);
}

static int recover_archives(struct logdir *logdir)
{
	if (recover_processing(logdir) < 0 || recover_processed(logdir) < 0 ||
	    visit_archives(logdir, ARCHIVE_UNFINISHED, remove_partial) < 0 ||
	    visit_archives(logdir, ARCHIVE_FINISHED, remove_partial) < 0 ||
	    visit_archives(logdir, ARCHIVE_UNFINISHED, complete_processed) < 0)
		return -1;
	return logdir_remove(logdir, LAYOUT_NEWSTATE) < 0
		   ? -1
		   : logdir_remove(logdir, LAYOUT_NEXTSTATE);
}

static int save_previous(struct logdir *logdir)
{
	struct stat st;
	int r = stat_file(logdir, LAYOUT_PREVIOUS, &st);

	return r <= 0 ? r
		      : archive_file(logdir, LAYOUT_PREVIOUS,
				     ARCHIVE_UNFINISHED, "");
}

/* multilog makes one too, when it does not go on with current. */
static int make_state(struct logdir *logdir)
{
	int fd = regular_file_open(logdir->fd, LAYOUT_STATE, O_WRONLY | O_CREAT,
				   LAYOUT_FILE_MODE);

	if (fd < 0)
		return logdir_fail(logdir, "create", LAYOUT_STATE);
	close(fd);
	return 0;
}

static int recover_all(struct logdir *logdir)
{
	struct stat st;
	bool kept;
	int linked;

	if (stat_file(logdir, LAYOUT_CURRENT, &st) < 0)
		return -1;
	linked = is_archive(logdir, LAYOUT_CURRENT);
	if (linked < 0)
		return -1;
	if (logdir_find_newest(logdir) < 0 || recover_archives(logdir) < 0 ||
	    save_previous(logdir) < 0)
		return -1;
	/* It may have had the name of what is an archive now. */
	if (!linked)
		linked = is_archive(logdir, LAYOUT_CURRENT);
	if (linked < 0)
		return -1;
	kept = !linked && (logdir->kept || st.st_mode & LAYOUT_ENDED);
	if (!kept && (st.st_size || linked) &&
	    archive_file(logdir, LAYOUT_CURRENT, ARCHIVE_UNFINISHED, "") < 0)
		return -1;
	if (!kept && make_state(logdir) < 0)
		return -1;
	/* A kill may have come between a rotation and its removal. */
	logdir_prune(logdir);
	return 0;
}

int recover_start(struct logdir *logdir)
{
	return recover_all(logdir) < 0 || logdir_open_current(logdir) < 0
		   ? -1
		   : logdir_sync_names(logdir);
}
