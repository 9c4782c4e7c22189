/*
 * The files of a log directory in the order in which they were written.
 *
 * Invariants: a descriptor has one owner.  The files that were not opened yet
 * are in `unread`, the open one is in `file`, and files that were read before
 * they were archives are in `rotated`.
 *
 * The end of a followed `current` is final when the name is another file's: its
 * writer renames it after the last write.  Text that was written between our
 * last read and the rename is read before the file is left.
 */
#include "logread/file_sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logread/find_logdir.h"
#include "logread/rotated_files.h"
#include "logread/search.h"
#include "logread/source_event.h"
#include "logread/unread_files.h"

struct file_sequence {
	const struct source_options *options;
	char *path;
	int directory; /* -1: a single file */
	struct rotated_files rotated;
	struct unread_files unread;
	bool renamed;  /* the open file was `current` and is no longer */
	bool ended;    /* no file will follow */
	bool failed;   /* something could not be read */
	bool gone;     /* the directory, and that was told */
	bool unlisted; /* the directory can't be read, and that was told */
	bool lost;     /* text was removed unread */
	struct log_file file;
};

static void tell_sequence_event(struct file_sequence *sequence,
				enum source_event event, const char *file,
				const char *verb)
{
	struct source_notice notice = {
	    .event = event,
	    .directory = sequence->path,
	    .file = file,
	    .verb = verb,
	    .program = sequence->file.program,
	    .error = errno,
	};

	source_event_tell(sequence->options, &notice);
}

void file_sequence_fail(struct file_sequence *sequence)
{
	const char *verb = "read";

	if (sequence->file.program)
		verb = errno == EIO ? "unpack" : "run";
	sequence->failed = true;
	tell_sequence_event(sequence, SOURCE_UNREADABLE, sequence->unread.name,
			    verb);
}

/* Adds the new files of the directory to the unread ones. */
static int look_again(struct file_sequence *sequence, const char **bad)
{
	struct snapshot now;
	struct listing unread;

	if (snapshot_take(&now, sequence->directory, bad) < 0)
		return -1;
	if (rotated_files_subtract(&sequence->rotated, sequence->directory,
				   &now, &unread, &sequence->lost) < 0) {
		snapshot_free(&now);
		return -1;
	}
	unread_files_set(&sequence->unread, sequence->directory, unread,
			 now.previous, now.current);
	return 0;
}

static void open_stream(struct file_sequence *sequence, int fd)
{
	log_file_stream(&sequence->file, fd, sequence->options->idle,
			sequence->options->ctx);
}

/* A current that is a link or no file is never read, which its user must know.
 */
static void check_current(struct file_sequence *sequence)
{
	struct stat st;

	if (fstatat(sequence->directory, LAYOUT_CURRENT, &st,
		    AT_SYMLINK_NOFOLLOW) < 0 ||
	    S_ISREG(st.st_mode))
		return;
	sequence->failed = true;
	tell_sequence_event(sequence, SOURCE_UNREADABLE, LAYOUT_CURRENT, "use");
}

static int open_path(struct file_sequence *sequence, const char *path)
{
	const char *bad;
	int fd, error;

	if (strcmp(path, "-") == 0) {
		open_stream(sequence, 0);
		sequence->path = strdup(path);
		return sequence->path ? 0 : -1;
	}
	fd = find_logdir_open(path, sequence->options->follow, &sequence->path);
	if (fd < 0)
		return -1;
	if (find_logdir_is_directory(fd)) {
		sequence->directory = fd;
		check_current(sequence);
		if (look_again(sequence, &bad) == 0)
			return 0;
		error = errno;
		if (*bad)
			tell_sequence_event(sequence, SOURCE_UNREADABLE, bad,
					    "read");
		errno = error;
		return -1;
	}
	if (find_logdir_is_regular(fd))
		unread_files_set(&sequence->unread, -1, (struct listing){0}, -1,
				 fd);
	else
		open_stream(sequence, fd);
	return 0;
}

