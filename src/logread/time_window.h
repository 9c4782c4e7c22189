/*
 * A window of time over the labels of one log: which lines are in it, and which
 * archives can hold such lines.  Nothing here opens or reads a file.
 *
 * Archives are judged as if the clock had never been set back by more than
 * TIME_WINDOW_SLACK seconds within one.  A clock that was set back further
 * between two archives is noticed by their labels: then both are kept.
 */
#ifndef TIME_WINDOW_H
#define TIME_WINDOW_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "logread/time_expression.h"

enum { TIME_WINDOW_SLACK = 60 }; /* seconds */

struct time_window {
	bool since, until; /* it has a first, a last label */
	struct tain_s first, last;
	struct tain_s early, late; /* first and last, wider by the slack */
};

/* Where a line lies that is read for a window. */
enum window_side { WINDOW_INSIDE, WINDOW_BEFORE, WINDOW_AFTER };

#define TIME_WINDOW_ALL UINT64_MAX /* no bound */

/* The labels of an archive. */
struct archive_labels {
	bool readable;       /* first is known */
	struct tain_s first; /* of its first line */
	struct tain_s name;  /* in its name: when it was ended */
};

/*
 * Sets the window from since to until, both included, for labels of this kind.
 * NULL is no bound.
 */
void time_window_set(struct time_window *window,
		     const struct time_expression *since,
		     const struct time_expression *until, enum label_kind kind);

/*
 * Moves the first label of a window back by this number of seconds, or to the
 * earliest one if that is TIME_WINDOW_ALL; with `on` the last label is
 * the latest one.  Whether the window is bounded does not change.
 */
void time_window_widen(struct time_window *window, uint64_t back, bool on);

/* Says where a line with this label lies. */
enum window_side time_window_side(const struct time_window *window,
				  const struct tain_s *label);

/* True if the window has a bound. */
bool time_window_is_bounded(const struct time_window *window);

/* True if a line with this label is in the window. */
bool time_window_contains(const struct time_window *window,
			  const struct tain_s *label);

/* True if a line with this label is after the window. */
bool time_window_is_after(const struct time_window *window,
			  const struct tain_s *label);

/*
 * True if a line with this label is so late that, in a file whose labels
 * ascend, no line of the window follows it.
 */
bool time_window_is_over(const struct time_window *window,
			 const struct tain_s *label);

/*
 * True if an archive can hold lines of the window.  `second` is the archive two
 * before it and `next` the one after it, or NULL.
 */
bool time_window_may_hold(const struct time_window *window,
			  const struct archive_labels *archive,
			  const struct archive_labels *second,
			  const struct archive_labels *next);

/*
 * Finds out of which kind the labels of a file are, of which the last one is
 * `last` and which was last written at `written`.  Returns false, and leaves
 * *kind as it is, if these two are too far apart to tell.
 */
bool time_window_find_kind(enum label_kind *kind, const struct tain_s *last,
			   time_t written);

#endif
