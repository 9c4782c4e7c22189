/*
 * The files of a log directory in the order in which they were written.
 *
 * Invariants: a descriptor has one owner.  The files that were not opened yet
 * are unread.names[next..], then `previous`, then `current`; the open one is in
 * `file`; files that were read before they were archives are in `rotated`.  An
 * archive is opened by its name when its turn comes, `previous` and `current`
 * are held open from the snapshot on, since their names change.
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
#include "logread/archive_selection.h"
#include "logread/find_logdir.h"
#include "logread/rotated_files.h"
#include "logread/search.h"
#include "logread/source_event.h"

enum file_role { ROLE_ARCHIVE, ROLE_PREVIOUS, ROLE_CURRENT };

enum { KIND_ARCHIVES = 5 }; /* are examined for the kind of the labels */

struct file_sequence {
	const struct source_options *options;
	char *path;
	int directory; /* -1: a single file */
	struct rotated_files rotated;
	struct listing unread; /* archives */
	size_t next;           /* index in unread of the next one */
	struct archive_selection selection; /* of the unread ones */
	int previous, current;              /* unread, or -1 */
	enum file_role role;                /* of the open file */
	size_t open;                        /* index in unread of an archive */
	char name[ARCHIVE_NAME];            /* of it, in the directory */
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
	tell_sequence_event(sequence, SOURCE_UNREADABLE, sequence->name, verb);
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
	listing_free(&sequence->unread);
	sequence->unread = unread;
	sequence->next = 0;
	archive_selection_set(&sequence->selection, NULL);
	sequence->previous = now.previous;
	sequence->current = now.current;
	return 0;
}

static void open_stream(struct file_sequence *sequence, int fd)
{
	log_file_stream(&sequence->file, fd, sequence->options->idle,
			sequence->options->ctx);
}

static int open_path(struct file_sequence *sequence, const char *path)
{
	const char *bad;
	int fd;

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
		return look_again(sequence, &bad);
	}
	if (find_logdir_is_regular(fd))
		sequence->current = fd;
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
	sequence->directory = sequence->previous = sequence->current = -1;
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
	listing_free(&sequence->unread);
	if (sequence->previous >= 0)
		close(sequence->previous);
	if (sequence->current >= 0)
		close(sequence->current);
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
	return sequence->file.fd >= 0 ||
	       sequence->next < sequence->unread.count ||
	       sequence->previous >= 0 || sequence->current >= 0;
}

struct log_file *file_sequence_file(struct file_sequence *sequence)
{
	return sequence->file.fd >= 0 ? &sequence->file : NULL;
}

/* Returns the name of the archive before the open file, or NULL. */
static const char *name_before(const struct file_sequence *sequence)
{
	const struct listing *unread = &sequence->unread;
	size_t i =
	    sequence->role == ROLE_ARCHIVE ? sequence->open : unread->count;

	return i ? unread->names[i - 1] : NULL;
}

struct stamp_span file_sequence_span(const struct file_sequence *sequence)
{
	const char *slash = strrchr(sequence->path, '/');
	const char *name = slash ? slash + 1 : sequence->path;

	if (sequence->directory >= 0)
		name = sequence->name;
	return stamp_file_span(sequence->file.fd, name, name_before(sequence));
}

/* Ends the sequence if the file that was open was its last one. */
static void end_after_last(struct file_sequence *sequence)
{
	sequence->ended =
	    sequence->directory < 0 ||
	    (!sequence->options->follow && sequence->role == ROLE_CURRENT);
}

/* Where the unread file with this role is held. */
static int *held_descriptor(struct file_sequence *sequence, enum file_role role)
{
	return role == ROLE_CURRENT ? &sequence->current : &sequence->previous;
}

