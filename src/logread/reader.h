/*
 * The lines of one log directory, or of one file, in order; see source.h, which
 * merges several.  This is the inside of that module.
 *
 * While followed: of a file that was read while it was `current` or `previous`
 * the descriptor is kept (`aside`) until its archive has come up, so that the
 * archive is known for the same file, or for what a processor has made of it,
 * and is not read again.
 */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logdir/listing.h"
#include "logread/log_file.h"
#include "logread/position.h"
#include "logread/source.h"

enum reader_role { READER_ARCHIVE, READER_PREVIOUS, READER_CURRENT };

enum { READER_ASIDES = 4 };

struct reader_aside {
	int fd;
	bool labelled;
	struct tain_s last;
};

struct reader_window {
	bool since, until;
	struct tain_s first, last; /* labels as this directory has them */
	struct tain_s early, late; /* the same, with SOURCE_SLACK */
};

struct reader {
	const struct source_options *options;
	char *path;    /* of the directory or file, without its last slash */
	int directory; /* -1: only one file */
	struct listing seen;   /* archives when it was looked the last time */
	struct listing queue;  /* those of them to read */
	size_t at;             /* the next one in the queue */
	int previous, current; /* to be read after the queue, or -1 */
	struct reader_aside aside[READER_ASIDES];
	size_t asides;
	enum reader_role role; /* of the file that is open */
	char name[ARCHIVE_NAME];
	bool rotated; /* current has another name now: its end is final */
	bool ordered; /* its labels look as if they ascend */
	bool ended;   /* nothing more will come */
	bool failed, told_gone, moved;
	bool kind_known;
	enum label_kind kind;
	struct reader_window window;
	bool inside;   /* the line before was in the window */
	bool cut;      /* the piece before had no newline */
	bool gap;      /* files were removed before they were read */
	bool resuming; /* lines up to `last` were given already */
	uint64_t skip; /* so many lines are left out first */
	bool labelled; /* last is known: the label of the line given last */
	struct tain_s last;
	/* Where things were before that line, for reader_place: */
	bool before_labelled;
	struct tain_s before;
	uint64_t line_offset;
	size_t line_begin;
	bool has_left;        /* left is known: the end of the file before */
	struct position left; /* or the cursor */
	bool frozen;          /* the end of the window was seen: */
	bool has_frozen;
	struct position freezing; /* where, if it was not the beginning */
	struct log_file file;
};

/*
 * Opens path: a log directory, a service directory that has one, a file, or
 * "-".  0, or -1 and errno.
 */
int reader_open(struct reader *r, const char *path,
		const struct source_options *options);

/* The next line, as in source_next and source_block. */
int reader_next(struct reader *r, struct source_line *line);
int reader_block(struct reader *r, struct source_line *block, size_t most);

/*
 * The place in front of the line that was given last, or behind it; false if
 * that is the very beginning.
 */
bool reader_place(struct reader *r, bool behind, struct position *place);

/* Tells the owner; the directory, the file and the error are filled in. */
void reader_tell(struct reader *r, enum source_event event, const char *file,
		 const char *verb);

void reader_close(struct reader *r);

#endif
