/*
 * The lines of one log directory, or of one file, in order: joins a sequence of
 * files, the window of time, and positions.
 *
 * Invariants: `after` is the label of the last line with a stamp up to the end
 * of the text given last, `before` that of the last one before this text; both
 * lie in `labels`, or are NULL while there is no such line.  When no file is
 * open, `left` is the position after the last file that was read.  Once a line
 * after the window was seen, positions stay before it, so that a later run with
 * another window reads it.
 *
 * The file to start from is searched for from the youngest on for the last
 * lines, and from the oldest on for a position.  Only as much as needed is
 * read: the end of a file back to front, or a compressed one as a whole.
 *
 * In this order: reading, positions, the start.  Tested by
 * tests/unit/logread/file_sequence.c and tests/sh/rlogread-*.t.
 */
#include "logread/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "logread/file_sequence.h"
#include "logread/last_lines.h"
#include "logread/last_stamp.h"
#include "logread/search.h"
#include "logread/source_event.h"
#include "logread/stamp.h"

struct optional_position {
	bool known; /* false: the beginning of the log */
	struct position position;
};

struct reader {
	const struct source_options *options;
	struct file_sequence *sequence;
	const char *path;      /* of the sequence */
	struct log_file *file; /* the open one of the sequence, or NULL */
	bool ascending;        /* the stamps of this file seem to ascend */
	struct stamp_reader stamps;
	bool seen, stamped; /* there was a line, and one with a stamp */
	bool told_unstamped;
	bool kind_known;
	enum label_kind kind;
	uint64_t back; /* seconds before the window whose lines are given */
	struct time_window window; /* of the lines that are given */
	struct time_window chosen; /* the one that the sides are told of */
	bool narrow;               /* both are the same, see reader_narrow */
	enum window_side side;     /* of the last line with a stamp */
	bool inside;    /* the last line with a stamp was in the window */
	bool cut;       /* the text before had no newline */
	bool resuming;  /* stamps up to the label `after` were read before */
	bool repeated;  /* the last line with a stamp was such a one */
	uint64_t skip;  /* lines to skip first, or 0 */
	uint64_t begun; /* lines that began while some are skipped */
	struct log_file_text text; /* given last */
	struct tain_s labels[2];
	const struct tain_s *before, *after;
	struct optional_position left;
	bool frozen; /* a line after the window was seen */
	struct optional_position at_window_end;
};

static void tell_reader_event(struct reader *reader, enum source_event event)
{
	struct source_notice notice = {
	    .event = event,
	    .directory = reader->path,
	    .file = "",
	    .kind = reader->kind,
	};

	source_event_tell(reader->options, &notice);
}

static void tell_missing(struct reader *reader, const struct tain_s *next)
{
	struct source_notice notice = {
	    .event = SOURCE_MISSING,
	    .directory = reader->path,
	    .file = "",
	    .labelled = next && reader->after,
	};

	if (next)
		notice.next = *next;
	if (reader->after)
		notice.last = *reader->after;
	source_event_tell(reader->options, &notice);
}

static void widen_window(struct reader *reader)
{
	reader->window = reader->chosen;
	time_window_widen(&reader->window, reader->back, reader->options->on);
	reader->narrow = false;
}

/*
 * Finds out the kind of the labels, by which the window is set.  Before there
 * is a file the kind is not known, but a window is set that will do.
 */
static void find_kind(struct reader *reader)
{
	const struct source_options *options = reader->options;

	reader->kind = LABEL_DJB;
	if (options->labels != LABEL_AUTO)
		reader->kind = options->labels;
	reader->kind_known =
	    options->labels != LABEL_AUTO ||
	    file_sequence_find_kind(reader->sequence, &reader->kind) ||
	    file_sequence_file(reader->sequence);
	reader->stamps.kind = reader->kind;
	time_window_set(&reader->chosen, options->since, options->until,
			reader->kind);
	widen_window(reader);
	if (reader->kind_known && file_sequence_has_files(reader->sequence))
		tell_reader_event(reader, SOURCE_KIND);
}