struct file_sequence *file_sequence_open(const char *path,
					 const struct source_options *options)
{
	struct file_sequence *sequence = calloc(1, sizeof *sequence);
	int error;

	if (!sequence)
		return NULL;
	sequence->options = options;
	sequence->directory = -1;
	unread_files_init(&sequence->unread);
	log_file_init(&sequence->file);
	if (open_path(sequence, path) == 0)
		return sequence;
	error = errno;
	file_sequence_close(sequence);
	errno = error;
	return NULL;
}

void file_sequence_close(struct file_sequence *sequence)
{
	log_file_close(&sequence->file);
	rotated_files_free(&sequence->rotated);
	unread_files_free(&sequence->unread);
	if (sequence->directory >= 0)
		close(sequence->directory);
	free(sequence->path);
	free(sequence);
}

const char *file_sequence_path(const struct file_sequence *sequence)
{
	return sequence->path;
}

int file_sequence_directory(const struct file_sequence *sequence)
{
	return sequence->directory;
}

bool file_sequence_failed(const struct file_sequence *sequence)
{
	return sequence->failed;
}

bool file_sequence_has_files(const struct file_sequence *sequence)
{
	return sequence->file.fd >= 0 || unread_files_any(&sequence->unread);
}

struct log_file *file_sequence_file(struct file_sequence *sequence)
{
	return sequence->file.fd >= 0 ? &sequence->file : NULL;
}

struct stamp_span file_sequence_span(const struct file_sequence *sequence)
{
	const char *slash = strrchr(sequence->path, '/');
	const char *name = slash ? slash + 1 : sequence->path;

	if (sequence->directory >= 0)
		name = sequence->unread.name;
	return stamp_file_span(sequence->file.fd, name,
			       unread_files_before(&sequence->unread));
}

bool file_sequence_stamp_before(const struct file_sequence *sequence,
				struct tain_s *label)
{
	return unread_files_stamp_before(&sequence->unread, label);
}

/* Ends the sequence if the file that was open was its last one. */
static void end_after_last(struct file_sequence *sequence)
{
	sequence->ended =
	    sequence->directory < 0 || (!sequence->options->follow &&
					sequence->unread.role == ROLE_CURRENT);
}

/*
 * The first text of the open file is to be read.  A run that does not follow
 * leaves out text that is appended from now on.
 */
static void begin_file(struct file_sequence *sequence)
{
	struct stat st;

	sequence->renamed = false;
	if (sequence->unread.role != ROLE_ARCHIVE &&
	    !sequence->options->follow && !sequence->file.stream &&
	    fstat(sequence->file.fd, &st) == 0)
		log_file_set_limit(&sequence->file, (uint64_t)st.st_size);
}

void file_sequence_set_window(struct file_sequence *sequence,
			      const struct time_window *window)
{
	unread_files_select(&sequence->unread, window);
}

bool file_sequence_is_after_gap(const struct file_sequence *sequence)
{
	return unread_files_is_after_gap(&sequence->unread);
}

enum left_out_stamps
file_sequence_check_left_out(const struct file_sequence *sequence)
{
	return unread_files_check_left_out(&sequence->unread);
}

/*
 * Opens the next file that is still there and can be read, and may hold lines
 * of the window.  The position in a cursor is after the lines before the
 * window.
 */
static bool open_next(struct file_sequence *sequence, bool inside)
{
	size_t number;

	unread_files_leave(&sequence->unread);
	while (unread_files_next(&sequence->unread, inside,
				 sequence->options->cursor, &number)) {
		if (unread_files_open(&sequence->unread, &sequence->file,
				      number) == 0) {
			begin_file(sequence);
			return true;
		}
		if (errno == ENOENT && !sequence->file.program)
			sequence->lost = true;
		else
			file_sequence_fail(sequence);
	}
	return false;
}

/* True if the path leads to another directory now, or to none. */
static bool has_moved(const struct file_sequence *sequence)
{
	struct stat here, there;

	if (fstat(sequence->directory, &here) < 0)
		return false;
	if (stat(sequence->path, &there) < 0)
		return here.st_nlink == 0;
	return here.st_ino != there.st_ino || here.st_dev != there.st_dev;
}

