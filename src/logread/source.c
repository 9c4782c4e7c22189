/*
 * The lines of log directories as one stream; see source.h.  Each directory has
 * a reader and, when there are several, its next line in hand; the oldest is
 * given.
 */
#include "logread/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "logread/file_watch.h"
#include "logread/position_file.h"
#include "logread/reader.h"
#include "logread/seek.h"
#include "logread/time_window.h"

/* Of a reader that is merged with others. */
struct hand {
	bool full; /* line is its next line */
	struct source_line line;
	struct timespec time; /* of that, or of the one before it */
};

struct source {
	const struct source_options *options;
	struct reader *readers;
	struct hand *hands;
	struct position_file_entry *entries; /* what was marked last */
	size_t count, given; /* given: whose line was given last */
	bool busy;           /* there is such a line, not done with */
	uint64_t skip;       /* so many lines are left out first */
	bool told_polling;
	struct file_watch watch;
};

static const char *const standard_input[] = {"-"};

static int load_cursor(struct source *s, const char **bad)
{
	for (size_t i = 0; i < s->count; i++)
		s->entries[i].directory = s->readers[i].path;
	if (!s->options->cursor ||
	    position_file_load(s->options->cursor, s->entries, s->count) == 0)
		return 0;
	*bad = s->options->cursor;
	return -1;
}

/* Where each reader begins. */
static int begin(struct source *s)
{
	uint64_t left, total = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct reader *r = &s->readers[i];

		time_window_kind(r);
		if (s->entries[i].known) {
			seek_place(r, &s->entries[i].place);
		} else if (s->options->tailed) {
			if (seek_tail(r, s->options->lines, &left) < 0)
				return -1;
			total += left;
		} else {
			time_window_select(r);
		}
	}
	if (s->options->tailed && total > s->options->lines)
		s->skip = total - s->options->lines;
	return 0;
}

static int open_all(struct source *s, const char **bad)
{
	const struct source_options *o = s->options;
	const char *const *paths = o->count ? o->directories : standard_input;

	for (size_t n = o->count ? o->count : 1; s->count < n; s->count++) {
		*bad = paths[s->count];
		if (reader_open(&s->readers[s->count], *bad, o) < 0)
			return -1;
		if (s->readers[s->count].directory >= 0)
			file_watch_add(&s->watch,
				       s->readers[s->count].directory);
	}
	*bad = NULL;
	return load_cursor(s, bad) < 0 ? -1 : begin(s);
}

struct source *source_open(const struct source_options *options,
			   const char **bad)
{
	size_t n = options->count ? options->count : 1;
	struct source *s = calloc(1, sizeof *s);
	int error;

	*bad = NULL;
	if (!s)
		return NULL;
	s->options = options;
	s->skip = options->skip;
	s->watch.fd = -1;
	s->readers = calloc(n, sizeof *s->readers);
	s->hands = calloc(n, sizeof *s->hands);
	s->entries = calloc(n, sizeof *s->entries);
	if (options->follow)
		file_watch_open(&s->watch);
	if (s->readers && s->hands && s->entries && open_all(s, bad) == 0)
		return s;
	error = errno;
	/* The one that could not be opened is to be closed too. */
	if (*bad && s->readers && s->count < n)
		s->count++;
	source_close(s);
	errno = error;
	return NULL;
}

/* The lines in hand compare by time, since labels may be of two kinds. */
static int fill_hand(struct source *s, size_t i)
{
	struct hand *h = &s->hands[i];
	int r;

	if (h->full)
		return 1;
	r = reader_next(&s->readers[i], &h->line);
	if (r <= 0)
		return r;
	h->full = true;
	if (h->line.labelled &&
	    !label_to_time(&h->time, &h->line.label, h->line.kind))
		h->time = (struct timespec){0};
	return 1;
}

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec;
	return a->tv_nsec < b->tv_nsec;
}

/* Whose line comes next: 1 and *best, 0, or -1. */
static int choose(struct source *s, size_t *best)
{
	int found = 0;

	for (size_t i = 0; i < s->count; i++) {
		if (fill_hand(s, i) < 0)
			return -1;
		if (!s->hands[i].full ||
		    (found &&
		     !is_older(&s->hands[i].time, &s->hands[*best].time)))
			continue;
		*best = i;
		found = 1;
	}
	/* A line without a label stays with the line before it. */
	if (s->hands[s->given].full && !s->hands[s->given].line.labelled)
		*best = s->given;
	return found;
}

static int merge(struct source *s, struct source_line *line)
{
	size_t best = 0;
	int r = choose(s, &best);

	if (r <= 0)
		return r;
	s->given = best;
	s->hands[best].full = false;
	*line = s->hands[best].line;
	return 1;
}

int source_next(struct source *s, struct source_line *line)
{
	int r;

	do {
		s->busy = false;
		r = s->count == 1 ? reader_next(&s->readers[0], line)
				  : merge(s, line);
		s->busy = r > 0;
		if (r <= 0 || !s->skip)
			return r;
		s->skip -= line->ends;
	} while (1);
}

int source_block(struct source *s, struct source_line *block, size_t most)
{
	const struct source_options *o = s->options;
	int r;

	if (s->count > 1 || s->skip || o->since || o->until)
		return source_next(s, block);
	r = reader_block(&s->readers[0], block, most);
	s->busy = r > 0;
	return r;
}

static void tell_polling(struct source *s)
{
	struct source_notice notice = {
	    .event = SOURCE_POLLING, .directory = "", .file = ""};

	if (s->told_polling || s->watch.fd >= 0)
		return;
	s->told_polling = true;
	if (s->options->tell)
		s->options->tell(s->options->ctx, &notice);
}

int source_wait(struct source *s, int *fd)
{
	tell_polling(s);
	*fd = s->watch.fd;
	return file_watch_timeout(&s->watch);
}

void source_woken(struct source *s)
{
	file_watch_drain(&s->watch);
	for (size_t i = 0; i < s->count; i++)
		if (s->readers[i].directory >= 0)
			file_watch_add(&s->watch, s->readers[i].directory);
}

void source_mark(struct source *s, bool all)
{
	bool behind;

	if (!s->options->cursor)
		return;
	for (size_t i = 0; i < s->count; i++) {
		behind = s->busy && i == s->given ? all : !s->hands[i].full;
		s->entries[i].known =
		    reader_place(&s->readers[i], behind, &s->entries[i].place);
	}
}

int source_save(struct source *s)
{
	if (!s->options->cursor)
		return 0;
	return position_file_save(s->options->cursor, s->entries, s->count);
}

bool source_failed(const struct source *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->readers[i].failed)
			return true;
	return false;
}

void source_close(struct source *s)
{
	for (size_t i = 0; s->readers && i < s->count; i++)
		reader_close(&s->readers[i]);
	file_watch_close(&s->watch);
	free(s->readers);
	free(s->hands);
	free(s->entries);
	free(s);
}
