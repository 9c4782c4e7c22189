/*
 * The lines of log directories as one stream.  A directory is one of rlog,
 * multilog, s6-log or svlogd: its archives are read first, oldest first, then
 * the files that are still being rotated or written.  Several directories are
 * merged by their stamps (stamp.h).  A source can be restricted to a window of
 * time, start at a saved position, and follow the directories over rotations.
 *
 * Of the lines with a stamp the window holds all whose time is in it, both ends
 * included; a line without a stamp belongs to the line before it.  Files are
 * chosen, and entered in their middle, as if the clock had never been set back
 * by more than TIME_WINDOW_SLACK seconds within a file; a clock that was set
 * back between two files, or by less, loses no line.
 *
 * Nothing is written to a directory, and no symbolic link in one is followed.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "logread/position.h"
#include "logread/source_line.h"
#include "logread/source_options.h"

struct source;

/*
 * Opens all directories and files.  Options, and the strings and times in them,
 * must stay.  Returns NULL with errno set on failure; *bad is then the
 * directory or file (ENOENT for a directory: it holds no log), the position
 * file (EINVAL: it is none), or NULL.
 */
struct source *source_open(const struct source_options *options,
			   const char **bad);

/*
 * Gives the next line, or fragment of one.  Returns 1; 0 if there is none, for
 * now when following; or -1 with errno set.
 */
int source_next(struct source *source, struct source_line *line);

/*
 * Gives the whole lines that the next `most` bytes hold as one text with its
 * newlines, or these bytes if they hold none; `begins` and the stamp are those
 * of its first line.  With several directories, a window or lines to skip it
 * gives one line without its newline instead; `ends` is true then if a newline
 * follows, and false for a block.  Returns as source_next does.
 */
int source_block(struct source *source, struct source_line *block, size_t most);

/*
 * Gives no lines before and after the window any more, of the nth directory or
 * file, from 0, unless a line of the window follows, as after a clock was set
 * back.
 */
void source_narrow(struct source *source, size_t n);

/*
 * To wait for more lines when following: *fd becomes readable when there may be
 * more, if it is not -1.  Returns after how many milliseconds to look in any
 * case.  Then source_woken is to be called.
 */
int source_wait(struct source *source, int *fd);

/* To be called when *fd of source_wait was readable, or its time is over. */
void source_woken(struct source *source);

/*
 * Marks the lines that were given as done, so that source_save saves the
 * position after them.  The line given last counts only if all is true.
 */
void source_mark(struct source *source, bool all);

/*
 * Writes the positions that were marked last to the position file, if there is
 * one: to a new file, synced, and renamed.  Returns 0, or -1 with errno set.
 */
int source_save(struct source *source);

/*
 * Stage the positions that were marked last, and commit them (position.h).
 * Without a position file there is nothing to do, and the hash is 0.
 */
int source_stage(struct source *source, uint64_t *hash);
int source_commit(struct source *source);

/*
 * Stores the position after the first n bytes of the line that source_next has
 * given last, where its newline counts; n is 0 only if a line was given before
 * it.  For a single directory without a window.
 */
void source_place(const struct source *source, size_t n,
		  struct position *position);

/*
 * Stores the position after the last line that source_next has given, when it
 * has no more of them.  For a single directory.
 */
void source_place_end(const struct source *source, struct position *position);

/*
 * Estimates the bytes of text to read, by the sizes of files; 0 if that is not
 * known, as with a window, last lines or a pipe.
 */
uint64_t source_estimate(const struct source *source);

/* Returns the number of directories and files; standard input is one. */
size_t source_count(const struct source *source);

/*
 * Returns the absolute path of the nth directory or file, from 0, or "-" for
 * standard input.  The path stays until the source is closed.
 */
const char *source_path(const struct source *source, size_t n);

/* True if a file or a directory could not be read to its end. */
bool source_failed(const struct source *source);

/*
 * True if there is a window, and a directory whose lines, as far as they were
 * read, have no stamps.
 */
bool source_unstamped(const struct source *source);

/* Closes all readers, and frees the source. */
void source_close(struct source *source);

#endif
