/*
 * A log directory: opening, appending, syncing, closing, whether current is the
 * file that the ring knows, and the operations on names and modes.  bytes is
 * always the size of current; base is the size to which a batch that has to be
 * repeated is cut back.  After a failed sync nobody knows which bytes are on
 * the disk: they are written once more.
 */
#include "logwrite/logdir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "logdir/layout.h"
#include "logdir/regular_file.h"
#include "logwrite/file_repair.h"

int logdir_fail(struct logdir *logdir, const char *verb, const char *file)
{
	failure_set(&logdir->failure, verb, logdir->failed);
	snprintf(logdir->failed, sizeof logdir->failed, "%s", file);
	return -1;
}

/* Of current, which is open for writing only: what it holds is read. */
static int take_print(struct logdir *logdir)
{
	int fd, r;

	if (!logdir->bytes)
		return fingerprint_take(&logdir->print, logdir->current, 0);
	fd = regular_file_open(logdir->fd, LAYOUT_CURRENT, O_RDONLY, 0);
	if (fd < 0)
		return logdir_fail(logdir, "open", LAYOUT_CURRENT);
	r = fingerprint_take(&logdir->print, fd, logdir->bytes);
	if (r < 0)
		logdir_fail(logdir, "read", LAYOUT_CURRENT);
	close(fd);
	return r;
}

int logdir_open_current(struct logdir *logdir)
{
	struct stat st;
	int fd = regular_file_open(logdir->fd, LAYOUT_CURRENT,
				   O_WRONLY | O_APPEND | O_CREAT,
				   LAYOUT_PRIVATE_MODE);

	if (fd < 0)
		return logdir_fail(logdir, "open", LAYOUT_CURRENT);
	if (fstat(fd, &st) < 0 || fchmod(fd, logdir->settings.mode) < 0) {
		logdir_fail(logdir, "set the mode of", LAYOUT_CURRENT);
		close(fd);
		return -1;
	}
	if (logdir->current >= 0)
		close(logdir->current);
	logdir->current = fd;
	logdir->device = st.st_dev;
	logdir->inode = st.st_ino;
	logdir->bytes = logdir->base = (uint64_t)st.st_size;
	logdir->synced = 0;
	logdir->unsure = false;
	return take_print(logdir);
}

static void tell_event(const struct logdir *logdir, enum event_kind kind,
		       long seconds)
{
	const struct event event = {
	    .kind = kind,
	    .name = logdir->name,
	    .file = LAYOUT_CURRENT,
	    .failure = &logdir->failure,
	    .seconds = seconds,
	    .number = kind == EVENT_DISK_FULL ? (uint64_t)logdir->settings.keep
					      : (uint64_t)logdir->torn,
	};

	logdir->tell(&event);
}

void logdir_tell(const struct logdir *logdir, enum event_kind kind)
{
	tell_event(logdir, kind, 0);
}

void logdir_report(const struct logdir *logdir, struct trouble *trouble,
		   bool failed, const struct tain_s *now)
{
	long seconds;

	if (failed) {
		if (trouble_hit(trouble, now))
			logdir_tell(logdir, EVENT_TROUBLE);
		return;
	}
	seconds = trouble_over(trouble, now);
	if (seconds >= 0)
		tell_event(logdir, EVENT_WORKS_AGAIN, seconds);
}

void logdir_link(struct logdir *logdir, struct logdir *first,
		 struct logdir *next)
{
	logdir->first = first;
	logdir->next = next;
}

void logdir_begin(struct logdir *logdir)
{
	logdir->base = logdir->bytes;
}

static int take_lock(struct logdir *logdir)
{
	pid_t holder = 0;

	logdir->lock = regular_file_lock_directory(logdir->fd, &holder);
	if (logdir->lock >= 0)
		return 0;
	return errno == EBUSY ? failure_locked(&logdir->failure, holder)
			      : logdir_fail(logdir, LAYOUT_LOCK, "");
}

