/*
 * The form flat: each line with the number and peer of its group before it, and
 * the source if there are several, in the order of the log.  Whether a filter
 * accepts a group is known only at the group's end, and whether it is one of
 * the last ones at the end of the log.  With a filter or a limit, lines
 * therefore wait in a temporary file, with the numbers of their groups, while a
 * bit for each group says whether it is to be shown; at the end of the log the
 * lines of these groups are written.  Where that end may never come, the lines
 * of a group are written at the group's end instead; while a log is followed,
 * as soon as the group is sure to be accepted, and the next ones at once.
 * Tested by tests/sh/rlogsess-filters.t and rlogsess-carry.t.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temp_file.h"
#include "rlogsess/format/format.h"
#include "rlogsess/number_ring.h"

struct flat_state {
	FILE *waiting;           /* lines, or NULL if no lines wait */
	unsigned char *accepted; /* bit N: group N was accepted */
	size_t accepted_room;    /* bytes */
	struct number_ring last; /* accepted groups, if they are limited */
};

/* A line, and the text before it. */
struct flat_line {
	uint64_t number;
	const char *source; /* NULL: it is not named */
	struct slice peer, text;
};

/* Precedes a peer and a line in the file. */
struct waiting_line {
	uint64_t number;
	const char *source;
	uint32_t peer_len, line_len;
};

static bool writes_at_group_end(const struct format_options *options)
{
	return options->live ||
	       ((options->filtered || options->limited) && options->unbounded);
}

static FILE *open_waiting(void)
{
	int fd = temp_file_open();
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (fd >= 0 && !file)
		close(fd);
	return file;
}

static int begin_flat(struct format_run *run)
{
	struct flat_state *state = run->state;
	const struct format_options *options = &run->options;

	number_ring_init(&state->last, options->most);
	if (!(options->filtered || options->limited) || options->unbounded)
		return 0;
	state->waiting = open_waiting();
	return state->waiting ? 0 : -1;
}

static void write_flat_line(struct format_run *run,
			    const struct flat_line *line)
{
	struct output *output = run->output;

	output_number(output, line->number);
	output_string(output, " ");
	if (line->peer.len)
		output_field(output, line->peer.at, line->peer.len);
	else
		output_string(output, "-");
	output_string(output, " ");
	if (line->source) {
		output_field(output, line->source, strlen(line->source));
		output_string(output, " ");
	}
	line_writer_continue(&run->lines, run->options.grouper, line->source);
	line_writer_put(&run->lines, output, line->text);
}

/* A line of the group; its text may be set later. */
static struct flat_line make_flat_line(const struct format_run *run,
				       const struct group *group,
				       struct slice text)
{
	const char *peer = run->options.grouper->grouping->peer(group);

	return (struct flat_line){
	    .number = group->number,
	    .source = group->source,
	    .peer = {peer, strlen(peer)},
	    .text = text,
	};
}

static int store_bytes(FILE *file, const void *bytes, size_t len)
{
	return len == 0 || fwrite(bytes, len, 1, file) == 1 ? 0 : -1;
}

static int store_waiting_line(FILE *file, const struct flat_line *line)
{
	struct waiting_line waiting = {line->number, line->source,
				       (uint32_t)line->peer.len,
				       (uint32_t)line->text.len};

	if (store_bytes(file, &waiting, sizeof waiting) < 0 ||
	    store_bytes(file, line->peer.at, line->peer.len) < 0)
		return -1;
	return store_bytes(file, line->text.at, line->text.len);
}

static int take_flat_line(struct format_run *run, const struct group *group,
			  struct slice text)
{
	struct flat_state *state = run->state;
	struct flat_line line = make_flat_line(run, group, text);

	if (writes_at_group_end(&run->options) && !group->live)
		return 0;
	if (state->waiting)
		return store_waiting_line(state->waiting, &line);
	write_flat_line(run, &line);
	return 0;
}

static int write_stray_line(struct format_run *run, struct slice text)
{
	struct flat_line line = {.source = grouper_source(run->options.grouper),
				 .text = text};

	write_flat_line(run, &line);
	return 0;
}