/* Keeps the label as `after`, apart from `before`. */
static void keep_label(struct reader *reader, const struct tain_s *label)
{
	struct tain_s *kept = &reader->labels[reader->before == reader->labels];

	*kept = *label;
	reader->after = kept;
}

/* Skips to the beginning of the window in the file that was just opened. */
static void enter_window(struct reader *reader)
{
	const struct time_window *window = &reader->window;
	struct log_file *file = reader->file;
	struct stamp_span span = reader->stamps.span;
	struct tain_s first, last;

	if (!time_window_is_bounded(window))
		return;
	/* A line before the window is in the archives between. */
	if (file_sequence_is_after_gap(reader->sequence)) {
		reader->inside = false;
		if (file_sequence_stamp_before(reader->sequence, &first))
			keep_label(reader, &first);
	}
	reader->ascending = !file->stream &&
			    search_first_stamp(file->fd, span, &first) &&
			    search_last_stamp(file->fd, span, &last) &&
			    !tain_less(&last, &first);
	/* Lines without a stamp at the beginning may be inside. */
	if (!reader->inside && reader->ascending &&
	    time_window_is_over(window, &first)) {
		log_file_set_limit(file, 0);
		reader->stamped = true;
	}
	if (!window->since || reader->inside || !reader->ascending ||
	    !tain_less(&first, &window->early))
		return;
	/* At the beginning, or at a line with a label. */
	log_file_seek(file, search_label(file->fd, span, &window->early));
}

static bool open_next_file(struct reader *reader)
{
	if (!file_sequence_next(reader->sequence, reader->inside))
		return false;
	reader->file = file_sequence_file(reader->sequence);
	reader->stamps.span = file_sequence_span(reader->sequence);
	/* Nothing is missing before the first line. */
	if (!reader->left.known)
		file_sequence_take_loss(reader->sequence);
	enter_window(reader);
	return true;
}

static void leave_file(struct reader *reader)
{
	if (reader->file->offset) {
		log_file_place(reader->file, reader->after,
			       &reader->left.position);
		reader->left.known = true;
	}
	file_sequence_leave(reader->sequence, reader->after);
	reader->file = NULL;
}

/*
 * Reads a line or, if most is not 0, a block of at most this number of bytes
 * into reader->text.  Returns 1; 0 if there is none, for now when following; or
 * -1 with errno set.
 */
static int read_text(struct reader *reader, size_t most)
{
	enum file_end end;
	bool rest;
	int n;

	while (reader->file || open_next_file(reader)) {
		rest = !file_sequence_may_grow(reader->sequence);
		n = most ? log_file_block(reader->file, &reader->text, most,
					  rest)
			 : log_file_line(reader->file, &reader->text, rest);
		if (n > 0)
			return 1;
		if (n < 0 && errno == EINTR)
			return -1;
		if (n < 0)
			file_sequence_fail(reader->sequence);
		end = n < 0 ? FILE_OVER
			    : file_sequence_check_end(reader->sequence);
		if (end == FILE_OVER)
			leave_file(reader);
		if (end == FILE_WAITS) {
			reader->stamps.span.written = 0;
			return 0;
		}
	}
	return 0;
}

/* Makes a line of the text, or a block if it has its newlines in it. */
static void make_line(struct reader *reader, struct source_line *line)
{
	const struct log_file_text *text = &reader->text;

	line->text = text->at;
	line->len = text->len;
	line->offset = text->offset;
	line->stamp = 0;
	if (text->begins)
		line->stamp = stamp_parse_part(&reader->stamps, &line->label,
					       text->at, text->len, text->ends);
	line->dated = line->stamp || reader->after;
	if (!line->stamp && reader->after)
		line->label = *reader->after;
	/* A line that a rotation cut continues unless a stamp begins one. */
	line->begins = text->begins && (!reader->cut || line->stamp);
	line->ends = text->ends;
	line->joins = reader->cut;
	line->kind = reader->kind;
	line->side = WINDOW_INSIDE;
	line->span = reader->stamps.span;
	line->directory = reader->path;
	reader->cut = !text->ends;
}