static int open_directory(struct logdir *logdir)
{
	const int root = logdir->settings.root;
	const char *slash = strrchr(logdir->name, '/'), *name = logdir->name;
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	struct stat st;

	if (root != AT_FDCWD) {
		name = slash ? slash + 1 : name;
		flags |= O_NOFOLLOW;
	}
	if (mkdirat(root, name, LAYOUT_DIRECTORY_MODE) < 0 && errno != EEXIST)
		return logdir_fail(logdir, "create directory", "");
	logdir->fd = openat(root, name, flags);
	if (logdir->fd < 0 || fstat(logdir->fd, &st) < 0)
		return logdir_fail(logdir, "open directory", "");
	logdir->device = st.st_dev;
	logdir->directory = st.st_ino;
	return 0;
}

int logdir_open(struct logdir *logdir, const char *name,
		const struct settings *settings, event_listener *tell)
{
	memset(logdir, 0, sizeof *logdir);
	logdir->name = name;
	logdir->settings = *settings;
	logdir->tell = tell;
	failure_init(&logdir->failure, name);
	logdir->fd = logdir->lock = logdir->current = -1;
	trouble_init(&logdir->appending, settings->retry);
	if (open_directory(logdir) < 0 || take_lock(logdir) < 0) {
		logdir_abandon(logdir);
		return -1;
	}
	return 0;
}

/* Gives up its oldest archive, if it has more than it keeps. */
static bool give_room(struct logdir *logdir, const struct tain_s *now)
{
	if (logdir->settings.keep < 0 ||
	    archive_remove(logdir->fd, (unsigned long)logdir->settings.keep) <=
		0)
		return false;
	if (deadline_is_past(&logdir->room_said, now))
		logdir_tell(logdir, EVENT_DISK_FULL);
	tain_addsec(&logdir->room_said, now, LOGDIR_ROOM_PAUSE);
	return true;
}

bool logdir_make_room(struct logdir *logdir, int error,
		      const struct tain_s *now)
{
	if (error != ENOSPC && error != EDQUOT)
		return false;
	if (give_room(logdir, now))
		return true;
	for (struct logdir *other = logdir->first; other; other = other->next)
		if (other->device == logdir->device && give_room(other, now))
			return true;
	return false;
}

int logdir_sync_current(struct logdir *logdir, int (*sync)(int fd))
{
	if (logdir->unsure &&
	    file_repair_rewrite(logdir->fd, LAYOUT_CURRENT, logdir->synced,
				logdir->bytes) < 0)
		return logdir_fail(logdir, "rewrite", LAYOUT_CURRENT);
	if (sync(logdir->current) < 0) {
		logdir->unsure = true;
		return logdir_fail(logdir, "sync", LAYOUT_CURRENT);
	}
	logdir->unsynced = false;
	logdir->synced = logdir->bytes;
	if (logdir->unsure)
		logdir_tell(logdir, EVENT_SYNC_REPEATED);
	logdir->unsure = false;
	return 0;
}

/* After a failed sync nobody knows which pages are on the disk. */
static int sync_batch(struct logdir *logdir)
{
	if (!logdir->unsynced || logdir->settings.sync != 0)
		return 0;
	if (fdatasync(logdir->current) < 0) {
		logdir->again = true;
		return logdir_fail(logdir, "sync", LAYOUT_CURRENT);
	}
	logdir->unsynced = false;
	logdir->synced = logdir->bytes;
	return 0;
}

/* Cuts off what there is of the batch, to append it once more. */
static int cut_batch(struct logdir *logdir, struct batch_part *part)
{
	if (ftruncate(logdir->current, (off_t)logdir->base) < 0)
		return logdir_fail(logdir, "truncate", LAYOUT_CURRENT);
	logdir->bytes = logdir->base;
	logdir->again = false;
	batch_part_rewind(part);
	return 0;
}

/* 0, or -1 with logdir->failure. */
static int append_vectors(struct logdir *logdir, struct batch_part *part,
			  const struct tain_s *now)
{
	ssize_t w;

	if (logdir->again && cut_batch(logdir, part) < 0)
		return -1;
	while ((w = batch_part_write(part, logdir->current)) != 0) {
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return logdir_fail(logdir, "write to", LAYOUT_CURRENT);
		logdir->bytes += (uint64_t)w;
		if (!logdir->unsynced && logdir->settings.sync > 0)
			deadline_after(&logdir->sync_at, now,
				       (uint64_t)logdir->settings.sync);
		logdir->unsynced = true;
	}
	return sync_batch(logdir);
}