static int accept_group(struct flat_state *state, uint64_t number)
{
	size_t byte = number / 8, room;
	unsigned char *more;

	if (byte >= state->accepted_room) {
		room = 2 * byte + 1024;
		more = realloc(state->accepted, room);
		if (!more)
			return -1;
		memset(more + state->accepted_room, 0,
		       room - state->accepted_room);
		state->accepted = more;
		state->accepted_room = room;
	}
	state->accepted[byte] |= (unsigned char)(1 << number % 8);
	return 0;
}

/* Accepts a group; the oldest one beyond a limit is accepted no more. */
static int accept_last_group(struct flat_state *state, uint64_t number)
{
	uint64_t oldest;
	int r = accept_group(state, number);

	if (r < 0 || (r = number_ring_add(&state->last, number, &oldest)) < 0)
		return -1;
	if (r > 0)
		state->accepted[oldest / 8] &=
		    (unsigned char)~(1u << oldest % 8);
	return 0;
}

static bool is_accepted(const struct flat_state *state, uint64_t number)
{
	return number / 8 < state->accepted_room &&
	       state->accepted[number / 8] >> number % 8 & 1;
}

/* The line of a group, whose text changes, and its output. */
struct held_flat {
	struct format_run *run;
	struct flat_line line;
};

static void write_held_line(void *ctx, const char *text, size_t len)
{
	struct held_flat *held = ctx;

	held->line.text = (struct slice){text, len};
	write_flat_line(held->run, &held->line);
}

static int show_held_lines(struct format_run *run, const struct group *group)
{
	struct held_flat held = {
	    run, make_flat_line(run, group, (struct slice){NULL, 0})};

	line_writer_begin(&run->lines, run->options.grouper, group->source);
	return line_spool_each_line(&run->options.grouper->store, &group->held,
				    write_held_line, &held);
}

static int end_flat_group(struct format_run *run, const struct group *group)
{
	struct flat_state *state = run->state;

	if (state->waiting)
		return run->options.limited
			   ? accept_last_group(state, group->number)
			   : accept_group(state, group->number);
	if (!writes_at_group_end(&run->options) || group->live)
		return 0;
	return show_held_lines(run, group);
}

/* Reads the next line that waits, and its peer, into text. */
static bool read_waiting_line(FILE *file, struct waiting_line *waiting,
			      char *text)
{
	size_t len;

	if (fread(waiting, sizeof *waiting, 1, file) != 1)
		return false;
	len = (size_t)waiting->peer_len + waiting->line_len;
	return len == 0 || fread(text, len, 1, file) == 1;
}

static void write_waiting_line(struct format_run *run,
			       const struct waiting_line *waiting,
			       const char *text)
{
	struct flat_line line = {
	    .number = waiting->number,
	    .source = waiting->source,
	    .peer = {text, waiting->peer_len},
	    .text = {text + waiting->peer_len, waiting->line_len},
	};

	write_flat_line(run, &line);
}

static int finish_flat(struct format_run *run)
{
	struct flat_state *state = run->state;
	struct waiting_line waiting;
	char *text;

	if (!state->waiting)
		return 0;
	text = malloc(2 * LINE_SPOOL_BLOCK);
	if (!text)
		return -1;
	rewind(state->waiting);
	while (read_waiting_line(state->waiting, &waiting, text))
		if (is_accepted(state, waiting.number))
			write_waiting_line(run, &waiting, text);
	free(text);
	return ferror(state->waiting) ? -1 : 0;
}

static void free_flat(void *flat)
{
	struct flat_state *state = flat;

	if (state->waiting)
		fclose(state->waiting);
	free(state->accepted);
	number_ring_free(&state->last);
}

const struct format format_flat = {
    .state_size = sizeof(struct flat_state),
    .holds_lines = writes_at_group_end,
    .begin = begin_flat,
    .known = show_held_lines,
    .line = take_flat_line,
    .stray = write_stray_line,
    .group = end_flat_group,
    .finish = finish_flat,
    .free = free_flat,
};
