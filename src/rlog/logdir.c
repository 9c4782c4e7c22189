/* Opening, appending to and closing a log directory; see logdir.h. */
#include "rlog/logdir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "rlog/lock.h"
#include "rlog/recover.h"

enum { MODE_WRITTEN = 0644, MODE_CLEAN = 0744 };

int logdir_open_current(struct logdir *d)
{
	struct stat st;
	int fd = openat(d->fd, "current",
			O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW |
			    O_NONBLOCK | O_CLOEXEC,
			0600);

	if (fd < 0)
		return failure_set(&d->failure, "open", "current");
	if (fstat(fd, &st) < 0 || fchmod(fd, MODE_WRITTEN) < 0) {
		failure_set(&d->failure, "set the mode of", "current");
		close(fd);
		return -1;
	}
	if (d->current >= 0)
		close(d->current);
	d->current = fd;
	d->device = st.st_dev;
	d->inode = st.st_ino;
	d->bytes = d->base = (uint64_t)st.st_size;
	return 0;
}

void logdir_prune(struct logdir *d)
{
	if (archive_prune(d->fd, d->settings.number, d->stuck) == 0)
		return;
	failure_set(&d->failure, "remove", d->stuck);
	d->listener->tell(d, LOGDIR_STUCK);
}

static int take_lock(struct logdir *d)
{
	d->lock = lock_take(d->fd, &d->holder);
	return d->lock < 0 ? failure_set(&d->failure, "lock", "") : 0;
}

static int open_directory(struct logdir *d)
{
	if (mkdir(d->name, 0700) < 0 && errno != EEXIST)
		return failure_set(&d->failure, "create directory", "");
	d->fd = open(d->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0)
		return failure_set(&d->failure, "open directory", "");
	return 0;
}

int logdir_open(struct logdir *d, const char *name,
		const struct settings *settings,
		const struct logdir_listener *listener)
{
	memset(d, 0, sizeof *d);
	d->name = name;
	d->settings = *settings;
	d->listener = listener;
	d->fd = d->lock = d->current = -1;
	if (open_directory(d) < 0 || take_lock(d) < 0) {
		logdir_abandon(d);
		return -1;
	}
	return 0;
}

int logdir_start(struct logdir *d)
{
	if (recover(d) < 0 || logdir_open_current(d) < 0)
		return -1;
	d->leftovers = d->settings.processor;
	return 0;
}

int logdir_cut(struct logdir *d, const struct ring_file *file)
{
	struct stat st;
	int fd, r;

	if (fstatat(d->fd, "current", &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			   ? 0
			   : failure_set(&d->failure, "stat", "current");
	if (st.st_dev != file->device || st.st_ino != file->inode)
		return 0;
	if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size <= file->size)
		return 1;
	fd = openat(d->fd, "current",
		    O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	r = fd < 0 ? -1 : ftruncate(fd, (off_t)file->size);
	if (r < 0)
		failure_set(&d->failure, "truncate", "current");
	if (fd >= 0)
		close(fd);
	return r < 0 ? -1 : 1;
}

bool logdir_append(struct logdir *d, struct spans *spans,
		   const struct tain_s *now, struct tain_s *deadline)
{
	ssize_t w;

	if (trouble_waits(&d->appending, now, deadline))
		return false;
	while ((w = spans_write(spans, d->current)) != 0) {
		if (w > 0) {
			d->bytes += (uint64_t)w;
			continue;
		}
		if (errno == EINTR)
			continue;
		failure_set(&d->failure, "write to", "current");
		if (trouble_hit(&d->appending, now))
			d->listener->tell(d, LOGDIR_TROUBLE);
		deadline_lower(deadline, &d->appending.retry);
		return false;
	}
	d->seconds = trouble_over(&d->appending, now);
	if (d->seconds >= 0)
		d->listener->tell(d, LOGDIR_AGAIN);
	return true;
}

int logdir_close(struct logdir *d)
{
	int r = 0;

	if (fsync(d->current) < 0)
		r = failure_set(&d->failure, "sync", "current");
	else if (fchmod(d->current, MODE_CLEAN) < 0)
		r = failure_set(&d->failure, "set the mode of", "current");
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