bool logdir_append(struct logdir *logdir, struct batch_part *part,
		   const struct tain_s *now, struct tain_s *deadline)
{
	int r;

	if (trouble_waits(&logdir->appending, now, deadline))
		return false;
	do
		r = append_vectors(logdir, part, now);
	while (r < 0 && logdir_make_room(logdir, logdir->failure.error, now));
	logdir_report(logdir, &logdir->appending, r < 0, now);
	if (r < 0)
		deadline_lower(deadline, &logdir->appending.retry);
	return r == 0;
}

void logdir_sync(struct logdir *logdir, const struct tain_s *now,
		 struct tain_s *deadline)
{
	if (!logdir->unsynced || logdir->settings.sync <= 0)
		return;
	if (!deadline_is_past(&logdir->sync_at, now)) {
		deadline_lower(deadline, &logdir->sync_at);
		return;
	}
	if (logdir_sync_current(logdir, fdatasync) == 0)
		return;
	logdir_tell(logdir, EVENT_TROUBLE);
	deadline_after(&logdir->sync_at, now, (uint64_t)logdir->settings.sync);
	deadline_lower(deadline, &logdir->sync_at);
}

bool logdir_blocks(const struct logdir *logdir)
{
	return logdir->appending.on || logdir->again;
}

int logdir_close(struct logdir *logdir)
{
	int r = 0;

	if (logdir_sync_current(logdir, fsync) < 0 &&
	    logdir_sync_current(logdir, fsync) < 0)
		r = -1;
	else
		r = logdir_mark_current(logdir);
	logdir_abandon(logdir);
	return r;
}

void logdir_abandon(struct logdir *logdir)
{
	int error = errno;

	if (logdir->current >= 0)
		close(logdir->current);
	if (logdir->lock >= 0)
		close(logdir->lock);
	if (logdir->fd >= 0)
		close(logdir->fd);
	logdir->current = logdir->lock = logdir->fd = -1;
	errno = error;
}

