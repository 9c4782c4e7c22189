/*
 * Is current the file that the ring knows?  Only then it is cut, and gone on
 * with; all of it is in logdir.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logdir/regular_file.h"
#include "rlog/logdir.h"
#include "rlog/torn_end.h"

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
	d->torn = torn_end_cut(fd, midline);
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
