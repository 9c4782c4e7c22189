/*
 * The files of a log directory that were read already.
 *
 * Number the files of a log in the order in which they are `current`.  rlog,
 * multilog, s6-log and svlogd rotate in this order, give archives labels in
 * this order, and remove the oldest archive first.  So the listing of a
 * snapshot is the archives of the files l to a, all that are between; a
 * `previous` or `processed` that is not listed is file a + 1, and `current`, if
 * it is in the snapshot, follows these (snapshot.c).
 *
 * Invariant: `archives` is the listing of the last snapshot that had a file, up
 * to file a.  The kept files are a + 1 to m, where m is the last file that was
 * read: what a snapshot shows is read whole before the next one is taken, and
 * files after a are kept.  Only `uncertain` says that some of the oldest kept
 * files may be archives of `archives`.
 *
 * The new files of the next snapshot are thus l' to a', without those up to a,
 * and a' + 1.  One pair of a new and a kept file that are the same tells all
 * other pairs, and that l' is not after m + 1, thus that nothing is missing:
 *
 *   - an inode number is that of a kept file, which is open;
 *   - or an archive of the snapshot before is listed: l' is not after a, so the
 *     oldest new file is the oldest kept one;
 *   - or the first label of the oldest new file that has text is not after the
 *     last label of a kept file, and after that of the one before it.  A file
 *     without labels is compared by its first bytes.
 *
 * Kept files before the pair were removed as archives, and are forgotten, else
 * they would pass for later files.  If there is no pair, all kept files were
 * removed: nothing shows that l' is m + 1, so this is a loss, and all new files
 * are read.  So also if no file was kept and no archive is left.  If no new
 * file has text, it is a loss too, but kept files may still become archives:
 * these are then compared by their text.  A snapshot without a file, which all
 * have left while it was taken, tells nothing, and changes nothing.
 *
 * Not covered: a file that is rotated while it is empty is not kept, so that
 * one after it can be read twice; and files without labels that a processor
 * alters.
 *
 * Tested by tests/unit/logread/file_sequence.c.
 */
#include "logread/rotated_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

static void forget_file(struct rotated_files *rotated, size_t i)
{
	struct rotated_file *file = &rotated->kept[i];

	close(file->fd);
	memmove(file, file + 1, (--rotated->count - i) * sizeof *file);
}

/*
 * Each snapshot shows the archives of all files but the last, and adds two at
 * most.  So there is room, unless some are uncertain or a writer does not keep
 * to its order.
 */
void rotated_files_keep(struct rotated_files *rotated, int fd,
			const struct tain_s *last)
{
	struct rotated_file *file;

	if (rotated->count == ROTATED_FILES_KEPT) {
		forget_file(rotated, 0);
		rotated->uncertain = true;
	}
	rotated->begun = true;
	file = &rotated->kept[rotated->count++];
	*file = (struct rotated_file){.fd = fd, .labelled = last};
	if (last)
		file->last = *last;
}

struct beginning {
	bool labelled;
	struct tain_s first; /* label of the first line, if labelled */
	size_t len;
	char head[POSITION_HEAD];
};

/* The files of a snapshot that may not have been read. */
struct new_files {
	struct listing *archives;
	const struct snapshot *snapshot; /* its previous follows them */
};

/* A kept file and a new one, by their numbers, which are one file. */
struct match {
	size_t kept, added;
};

/* The relation of the new files to the kept ones. */
enum relation { MATCHES, NOT_READ, NO_TEXT };

