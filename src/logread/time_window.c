/* The window of a reader; see time_window.h. */
#include "logread/time_window.h"

#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "logread/search.h"
#include "logread/unpack.h"

enum { LOOK_AT = 5, EARLIEST = -60, LATEST = 40, LEAP_FROM = 14 };

static bool is_packed(int fd)
{
	char magic[UNPACK_MAGIC];
	ssize_t n = pread(fd, magic, sizeof magic, 0);

	return n > 0 && unpack_program(magic, (size_t)n);
}

/*
 * A file was last written when its last line was: its label is as much ahead
 * as the leap seconds are, if it counts them.  False if it does not tell.
 */
static bool kind_of(int fd, enum label_kind *kind)
{
	struct timespec time;
	struct tain_s last;
	struct stat st;
	long ahead;

	if (is_packed(fd) || !search_last(fd, &last) || fstat(fd, &st) < 0 ||
	    !label_to_time(&time, &last, LABEL_DJB))
		return false;
	ahead = (long)(time.tv_sec - st.st_mtime);
	*kind = ahead >= LEAP_FROM ? LABEL_LEAP : LABEL_DJB;
	return ahead >= EARLIEST && ahead <= LATEST;
}

static bool kind_of_name(struct reader *r, size_t i, enum label_kind *kind)
{
	int fd = log_file_descriptor(r->directory, r->queue.names[i]);
	bool known;

	if (fd < 0)
		return false;
	known = kind_of(fd, kind);
	close(fd);
	return known;
}

static bool find_kind(struct reader *r, enum label_kind *kind)
{
	size_t i = r->queue.count;

	if ((r->file.file >= 0 && !r->file.stream &&
	     kind_of(r->file.file, kind)) ||
	    (r->current >= 0 && kind_of(r->current, kind)) ||
	    (r->previous >= 0 && kind_of(r->previous, kind)))
		return true;
	for (int n = 0; i && n < LOOK_AT; n++)
		if (kind_of_name(r, --i, kind))
			return true;
	return false;
}

/* Nothing to look at yet is no answer; what does not tell is djb's. */
static bool has_files(const struct reader *r)
{
	return r->file.file >= 0 || r->queue.count || r->current >= 0 ||
	       r->previous >= 0;
}

/* Sets the window's labels for r->kind. */
static void set_window(struct reader *r)
{
	const struct source_options *o = r->options;
	struct reader_window *w = &r->window;

	w->since =
	    o->since && time_expression_label(&w->first, o->since, r->kind);
	w->until =
	    o->until && time_expression_label(&w->last, o->until, r->kind);
	w->early = w->first;
	w->late = w->last;
	w->early.sec.x -=
	    w->early.sec.x < SOURCE_SLACK ? w->early.sec.x : SOURCE_SLACK;
	w->late.sec.x += SOURCE_SLACK;
}

void time_window_kind(struct reader *r)
{
	enum label_kind kind = LABEL_DJB;

	r->kind_known = true;
	if (r->options->labels != LABEL_AUTO) {
		kind = r->options->labels;
	} else if (!find_kind(r, &kind)) {
		kind = LABEL_DJB;
		r->kind_known = r->file.file >= 0;
	}
	r->kind = kind;
	set_window(r);
	if (r->kind_known && has_files(r))
		reader_tell(r, SOURCE_KIND, "", "");
}

/* What is known of an archive; first only if its beginning can be read. */
struct range {
	bool known;
	struct tain_s first, name;
};

static void look(struct reader *r, size_t i, struct range *range)
{
	int fd = log_file_descriptor(r->directory, r->queue.names[i]);

	listing_label(&r->queue, i, &range->name);
	range->known = fd >= 0 && search_first(fd, &range->first);
	if (fd >= 0)
		close(fd);
}

/* The label with SOURCE_SLACK more is still smaller. */
static bool much_less(struct tain_s a, const struct tain_s *b)
{
	a.sec.x += SOURCE_SLACK;
	return tain_less(&a, b);
}

/*
 * Can archive i, of those that range holds i - 2, i - 1, i and i + 1, have
 * lines in the window?  It was ended when its name says, or before; its first
 * line is younger than the name of the last but one, since rotations of one
 * directory never overlap.  If the clock was set back, one of these says so,
 * and then the file is read.
 */
static bool may_hold(const struct reader_window *w, const struct range *range,
		     const struct range *before, const struct range *next)
{
	struct tain_s low, high = range->name;

	if (range->known) {
		low = range->first;
		if (much_less(range->name, &low))
			return true;
	} else if (before) {
		low = before->name;
	} else {
		low = (struct tain_s){0};
	}
	if (next && next->known) {
		if (range->known && much_less(next->first, &range->first))
			return true;
		if (tain_less(&next->first, &low))
			low = next->first;
		if (tain_less(&high, &next->first))
			high = next->first;
	}
	return !(w->since && tain_less(&high, &w->early)) &&
	       !(w->until && tain_less(&w->late, &low));
}

void time_window_select(struct reader *r)
{
	struct range ranges[4]; /* by number modulo 4 */
	size_t n = r->queue.count, kept = 0;

	if (!n || (!r->window.since && !r->window.until))
		return;
	look(r, 0, &ranges[0]);
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n)
			look(r, i + 1, &ranges[(i + 1) % 4]);
		if (!may_hold(&r->window, &ranges[i % 4],
			      i >= 2 ? &ranges[(i - 2) % 4] : NULL,
			      i + 1 < n ? &ranges[(i + 1) % 4] : NULL))
			continue;
		if (kept != i)
			memcpy(r->queue.names[kept], r->queue.names[i],
			       ARCHIVE_NAME);
		kept++;
	}
	r->queue.count = kept;
}

void time_window_file(struct reader *r)
{
	struct tain_s first, last;
	int fd = r->file.file;

	if (!r->window.since && !r->window.until)
		return;
	r->ordered = !r->file.stream && search_first(fd, &first) &&
		     search_last(fd, &last) && !tain_less(&last, &first);
	if (!r->window.since || !r->ordered ||
	    !tain_less(&first, &r->window.early))
		return;
	log_file_seek(&r->file, search_label(fd, &r->window.early));
	if (r->file.offset)
		r->inside = r->cut = false;
}