/* Opens the directory that the path leads to now.  False if there is none. */
static bool reopen_directory(struct file_sequence *sequence)
{
	int fd = open(sequence->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0) {
		if (!sequence->gone)
			tell_sequence_event(sequence, SOURCE_GONE, "", "open");
		sequence->gone = true;
		return false;
	}
	close(sequence->directory);
	sequence->directory = fd;
	rotated_files_free(&sequence->rotated);
	if (sequence->gone)
		tell_sequence_event(sequence, SOURCE_BACK, "", "");
	sequence->gone = false;
	return true;
}

bool file_sequence_next(struct file_sequence *sequence, bool inside)
{
	const char *bad;

	if (sequence->ended)
		return false;
	if (open_next(sequence, inside))
		return true;
	if (!sequence->options->follow)
		sequence->ended = true;
	if (sequence->ended)
		return false;
	if (has_moved(sequence) && !reopen_directory(sequence))
		return false;
	if (look_again(sequence, &bad) == 0) {
		sequence->unlisted = false;
		return open_next(sequence, inside);
	}
	if (!sequence->unlisted)
		tell_sequence_event(sequence, SOURCE_UNREADABLE, bad, "read");
	sequence->unlisted = sequence->failed = true;
	return false;
}

bool file_sequence_may_grow(const struct file_sequence *sequence)
{
	return sequence->unread.role == ROLE_CURRENT &&
	       sequence->options->follow && !sequence->renamed;
}

enum file_end file_sequence_check_end(struct file_sequence *sequence)
{
	if (!file_sequence_may_grow(sequence))
		return FILE_OVER;
	if (log_file_emptied(&sequence->file)) {
		log_file_seek(&sequence->file, 0);
		sequence->lost = true;
		return FILE_CONTINUES;
	}
	sequence->renamed = !snapshot_is(sequence->directory, LAYOUT_CURRENT,
					 sequence->file.fd) ||
			    has_moved(sequence);
	return sequence->renamed ? FILE_CONTINUES : FILE_WAITS;
}

void file_sequence_leave(struct file_sequence *sequence,
			 const struct tain_s *last)
{
	if (sequence->options->follow &&
	    sequence->unread.role != ROLE_ARCHIVE && sequence->file.offset)
		rotated_files_keep(&sequence->rotated,
				   log_file_release(&sequence->file), last);
	else
		log_file_close(&sequence->file);
	end_after_last(sequence);
}

bool file_sequence_take_loss(struct file_sequence *sequence)
{
	bool lost = sequence->lost;

	sequence->lost = false;
	return lost;
}

/* The open file is the first to be read. */
static void begin_with(struct file_sequence *sequence, size_t number)
{
	struct tain_s last;
	bool labelled;
	int previous = -1;

	unread_files_skip(&sequence->unread, number);
	if (sequence->unread.role == ROLE_CURRENT)
		previous = unread_files_take_previous(&sequence->unread);
	if (previous >= 0) {
		labelled = search_last(previous, &last);
		rotated_files_keep(&sequence->rotated, previous,
				   labelled ? &last : NULL);
	}
	begin_file(sequence);
}

bool file_sequence_find(struct file_sequence *sequence, bool oldest_first,
			bool (*matches)(void *ctx, struct log_file *file,
					const struct tain_s *ended),
			void *ctx)
{
	struct unread_files *unread = &sequence->unread;
	size_t count = unread_files_count(unread), number;
	struct tain_s ended;

	for (size_t i = 0; i < count; i++) {
		number = oldest_first ? i : count - 1 - i;
		if (unread_files_open(unread, &sequence->file, number) < 0)
			continue;
		if (matches(ctx, &sequence->file,
			    unread_files_label(unread, number, &ended)
				? &ended
				: NULL)) {
			begin_with(sequence, number);
			return true;
		}
		unread_files_put_back(unread, &sequence->file);
	}
	return false;
}

void file_sequence_skip_before(struct file_sequence *sequence,
			       const struct tain_s *label)
{
	if (unread_files_skip_before(&sequence->unread, label))
		sequence->lost = true;
}

bool file_sequence_find_kind(const struct file_sequence *sequence,
			     enum label_kind *kind)
{
	return (!sequence->file.stream &&
		unread_files_find_kind_of(sequence->file.fd, kind)) ||
	       unread_files_find_kind(&sequence->unread, kind);
}
