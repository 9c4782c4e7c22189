/*
 * The files of a log directory at one moment.
 *
 * A log is a row of files, each of which is `current` once.  Its writer moves a
 * file on in one of these ways, and has made it an archive before it renames
 * the next one; -> is a rename, or a link and then the removal of the old name:
 *
 *   current -> previous -> @LABEL.s       multilog, s6-log
 *   current -> previous, processed; processed -> @LABEL.s
 *                                         these, with a processor: previous is
 *                                         removed when processed is complete
 *                                         and has mode 0744
 *   current -> @LABEL.s                   rlog, svlogd
 *   current -> @LABEL.u -> @LABEL.s       these, with a processor; with rlog
 *                                         its result takes the place of .u
 *                                         first, and processed is not counted
 *                                         since it has another mode
 *   current, previous -> @LABEL.u         any of them, started after a crash
 *
 * So a file only goes forward, and has a name at any time.  `current` is opened
 * first: call this file the newest, since it and older ones hold all lines that
 * were written until now.  Then `previous` is opened: this is the file before
 * the newest, or the newest, or a later one.  An open file keeps its inode
 * number, so equal numbers mean one file.  The names of these two files are a
 * stage:
 *
 *   BOTH      the newest is `current`, the one before it is `previous`
 *   CURRENT   the newest is `current`, all others are archives or `processed`
 *   PREVIOUS  the newest is `previous`, all others are archives
 *   GONE_ON   all are archives or, the newest, `processed`
 *
 * `processed` is opened, and then the archives are listed.  If the stage is the
 * same before and after these two steps, it was the same all the time, and the
 * answer follows.  The listed archives have no gap.  One file can be outside of
 * them: in stage BOTH `previous`, in PREVIOUS the newest, in the other two
 * `processed`; each unless an archive has its inode number.  In BOTH and
 * CURRENT the newest is read last.  In GONE_ON later files may be archives
 * already; they follow without a gap, and so does `processed` if it is one of
 * them.  A file whose processed form is listed is not also taken in its own:
 * while it is `previous` the other has not become an archive.
 *
 * If the stage is another one afterwards, the two steps are repeated.  A stage
 * never returns, so this happens three times at most, whatever the rate at
 * which the log is rotated.
 *
 * Only two or three descriptors are held.  Archives need none: a listed archive
 * is opened by its name or, after it was processed, by the name with its label.
 * An archive that its writer removes before it is opened is missing, as it
 * would be to a reader that began later.
 *
 * Not covered: a clock that is set back between two rotations, since the order
 * of archives is that of their labels; and names that another program than the
 * writer changes during a snapshot.
 */
#include "logread/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"

enum stage { BOTH, CURRENT, PREVIOUS, GONE_ON };

/* The open files; -1 is none. */
struct open_files {
	int newest, before; /* `current` and `previous` when they were opened */
	int processed;      /* opened in this stage, if it is complete */
	bool was_current;   /* not so if there was none: newest is `previous` */
};

/*
 * Opens a regular file.  Returns its descriptor; -1 if there is none; or -2
 * with errno set.
 */
static int open_regular(int directory, const char *name, const char **bad)
{
	int fd = log_file_descriptor(directory, name);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ELOOP || errno == EINVAL)
		return -1;
	*bad = name;
	return -2;
}

static void close_file(int *fd)
{
	int error = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = error;
}

static int open_newest(struct open_files *files, int directory,
		       const char **bad)
{
	files->before = files->processed = -1;
	files->newest = open_regular(directory, LAYOUT_CURRENT, bad);
	if (files->newest == -2)
		return -1;
	files->before = open_regular(directory, LAYOUT_PREVIOUS, bad);
	if (files->before == -2)
		return -1;
	files->was_current = files->newest >= 0;
	if (!files->was_current) {
		files->newest = files->before;
		files->before = -1;
	}
	return 0;
}

/*
 * Opens `processed` if it is complete and has replaced `previous`.  While there
 * is a `previous`, `processed` is made of that, or of an archive.
 */
static int open_processed(struct open_files *files, int directory,
			  const char **bad)
{
	struct stat st;

	files->processed = open_regular(directory, LAYOUT_PROCESSED, bad);
	if (files->processed == -2)
		return -1;
	if (files->processed >= 0 &&
	    (fstat(files->processed, &st) < 0 || !(st.st_mode & LAYOUT_ENDED) ||
	     fstatat(directory, LAYOUT_PREVIOUS, &st, AT_SYMLINK_NOFOLLOW) ==
		 0))
		close_file(&files->processed);
	return 0;
}

