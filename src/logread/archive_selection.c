/*
 * Which archives of a log directory are read for a window of time.
 *
 * An archive is judged by the labels of its neighbours too, which are read once
 * each: four of them are kept.  Lines without a stamp at its beginning belong
 * to the line before them: while that is in the window, an archive that begins
 * so is read whatever its labels are.  Tested by tests/sh/rlogread-lines.t,
 * tests/peer/windows.t and tests/crash/reference-rlogread.t.
 */
#include "logread/archive_selection.h"

#include <unistd.h>

#include "logread/log_file.h"
#include "logread/search.h"
#include "logread/stamp.h"
#include "logread/unpack.h"

enum { KEPT = 4 }; /* archives whose labels are kept */

void archive_selection_set(struct archive_selection *selection,
			   const struct time_window *window)
{
	*selection = (struct archive_selection){0};
	if (window && time_window_is_bounded(window))
		selection->window = window;
}

void archive_selection_begin(struct archive_selection *selection)
{
	selection->gap = false;
}

/* *bare is true if the first stamp is not at the beginning. */
static bool find_first_stamp(int directory, const struct listing *archives,
			     size_t i, struct tain_s *first, bool *bare)
{
	const char *name = archives->names[i];
	int fd = log_file_descriptor(directory, name);
	struct stamp_span span;
	bool found;

	*bare = true;
	if (fd < 0)
		return false;
	span = stamp_file_span(fd, name, i ? archives->names[i - 1] : NULL);
	*bare = !search_first(fd, span, first);
	found = !*bare || search_first_stamp(fd, span, first);
	close(fd);
	return found;
}

bool archive_selection_label(int directory, const struct listing *archives,
			     size_t i, struct tain_s *first)
{
	bool bare;

	return find_first_stamp(directory, archives, i, first, &bare);
}

static void read_labels(struct archive_selection *selection, int directory,
			const struct listing *archives, size_t i)
{
	struct archive_labels *labels = &selection->labels[i % KEPT];

	listing_label(archives, i, &labels->name);
	labels->readable = find_first_stamp(
	    directory, archives, i, &labels->first, &selection->bare[i % KEPT]);
}

bool archive_selection_take(struct archive_selection *selection, int directory,
			    const struct listing *archives, size_t i,
			    bool inside)
{
	const struct archive_labels *labels = selection->labels;
	bool last = i + 1 == archives->count;

	if (!selection->window)
		return true;
	while (selection->read < (last ? i + 1 : i + 2))
		read_labels(selection, directory, archives, selection->read++);
	if ((inside && !selection->gap && selection->bare[i % KEPT]) ||
	    time_window_may_hold(selection->window, &labels[i % KEPT],
				 i >= 2 ? &labels[(i - 2) % KEPT] : NULL,
				 last ? NULL : &labels[(i + 1) % KEPT]))
		return true;
	selection->any = selection->gap = true;
	return false;
}

/* A stamp in a compressed archive is taken for granted. */
static enum left_out_stamps find_stamps(int fd)
{
	const struct stamp_span span = {0};
	char head[UNPACK_MAGIC];
	ssize_t n = pread(fd, head, sizeof head, 0);
	struct tain_s label;

	if (n <= 0)
		return LEFT_OUT_NOTHING;
	return search_first_stamp(fd, span, &label) ||
		       search_last_stamp(fd, span, &label) ||
		       unpack_program(head, (size_t)n)
		   ? LEFT_OUT_STAMPED
		   : LEFT_OUT_BARE;
}

enum left_out_stamps
archive_selection_check(const struct archive_selection *selection,
			int directory, const struct listing *archives)
{
	enum left_out_stamps found = LEFT_OUT_NOTHING, stamps;
	size_t i = selection->any ? archives->count : 0;
	int fd;

	while (i > 0 && found != LEFT_OUT_STAMPED) {
		fd = log_file_descriptor(directory, archives->names[--i]);
		stamps = fd < 0 ? LEFT_OUT_NOTHING : find_stamps(fd);
		if (stamps > found)
			found = stamps;
		if (fd >= 0)
			close(fd);
	}
	return found;
}