/* Keeps positions before the first line after the window. */
static void freeze_position(struct reader *reader)
{
	struct optional_position *end = &reader->at_window_end;

	if (reader->frozen)
		return;
	end->known = reader_place(reader, false, &end->position);
	reader->frozen = true;
}

/*
 * True if a line may have been read before the position whose file is gone.
 * Stamps of whole seconds repeat: of the last one, lines are read twice rather
 * than never.
 */
static bool is_before_position(const struct reader *reader,
			       const struct source_line *line)
{
	return *line->text == '@' ? !tain_less(reader->after, &line->label)
				  : tain_less(&line->label, reader->after);
}

/* Handles a stamp.  Returns false if its line was read before. */
static bool accept_stamp(struct reader *reader, const struct source_line *line)
{
	const struct tain_s *label = &line->label;

	reader->repeated = reader->resuming && is_before_position(reader, line);
	if (reader->repeated)
		return false;
	reader->resuming = false;
	reader->stamped = true;
	if (!reader->kind_known)
		find_kind(reader);
	reader->inside = time_window_contains(&reader->window, label);
	reader->side = time_window_side(&reader->chosen, label);
	if (reader->narrow && reader->side == WINDOW_INSIDE)
		widen_window(reader);
	if (!reader->inside && time_window_is_after(&reader->window, label))
		freeze_position(reader);
	if (file_sequence_take_loss(reader->sequence))
		tell_missing(reader, label);
	keep_label(reader, label);
	return true;
}

/* True if the line is to be given. */
static bool accept_line(struct reader *reader, const struct source_line *line)
{
	reader->before = reader->after;
	reader->seen = true;
	if (line->stamp && !accept_stamp(reader, line))
		return false;
	if (reader->skip) {
		reader->begun += line->begins;
		if (reader->begun <= reader->skip)
			return false;
		reader->skip = 0;
	}
	return reader->inside && !reader->repeated;
}

/* Tells of a window over lines of which none has a stamp. */
static void check_stamped(struct reader *reader)
{
	if (reader_unstamped(reader) && !reader->told_unstamped) {
		reader->told_unstamped = true;
		tell_reader_event(reader, SOURCE_UNSTAMPED);
	}
}

int reader_next(struct reader *reader, struct source_line *line)
{
	int n;

	while ((n = read_text(reader, 0)) > 0) {
		make_line(reader, line);
		if (accept_line(reader, line)) {
			line->side = reader->side;
			return 1;
		}
		if (line->stamp && reader->ascending &&
		    time_window_is_over(&reader->window, &line->label))
			leave_file(reader);
	}
	if (n == 0)
		check_stamped(reader);
	return n;
}

int reader_block(struct reader *reader, struct source_line *block, size_t most)
{
	struct tain_s last;
	int n;

	if (reader->skip || reader->resuming)
		return reader_next(reader, block);
	n = read_text(reader, most);
	if (n <= 0)
		return n;
	make_line(reader, block);
	block->ends = false;
	if (file_sequence_take_loss(reader->sequence))
		tell_missing(reader, block->stamp ? &block->label : NULL);
	reader->before = reader->after;
	if (last_stamp_find(&reader->stamps, &reader->text, &last))
		keep_label(reader, &last);
	return 1;
}

/* A position at the beginning of a file is the end of the file before. */
bool reader_place(const struct reader *reader, bool after,
		  struct position *position)
{
	const struct optional_position *end =
	    reader->frozen ? &reader->at_window_end : &reader->left;

	if (reader->file && !reader->frozen) {
		if (after)
			log_file_place(reader->file, reader->after, position);
		else
			log_file_place_within(reader->file, &reader->text, 0,
					      reader->before, position);
		if (position->offset)
			return true;
	}
	*position = end->position;
	return end->known;
}

void reader_place_within(const struct reader *reader, size_t n,
			 struct position *position)
{
	log_file_place_within(reader->file, &reader->text, n, reader->after,
			      position);
}

/* A compressed archive that was ended before the position is not unpacked. */
static bool is_position(void *ctx, struct log_file *file,
			const struct tain_s *ended)
{
	const struct position *position = ctx;

	if (file->program && ended && position->labelled &&
	    tain_less(ended, &position->last))
		return false;
	return log_file_resume(file, position) > 0;
}