/* A descriptor of it if it is a file with this number, -1 and errno if not. */
static int open_known(const struct logdir *logdir, const char *name,
		      const struct ring_file *file, struct stat *st)
{
	int fd;

	if (fstatat(logdir->fd, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	errno = ENOENT;
	if (!S_ISREG(st->st_mode) || st->st_dev != file->device ||
	    st->st_ino != file->inode)
		return -1;
	fd = regular_file_open(logdir->fd, name, O_RDWR, 0);
	if (fd >= 0 && fstat(fd, st) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What logdir_cut does, with a file of this name; as archive_walk calls it. */
struct cut {
	struct logdir *logdir;
	const struct ring_file *file;
	bool partly;
	bool found;
};

static int cut_file(void *context, const char *name)
{
	struct cut *cut = context;
	struct stat st;
	int fd = open_known(cut->logdir, name, cut->file, &st), r = 0;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		logdir_fail(cut->logdir, "open", LAYOUT_CURRENT);
		return ARCHIVE_VISIT_FAILED;
	}
	cut->found =
	    fingerprint_fits(fd, (uint64_t)st.st_size, cut->file, cut->partly);
	if (cut->found && cut->partly && (uint64_t)st.st_size > cut->file->size)
		r = ftruncate(fd, (off_t)cut->file->size);
	if (r < 0)
		logdir_fail(cut->logdir, "truncate", LAYOUT_CURRENT);
	close(fd);
	return r < 0 ? ARCHIVE_VISIT_FAILED : 0;
}

int logdir_cut(struct logdir *logdir, const struct ring_file *file, bool partly)
{
	struct cut cut = {.logdir = logdir, .file = file, .partly = partly};
	int r;

	if (cut_file(&cut, LAYOUT_CURRENT) < 0)
		return -1;
	logdir->kept = cut.found;
	if (cut.found || !partly)
		return cut.found;
	r = archive_walk(logdir->fd, ARCHIVE_UNFINISHED, cut_file, &cut);
	if (r < 0)
		return r == ARCHIVE_VISIT_FAILED
			   ? -1
			   : logdir_fail(logdir, "read directory", "");
	logdir->strange = !cut.found;
	return cut.found ? LOGDIR_ARCHIVED : 0;
}

int logdir_trim(struct logdir *logdir, bool midline)
{
	struct stat st;
	int fd;

	if (fstatat(logdir->fd, LAYOUT_CURRENT, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) || st.st_mode & LAYOUT_ENDED)
		return 0;
	fd = regular_file_open(logdir->fd, LAYOUT_CURRENT, O_RDWR, 0);
	if (fd < 0)
		return logdir_fail(logdir, "open", LAYOUT_CURRENT);
	logdir->torn = file_repair_cut(fd, midline);
	if (logdir->torn < 0)
		logdir_fail(logdir, "cut the torn end of", LAYOUT_CURRENT);
	close(fd);
	return logdir->torn < 0 ? -1 : 0;
}

void logdir_know(const struct logdir *logdir, const struct batch_part *part,
		 struct ring_file *file)
{
	file->device = logdir->device;
	file->directory = logdir->directory;
	file->inode = logdir->inode;
	file->size = logdir->bytes;
	fingerprint_store(&logdir->print, part, file);
}

void logdir_done(struct logdir *logdir, const struct batch_part *part)
{
	fingerprint_append(&logdir->print, part);
}

bool logdir_is_torn(const struct logdir *logdir)
{
	struct archive_name newest = {logdir->newest, ARCHIVE_UNFINISHED, ""};
	char name[ARCHIVE_NAME];

	if (logdir->bytes)
		return file_repair_is_torn(logdir->fd, LAYOUT_CURRENT);
	archive_name_format(name, &newest);
	if (file_repair_is_torn(logdir->fd, name))
		return true;
	if (logdir->settings.processor)
		return false;
	newest.kind = ARCHIVE_FINISHED;
	archive_name_format(name, &newest);
	return file_repair_is_torn(logdir->fd, name);
}

int logdir_find_newest(struct logdir *logdir)
{
	if (archive_newest(logdir->fd, &logdir->newest) < 0)
		return logdir_fail(logdir, "read directory", "");
	return 0;
}

int logdir_remove(struct logdir *logdir, const char *file)
{
	if (unlinkat(logdir->fd, file, 0) < 0 && errno != ENOENT)
		return logdir_fail(logdir, "remove", file);
	return 0;
}

int logdir_adopt_state(struct logdir *logdir, const char *file)
{
	if (renameat(logdir->fd, file, logdir->fd, LAYOUT_STATE) < 0 &&
	    errno != ENOENT)
		return logdir_fail(logdir, "rename", file);
	return 0;
}

int logdir_mark(struct logdir *logdir, const char *file, mode_t bits)
{
	if (fchmodat(logdir->fd, file, logdir->settings.mode | bits, 0) < 0 &&
	    errno != ENOENT)
		return logdir_fail(logdir, "set the mode of", file);
	return 0;
}

int logdir_mark_current(struct logdir *logdir)
{
	if (fchmod(logdir->current, logdir->settings.mode | LAYOUT_ENDED) < 0)
		return logdir_fail(logdir, "set the mode of", LAYOUT_CURRENT);
	return 0;
}

int logdir_sync_file(struct logdir *logdir, const char *file)
{
	int fd = regular_file_open(logdir->fd, file, O_RDONLY, 0);
	int r;

	if (fd < 0 && errno == ENOENT)
		return 0;
	r = fd < 0 ? -1 : fsync(fd);
	if (r < 0)
		logdir_fail(logdir, "sync", file);
	if (fd >= 0)
		close(fd);
	return r;
}

int logdir_sync_names(struct logdir *logdir)
{
	if (logdir->settings.sync >= 0 && fsync(logdir->fd) < 0)
		return logdir_fail(logdir, "sync directory", "");
	return 0;
}

int logdir_archive(struct logdir *logdir, const char *file,
		   enum archive_kind kind, const char *suffix, char *name)
{
	if (archive_rename(logdir->fd, file, kind, suffix, &logdir->newest,
			   name) < 0)
		return logdir_fail(logdir, "rename", file);
	return 0;
}

int logdir_finish(struct logdir *logdir, char *archive)
{
	if (archive_finish(logdir->fd, archive, logdir->settings.suffix,
			   &logdir->newest) < 0)
		return logdir_fail(logdir, "rename", archive);
	return 0;
}

void logdir_prune(struct logdir *logdir)
{
	if (archive_prune(logdir->fd, &logdir->settings, logdir->stuck) == 0)
		return;
	logdir_fail(logdir, "remove", logdir->stuck);
	logdir_tell(logdir, EVENT_ARCHIVE_STUCK);
}
