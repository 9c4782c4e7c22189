/*
 * What a directory holds at one moment; see snapshot.h.
 *
 * A log is a row of pieces, each of which is `current` once.  Its writer moves
 * a piece on in one of these ways, and has made it an archive before it renames
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
 * So a piece only goes forward, and has a name at any time.  `current` is
 * opened first: call this piece the newest, since all that were written until
 * now are in it and in older ones.  Then `previous` is opened: the piece
 * before, or the newest, or another that came later.  An open file keeps its
 * inode number, so that equal numbers mean one file.  Where the two pieces are
 * is a stage:
 *
 *   BOTH      the newest is `current`, the one before it is `previous`
 *   CURRENT   the newest is `current`, all others are archives or `processed`
 *   PREVIOUS  the newest is `previous`, all others are archives
 *   GONE_ON   all are archives or, the newest, `processed`
 *
 * If the stage is the same before and after `processed` is opened and then the
 * archives are listed, it was the same all the time, and the answer follows.
 * The listed archives have no gap.  Outside of them there can be: in stage BOTH
 * `previous`, in PREVIOUS the newest, in the other two what `processed` is;
 * each unless an archive has its inode number.  In BOTH and CURRENT the newest
 * comes last.  In GONE_ON pieces that came later may be archives already; they
 * follow without a gap, and so does `processed` if it is one of them.  A piece
 * whose processed form is listed is not also taken in its own: while it is
 * `previous` the other has not become an archive.
 *
 * If the stage is another one afterwards, the two steps are repeated.  A stage
 * never comes again, so this happens three times at most, whatever the rate at
 * which the log is rotated.
 *
 * Only two or three descriptors are held.  Archives need none: what was listed
 * is opened by its name or, if it has been processed, by that with its label.
 * An archive that its writer removes before it is opened is missing, as it
 * would be to a reader that began later.
 *
 * Not covered: a clock that is set back between two rotations, since the order
 * of archives is that of their labels; and names changed by anybody but the
 * writer within the moment of a look.
 */
#include "logread/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"

enum stage { BOTH, CURRENT, PREVIOUS, GONE_ON };

/* Descriptors, -1 for none. */
struct pieces {
	int newest, before; /* `current` and `previous` when they were opened */
	int processed;      /* opened in this stage, if it is complete */
	bool was_current;   /* not so if there was none: newest is `previous` */
};

/* The descriptor, -1 if it is not there, -2 and errno for trouble. */
static int open_one(int directory, const char *name, const char **bad)
{
	int fd = log_file_descriptor(directory, name);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ELOOP || errno == EINVAL)
		return -1;
	*bad = name;
	return -2;
}

static void close_one(int *fd)
{
	int error = errno;

	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	errno = error;
}

static int open_pieces(struct pieces *p, int directory, const char **bad)
{
	p->before = p->processed = -1;
	p->newest = open_one(directory, LAYOUT_CURRENT, bad);
	if (p->newest == -2)
		return -1;
	p->before = open_one(directory, LAYOUT_PREVIOUS, bad);
	if (p->before == -2)
		return -1;
	p->was_current = p->newest >= 0;
	if (!p->was_current) {
		p->newest = p->before;
		p->before = -1;
	}
	return 0;
}

/*
 * Opens it if it has replaced `previous`.  If this is there, `processed`
 * belongs to it, or to an archive.
 */
static int open_processed(struct pieces *p, int directory, const char **bad)
{
	struct stat st;

	p->processed = open_one(directory, LAYOUT_PROCESSED, bad);
	if (p->processed == -2)
		return -1;
	if (p->processed >= 0 &&
	    (fstat(p->processed, &st) < 0 || !(st.st_mode & LAYOUT_ENDED) ||
	     fstatat(directory, LAYOUT_PREVIOUS, &st, AT_SYMLINK_NOFOLLOW) ==
		 0))
		close_one(&p->processed);
	return 0;
}

static bool is_named(int directory, const char *name, int fd)
{
	return fd >= 0 && snapshot_is(directory, name, fd);
}

