/*
 * The unread files of a log: an archive is opened by its name when its turn
 * comes; `previous` and `current` are held open from the snapshot on, since
 * their names change.
 *
 * Invariants: the unread files are archives.names[next..], then `previous` and
 * `current` if they are not -1.  A descriptor has one owner: a held one is ours
 * until its file is opened, and again after it was put back.
 */
#include "logread/unread_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logdir/layout.h"
#include "logread/search.h"
#include "logread/stamp.h"

enum { KIND_ARCHIVES = 5 }; /* are examined for the kind of the labels */

void unread_files_init(struct unread_files *files)
{
	*files = (struct unread_files){
	    .directory = -1, .previous = -1, .current = -1};
}

void unread_files_set(struct unread_files *files, int directory,
		      struct listing archives, int previous, int current)
{
	unread_files_free(files);
	files->directory = directory;
	files->archives = archives;
	files->next = 0;
	archive_selection_set(&files->selection, NULL);
	files->previous = previous;
	files->current = current;
}

void unread_files_free(struct unread_files *files)
{
	listing_free(&files->archives);
	if (files->previous >= 0)
		close(files->previous);
	if (files->current >= 0)
		close(files->current);
	files->previous = files->current = -1;
}

bool unread_files_any(const struct unread_files *files)
{
	return files->next < files->archives.count || files->previous >= 0 ||
	       files->current >= 0;
}

size_t unread_files_count(const struct unread_files *files)
{
	return files->archives.count + 2;
}

void unread_files_select(struct unread_files *files,
			 const struct time_window *window)
{
	archive_selection_set(&files->selection, window);
}

bool unread_files_is_after_gap(const struct unread_files *files)
{
	return files->selection.gap;
}

enum left_out_stamps
unread_files_check_left_out(const struct unread_files *files)
{
	return archive_selection_check(&files->selection, files->directory,
				       &files->archives);
}

void unread_files_leave(struct unread_files *files)
{
	archive_selection_begin(&files->selection);
}

/* True if the last file with text is archive number i, or one before it. */
static bool is_last_with_text(const struct unread_files *files, size_t i)
{
	struct stat st;

	if (files->previous >= 0 ||
	    (files->current >= 0 &&
	     (fstat(files->current, &st) < 0 || st.st_size > 0)))
		return false;
	for (size_t k = files->archives.count - 1; k > i; k--)
		if (fstatat(files->directory, files->archives.names[k], &st,
			    AT_SYMLINK_NOFOLLOW) < 0 ||
		    st.st_size > 0)
			return false;
	return true;
}

bool unread_files_next(struct unread_files *files, bool inside, bool last_too,
		       size_t *number)
{
	size_t count = files->archives.count;

	while (files->next < count) {
		*number = files->next++;
		if (archive_selection_take(&files->selection, files->directory,
					   &files->archives, *number, inside) ||
		    (last_too && is_last_with_text(files, *number)))
			return true;
	}
	*number = files->previous >= 0 ? count : count + 1;
	return files->previous >= 0 || files->current >= 0;
}

/* Where the unread file with this role is held. */
static int *held_descriptor(struct unread_files *files, enum file_role role)
{
	return role == ROLE_CURRENT ? &files->current : &files->previous;
}

/* Opens `previous` or `current`, whose name may be another one by now. */
static int open_held(struct unread_files *files, struct log_file *file,
		     enum file_role role)
{
	int *fd = held_descriptor(files, role), held = *fd;

	*fd = -1;
	files->role = role;
	if (files->directory >= 0)
		strcpy(files->name,
		       role == ROLE_CURRENT ? LAYOUT_CURRENT : LAYOUT_PREVIOUS);
	if (held < 0) {
		errno = ENOENT;
		return -1;
	}
	/* A line in `current` must not pass for a compressed file. */
	if (role != ROLE_CURRENT || files->directory < 0)
		return log_file_adopt(file, held);
	log_file_adopt_plain(file, held);
	return 0;
}

