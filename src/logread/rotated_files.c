/*
 * The files of a log directory that were read already.  Rotations of one
 * directory do not overlap, so files become archives in the order in which they
 * were read, and of the unread archives the oldest is that of the oldest kept
 * file.  Where archives may have been removed, their first lines decide.
 *
 * Tested by tests/unit/logread/file_sequence.c.
 */
#include "logread/rotated_files.h"

#include <errno.h>
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
 * Each snapshot shows the archives of all files but the youngest, so there is
 * room unless a writer does not keep to its order.
 */
void rotated_files_keep(struct rotated_files *rotated, int fd,
			const struct tain_s *last)
{
	struct rotated_file *file;

	if (rotated->count == ROTATED_FILES_KEPT)
		forget_file(rotated, 0);
	file = &rotated->kept[rotated->count++];
	*file = (struct rotated_file){.fd = fd, .labelled = last};
	if (last)
		file->last = *last;
}

struct beginning {
	bool empty, labelled;
	struct tain_s first; /* label of the first line, if labelled */
	size_t len;
	char head[POSITION_HEAD];
};

/* The relation of an archive to a kept file. */
enum origin { MADE_OF_IT, OTHER, REMOVED };

/*
 * Reads the beginning of an archive.  Returns false if it can't be read; *gone
 * is true if that is since it was removed.
 */
static bool read_beginning(int directory, char name[ARCHIVE_NAME],
			   struct beginning *beginning, bool *gone)
{
	struct log_file *file = malloc(sizeof *file);
	struct log_file_text text;
	int found = -1;

	*gone = false;
	if (file && snapshot_open(file, directory, name) == 0) {
		found = log_file_line(file, &text, true);
		beginning->empty = found == 0;
		beginning->labelled =
		    found > 0 &&
		    label_parse(&beginning->first, text.at, text.len);
		beginning->len = file->head_len;
		memcpy(beginning->head, file->head, file->head_len);
		log_file_close(file);
	} else if (file) {
		*gone = errno == ENOENT && !file->program;
	}
	free(file);
	return found >= 0;
}

static bool begins_alike(int fd, const struct beginning *beginning)
{
	char head[POSITION_HEAD];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n > 0 && (size_t)n == beginning->len &&
	       memcmp(head, beginning->head, beginning->len) == 0;
}

/* Tells by its text whether an archive was made of a kept file. */
static enum origin find_origin(int directory, char name[ARCHIVE_NAME],
			       const struct rotated_file *file)
{
	struct beginning beginning;
	bool gone;

	if (!read_beginning(directory, name, &beginning, &gone))
		return gone ? REMOVED : OTHER;
	if (beginning.empty)
		return MADE_OF_IT;
	if (beginning.labelled && file->labelled)
		return tain_less(&file->last, &beginning.first) ? OTHER
								: MADE_OF_IT;
	return begins_alike(file->fd, &beginning) ? MADE_OF_IT : OTHER;
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

/* Drops the archives that are the same file as a kept one. */
static void drop_same_files(struct rotated_files *rotated, int directory,
			    struct listing *unread)
{
	size_t i, k = 0;

	while (k < rotated->count) {
		if (snapshot_find(unread, directory, rotated->kept[k].fd, &i)) {
			listing_drop(unread, i);
			forget_file(rotated, k);
		} else {
			k++;
		}
	}
}

/*
 * Drops the archives that were made of kept files.  A snapshot has no gap, and
 * its archives have the order in which they were `current`: if none was
 * removed, the oldest unread one is that of the oldest kept file, and so on.
 */
static void drop_archived(struct rotated_files *rotated, int directory,
			  const struct snapshot *snapshot,
			  struct listing *unread, bool *lost)
{
	bool survivors = has_survivors(rotated, &snapshot->archives);
	enum origin origin;

	/* Nothing shows that the oldest one follows the last that was read. */
	if (!survivors && !rotated->count && rotated->archives.count &&
	    unread->count)
		*lost = true;
	drop_same_files(rotated, directory, unread);
	while (rotated->count && unread->count) {
		if (is_same_file(snapshot->previous, rotated->kept[0].fd))
			break;
		origin = survivors ? MADE_OF_IT
				   : find_origin(directory, unread->names[0],
						 &rotated->kept[0]);
		if (origin != OTHER)
			listing_drop(unread, 0);
		if (origin != MADE_OF_IT)
			*lost = true;
		if (origin != REMOVED)
			forget_file(rotated, 0);
	}
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

	if (listing_filter(unread, &snapshot->archives, is_new, &listings) < 0)
		return -1;
	drop_archived(rotated, directory, snapshot, unread, lost);
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
}
