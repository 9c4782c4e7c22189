/* Opening, appending to and closing a log directory; see logdir.h. */
#include "rlog/logdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/deadline.h"
#include "logdir/layout.h"
#include "logdir/lock.h"
#include "logdir/regular_file.h"
#include "rlog/file_repair.h"

/* Of current, which is open for writing only: what it holds is read. */
static int take_print(struct logdir *d)
{
	int fd, r;

	if (!d->bytes)
		return fingerprint_take(&d->print, d->current, 0);
	fd = regular_file_open(d->fd, LAYOUT_CURRENT, O_RDONLY, 0);
	if (fd < 0)
		return failure_set(&d->failure, "open", LAYOUT_CURRENT);
	r = fingerprint_take(&d->print, fd, d->bytes);
	if (r < 0)
		failure_set(&d->failure, "read", LAYOUT_CURRENT);
	close(fd);
	return r;
}

int logdir_open_current(struct logdir *d)
{
	struct stat st;
	int fd = regular_file_open(d->fd, LAYOUT_CURRENT,
				   O_WRONLY | O_APPEND | O_CREAT,
				   LAYOUT_PRIVATE_MODE);

	if (fd < 0)
		return failure_set(&d->failure, "open", LAYOUT_CURRENT);
	if (fstat(fd, &st) < 0 || fchmod(fd, d->settings.mode) < 0) {
		failure_set(&d->failure, "set the mode of", LAYOUT_CURRENT);
		close(fd);
		return -1;
	}
	if (d->current >= 0)
		close(d->current);
	d->current = fd;
	d->device = st.st_dev;
	d->inode = st.st_ino;
	d->bytes = d->base = (uint64_t)st.st_size;
	d->synced = 0;
	d->unsure = false;
	return take_print(d);
}

void logdir_tell(const struct logdir *d, enum event_kind kind)
{
	const bool failed = kind == EVENT_PROCESSOR_FAILED;
	const bool slow = kind == EVENT_PROCESSOR_SLOW;
	const struct event event = {
	    .kind = kind,
	    .name = d->name,
	    .file = failed || slow ? d->archive : LAYOUT_CURRENT,
	    .failure = &d->failure,
	    .seconds = failed ? (long)d->processor.pause
		       : slow ? PROCESSOR_SLOW
			      : d->seconds,
	    .status = d->processor.status,
	    .number = kind == EVENT_DISK_FULL ? (uint64_t)d->settings.keep
					      : (uint64_t)d->torn,
	};

	d->tell(&event);
}

void logdir_set_others(struct logdir *d, struct logdir *others, unsigned int n)
{
	d->others = others;
	d->others_n = n;
}

void logdir_mark_due(struct logdir *d)
{
	d->due = true;
}

void logdir_begin(struct logdir *d)
{
	d->base = d->bytes;
}

static int take_lock(struct logdir *d)
{
	pid_t holder = 0;

	d->lock = lock_take(d->fd, &holder);
	if (d->lock >= 0)
		return 0;
	return errno == EBUSY ? failure_locked(&d->failure, holder)
			      : failure_set(&d->failure, LAYOUT_LOCK, "");
}

static int open_directory(struct logdir *d)
{
	struct stat st;

	if (mkdir(d->name, LAYOUT_DIRECTORY_MODE) < 0 && errno != EEXIST)
		return failure_set(&d->failure, "create directory", "");
	d->fd = open(d->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0 || fstat(d->fd, &st) < 0)
		return failure_set(&d->failure, "open directory", "");
	d->device = st.st_dev;
	d->directory = st.st_ino;
	return 0;
}

int logdir_open(struct logdir *d, const char *name,
		const struct settings *settings, event_listener *tell)
{
	memset(d, 0, sizeof *d);
	d->name = name;
	d->settings = *settings;
	d->tell = tell;
	failure_init(&d->failure, name);
	d->fd = d->lock = d->current = -1;
	d->appending.pause = d->rotating.pause = settings->retry;
	if (open_directory(d) < 0 || take_lock(d) < 0) {
		logdir_abandon(d);
		return -1;
	}
	return 0;
}

/* Gives up its oldest archive, if it has more than it keeps. */
static bool give_room(struct logdir *d, const struct tain_s *now)
{
	if (d->settings.keep < 0 ||
	    archive_remove(d->fd, (unsigned long)d->settings.keep) <= 0)
		return false;
	if (!tain_less(now, &d->room_said))
		logdir_tell(d, EVENT_DISK_FULL);
	tain_addsec(&d->room_said, now, LOGDIR_ROOM_PAUSE);
	return true;
}

