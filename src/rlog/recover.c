/* Recovery; see recover.h. */
#include "rlog/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

int recover_remove(struct logdir *d, const char *file)
{
	if (unlinkat(d->fd, file, 0) < 0 && errno != ENOENT)
		return failure_set(&d->failure, "remove", file);
	return 0;
}

int recover_archive(struct logdir *d, const char *file, const char *suffix)
{
	if (archive_link(d->fd, file, suffix, &d->newest) < 0)
		return failure_set(&d->failure, "link", file);
	return 0;
}

int recover_archive_processed(struct logdir *d)
{
	char suffix[ARCHIVE_SUFFIX];

	snprintf(suffix, sizeof suffix, "s%s", d->settings.suffix);
	return recover_archive(d, "processed", suffix);
}

int recover_state(struct logdir *d)
{
	if (renameat(d->fd, "newstate", d->fd, "state") < 0 && errno != ENOENT)
		return failure_set(&d->failure, "rename", "newstate");
	return 0;
}

/* 1 and *st if the file is there, 0 if not, -1 if it is no regular file. */
static int look(struct logdir *d, const char *file, struct stat *st)
{
	memset(st, 0, sizeof *st);
	if (fstatat(d->fd, file, st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0
				       : failure_set(&d->failure, "stat", file);
	if (!S_ISREG(st->st_mode)) {
		errno = EINVAL;
		failure_set(&d->failure, "write to", file);
		d->failure.reason = "not a regular file";
		return -1;
	}
	return 1;
}

static int recover_processed(struct logdir *d)
{
	struct stat st;

	if (look(d, "processed", &st) < 0)
		return -1;
	if (!(st.st_mode & S_IXUSR))
		return recover_remove(d, "processed") < 0
			   ? -1
			   : recover_remove(d, "newstate");
	if (recover_remove(d, "previous") < 0 || recover_state(d) < 0 ||
	    recover_archive_processed(d) < 0)
		return -1;
	return recover_remove(d, "processed");
}

static int save(struct logdir *d, const char *file)
{
	struct stat st;
	int r = look(d, file, &st);

	if (r <= 0)
		return r;
	if (recover_archive(d, file, "u") < 0)
		return -1;
	return recover_remove(d, file);
}

/* multilog makes one too, when it does not go on with current. */
static int make_state(struct logdir *d)
{
	int fd = openat(
	    d->fd, "state",
	    O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);

	if (fd < 0)
		return failure_set(&d->failure, "create", "state");
	close(fd);
	return 0;
}

int recover(struct logdir *d)
{
	struct tain_s before;
	struct stat st;

	if (look(d, "current", &st) < 0)
		return -1;
	d->kept = d->kept || st.st_mode & S_IXUSR;
	if (archive_newest(d->fd, &d->newest) < 0)
		return failure_set(&d->failure, "read directory", "");
	before = d->newest;
	if (recover_processed(d) < 0 || save(d, "previous") < 0)
		return -1;
	if (!d->kept && st.st_size && save(d, "current") < 0)
		return -1;
	if (!d->kept && make_state(d) < 0)
		return -1;
	if (tain_less(&before, &d->newest) || d->settings.total ||
	    d->settings.age)
		logdir_prune(d);
	return 0;
}
