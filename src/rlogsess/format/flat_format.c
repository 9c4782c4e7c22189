/*
 * The form flat: each line with the number and peer of its group before it, in
 * the order of the log.  Whether a filter accepts a group is known only at the
 * group's end.  With a filter, lines therefore wait in a temporary file, with
 * the numbers of their groups, while a bit for each group says whether it was
 * accepted; at the end of the log the lines of accepted groups are written.
 * Where that end may never come, the lines of a group are written at the
 * group's end instead.  Tested by tests/sh/rlogsess-filters.t and
 * rlogsess-carry.t.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/format.h"

struct flat_state {
	FILE *waiting;           /* lines, or NULL if no lines wait */
	unsigned char *accepted; /* bit N: group N was accepted */
	size_t accepted_room;    /* bytes */
};

/* Precedes a peer, a NUL and a line in the file. */
struct waiting_line {
	uint64_t number;
	uint32_t peer_len, line_len;
};

static bool writes_at_group_end(const struct format_options *options)
{
	return options->filtered && options->unbounded;
}

static int begin_flat(struct format_run *run)
{
	struct flat_state *state = run->state;

	if (!run->options.filtered || run->options.unbounded)
		return 0;
	state->waiting = tmpfile();
	return state->waiting ? 0 : -1;
}

static void write_flat_line(struct output *output, uint64_t number,
			    struct slice peer, struct slice line)
{
	output_number(output, number);
	output_string(output, " ");
	if (peer.len)
		output_field(output, peer.at, peer.len);
	else
		output_string(output, "-");
	output_string(output, " ");
	output_lines(output, line.at, line.len);
	output_string(output, "\n");
}

static struct slice find_peer(const struct format_run *run,
			      const struct group *group)
{
	const char *peer = run->options.grouper->grouping->peer(group);

	return (struct slice){peer, strlen(peer)};
}

static int store_bytes(FILE *file, const void *bytes, size_t len)
{
	return len == 0 || fwrite(bytes, len, 1, file) == 1 ? 0 : -1;
}

static int store_waiting_line(FILE *file, uint64_t number, struct slice peer,
			      struct slice line)
{
	struct waiting_line waiting = {number, (uint32_t)peer.len,
				       (uint32_t)line.len};

	if (store_bytes(file, &waiting, sizeof waiting) < 0 ||
	    store_bytes(file, peer.at, peer.len) < 0)
		return -1;
	return store_bytes(file, line.at, line.len);
}

static int take_flat_line(struct format_run *run, const struct group *group,
			  struct slice line)
{
	struct flat_state *state = run->state;
	struct slice peer = find_peer(run, group);

	if (writes_at_group_end(&run->options))
		return 0;
	if (state->waiting)
		return store_waiting_line(state->waiting, group->number, peer,
					  line);
	write_flat_line(run->output, group->number, peer, line);
	return 0;
}

static int write_stray_line(struct format_run *run, struct slice line)
{
	write_flat_line(run->output, 0, (struct slice){"", 0}, line);
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

static bool is_accepted(const struct flat_state *state, uint64_t number)
{
	return number / 8 < state->accepted_room &&
	       state->accepted[number / 8] >> number % 8 & 1;
}

struct flat_group {
	struct output *output;
	uint64_t number;
	struct slice peer;
};

static void write_held_line(void *ctx, const char *line, size_t len)
{
	const struct flat_group *flat = ctx;

	write_flat_line(flat->output, flat->number, flat->peer,
			(struct slice){line, len});
}

static int end_flat_group(struct format_run *run, const struct group *group)
{
	struct flat_state *state = run->state;
	struct flat_group flat = {run->output, group->number,
				  find_peer(run, group)};

	if (state->waiting)
		return accept_group(state, group->number);
	if (!writes_at_group_end(&run->options))
		return 0;
	return line_spool_each_line(&run->options.grouper->store, &group->held,
				    write_held_line, &flat);
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
			write_flat_line(run->output, waiting.number,
					(struct slice){text, waiting.peer_len},
					(struct slice){text + waiting.peer_len,
						       waiting.line_len});
	free(text);
	return ferror(state->waiting) ? -1 : 0;
}

static void free_flat(void *flat)
{
	struct flat_state *state = flat;

	if (state->waiting)
		fclose(state->waiting);
	free(state->accepted);
}

const struct format format_flat = {
    .state_size = sizeof(struct flat_state),
    .holds_lines = writes_at_group_end,
    .begin = begin_flat,
    .line = take_flat_line,
    .stray = write_stray_line,
    .group = end_flat_group,
    .finish = finish_flat,
    .free = free_flat,
};
