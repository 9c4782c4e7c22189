/*
 * The files of a log that were not read yet: the archives of a snapshot, then
 * `previous`, then `current`.  They have numbers in this order, from 0 on; the
 * last two numbers are those of `previous` and `current`, also if there is no
 * such file.  A single file is the `current` of no directory.
 */
#ifndef UNREAD_FILES_H
#define UNREAD_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "logread/archive_selection.h"
#include "logread/log_file.h"
#include "logread/snapshot.h"

enum file_role { ROLE_ARCHIVE, ROLE_PREVIOUS, ROLE_CURRENT };

/* Its members are for unread_files.c; others read role and name. */
struct unread_files {
	int directory; /* -1: a single file */
	struct listing archives;
	size_t next; /* the number of the first unread archive */
	struct archive_selection selection;
	int previous, current;   /* or -1 */
	enum file_role role;     /* of the file that was opened last */
	size_t opened;           /* its number */
	char name[ARCHIVE_NAME]; /* in the directory, or "" */
};

/* Makes no files. */
void unread_files_init(struct unread_files *files);

/*
 * Sets the files, all of which become unread: `archives` and the descriptors,
 * -1 for no file, are owned from now on.  None may be open.
 */
void unread_files_set(struct unread_files *files, int directory,
		      struct listing archives, int previous, int current);

/* Closes and forgets all files. */
void unread_files_free(struct unread_files *files);

/* True if there is an unread file. */
bool unread_files_any(const struct unread_files *files);

/* Returns how many numbers there are. */
size_t unread_files_count(const struct unread_files *files);

/*
 * Leaves out the archives that can not hold lines of the window, which must
 * stay.  The two functions after this one tell what was left out: between the
 * file that was opened last and the one before it, and the stamps in it.
 */
void unread_files_select(struct unread_files *files,
			 const struct time_window *window);
bool unread_files_is_after_gap(const struct unread_files *files);
enum left_out_stamps
unread_files_check_left_out(const struct unread_files *files);

/* The file that was opened last was read to its end. */
void unread_files_leave(struct unread_files *files);

/*
 * Finds the number of the next unread file that may hold lines of the window,
 * which is for the caller to open: of an archive, it is given once.  `inside`:
 * text at its beginning that has no stamp is in the window.  `last_too`: the
 * last file with text is not left out.  Returns false if there is none.
 */
bool unread_files_next(struct unread_files *files, bool inside, bool last_too,
		       size_t *number);

/*
 * Opens a file by its number.  Returns 0, or -1 with errno set as log_file_open
 * does: ENOENT if there is no such file any more.
 */
int unread_files_open(struct unread_files *files, struct log_file *file,
		      size_t number);

/* Closes the file that was opened last; it can be opened by its number again.
 */
void unread_files_put_back(struct unread_files *files, struct log_file *file);

/* Leaves out the archives up to this number. */
void unread_files_skip(struct unread_files *files, size_t number);

/* Returns `previous`, which the caller owns from now on, or -1. */
int unread_files_take_previous(struct unread_files *files);

/* True, and the label in its name, if the number is that of an archive. */
bool unread_files_label(const struct unread_files *files, size_t number,
			struct tain_s *label);

/*
 * Returns the name of the archive before the file that was opened last, or NULL
 * if there is none.
 */
const char *unread_files_before(const struct unread_files *files);

/*
 * Finds the last stamp of that archive.  Returns false if there is none near
 * its end; a compressed archive shows none.
 */
bool unread_files_stamp_before(const struct unread_files *files,
			       struct tain_s *label);

/*
 * Leaves out the archives that were ended before this label.  Returns true if
 * the first stamp of the file after them is a later one.
 */
bool unread_files_skip_before(struct unread_files *files,
			      const struct tain_s *label);

/*
 * Finds out of which kind the labels are, by the youngest files.  Returns false
 * if they do not tell.
 */
bool unread_files_find_kind(const struct unread_files *files,
			    enum label_kind *kind);

/* The same by a file that is open; false for -1 and for a compressed one. */
bool unread_files_find_kind_of(int fd, enum label_kind *kind);

#endif