static enum stage find_stage(const struct pieces *p, int directory)
{
	if (p->was_current && is_named(directory, LAYOUT_CURRENT, p->newest))
		return is_named(directory, LAYOUT_PREVIOUS, p->before)
			   ? BOTH
			   : CURRENT;
	return is_named(directory, LAYOUT_PREVIOUS, p->newest) ? PREVIOUS
							       : GONE_ON;
}

/* Lists the archives between two looks at one and the same stage. */
static int list(struct snapshot *s, struct pieces *p, int directory,
		enum stage *stage, const char **bad)
{
	enum stage before;

	*stage = find_stage(p, directory);
	do {
		before = *stage;
		close_one(&p->processed);
		listing_free(&s->archives);
		if (open_processed(p, directory, bad) < 0 ||
		    listing_read(&s->archives, directory) < 0)
			return -1;
		*stage = find_stage(p, directory);
	} while (*stage > before);
	return 0;
}

/* True if an archive is the file.  One with no other name is not looked for. */
static bool is_archived(const struct listing *l, int directory, int fd,
			const char *name)
{
	struct stat st;
	size_t i;

	if (fstat(fd, &st) == 0 && st.st_nlink == 1 &&
	    snapshot_is(directory, name, fd))
		return false;
	return snapshot_find(l, directory, fd, &i);
}

/* True if no name is left. */
static bool is_removed(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

/* Takes the file for s->previous, unless it is an archive already. */
static void take_previous(struct snapshot *s, int directory, int *fd,
			  const char *name)
{
	if (*fd < 0 || is_archived(&s->archives, directory, *fd, name))
		return;
	s->previous = *fd;
	*fd = -1;
}

static void choose(struct snapshot *s, struct pieces *p, int directory,
		   enum stage stage)
{
	if (stage == BOTH) {
		take_previous(s, directory, &p->before, LAYOUT_PREVIOUS);
	} else if (stage == PREVIOUS) {
		take_previous(s, directory, &p->newest, LAYOUT_PREVIOUS);
	} else {
		take_previous(s, directory, &p->processed, LAYOUT_PROCESSED);
		s->processed = s->previous >= 0;
		/* It was an archive, and its writer has removed it since. */
		if (s->processed && is_removed(s->previous))
			close_one(&s->previous);
	}
	if (stage == BOTH || stage == CURRENT) {
		s->current = p->newest;
		p->newest = -1;
	}
}

int snapshot_take(struct snapshot *s, int directory, const char **bad)
{
	struct pieces p;
	enum stage stage;
	int r;

	*s = (struct snapshot){.previous = -1, .current = -1};
	*bad = "";
	r = open_pieces(&p, directory, bad);
	if (r == 0)
		r = list(s, &p, directory, &stage, bad);
	if (r == 0)
		choose(s, &p, directory, stage);
	else
		snapshot_free(s);
	close_one(&p.newest);
	close_one(&p.before);
	close_one(&p.processed);
	return r;
}

void snapshot_drop_previous(struct snapshot *snapshot)
{
	close_one(&snapshot->previous);
}

struct listing snapshot_move_archives(struct snapshot *snapshot)
{
	struct listing archives = snapshot->archives;

	snapshot->archives = (struct listing){0};
	return archives;
}

void snapshot_free(struct snapshot *s)
{
	close_one(&s->previous);
	close_one(&s->current);
	listing_free(&s->archives);
}

int snapshot_open(struct log_file *f, int directory, char name[ARCHIVE_NAME])
{
	int n = log_file_open(f, directory, name);

	if (n == 0 || errno != ENOENT || f->program ||
	    listing_renamed(directory, name) < 0)
		return n;
	return log_file_open(f, directory, name);
}

bool snapshot_is(int directory, const char *name, int fd)
{
	struct stat one, other;

	return fstatat(directory, name, &one, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(fd, &other) == 0 && one.st_ino == other.st_ino &&
	       one.st_dev == other.st_dev;
}

/* From the youngest: that is where it is, if it is there. */
int snapshot_find(const struct listing *l, int directory, int fd, size_t *i)
{
	for (*i = l->count; *i; --*i)
		if (snapshot_is(directory, l->names[*i - 1], fd)) {
			--*i;
			return 1;
		}
	return 0;
}
