/*
 * The lines of one log directory, or of one file, in order; source.h merges
 * several readers.
 */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logread/position.h"
#include "logread/source_line.h"
#include "logread/source_options.h"

struct reader;

/*
 * Opens a log directory, a service directory that has one, a file, or "-".
 * Options must stay.  Returns NULL with errno set on failure: ESPIPE if only
 * the last lines or a position are asked for of a pipe or a terminal.
 */
struct reader *reader_open(const char *path,
			   const struct source_options *options);

/*
 * Chooses where reading starts: at a position if it is not NULL, at the last
 * lines if options->tailed, otherwise where the window begins.  If the position
 * is gone, reading starts after the saved label or, without a label, at the
 * oldest line, and that is told.  *lines is the number of last lines there are,
 * 0 if they were not sought.  Returns 0, or -1 with errno set.
 */
int reader_start(struct reader *reader, const struct position *position,
		 uint64_t *lines);

/*
 * Gives the next line, or fragment of one.  Returns 1; 0 if there is none, for
 * now when following; or -1 with errno set.
 */
int reader_next(struct reader *reader, struct source_line *line);

/*
 * Gives the next whole lines within `most` bytes as source_block does, without
 * a look at the window.  Returns 1; 0 if there is none, for now when following;
 * or -1 with errno set.
 */
int reader_block(struct reader *reader, struct source_line *block, size_t most);

/*
 * Stores the position after the line given last or, if after is false, before
 * it, which works until the next call that reads.  Returns false if that is the
 * beginning of the log.
 */
bool reader_place(const struct reader *reader, bool after,
		  struct position *position);

/*
 * Stores the position after the first n bytes, at least 1, of the line given
 * last; its newline counts.  It works until the next call that reads, and not
 * with a window.
 */
void reader_place_within(const struct reader *reader, size_t n,
			 struct position *position);

/*
 * Gives no lines before and after the window any more, unless a line of it
 * follows, as after a clock was set back.
 */
void reader_narrow(struct reader *reader);

/* The path of the directory or file, without links. */
const char *reader_path(const struct reader *reader);

/* The descriptor of the directory, or -1 if there is none. */
int reader_directory(const struct reader *reader);

/* True if a file or the directory could not be read to its end. */
bool reader_failed(const struct reader *reader);

/* True if lines were read for a window, and none of them has a stamp. */
bool reader_unstamped(const struct reader *reader);

/* Closes all files, and frees the reader. */
void reader_close(struct reader *reader);

#endif
