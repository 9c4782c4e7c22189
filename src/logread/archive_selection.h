/*
 * Which archives of a log directory are read for a window of time.  It is asked
 * of each archive, in their order.
 */
#ifndef ARCHIVE_SELECTION_H
#define ARCHIVE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "logdir/listing.h"
#include "logread/time_window.h"

/* Others read gap.  labels and bare are of the archives whose number, modulo 4,
 * is the index. */
struct archive_selection {
	const struct time_window *window; /* NULL: all archives are read */
	struct archive_labels labels[4];
	bool bare[4]; /* its first line has no stamp, or is unknown */
	size_t read;  /* the labels of the archives before this one were read */
	bool any;     /* an archive was left out */
	bool gap;     /* one was left out since the last call of begin */
};

/* The stamps in the archives that were left out. */
enum left_out_stamps {
	LEFT_OUT_NOTHING, /* no archive with text was left out */
	LEFT_OUT_BARE,    /* none of them has a stamp */
	LEFT_OUT_STAMPED, /* one has, or is compressed */
};

/*
 * Selects archives for a window, which must stay; all archives, if it is NULL
 * or has no bound.
 */
void archive_selection_set(struct archive_selection *selection,
			   const struct time_window *window);

/* The file before the archives that are asked for next was read to its end. */
void archive_selection_begin(struct archive_selection *selection);

/*
 * True if archive number i is to be read; otherwise it is left out.  `inside`:
 * the last stamp that was read is in the window, and so are lines without a
 * stamp that follow it.
 */
bool archive_selection_take(struct archive_selection *selection, int directory,
			    const struct listing *archives, size_t i,
			    bool inside);

/* Looks for stamps in all archives if any was left out. */
enum left_out_stamps
archive_selection_check(const struct archive_selection *selection,
			int directory, const struct listing *archives);

/*
 * Finds the label of the first stamp in archive number i.  Returns false if it
 * is not near the beginning; a compressed archive shows none.
 */
bool archive_selection_label(int directory, const struct listing *archives,
			     size_t i, struct tain_s *first);

#endif
