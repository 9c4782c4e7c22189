/* From one file of a directory to the next; see file_sequence.h. */
#include "logread/file_sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logread/rotated_files.h"
#include "logread/time_window.h"

void file_sequence_unreadable(struct reader *r)
{
	const char *verb = "read";

	if (r->file.program)
		verb = errno == EIO ? "unpack" : "run";
	r->failed = true;
	reader_tell(r, SOURCE_UNREADABLE, r->name, verb);
}

void file_sequence_leave(struct reader *r)
{
	if (r->file.offset) {
		log_file_place(&r->file, &r->left);
		r->left.labelled = r->labelled;
		r->left.last = r->last;
		r->has_left = true;
	}
	if (r->options->follow && r->role != READER_ARCHIVE && r->file.offset)
		rotated_files_keep(r);
	else
		log_file_close(&r->file, false);
	r->ended = r->directory < 0 ||
		   (!r->options->follow && r->role == READER_CURRENT);
}

static void adopt(struct reader *r, int *fd, enum reader_role role)
{
	struct stat st;

	log_file_adopt(&r->file, *fd);
	*fd = -1;
	r->role = role;
	r->rotated = role == READER_PREVIOUS;
	strcpy(r->name,
	       role == READER_PREVIOUS ? LAYOUT_PREVIOUS : LAYOUT_CURRENT);
	/* Without following, what comes from now on is not ours. */
	if (!r->options->follow && !r->file.stream &&
	    fstat(r->file.file, &st) == 0)
		r->file.limit = (uint64_t)st.st_size;
	time_window_file(r);
}

/* The next archive of the queue: 1, or 0 if it could not be opened. */
static int open_archive(struct reader *r)
{
	strcpy(r->name, r->queue.names[r->at++]);
	if (snapshot_open(&r->file, r->directory, r->name) == 0) {
		r->role = READER_ARCHIVE;
		time_window_file(r);
		return 1;
	}
	/* Before anything was read, that is just an old archive. */
	if (errno == ENOENT && !r->file.program)
		r->gap = r->gap || r->has_left;
	else
		file_sequence_unreadable(r);
	return 0;
}

/* True if the path leads to another directory now, or to none. */
static bool has_moved(const struct reader *r)
{
	struct stat here, there;

	if (fstat(r->directory, &here) < 0)
		return false;
	if (stat(r->path, &there) < 0)
		return here.st_nlink == 0;
	return here.st_ino != there.st_ino || here.st_dev != there.st_dev;
}

/* Takes up the directory that is there now, if there is one: true. */
static bool move(struct reader *r)
{
	int fd = open(r->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		if (!r->told_gone)
			reader_tell(r, SOURCE_GONE, "", "open");
		r->told_gone = true;
		return false;
	}
	close(r->directory);
	r->directory = fd;
	listing_free(&r->seen);
	rotated_files_free(r);
	if (r->told_gone)
		reader_tell(r, SOURCE_BACK, "", "");
	r->told_gone = false;
	return true;
}

int file_sequence_next(struct reader *r)
{
	const char *bad;

	for (bool looked = false;; looked = true) {
		while (r->at < r->queue.count)
			if (open_archive(r))
				return 1;
		if (r->previous >= 0)
			return adopt(r, &r->previous, READER_PREVIOUS), 1;
		if (r->current >= 0)
			return adopt(r, &r->current, READER_CURRENT), 1;
		if (!r->options->follow)
			r->ended = true;
		if (r->ended || looked)
			return 0;
		if (has_moved(r) && !move(r))
			return 0;
		if (rotated_files_look(r, &bad) < 0) {
			if (!r->failed)
				reader_tell(r, SOURCE_UNREADABLE, bad, "read");
			r->failed = true;
			return 0;
		}
	}
}

bool file_sequence_is_over(struct reader *r)
{
	if (r->role != READER_CURRENT || !r->options->follow || r->rotated)
		return file_sequence_leave(r), true;
	if (log_file_emptied(&r->file)) {
		log_file_seek(&r->file, 0);
		r->gap = true;
		return true;
	}
	/* What was written before it was renamed is still to be read. */
	r->rotated = !snapshot_is(r->directory, LAYOUT_CURRENT, r->file.file) ||
		     has_moved(r);
	return r->rotated;
}
