/*
 * What a directory holds at one moment; see snapshot.h.  Names are read one
 * after the other, so it is looked at until nothing has changed in between.
 */
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

enum { TRIES = 50 };

static const char *const names[] = {"current", "previous", "processed"};

/* Which files the names lead to; 0 for none. */
struct files {
	ino_t ino[3];
	mode_t processed;
};

static void look(struct files *files, int directory)
{
	struct stat st;

	memset(files, 0, sizeof *files);
	for (size_t i = 0; i < 3; i++) {
		if (fstatat(directory, names[i], &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		files->ino[i] = st.st_ino;
		files->processed = st.st_mode;
	}
	if (!files->ino[2])
		files->processed = 0;
}

/* The descriptor, -1 if it is not there, -2 and errno for trouble. */
static int open_one(int directory, const char *name)
{
	int fd = logfile_descriptor(directory, name);

	if (fd >= 0)
		return fd;
	return errno == ENOENT || errno == ELOOP || errno == EINVAL ? -1 : -2;
}

static bool is_open(int fd, ino_t ino)
{
	struct stat st;

	if (fd < 0)
		return !ino;
	return fstat(fd, &st) == 0 && st.st_ino == ino;
}

/* Complete, and the only copy since `previous` is gone (rlogdir.5). */
static bool processed_counts(const struct files *files)
{
	return files->ino[2] && !files->ino[1] && files->processed & S_IXUSR;
}

static int open_files(struct snapshot *s, int directory,
		      const struct files *files, const char **bad)
{
	const char *aside = processed_counts(files) ? names[2] : names[1];

	s->processed = processed_counts(files);
	s->current = open_one(directory, names[0]);
	s->previous = s->current == -2 ? -1 : open_one(directory, aside);
	if (s->current != -2 && s->previous != -2)
		return 0;
	*bad = s->current == -2 ? names[0] : aside;
	return -1;
}

/*
 * A directory is not read at one moment: while an archive is renamed, both
 * names can be missed.  Two equal listings tell that nothing was renamed.
 */
static bool is_stable(const struct snapshot *s, int directory)
{
	struct listing again;
	bool same;

	if (listing_has_pairs(&s->archives) ||
	    listing_read(&again, directory) < 0)
		return false;
	same = again.count == s->archives.count;
	for (size_t i = 0; same && i < again.count; i++)
		same = strcmp(again.names[i], s->archives.names[i]) == 0;
	listing_free(&again);
	return same;
}

static bool unchanged(const struct snapshot *s, int directory,
		      const struct files *before)
{
	struct files after;

	if (!is_stable(s, directory))
		return false;
	look(&after, directory);
	return memcmp(before, &after, sizeof after) == 0 &&
	       is_open(s->current, before->ino[0]) &&
	       is_open(s->previous,
		       before->ino[processed_counts(before) ? 2 : 1]);
}

/* Closes `previous` if it has become an archive already. */
static void settle(struct snapshot *s, int directory)
{
	size_t i;

	if (s->previous >= 0 &&
	    snapshot_find(&s->archives, directory, s->previous, &i)) {
		close(s->previous);
		s->previous = -1;
	}
}

int snapshot_take(struct snapshot *s, int directory, const char **bad)
{
	struct files before;

	for (int tries = TRIES;; tries--) {
		*s = (struct snapshot){.previous = -1, .current = -1};
		*bad = "";
		look(&before, directory);
		if (open_files(s, directory, &before, bad) < 0 ||
		    listing_read(&s->archives, directory) < 0)
			break;
		if (tries <= 0 || unchanged(s, directory, &before)) {
			settle(s, directory);
			return 0;
		}
		snapshot_free(s);
	}
	snapshot_free(s);
	return -1;
}

void snapshot_free(struct snapshot *s)
{
	int error = errno;

	if (s->previous >= 0)
		close(s->previous);
	if (s->current >= 0)
		close(s->current);
	listing_free(&s->archives);
	s->previous = s->current = -1;
	errno = error;
}

int snapshot_open(struct logfile *f, int directory, char name[LISTING_NAME])
{
	int n = logfile_open(f, directory, name);

	if (n == 0 || errno != ENOENT || f->program ||
	    listing_renamed(directory, name) < 0)
		return n;
	return logfile_open(f, directory, name);
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
