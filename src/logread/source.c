/*
 * The lines of log directories as one stream.  Each directory has a reader.
 * When there are several, the next line of each is held in advance, and the
 * oldest of them is given; a line without a stamp has the time of the line
 * before it, and is given right after that.
 *
 * Invariant: a line that is held, or that was given last, was not followed by
 * another one of its reader, so that the position before it is still known.
 *
 * Tested by tests/unit/logread/file_sequence.c and tests/sh/rlogread-*.t.
 */
#include "logread/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "compat/file_watch.h"
#include "logread/backlog.h"
#include "logread/position.h"
#include "logread/reader.h"
#include "logread/source_event.h"

/* The next line of a reader that is merged with others. */
struct held_line {
	bool held;
	struct source_line line;
	struct timespec time; /* of its stamp, or of the last one before it */
};

struct source {
	const struct source_options *options;
	struct reader **readers;
	struct held_line *lines;
	struct position_entry *marked;
	size_t count, opened; /* readers, and how many are open */
	size_t given;         /* the reader of the line given last, or count */
	bool undone;          /* there is such a line, and it may be undone */
	uint64_t skip;        /* lines to skip first, or 0 */
	uint64_t begun;       /* lines that began while some are skipped */
	bool told_polling;
	struct file_watch watch;
};

static const char *const standard_input[] = {"-"};

static int load_positions(struct source *source, const char **bad)
{
	for (size_t i = 0; i < source->count; i++)
		source->marked[i].directory = reader_path(source->readers[i]);
	if (!source->options->cursor ||
	    position_load(source->options->cursor, source->marked,
			  source->count) == 0)
		return 0;
	*bad = source->options->cursor;
	return -1;
}

static int start_readers(struct source *source)
{
	const struct source_options *options = source->options;
	uint64_t lines, total = 0;

	for (size_t i = 0; i < source->count; i++) {
		struct position_entry *entry = &source->marked[i];

		if (reader_start(source->readers[i],
				 entry->known ? &entry->position
					      : options->start,
				 &lines) < 0)
			return -1;
		total += lines;
		/* A saved position takes precedence. */
		if (entry->known)
			source->skip = 0;
	}
	if (options->tailed && total > options->lines)
		source->skip = total - options->lines;
	return 0;
}

/* Watches the directories, which may be others than before. */
static void watch_directories(struct source *source)
{
	for (size_t i = 0; i < source->count; i++) {
		int directory = reader_directory(source->readers[i]);

		if (directory >= 0)
			file_watch_add(&source->watch, directory);
	}
}

static int open_readers(struct source *source, const char **bad)
{
	const struct source_options *options = source->options;
	const char *const *paths =
	    options->count ? options->directories : standard_input;

	for (; source->opened < source->count; source->opened++) {
		*bad = paths[source->opened];
		source->readers[source->opened] = reader_open(*bad, options);
		if (!source->readers[source->opened])
			return -1;
	}
	*bad = NULL;
	watch_directories(source);
	return load_positions(source, bad) < 0 ? -1 : start_readers(source);
}

struct source *source_open(const struct source_options *options,
			   const char **bad)
{
	struct source *source = calloc(1, sizeof *source);
	size_t n = options->count ? options->count : 1;
	int error;

	*bad = NULL;
	if (!source)
		return NULL;
	source->options = options;
	source->skip = options->skip;
	source->watch.fd = -1;
	source->count = n;
	/* A single reader gives every line. */
	source->given = n > 1 ? n : 0;
	source->readers = calloc(n, sizeof(struct reader *));
	source->lines = calloc(n, sizeof *source->lines);
	source->marked = calloc(n, sizeof *source->marked);
	if (options->follow)
		file_watch_open(&source->watch);
	if (source->readers && source->lines && source->marked &&
	    open_readers(source, bad) == 0)
		return source;
	error = errno;
	source_close(source);
	errno = error;
	return NULL;
}

/* Lines are compared by time, since labels may be of two kinds. */
static int hold_line(struct source *source, size_t i)
{
	struct held_line *held = &source->lines[i];
	int r;

	if (held->held)
		return 1;
	r = reader_next(source->readers[i], &held->line);
	if (r <= 0)
		return r;
	held->held = true;
	if (held->line.dated &&
	    !label_to_time(&held->time, &held->line.label, held->line.kind))
		held->time = (struct timespec){0};
	return 1;
}

static bool is_older(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec;
	return a->tv_nsec < b->tv_nsec;
}

/* Finds the oldest line: 1 and the number of its reader, 0 if none, or -1. */
static int find_oldest(struct source *source, size_t *oldest)
{
	const struct held_line *lines = source->lines;
	int found = 0;

	for (size_t i = 0; i < source->count; i++) {
		if (hold_line(source, i) < 0)
			return -1;
		if (!lines[i].held ||
		    (found && !is_older(&lines[i].time, &lines[*oldest].time)))
			continue;
		*oldest = i;
		found = 1;
	}
	/* A line without a stamp stays with the line before it. */
	if (source->given < source->count && lines[source->given].held &&
	    !lines[source->given].line.stamp)
		*oldest = source->given;
	return found;
}