static bool is_named(int directory, const char *name, int fd)
{
	return fd >= 0 && snapshot_is(directory, name, fd);
}

static enum stage find_stage(const struct open_files *files, int directory)
{
	if (files->was_current &&
	    is_named(directory, LAYOUT_CURRENT, files->newest))
		return is_named(directory, LAYOUT_PREVIOUS, files->before)
			   ? BOTH
			   : CURRENT;
	return is_named(directory, LAYOUT_PREVIOUS, files->newest) ? PREVIOUS
								   : GONE_ON;
}

/* Opens `processed` and lists the archives within one stage. */
static int list_archives(struct snapshot *snapshot, struct open_files *files,
			 int directory, enum stage *stage, const char **bad)
{
	enum stage before;

	*stage = find_stage(files, directory);
	do {
		before = *stage;
		close_file(&files->processed);
		listing_free(&snapshot->archives);
		if (open_processed(files, directory, bad) < 0 ||
		    listing_read(&snapshot->archives, directory) < 0)
			return -1;
		*stage = find_stage(files, directory);
	} while (*stage > before);
	return 0;
}

/*
 * True if an archive is the file fd.  A file whose only name is `name` is none,
 * without a search.
 */
static bool is_archived(const struct listing *archives, int directory, int fd,
			const char *name)
{
	struct stat st;
	size_t i;

	if (fstat(fd, &st) == 0 && st.st_nlink == 1 &&
	    snapshot_is(directory, name, fd))
		return false;
	return snapshot_find(archives, directory, fd, &i);
}

/* True if the file has no name any more. */
static bool is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

/* Moves *fd to snapshot->previous, unless it is an archive already. */
static void take_previous(struct snapshot *snapshot, int directory, int *fd,
			  const char *name)
{
	if (*fd < 0 || is_archived(&snapshot->archives, directory, *fd, name))
		return;
	snapshot->previous = *fd;
	*fd = -1;
}

static void choose_files(struct snapshot *snapshot, struct open_files *files,
			 int directory, enum stage stage)
{
	if (stage == BOTH) {
		take_previous(snapshot, directory, &files->before,
			      LAYOUT_PREVIOUS);
	} else if (stage == PREVIOUS) {
		take_previous(snapshot, directory, &files->newest,
			      LAYOUT_PREVIOUS);
	} else {
		take_previous(snapshot, directory, &files->processed,
			      LAYOUT_PROCESSED);
		snapshot->processed = snapshot->previous >= 0;
		/* It was an archive that its writer has removed since. */
		if (snapshot->processed && is_removed(snapshot->previous))
			close_file(&snapshot->previous);
	}
	if (stage == BOTH || stage == CURRENT) {
		snapshot->current = files->newest;
		files->newest = -1;
	}
}

int snapshot_take(struct snapshot *snapshot, int directory, const char **bad)
{
	struct open_files files;
	enum stage stage;
	int r;

	*snapshot = (struct snapshot){.previous = -1, .current = -1};
	*bad = "";
	r = open_newest(&files, directory, bad);
	if (r == 0)
		r = list_archives(snapshot, &files, directory, &stage, bad);
	if (r == 0)
		choose_files(snapshot, &files, directory, stage);
	else
		snapshot_free(snapshot);
	close_file(&files.newest);
	close_file(&files.before);
	close_file(&files.processed);
	return r;
}

void snapshot_drop_previous(struct snapshot *snapshot)
{
	close_file(&snapshot->previous);
}

struct listing snapshot_move_archives(struct snapshot *snapshot)
{
	struct listing archives = snapshot->archives;

	snapshot->archives = (struct listing){0};
	return archives;
}

void snapshot_free(struct snapshot *snapshot)
{
	close_file(&snapshot->previous);
	close_file(&snapshot->current);
	listing_free(&snapshot->archives);
}

int snapshot_open(struct log_file *file, int directory, char name[ARCHIVE_NAME])
{
	int n = log_file_open(file, directory, name);

	if (n == 0 || errno != ENOENT || file->program ||
	    listing_renamed(directory, name) < 0)
		return n;
	return log_file_open(file, directory, name);
}

bool snapshot_is(int directory, const char *name, int fd)
{
	struct stat one, other;

	return fstatat(directory, name, &one, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(fd, &other) == 0 && one.st_ino == other.st_ino &&
	       one.st_dev == other.st_dev;
}

/* From the youngest on, since a file that was just rotated is sought. */
bool snapshot_find(const struct listing *archives, int directory, int fd,
		   size_t *number)
{
	for (size_t i = archives->count; i--;)
		if (snapshot_is(directory, archives->names[i], fd)) {
			*number = i;
			return true;
		}
	return false;
}