/*
 * Opens the file of a position, there.  Returns false if it is not found. Files
 * are tried from the oldest on: if several look alike, as files without labels
 * can, lines are read twice rather than never.
 */
static bool seek_position(struct reader *reader,
			  const struct position *position)
{
	return file_sequence_find(reader->sequence, true, is_position,
				  (void *)position);
}

/* Lines without a stamp go with the line of this label, which was read. */
static void continue_after(struct reader *reader, const struct tain_s *label)
{
	keep_label(reader, label);
	reader->stamps.last = *label;
	reader->stamped = true;
	reader->inside = time_window_contains(&reader->window, label);
	reader->side = time_window_side(&reader->chosen, label);
}

/*
 * Starts after a position, or after its label if its file is gone: lines before
 * the first stamp that is left are read, since they may be of a later file.
 */
static void resume(struct reader *reader, const struct position *position)
{
	reader->left = (struct optional_position){true, *position};
	if (position->labelled)
		continue_after(reader, &position->last);
	if (seek_position(reader, position)) {
		reader->cut =
		    log_file_is_mid_line(file_sequence_file(reader->sequence));
		return;
	}
	reader->resuming = position->labelled;
	if (reader->resuming)
		file_sequence_skip_before(reader->sequence, &position->last);
	else
		tell_reader_event(reader, SOURCE_LOST_PLACE);
}

int reader_start(struct reader *reader, const struct position *position,
		 uint64_t *lines)
{
	const struct source_options *options = reader->options;

	*lines = 0;
	find_kind(reader);
	if (position)
		resume(reader, position);
	else if (options->tailed)
		*lines = last_lines_seek(
		    reader->sequence, options->lines, options->follow,
		    options->count > 1 || options->cursor, &reader->skip);
	else
		file_sequence_set_window(reader->sequence, &reader->window);
	reader->file = file_sequence_file(reader->sequence);
	if (reader->file)
		reader->stamps.span = file_sequence_span(reader->sequence);
	return 0;
}

/*
 * The first lines have no side before one has a stamp.  A stream is open from
 * the start.
 */
static void start_outside(struct reader *reader)
{
	const struct source_options *options = reader->options;

	reader->back = options->back;
	if (reader->file && options->back)
		reader->back = TIME_WINDOW_ALL;
	reader->side = options->since ? WINDOW_BEFORE : WINDOW_INSIDE;
	reader->inside = !options->since || reader->back == TIME_WINDOW_ALL;
}

struct reader *reader_open(const char *path,
			   const struct source_options *options)
{
	struct reader *reader = calloc(1, sizeof *reader);
	int error;

	if (!reader)
		return NULL;
	reader->options = options;
	reader->sequence = file_sequence_open(path, options);
	if (reader->sequence) {
		reader->path = file_sequence_path(reader->sequence);
		reader->file = file_sequence_file(reader->sequence);
		start_outside(reader);
		if (!reader->file || !(options->tailed || options->cursor))
			return reader;
		errno = ESPIPE;
	}
	error = errno;
	reader_close(reader);
	errno = error;
	return NULL;
}

void reader_narrow(struct reader *reader)
{
	reader->window = reader->chosen;
	reader->inside = reader->side == WINDOW_INSIDE;
	reader->narrow = true;
}

const char *reader_path(const struct reader *reader)
{
	return reader->path;
}

int reader_directory(const struct reader *reader)
{
	return file_sequence_directory(reader->sequence);
}

bool reader_failed(const struct reader *reader)
{
	return file_sequence_failed(reader->sequence);
}

bool reader_unstamped(const struct reader *reader)
{
	enum left_out_stamps left_out;

	if (reader->stamped || !time_window_is_bounded(&reader->window))
		return false;
	left_out = file_sequence_check_left_out(reader->sequence);
	return left_out == LEFT_OUT_BARE ||
	       (left_out == LEFT_OUT_NOTHING && reader->seen);
}

void reader_close(struct reader *reader)
{
	if (reader->sequence)
		file_sequence_close(reader->sequence);
	free(reader);
}
