/*
 * Recovery; see recover.h.  The order is that of the table: what can't be the
 * only copy of a line is removed first, then files get new names, old ones
 * first, so that labels tell their order.
 */
#include "rlog/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"
#include "rlog/logdir_files.h"

static int archive_file(struct logdir *d, const char *file,
			enum archive_kind kind, const char *suffix)
{
	char name[ARCHIVE_NAME];

	return logdir_files_archive(d, file, kind, suffix, name);
}

/* 1 and *st if the file is there, 0 if not, -1 if it is no regular file. */
static int stat_file(struct logdir *d, const char *file, struct stat *st)
{
	memset(st, 0, sizeof *st);
	if (fstatat(d->fd, file, st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0
				       : failure_set(&d->failure, "stat", file);
	if (!S_ISREG(st->st_mode)) {
		errno = EINVAL;
		return failure_refuse(&d->failure, "write to", file,
				      "not a regular file");
	}
	return 1;
}

/* 1 if the file is there, is regular, and has all bits of mode; else 0. */
static int has_mode(const struct logdir *d, const char *file, mode_t mode)
{
	struct stat st;

	return fstatat(d->fd, file, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISREG(st.st_mode) && (st.st_mode & mode) == mode;
}

/* The archive with the same label, of another kind. */
static int twin_has_mode(const struct logdir *d, const char *archive,
			 enum archive_kind kind, mode_t mode, char *twin)
{
	archive_name_twin(twin, archive, kind);
	return has_mode(d, twin, mode);
}

/*
 * A .t beside an archive is what a processor of svlogd's has made so far, of
 * the .u; then newstate is of that run, too.
 */
static int remove_partial(void *context, const char *archive)
{
	struct logdir *d = context;
	char partial[ARCHIVE_NAME];

	if (!twin_has_mode(d, archive, ARCHIVE_PARTIAL, 0, partial))
		return 0;
	strcpy(d->archive, partial);
	if (archive_name_kind(archive) == ARCHIVE_UNFINISHED &&
	    logdir_files_remove(d, LAYOUT_NEWSTATE) < 0)
		return -1;
	return logdir_files_remove(d, d->archive);
}

/* Whether the file is an archive, too: 1 or 0, or -1 with d->failure. */
static int is_archive(struct logdir *d, const char *file)
{
	int r = archive_is(d->fd, file);

	return r < 0 ? failure_set(&d->failure, "stat", file) : r;
}

/*
 * A .u that has been processed: by svlogd, into a .s, or by rlog.  Or one with
 * two names: svlogd found a current that others had linked to an archive.
 */
static int complete_processed(void *context, const char *archive)
{
	struct logdir *d = context;
	char twin[ARCHIVE_NAME];
	int r;

	strcpy(d->archive, archive);
	r = is_archive(d, d->archive);
	if (r)
		return r < 0 ? -1 : logdir_files_remove(d, d->archive);
	if (has_mode(d, archive, LAYOUT_ENDED)) {
		if (!twin_has_mode(d, archive, ARCHIVE_FINISHED, 0, twin))
			return 0;
		return logdir_files_adopt_state(d) < 0 ||
			       logdir_files_sync(d, twin) < 0
			   ? -1
			   : logdir_files_remove(d, d->archive);
	}
	if (!has_mode(d, archive, LAYOUT_MADE))
		return 0;
	return logdir_files_adopt_state(d) < 0
		   ? -1
		   : logdir_files_finish(d, d->archive);
}

/* Visits set d->archive.  0, or -1 with d->failure. */
static int visit_archives(struct logdir *d, enum archive_kind kind,
			  int (*visit)(void *context, const char *name))
{
	int r;

	d->archive[0] = 0;
	r = archive_walk(d->fd, kind, visit, d);
	if (r < 0 && !d->archive[0])
		failure_set(&d->failure, "read directory", "");
	else if (r < 0)
		d->failure.file = d->archive;
	else
		d->archive[0] = 0;
	return r;
}

/* What multilog or s6-log has processed, or rlog was processing. */
static int recover_processed(struct logdir *d)
{
	struct stat st;
	int r = stat_file(d, LAYOUT_PROCESSED, &st);

	if (r <= 0)
		return r;
	/* Without processed, newstate would be that of a complete one. */
	if (!(st.st_mode & LAYOUT_ENDED))
		return logdir_files_remove(d, LAYOUT_NEWSTATE) < 0
			   ? -1
			   : logdir_files_remove(d, LAYOUT_PROCESSED);
	return logdir_files_remove(d, LAYOUT_PREVIOUS) < 0 ||
		       logdir_files_adopt_state(d) < 0
		   ? -1
		   : archive_file(d, LAYOUT_PROCESSED, ARCHIVE_FINISHED,
				  d->settings.suffix);
}

static int recover_archives(struct logdir *d)
{
	if (recover_processed(d) < 0 ||
	    visit_archives(d, ARCHIVE_UNFINISHED, remove_partial) < 0 ||
	    visit_archives(d, ARCHIVE_FINISHED, remove_partial) < 0 ||
	    visit_archives(d, ARCHIVE_UNFINISHED, complete_processed) < 0)
		return -1;
	return logdir_files_remove(d, LAYOUT_NEWSTATE);
}

static int save_previous(struct logdir *d)
{
	struct stat st;
	int r = stat_file(d, LAYOUT_PREVIOUS, &st);

	return r <= 0
		   ? r
		   : archive_file(d, LAYOUT_PREVIOUS, ARCHIVE_UNFINISHED, "");
}

/* multilog makes one too, when it does not go on with current. */
static int make_state(struct logdir *d)
{
	int fd = regular_file_open(d->fd, LAYOUT_STATE, O_WRONLY | O_CREAT,
				   LAYOUT_FILE_MODE);

	if (fd < 0)
		return failure_set(&d->failure, "create", LAYOUT_STATE);
	close(fd);
	return 0;
}

static int recover_all(struct logdir *d)
{
	struct stat st;
	int linked;

	if (stat_file(d, LAYOUT_CURRENT, &st) < 0)
		return -1;
	linked = is_archive(d, LAYOUT_CURRENT);
	if (linked < 0)
		return -1;
	d->kept = !linked && (d->kept || st.st_mode & LAYOUT_ENDED);
	if (archive_newest(d->fd, &d->newest) < 0)
		return failure_set(&d->failure, "read directory", "");
	if (recover_archives(d) < 0 || save_previous(d) < 0)
		return -1;
	if (!d->kept && (st.st_size || linked) &&
	    archive_file(d, LAYOUT_CURRENT, ARCHIVE_UNFINISHED, "") < 0)
		return -1;
	if (!d->kept && make_state(d) < 0)
		return -1;
	/* A kill may have come between a rotation and its removal. */
	logdir_files_prune(d);
	return 0;
}

int recover_start(struct logdir *d)
{
	if (recover_all(d) < 0 || logdir_open_current(d) < 0 ||
	    logdir_files_sync_names(d) < 0)
		return -1;
	logdir_expect_leftovers(d);
	return 0;
}
