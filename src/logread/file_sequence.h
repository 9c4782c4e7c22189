/*
 * The files of a log directory in the order in which they were written: the
 * archives, then the file being rotated, then `current`.  A followed directory
 * is looked at again when these were read, and each file is given once,
 * whatever its name is by then.  A single file is a sequence of one.
 *
 * Directories are never written to, and no symbolic link in one is followed.
 */
#ifndef FILE_SEQUENCE_H
#define FILE_SEQUENCE_H

#include "logread/archive_selection.h"
#include "logread/log_file.h"
#include "logread/source_options.h"
#include "logread/stamp.h"
#include "logread/time_window.h"

struct file_sequence;

/* The states of a file that gave all of its text. */
enum file_end {
	FILE_OVER,      /* nothing is appended any more */
	FILE_CONTINUES, /* there may be more to read now */
	FILE_WAITS,     /* more may be appended later */
};

/*
 * Opens a log directory, the one of a service directory, or a file; "-" is
 * descriptor 0.  Options must stay.  Events are told to options->tell.  Returns
 * NULL with errno set on failure.
 */
struct file_sequence *file_sequence_open(const char *path,
					 const struct source_options *options);

/* Closes all files, and frees the sequence. */
void file_sequence_close(struct file_sequence *sequence);

/* The path of the directory or file, without links. */
const char *file_sequence_path(const struct file_sequence *sequence);

/* The descriptor of the directory, or -1 if there is none. */
int file_sequence_directory(const struct file_sequence *sequence);

/* True if a file or the directory could not be read to its end. */
bool file_sequence_failed(const struct file_sequence *sequence);

/* True if there is a file that was not read to its end. */
bool file_sequence_has_files(const struct file_sequence *sequence);

/* The open file, or NULL.  A pipe or a terminal is open from the start. */
struct log_file *file_sequence_file(struct file_sequence *sequence);

/* Returns when the lines of the open file were written. */
struct stamp_span file_sequence_span(const struct file_sequence *sequence);

/*
 * Opens the next file, when none is open.  `inside`: text at its beginning that
 * has no stamp belongs to the window, if one is set.  Returns false if there is
 * none; when following, more files can be there later.
 */
bool file_sequence_next(struct file_sequence *sequence, bool inside);

/* True if archives between the open file and the one before it were left out
 * for the window, so that neither has lines of it. */
bool file_sequence_is_after_gap(const struct file_sequence *sequence);

/*
 * Finds the last stamp of the archive before the open file.  Returns false if
 * there is none near its end; a compressed archive shows none.
 */
bool file_sequence_stamp_before(const struct file_sequence *sequence,
				struct tain_s *label);

/* True if text may still be appended to the open file. */
bool file_sequence_may_grow(const struct file_sequence *sequence);

/* Returns the state of the open file after it gave no more text. */
enum file_end file_sequence_check_end(struct file_sequence *sequence);

/* Reports, with errno, that the open file can't be read on. */
void file_sequence_fail(struct file_sequence *sequence);

/*
 * Ends reading the open file.  `last` is the label of the last line that was
 * read, or NULL.
 */
void file_sequence_leave(struct file_sequence *sequence,
			 const struct tain_s *last);

/*
 * True if text was removed before it was read, since the last call or since
 * the beginning.
 */
bool file_sequence_take_loss(struct file_sequence *sequence);

/*
 * Opens the unread files one by one until matches(ctx, file, ended) is true:
 * that file stays open, and those before it are left out.  `ended` is the label
 * in the name of an archive, or NULL.  Returns false if no file matches; all
 * are then unread as before.
 */
bool file_sequence_find(struct file_sequence *sequence, bool oldest_first,
			bool (*matches)(void *ctx, struct log_file *file,
					const struct tain_s *ended),
			void *ctx);

/*
 * Leaves out the archives that were ended before this label.  If the first file
 * after them begins with a later label, that is a loss.
 */
void file_sequence_skip_before(struct file_sequence *sequence,
			       const struct tain_s *label);

/*
 * Leaves out those of the unread archives that can not hold lines of the
 * window, which must stay.
 */
void file_sequence_set_window(struct file_sequence *sequence,
			      const struct time_window *window);

/* Looks for stamps in the archives that were left out for the window. */
enum left_out_stamps
file_sequence_check_left_out(const struct file_sequence *sequence);

/*
 * Finds out of which kind the labels are, by the open file or the youngest of
 * the unread ones.  Returns false if they do not tell.
 */
bool file_sequence_find_kind(const struct file_sequence *sequence,
			     enum label_kind *kind);

#endif