static int merge_lines(struct source *source, struct source_line *line)
{
	size_t oldest = 0;
	int r = find_oldest(source, &oldest);

	if (r <= 0)
		return r;
	source->given = oldest;
	source->lines[oldest].held = false;
	*line = source->lines[oldest].line;
	line->origin = oldest;
	return 1;
}

int source_next(struct source *source, struct source_line *line)
{
	int r;

	line->origin = 0;
	for (;;) {
		source->undone = false;
		r = source->count == 1 ? reader_next(source->readers[0], line)
				       : merge_lines(source, line);
		source->undone = r > 0;
		if (r <= 0 || !source->skip)
			return r;
		source->begun += line->begins;
		if (source->begun > source->skip) {
			source->skip = 0;
			return r;
		}
	}
}

int source_block(struct source *source, struct source_line *block, size_t most)
{
	const struct source_options *options = source->options;
	int r;

	if (source->count > 1 || source->skip || options->since ||
	    options->until)
		return source_next(source, block);
	block->origin = 0;
	r = reader_block(source->readers[0], block, most);
	source->undone = r > 0;
	return r;
}

void source_narrow(struct source *source, size_t n)
{
	reader_narrow(source->readers[n]);
}

static void tell_polling(struct source *source)
{
	struct source_notice notice = {
	    .event = SOURCE_POLLING, .directory = "", .file = ""};

	if (source->told_polling || source->watch.fd >= 0)
		return;
	source->told_polling = true;
	source_event_tell(source->options, &notice);
}

int source_wait(struct source *source, int *fd)
{
	tell_polling(source);
	*fd = source->watch.fd;
	return file_watch_timeout(&source->watch);
}

void source_woken(struct source *source)
{
	file_watch_drain(&source->watch);
	watch_directories(source);
}

void source_mark(struct source *source, bool all)
{
	bool after;

	if (!source->options->cursor)
		return;
	for (size_t i = 0; i < source->count; i++) {
		after = source->undone && i == source->given
			    ? all
			    : !source->lines[i].held;
		source->marked[i].known = reader_place(
		    source->readers[i], after, &source->marked[i].position);
	}
}

int source_save(struct source *source)
{
	if (!source->options->cursor)
		return 0;
	return position_save(source->options->cursor, source->marked,
			     source->count);
}

int source_stage(struct source *source, uint64_t *hash)
{
	*hash = 0;
	if (!source->options->cursor)
		return 0;
	return position_stage(source->options->cursor, source->marked,
			      source->count, hash);
}

int source_commit(struct source *source)
{
	return source->options->cursor
		   ? position_commit(source->options->cursor)
		   : 0;
}

void source_place(const struct source *source, size_t n,
		  struct position *position)
{
	if (n)
		reader_place_within(source->readers[0], n, position);
	else
		reader_place(source->readers[0], false, position);
}

void source_place_end(const struct source *source, struct position *position)
{
	reader_place(source->readers[0], true, position);
}

/* Returns the bytes after a position, or 0. */
static uint64_t estimate_reader(const struct reader *reader,
				const struct position_entry *entry)
{
	const struct position *position =
	    entry->known ? &entry->position : NULL;
	int directory = reader_directory(reader);
	struct backlog backlog;
	struct stat st;

	if (directory >= 0)
		return backlog_measure(&backlog, directory, position) == 0
			   ? backlog.behind
			   : 0;
	if (stat(reader_path(reader), &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	if (position && position->offset < (uint64_t)st.st_size)
		return (uint64_t)st.st_size - position->offset;
	return (uint64_t)st.st_size;
}

uint64_t source_estimate(const struct source *source)
{
	const struct source_options *options = source->options;
	uint64_t sum = 0;

	if (options->since || options->until || options->tailed)
		return 0;
	for (size_t i = 0; i < source->count; i++)
		sum += estimate_reader(source->readers[i], &source->marked[i]);
	return sum;
}

size_t source_count(const struct source *source)
{
	return source->count;
}

const char *source_path(const struct source *source, size_t n)
{
	return reader_path(source->readers[n]);
}

bool source_failed(const struct source *source)
{
	for (size_t i = 0; i < source->count; i++)
		if (reader_failed(source->readers[i]))
			return true;
	return false;
}

bool source_unstamped(const struct source *source)
{
	for (size_t i = 0; i < source->count; i++)
		if (reader_unstamped(source->readers[i]))
			return true;
	return false;
}

void source_close(struct source *source)
{
	for (size_t i = 0; i < source->opened; i++)
		reader_close(source->readers[i]);
	file_watch_close(&source->watch);
	free(source->readers);
	free(source->lines);
	free(source->marked);
	free(source);
}