/* Opens new archive number i or, after the last one, `processed`. */
static int open_new_file(struct log_file *file, int directory,
			 const struct new_files *added, size_t i)
{
	int fd;

	if (i < added->archives->count)
		return snapshot_open(file, directory,
				     added->archives->names[i]);
	fd = fcntl(added->snapshot->previous, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -1 : log_file_adopt(file, fd);
}

/* Returns false if the file has no text, can't be read, or was removed. */
static bool read_beginning(int directory, const struct new_files *added,
			   size_t i, struct beginning *beginning)
{
	struct log_file *file = malloc(sizeof *file);
	struct log_file_text text;
	bool found = false;

	if (file && open_new_file(file, directory, added, i) == 0) {
		found = log_file_line(file, &text, true) > 0;
		beginning->labelled =
		    found && label_parse(&beginning->first, text.at, text.len);
		beginning->len = file->head_len;
		memcpy(beginning->head, file->head, file->head_len);
		log_file_close(file);
	}
	free(file);
	return found;
}

static bool begins_alike(int fd, const struct beginning *beginning)
{
	char head[POSITION_HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n > 0 && (size_t)n == beginning->len &&
	       memcmp(head, beginning->head, beginning->len) == 0;
}

/*
 * Finds the kept file that begins so.  By labels that is the first one that
 * does not end before; else the last one with these bytes, so that none that
 * was not read is left out.
 */
static bool find_kept(const struct rotated_files *rotated,
		      const struct beginning *beginning, size_t *number)
{
	bool found = false;

	for (size_t k = 0; k < rotated->count; k++) {
		const struct rotated_file *file = &rotated->kept[k];
		bool labelled = beginning->labelled && file->labelled;

		if (labelled ? tain_less(&file->last, &beginning->first)
			     : !begins_alike(file->fd, beginning))
			continue;
		*number = k;
		found = true;
		if (labelled)
			break;
	}
	return found;
}

/*
 * True if an archive of the snapshot before is left.  Archives are removed
 * oldest first, so all newer ones are left then.
 */
static bool has_survivors(const struct rotated_files *rotated,
			  const struct listing *now)
{
	for (size_t i = 0; i < rotated->archives.count; i++)
		if (listing_like(now, rotated->archives.names[i]))
			return true;
	return false;
}

/* By descriptors, since the name may have gone since the snapshot. */
static bool is_same_file(int fd, int other)
{
	struct stat one, two;

	return fd >= 0 && fstat(fd, &one) == 0 && fstat(other, &two) == 0 &&
	       one.st_ino == two.st_ino && one.st_dev == two.st_dev;
}

/* Finds a kept file, number k, that is the new file number i. */
static bool find_same_file(const struct rotated_files *rotated, int directory,
			   const struct new_files *added, struct match *match)
{
	for (size_t k = 0; k < rotated->count; k++) {
		int fd = rotated->kept[k].fd;

		match->kept = k;
		match->added = added->archives->count;
		if (snapshot_find(added->archives, directory, fd,
				  &match->added) ||
		    is_same_file(added->snapshot->previous, fd))
			return true;
	}
	return false;
}

/*
 * Finds by the first text of the new files which kept one they begin with.
 * Returns NOT_READ if that is none of them, and NO_TEXT if there is no text.
 */
static enum relation compare_texts(const struct rotated_files *rotated,
				   int directory, const struct new_files *added,
				   struct match *match)
{
	size_t count = added->archives->count + added->snapshot->processed;
	struct beginning beginning;

	for (size_t i = 0; i < count; i++)
		if (read_beginning(directory, added, i, &beginning)) {
			match->added = i;
			return find_kept(rotated, &beginning, &match->kept)
				   ? MATCHES
				   : NOT_READ;
		}
	*match = (struct match){0};
	return NO_TEXT;
}

static enum relation relate_files(const struct rotated_files *rotated,
				  int directory, const struct new_files *added,
				  struct match *match)
{
	if (find_same_file(rotated, directory, added, match))
		return MATCHES;
	*match = (struct match){0};
	if (!rotated->uncertain &&
	    has_survivors(rotated, &added->snapshot->archives))
		return MATCHES;
	if (!added->archives->count && !added->snapshot->processed)
		return NOT_READ;
	return compare_texts(rotated, directory, added, match);
}

/* Drops the archives of kept files, of which these two are one file. */
static void drop_archived(struct rotated_files *rotated, struct listing *unread,
			  const struct match *match)
{
	size_t k = match->kept, i = match->added;

	for (; k > i; k--)
		forget_file(rotated, 0);
	while (rotated->count && unread->count > i - k) {
		listing_drop(unread, i - k);
		forget_file(rotated, 0);
	}
}

/* Drops the archives that were made of kept files. */
static void subtract_kept(struct rotated_files *rotated, int directory,
			  const struct new_files *added, bool *lost)
{
	struct match match;
	enum relation relation =
	    relate_files(rotated, directory, added, &match);

	if (relation != MATCHES)
		*lost = true;
	if (relation == NOT_READ)
		while (rotated->count)
			forget_file(rotated, 0);
	else
		drop_archived(rotated, added->archives, &match);
	rotated->uncertain = relation == NO_TEXT && rotated->count;
}

/* True if `previous`, or `processed` in its place, was read. */
static bool has_read_previous(const struct rotated_files *rotated,
			      const struct snapshot *snapshot)
{
	if (snapshot->previous < 0)
		return false;
	if (snapshot->processed && rotated->count)
		return true;
	for (size_t i = 0; i < rotated->count; i++)
		if (is_same_file(snapshot->previous, rotated->kept[i].fd))
			return true;
	return false;
}

/* Two snapshots' archives. */
struct comparison {
	const struct listing *now, *before;
};

/*
 * True if `name` is the archive of a file that was read under another name.
 * The snapshot before held two files to which s6-log gave one label, @LABEL.s
 * and @LABEL.u, and this one holds .u no longer: rlog has processed it, and has
 * finished it under the next label, which is `name`.
 */
static bool was_twin(const struct comparison *listings, const char *name)
{
	static const struct tain_s nanosecond = {.nano = 1};
	char done[ARCHIVE_NAME], todo[ARCHIVE_NAME];
	struct archive_name twin;

	if (!archive_name_parse(&twin, name))
		return false;
	tain_sub(&twin.label, &twin.label, &nanosecond);
	twin.kind = ARCHIVE_FINISHED;
	twin.suffix[0] = 0;
	archive_name_format(done, &twin);
	archive_name_twin(todo, done, ARCHIVE_UNFINISHED);
	return listing_like(listings->before, done) &&
	       listing_had(listings->before, todo) &&
	       !listing_had(listings->now, todo);
}

static bool is_new(void *ctx, size_t i)
{
	const struct comparison *listings = ctx;
	const char *name = listings->now->names[i];

	return !listing_had(listings->before, name) &&
	       !was_twin(listings, name);
}

int rotated_files_subtract(struct rotated_files *rotated, int directory,
			   struct snapshot *snapshot, struct listing *unread,
			   bool *lost)
{
	struct comparison listings = {&snapshot->archives, &rotated->archives};
	struct new_files added = {unread, snapshot};

	if (listing_filter(unread, &snapshot->archives, is_new, &listings) < 0)
		return -1;
	if (!snapshot->archives.count && snapshot->previous < 0 &&
	    snapshot->current < 0) {
		listing_free(&snapshot->archives);
		return 0;
	}
	if (rotated->begun)
		subtract_kept(rotated, directory, &added, lost);
	rotated->begun |= snapshot->archives.count > 0;
	if (has_read_previous(rotated, snapshot))
		snapshot_drop_previous(snapshot);
	listing_free(&rotated->archives);
	rotated->archives = snapshot_move_archives(snapshot);
	return 0;
}

void rotated_files_free(struct rotated_files *rotated)
{
	while (rotated->count)
		forget_file(rotated, 0);
	listing_free(&rotated->archives);
	rotated->begun = rotated->uncertain = false;
}
