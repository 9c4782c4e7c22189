/*
 * A window of time over the labels of one log.
 *
 * Invariant: early <= first and last <= late, where a bound exists.  Archives
 * are left out by early and late; lines are compared with first and last alone.
 */
#include "logread/time_window.h"

/*
 * By how many seconds the last label may differ from the time when its file was
 * written, and from which difference on the labels count leap seconds.
 */
enum { EARLIEST = -60, LATEST = 40, LEAP_FROM = 14 };

/* Labels begin at 0. */
static void move_back(struct tain_s *label, uint64_t seconds)
{
	if (label->sec.x < seconds)
		*label = (struct tain_s){0};
	else
		label->sec.x -= seconds;
}

void time_window_set(struct time_window *window,
		     const struct time_expression *since,
		     const struct time_expression *until, enum label_kind kind)
{
	uint64_t slack = TIME_WINDOW_SLACK;

	*window = (struct time_window){0};
	window->since =
	    since && time_expression_label(&window->first, since, kind);
	window->until =
	    until && time_expression_label(&window->last, until, kind);
	window->early = window->first;
	window->late = window->last;
	move_back(&window->early, slack);
	window->late.sec.x += slack;
}

void time_window_widen(struct time_window *window, uint64_t back, bool on)
{
	move_back(&window->first, back);
	move_back(&window->early, back);
	if (on)
		window->last.sec.x = window->late.sec.x = UINT64_MAX;
}

enum window_side time_window_side(const struct time_window *window,
				  const struct tain_s *label)
{
	if (window->since && tain_less(label, &window->first))
		return WINDOW_BEFORE;
	return time_window_is_after(window, label) ? WINDOW_AFTER
						   : WINDOW_INSIDE;
}

bool time_window_is_bounded(const struct time_window *window)
{
	return window->since || window->until;
}

bool time_window_contains(const struct time_window *window,
			  const struct tain_s *label)
{
	return time_window_side(window, label) == WINDOW_INSIDE;
}

bool time_window_is_after(const struct time_window *window,
			  const struct tain_s *label)
{
	return window->until && tain_less(&window->last, label);
}

bool time_window_is_over(const struct time_window *window,
			 const struct tain_s *label)
{
	return window->until && tain_less(&window->late, label);
}

/* True if a is smaller than b by more than the slack. */
static bool is_much_less(const struct tain_s *a, const struct tain_s *b)
{
	struct tain_s later = *a;

	later.sec.x += TIME_WINDOW_SLACK;
	return tain_less(&later, b);
}

/*
 * The lines of an archive lie between `low` and `high`: the archive was ended
 * when its name says, or before, and its first line is younger than the name of
 * the archive two before it, since rotations of one directory do not overlap.
 * Labels that contradict this show that the clock was set back: then the
 * archive is kept.
 */
bool time_window_may_hold(const struct time_window *window,
			  const struct archive_labels *archive,
			  const struct archive_labels *second,
			  const struct archive_labels *next)
{
	struct tain_s low = {0}, high = archive->name;

	if (archive->readable)
		low = archive->first;
	else if (second)
		low = second->name;
	if (archive->readable && is_much_less(&archive->name, &low))
		return true;
	if (next && next->readable) {
		if (archive->readable &&
		    is_much_less(&next->first, &archive->first))
			return true;
		if (tain_less(&next->first, &low))
			low = next->first;
		if (tain_less(&high, &next->first))
			high = next->first;
	}
	return !(window->since && tain_less(&high, &window->early)) &&
	       !(window->until && tain_less(&window->late, &low));
}

/*
 * A file is written last when its last line is, so its last label, taken as one
 * without leap seconds, is ahead of that time by the leap seconds it counts.
 */
bool time_window_find_kind(enum label_kind *kind, const struct tain_s *last,
			   time_t written)
{
	struct timespec time;
	long ahead;

	if (!label_to_time(&time, last, LABEL_DJB))
		return false;
	ahead = (long)(time.tv_sec - written);
	if (ahead < EARLIEST || ahead > LATEST)
		return false;
	*kind = ahead >= LEAP_FROM ? LABEL_LEAP : LABEL_DJB;
	return true;
}
