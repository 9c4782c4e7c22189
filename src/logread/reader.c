/* The lines of one log directory; see reader.h. */
#include "logread/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logread/file_sequence.h"
#include "logread/find_logdir.h"
#include "logread/rotated_files.h"
#include "logread/scan.h"
#include "logread/time_window.h"

void reader_tell(struct reader *r, enum source_event event, const char *file,
		 const char *verb)
{
	struct source_notice notice = {
	    .event = event,
	    .directory = r->path,
	    .file = file,
	    .verb = verb,
	    .program = r->file.program,
	    .error = errno,
	    .kind = r->kind,
	};

	if (r->options->tell)
		r->options->tell(r->options->ctx, &notice);
}

static void tell_missing(struct reader *r, const struct tain_s *next)
{
	struct source_notice notice = {
	    .event = SOURCE_MISSING,
	    .directory = r->path,
	    .file = "",
	    .labelled = next && r->labelled,
	    .last = r->last,
	    .kind = r->kind,
	};

	if (next)
		notice.next = *next;
	r->gap = false;
	if (r->options->tell)
		r->options->tell(r->options->ctx, &notice);
}

/*
 * Takes a line, or a block of at most `most` bytes, from the open file or from
 * the next: 1, 0, or -1 and errno.
 */
static int take(struct reader *r, struct log_file_text *text, size_t most)
{
	bool rest;
	int n;

	while (!r->ended) {
		n = r->file.file >= 0 ? 1 : file_sequence_next(r);
		if (n <= 0)
			return n;
		rest = r->role != READER_CURRENT || r->rotated ||
		       !r->options->follow;
		r->line_offset = r->file.offset;
		n = most ? log_file_block(&r->file, text, most, rest)
			 : log_file_line(&r->file, text, rest);
		if (n > 0) {
			r->line_begin = (size_t)(text->at - r->file.buf);
			return 1;
		}
		if (n < 0 && errno == EINTR)
			return -1;
		if (n < 0) {
			file_sequence_unreadable(r);
			file_sequence_leave(r);
		} else if (!file_sequence_is_over(r)) {
			return 0;
		}
	}
	return 0;
}

/* A line that a rotation has cut goes on unless a label begins another. */
static void join(struct reader *r, struct source_line *line,
		 const struct log_file_text *text)
{
	line->begins = text->begins && (!r->cut || line->labelled);
	r->cut = !text->ends;
}

static bool is_inside(struct reader *r, const struct tain_s *label)
{
	const struct reader_window *w = &r->window;

	return (!w->since || !tain_less(label, &w->first)) &&
	       (!w->until || !tain_less(&w->last, label));
}

/* A label that may be of interest: false if its line was given before. */
static bool note_label(struct reader *r, const struct tain_s *label)
{
	if (r->resuming && !tain_less(&r->last, label))
		return false;
	r->resuming = false;
	if (!r->kind_known)
		time_window_kind(r);
	r->inside = is_inside(r, label);
	if (r->gap && r->has_left)
		tell_missing(r, label);
	r->before_labelled = r->labelled;
	r->before = r->last;
	r->labelled = true;
	r->last = *label;
	return true;
}

/* What lies behind the window is not done with. */
static void freeze(struct reader *r, const struct source_line *line)
{
	if (r->frozen || !r->window.until || !line->labelled ||
	    !tain_less(&r->window.last, &line->label))
		return;
	r->has_frozen = reader_place(r, false, &r->freezing);
	r->frozen = true;
}

/* True if the line is to be given. */
static bool accept(struct reader *r, struct source_line *line)
{
	r->before_labelled = r->labelled;
	r->before = r->last;
	if (line->labelled && !note_label(r, &line->label))
		return false;
	freeze(r, line);
	if (r->skip) {
		r->skip -= line->ends;
		return false;
	}
	return r->inside && !r->resuming;
}