/* Opens `previous` or `current`, whose name may be another one by now. */
static int open_held(struct file_sequence *sequence, enum file_role role)
{
	int *fd = held_descriptor(sequence, role), held = *fd;

	*fd = -1;
	sequence->role = role;
	if (sequence->directory >= 0)
		strcpy(sequence->name,
		       role == ROLE_CURRENT ? LAYOUT_CURRENT : LAYOUT_PREVIOUS);
	if (held < 0) {
		errno = ENOENT;
		return -1;
	}
	/* A line in `current` must not pass for a compressed file. */
	if (role != ROLE_CURRENT || sequence->directory < 0)
		return log_file_adopt(&sequence->file, held);
	log_file_adopt_plain(&sequence->file, held);
	return 0;
}

/* Opens archive number i of the unread ones, or the one that was made of it. */
static int open_archive(struct file_sequence *sequence, size_t i)
{
	sequence->role = ROLE_ARCHIVE;
	sequence->open = i;
	strcpy(sequence->name, sequence->unread.names[i]);
	return snapshot_open(&sequence->file, sequence->directory,
			     sequence->name);
}

/*
 * The first text of the open file is to be read.  A run that does not follow
 * leaves out text that is appended from now on.
 */
static void begin_file(struct file_sequence *sequence)
{
	struct stat st;

	sequence->renamed = false;
	if (sequence->role != ROLE_ARCHIVE && !sequence->options->follow &&
	    !sequence->file.stream && fstat(sequence->file.fd, &st) == 0)
		log_file_set_limit(&sequence->file, (uint64_t)st.st_size);
}

/* True if the last file with text is archive number i, or one before it. */
static bool is_last_with_text(const struct file_sequence *sequence, size_t i)
{
	struct stat st;

	if (sequence->previous >= 0 ||
	    (sequence->current >= 0 &&
	     (fstat(sequence->current, &st) < 0 || st.st_size > 0)))
		return false;
	for (size_t k = sequence->unread.count - 1; k > i; k--)
		if (fstatat(sequence->directory, sequence->unread.names[k], &st,
			    AT_SYMLINK_NOFOLLOW) < 0 ||
		    st.st_size > 0)
			return false;
	return true;
}

void file_sequence_set_window(struct file_sequence *sequence,
			      const struct time_window *window)
{
	archive_selection_set(&sequence->selection, window);
}

bool file_sequence_is_after_gap(const struct file_sequence *sequence)
{
	return sequence->selection.gap;
}

enum left_out_stamps
file_sequence_check_left_out(const struct file_sequence *sequence)
{
	return archive_selection_check(&sequence->selection,
				       sequence->directory, &sequence->unread);
}

/*
 * Opens the next archive that is still there and can be read, and may hold
 * lines of the window.  The position in a cursor is after the lines before the
 * window.
 */
static bool open_next_archive(struct file_sequence *sequence, bool inside)
{
	size_t i;

	while (sequence->next < sequence->unread.count) {
		i = sequence->next++;
		if (!archive_selection_take(&sequence->selection,
					    sequence->directory,
					    &sequence->unread, i, inside) &&
		    !(sequence->options->cursor &&
		      is_last_with_text(sequence, i)))
			continue;
		if (open_archive(sequence, i) == 0)
			return true;
		if (errno == ENOENT && !sequence->file.program)
			sequence->lost = true;
		else
			file_sequence_fail(sequence);
	}
	return false;
}

static bool open_next_held(struct file_sequence *sequence, enum file_role role)
{
	if (*held_descriptor(sequence, role) < 0)
		return false;
	if (open_held(sequence, role) == 0)
		return true;
	file_sequence_fail(sequence);
	return false;
}