bool logdir_make_room(struct logdir *d, int error, const struct tain_s *now)
{
	struct logdir *other = d->others;
	const struct logdir *end = other + d->others_n;

	if (error != ENOSPC && error != EDQUOT)
		return false;
	if (give_room(d, now))
		return true;
	for (; other < end; other++)
		if (other->device == d->device && give_room(other, now))
			return true;
	return false;
}

int logdir_sync_current(struct logdir *d, int (*sync)(int fd))
{
	if (d->unsure &&
	    file_repair_rewrite(d->fd, LAYOUT_CURRENT, d->synced, d->bytes) < 0)
		return failure_set(&d->failure, "rewrite", LAYOUT_CURRENT);
	if (sync(d->current) < 0) {
		d->unsure = true;
		return failure_set(&d->failure, "sync", LAYOUT_CURRENT);
	}
	d->unsynced = false;
	d->synced = d->bytes;
	if (d->unsure)
		logdir_tell(d, EVENT_SYNC_REPEATED);
	d->unsure = false;
	return 0;
}

/* After a failed sync nobody knows which pages are on the disk. */
static int sync_batch(struct logdir *d)
{
	if (!d->unsynced || d->settings.sync != 0)
		return 0;
	if (fdatasync(d->current) < 0) {
		d->again = true;
		return failure_set(&d->failure, "sync", LAYOUT_CURRENT);
	}
	d->unsynced = false;
	d->synced = d->bytes;
	return 0;
}

/* Cuts off what there is of the batch, to append it once more. */
static int cut_batch(struct logdir *d, struct iovec_list *iovecs)
{
	if (ftruncate(d->current, (off_t)d->base) < 0)
		return failure_set(&d->failure, "truncate", LAYOUT_CURRENT);
	d->bytes = d->base;
	d->again = false;
	iovec_list_rewind(iovecs);
	return 0;
}

/* 0, or -1 with d->failure. */
static int append(struct logdir *d, struct iovec_list *iovecs,
		  const struct tain_s *now)
{
	ssize_t w;

	if (d->again && cut_batch(d, iovecs) < 0)
		return -1;
	while ((w = iovec_list_write(iovecs, d->current)) != 0) {
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return failure_set(&d->failure, "write to",
					   LAYOUT_CURRENT);
		d->bytes += (uint64_t)w;
		if (!d->unsynced && d->settings.sync > 0)
			deadline_after(&d->sync_at, now,
				       (uint64_t)d->settings.sync);
		d->unsynced = true;
	}
	return sync_batch(d);
}

bool logdir_append(struct logdir *d, struct iovec_list *iovecs,
		   const struct tain_s *now, struct tain_s *deadline)
{
	int r;

	if (trouble_waits(&d->appending, now, deadline))
		return false;
	do
		r = append(d, iovecs, now);
	while (r < 0 && logdir_make_room(d, d->failure.error, now));
	if (r < 0) {
		if (trouble_hit(&d->appending, now))
			logdir_tell(d, EVENT_TROUBLE);
		deadline_lower(deadline, &d->appending.retry);
		return false;
	}
	d->seconds = trouble_over(&d->appending, now);
	if (d->seconds >= 0)
		logdir_tell(d, EVENT_WORKS_AGAIN);
	return true;
}

void logdir_sync(struct logdir *d, const struct tain_s *now,
		 struct tain_s *deadline)
{
	if (!d->unsynced || d->settings.sync <= 0)
		return;
	if (tain_less(now, &d->sync_at)) {
		deadline_lower(deadline, &d->sync_at);
		return;
	}
	if (logdir_sync_current(d, fdatasync) == 0)
		return;
	logdir_tell(d, EVENT_TROUBLE);
	deadline_after(&d->sync_at, now, (uint64_t)d->settings.sync);
	deadline_lower(deadline, &d->sync_at);
}

bool logdir_blocks(const struct logdir *d)
{
	return d->appending.on || d->rotating.on || d->due || d->again;
}

int logdir_close(struct logdir *d)
{
	int r = 0;

	if (logdir_sync_current(d, fsync) < 0 &&
	    logdir_sync_current(d, fsync) < 0)
		r = -1;
	else if (fchmod(d->current, d->settings.mode | LAYOUT_ENDED) < 0)
		r = failure_set(&d->failure, "set the mode of", LAYOUT_CURRENT);
	logdir_abandon(d);
	return r;
}