/* Opens an archive, or the one that was made of it. */
static int open_archive(struct unread_files *files, struct log_file *file,
			size_t i)
{
	files->role = ROLE_ARCHIVE;
	strcpy(files->name, files->archives.names[i]);
	return snapshot_open(file, files->directory, files->name);
}

int unread_files_open(struct unread_files *files, struct log_file *file,
		      size_t number)
{
	size_t archives = files->archives.count;

	files->opened = number;
	if (number >= archives)
		return open_held(files, file,
				 number == archives ? ROLE_PREVIOUS
						    : ROLE_CURRENT);
	return open_archive(files, file, number);
}

void unread_files_put_back(struct unread_files *files, struct log_file *file)
{
	if (files->role != ROLE_ARCHIVE)
		*held_descriptor(files, files->role) = log_file_release(file);
	else
		log_file_close(file);
}

void unread_files_skip(struct unread_files *files, size_t number)
{
	size_t archives = files->archives.count;

	files->next = number < archives ? number + 1 : archives;
}

int unread_files_take_previous(struct unread_files *files)
{
	int fd = files->previous;

	files->previous = -1;
	return fd;
}

bool unread_files_label(const struct unread_files *files, size_t number,
			struct tain_s *label)
{
	if (number >= files->archives.count)
		return false;
	listing_label(&files->archives, number, label);
	return true;
}

const char *unread_files_before(const struct unread_files *files)
{
	size_t i =
	    files->role == ROLE_ARCHIVE ? files->opened : files->archives.count;

	return i ? files->archives.names[i - 1] : NULL;
}

bool unread_files_stamp_before(const struct unread_files *files,
			       struct tain_s *label)
{
	const char *name = unread_files_before(files);
	int fd = name ? log_file_descriptor(files->directory, name) : -1;
	bool found = fd >= 0 && search_last_stamp(
				    fd, stamp_file_span(fd, name, NULL), label);

	if (fd >= 0)
		close(fd);
	return found;
}

/* Finds the first stamp of the first unread file, near its beginning. */
static bool find_first(const struct unread_files *files, struct tain_s *first)
{
	int fd = files->previous >= 0 ? files->previous : files->current;

	if (files->next < files->archives.count)
		return archive_selection_label(
		    files->directory, &files->archives, files->next, first);
	return fd >= 0 &&
	       search_first_stamp(fd, stamp_file_span(fd, LAYOUT_CURRENT, NULL),
				  first);
}

bool unread_files_skip_before(struct unread_files *files,
			      const struct tain_s *label)
{
	struct tain_s name, first;

	for (; files->next < files->archives.count; files->next++) {
		listing_label(&files->archives, files->next, &name);
		if (!tain_less(&name, label))
			break;
	}
	return find_first(files, &first) && tain_less(label, &first);
}

bool unread_files_find_kind_of(int fd, enum label_kind *kind)
{
	struct tain_s last;
	struct stat st;

	/* A compressed file shows no label. */
	return fd >= 0 && search_last(fd, &last) && fstat(fd, &st) == 0 &&
	       time_window_find_kind(kind, &last, st.st_mtime);
}

static bool find_kind_of_archive(const struct unread_files *files, size_t i,
				 enum label_kind *kind)
{
	int fd =
	    log_file_descriptor(files->directory, files->archives.names[i]);
	bool found = unread_files_find_kind_of(fd, kind);

	if (fd >= 0)
		close(fd);
	return found;
}

bool unread_files_find_kind(const struct unread_files *files,
			    enum label_kind *kind)
{
	size_t i = files->archives.count;

	if (unread_files_find_kind_of(files->current, kind) ||
	    unread_files_find_kind_of(files->previous, kind))
		return true;
	for (int n = 0; i && n < KIND_ARCHIVES; n++)
		if (find_kind_of_archive(files, --i, kind))
			return true;
	return false;
}