static bool open_next(struct file_sequence *sequence, bool inside)
{
	archive_selection_begin(&sequence->selection);
	if (!open_next_archive(sequence, inside) &&
	    !open_next_held(sequence, ROLE_PREVIOUS) &&
	    !open_next_held(sequence, ROLE_CURRENT))
		return false;
	begin_file(sequence);
	return true;
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
	return sequence->role == ROLE_CURRENT && sequence->options->follow &&
	       !sequence->renamed;
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
	if (sequence->options->follow && sequence->role != ROLE_ARCHIVE &&
	    sequence->file.offset)
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

/* Opens file number k: the archives, then `previous`, then `current`. */
static bool open_numbered(struct file_sequence *sequence, size_t k)
{
	size_t archives = sequence->unread.count;

	if (k < archives)
		return open_archive(sequence, k) == 0;
	return open_held(sequence,
			 k == archives ? ROLE_PREVIOUS : ROLE_CURRENT) == 0;
}

/* The open file is unread again. */
static void put_back(struct file_sequence *sequence)
{
	if (sequence->role == ROLE_ARCHIVE)
		log_file_close(&sequence->file);
	else
		*held_descriptor(sequence, sequence->role) =
		    log_file_release(&sequence->file);
}

/* The open file, number k, is the first to be read. */
static void begin_with(struct file_sequence *sequence, size_t k)
{
	size_t archives = sequence->unread.count;
	struct tain_s last;
	bool labelled;

	sequence->next = k < archives ? k + 1 : archives;
	if (sequence->role == ROLE_CURRENT && sequence->previous >= 0) {
		labelled = search_last(sequence->previous, &last);
		rotated_files_keep(&sequence->rotated, sequence->previous,
				   labelled ? &last : NULL);
		sequence->previous = -1;
	}
	begin_file(sequence);
}

bool file_sequence_find(struct file_sequence *sequence, bool oldest_first,
			bool (*matches)(void *ctx, struct log_file *file,
					const struct tain_s *ended),
			void *ctx)
{
	size_t count = sequence->unread.count + 2, k;
	struct tain_s ended;

	for (size_t i = 0; i < count; i++) {
		k = oldest_first ? i : count - 1 - i;
		if (!open_numbered(sequence, k))
			continue;
		if (k < sequence->unread.count)
			listing_label(&sequence->unread, k, &ended);
		if (matches(ctx, &sequence->file,
			    k < sequence->unread.count ? &ended : NULL)) {
			begin_with(sequence, k);
			return true;
		}
		put_back(sequence);
	}
	return false;
}

void file_sequence_skip_before(struct file_sequence *sequence,
			       const struct tain_s *label)
{
	int fd =
	    sequence->previous >= 0 ? sequence->previous : sequence->current;
	struct tain_s name, first;
	bool found;

	for (; sequence->next < sequence->unread.count; sequence->next++) {
		listing_label(&sequence->unread, sequence->next, &name);
		if (!tain_less(&name, label))
			break;
	}
	if (sequence->next < sequence->unread.count)
		found = archive_selection_label(sequence->directory,
						&sequence->unread,
						sequence->next, &first);
	else
		found =
		    fd >= 0 &&
		    search_first_stamp(
			fd, stamp_file_span(fd, LAYOUT_CURRENT, NULL), &first);
	if (found && tain_less(label, &first))
		sequence->lost = true;
}

/* A compressed file shows no label. */
static bool find_kind_of(int fd, enum label_kind *kind)
{
	struct tain_s last;
	struct stat st;

	return fd >= 0 && search_last(fd, &last) && fstat(fd, &st) == 0 &&
	       time_window_find_kind(kind, &last, st.st_mtime);
}

static bool find_kind_of_archive(const struct file_sequence *sequence, size_t i,
				 enum label_kind *kind)
{
	int fd =
	    log_file_descriptor(sequence->directory, sequence->unread.names[i]);
	bool found = find_kind_of(fd, kind);

	if (fd >= 0)
		close(fd);
	return found;
}

bool file_sequence_find_kind(const struct file_sequence *sequence,
			     enum label_kind *kind)
{
	size_t i = sequence->unread.count;

	if ((!sequence->file.stream && find_kind_of(sequence->file.fd, kind)) ||
	    find_kind_of(sequence->current, kind) ||
	    find_kind_of(sequence->previous, kind))
		return true;
	for (int n = 0; i && n < KIND_ARCHIVES; n++)
		if (find_kind_of_archive(sequence, --i, kind))
			return true;
	return false;
}