/* Behind the window there is nothing more in a file that is in order. */
static bool is_late(struct reader *r, const struct source_line *line)
{
	return r->window.until && r->ordered && line->labelled &&
	       tain_less(&r->window.late, &line->label);
}

int reader_next(struct reader *r, struct source_line *line)
{
	struct log_file_text text;
	int n;

	for (;;) {
		n = take(r, &text, 0);
		if (n <= 0)
			return n;
		line->text = text.at;
		line->len = text.len;
		line->ends = text.ends;
		line->labelled =
		    text.begins && label_parse(&line->label, text.at, text.len);
		join(r, line, &text);
		if (accept(r, line))
			break;
		if (is_late(r, line))
			file_sequence_leave(r);
	}
	line->kind = r->kind;
	line->directory = r->path;
	return 1;
}

/* The label of the last line of a block. */
static void note_last(struct reader *r, const struct log_file_text *text)
{
	size_t len = text->len - (text->len && text->ends);
	const char *newline = memrchr(text->at, '\n', len);
	const char *line = newline ? newline + 1 : text->at;
	struct tain_s label;

	r->before_labelled = r->labelled;
	r->before = r->last;
	if ((newline || text->begins) &&
	    label_parse(&label, line, (size_t)(text->at + len - line))) {
		r->labelled = true;
		r->last = label;
	}
}

int reader_block(struct reader *r, struct source_line *block, size_t most)
{
	struct log_file_text text;
	int n;

	if (r->skip || r->resuming)
		return reader_next(r, block);
	n = take(r, &text, most);
	if (n <= 0)
		return n;
	block->text = text.at;
	block->len = text.len;
	block->labelled =
	    text.begins && label_parse(&block->label, text.at, text.len);
	join(r, block, &text);
	block->ends = false;
	block->kind = r->kind;
	block->directory = r->path;
	if (r->gap && r->has_left)
		tell_missing(r, block->labelled ? &block->label : NULL);
	note_last(r, &text);
	return 1;
}

bool reader_place(struct reader *r, bool behind, struct position *place)
{
	size_t begin = r->file.begin;
	uint64_t offset = r->file.offset;

	if (r->frozen) {
		*place = r->freezing;
		return r->has_frozen;
	}
	if (r->file.file < 0 || (behind ? offset : r->line_offset) == 0) {
		*place = r->left;
		return r->has_left;
	}
	if (!behind) {
		r->file.offset = r->line_offset;
		r->file.begin = r->line_begin;
	}
	log_file_place(&r->file, place);
	r->file.offset = offset;
	r->file.begin = begin;
	place->labelled = behind ? r->labelled : r->before_labelled;
	place->last = behind ? r->last : r->before;
	return true;
}

static void open_stream(struct reader *r, int fd)
{
	log_file_stream(&r->file, fd);
	r->file.idle = r->options->idle;
	r->file.ctx = r->options->ctx;
}

int reader_open(struct reader *r, const char *path,
		const struct source_options *options)
{
	const char *bad;
	int fd;

	r->options = options;
	r->directory = r->previous = r->current = -1;
	r->inside = !options->since;
	log_file_init(&r->file);
	if (strcmp(path, "-") == 0) {
		r->path = strdup("-");
		open_stream(r, 0);
		return r->path ? 0 : -1;
	}
	fd = find_logdir_open(path, options->follow, &r->path);
	if (fd < 0)
		return -1;
	if (find_logdir_is_directory(fd)) {
		r->directory = fd;
		return rotated_files_look(r, &bad);
	}
	if (find_logdir_is_regular(fd))
		r->current = fd;
	else
		open_stream(r, fd);
	return 0;
}

void reader_close(struct reader *r)
{
	log_file_close(&r->file, false);
	rotated_files_free(r);
	listing_free(&r->seen);
	listing_free(&r->queue);
	if (r->previous >= 0)
		close(r->previous);
	if (r->current >= 0)
		close(r->current);
	if (r->directory >= 0)
		close(r->directory);
	free(r->path);
}