void logdir_abandon(struct logdir *d)
{
	int error = errno;

	if (d->current >= 0)
		close(d->current);
	if (d->lock >= 0)
		close(d->lock);
	if (d->fd >= 0)
		close(d->fd);
	d->current = d->lock = d->fd = -1;
	errno = error;
}

/* A descriptor of it if it is a file with this number, -1 and errno if not. */
static int open_known(const struct logdir *d, const char *name,
		      const struct ring_file *file, struct stat *st)
{
	int fd;

	if (fstatat(d->fd, name, st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	errno = ENOENT;
	if (!S_ISREG(st->st_mode) || st->st_dev != file->device ||
	    st->st_ino != file->inode)
		return -1;
	fd = regular_file_open(d->fd, name, O_RDWR, 0);
	if (fd >= 0 && fstat(fd, st) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What logdir_cut does, with a file of this name; as archive_walk calls it. */
struct cut {
	struct logdir *d;
	const struct ring_file *file;
	bool partly;
	bool found;
};

static int cut_file(void *context, const char *name)
{
	struct cut *cut = context;
	struct stat st;
	int fd = open_known(cut->d, name, cut->file, &st), r = 0;

	if (fd < 0)
		return errno == ENOENT ? 0
				       : failure_set(&cut->d->failure, "open",
						     LAYOUT_CURRENT);
	cut->found =
	    fingerprint_fits(fd, (uint64_t)st.st_size, cut->file, cut->partly);
	if (cut->found && cut->partly && (uint64_t)st.st_size > cut->file->size)
		r = ftruncate(fd, (off_t)cut->file->size);
	if (r < 0)
		failure_set(&cut->d->failure, "truncate", LAYOUT_CURRENT);
	close(fd);
	return r;
}

int logdir_cut(struct logdir *d, const struct ring_file *file, bool partly)
{
	struct cut cut = {.d = d, .file = file, .partly = partly};

	if (cut_file(&cut, LAYOUT_CURRENT) < 0)
		return -1;
	d->kept = cut.found;
	if (cut.found || !partly)
		return cut.found;
	d->failure.verb = NULL;
	if (archive_walk(d->fd, ARCHIVE_UNFINISHED, cut_file, &cut) < 0)
		return d->failure.verb
			   ? -1
			   : failure_set(&d->failure, "read directory", "");
	d->strange = !cut.found;
	return cut.found ? LOGDIR_ARCHIVED : 0;
}

int logdir_trim(struct logdir *d, bool midline)
{
	struct stat st;
	int fd;

	if (fstatat(d->fd, LAYOUT_CURRENT, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) || st.st_mode & LAYOUT_ENDED)
		return 0;
	fd = regular_file_open(d->fd, LAYOUT_CURRENT, O_RDWR, 0);
	if (fd < 0)
		return failure_set(&d->failure, "open", LAYOUT_CURRENT);
	d->torn = file_repair_cut(fd, midline);
	if (d->torn < 0)
		failure_set(&d->failure, "cut the torn end of", LAYOUT_CURRENT);
	close(fd);
	return d->torn < 0 ? -1 : 0;
}

void logdir_know(const struct logdir *d, const struct iovec_list *iovecs,
		 struct ring_file *file)
{
	file->device = d->device;
	file->directory = d->directory;
	file->inode = d->inode;
	file->size = d->bytes;
	fingerprint_store(&d->print, iovecs, file);
}

void logdir_done(struct logdir *d, const struct iovec_list *iovecs)
{
	fingerprint_append(&d->print, iovecs);
}

bool logdir_is_torn(const struct logdir *d)
{
	struct archive_name newest = {d->newest, ARCHIVE_UNFINISHED, ""};
	char name[ARCHIVE_NAME];

	if (d->bytes)
		return file_repair_is_torn(d->fd, LAYOUT_CURRENT);
	archive_name_format(name, &newest);
	if (file_repair_is_torn(d->fd, name))
		return true;
	if (d->settings.processor)
		return false;
	newest.kind = ARCHIVE_FINISHED;
	archive_name_format(name, &newest);
	return file_repair_is_torn(d->fd, name);
}

void logdir_expect_leftovers(struct logdir *d)
{
	d->leftovers = d->settings.processor;
}
