/*
 * The form bytes: the exact bytes of one direction of each session, one session
 * after the other, in the order of their ends.  A sentence tells of several
 * sessions, since nothing in the bytes divides them, and of missing bytes.
 * Tested by tests/sh/rlogsess-bytes.t.
 */
#include "rlogsess/bytes/missing_bytes.h"

struct bytes_state {
	uint64_t sessions;
};

/* A session whose bytes are written. */
struct bytes_writer {
	struct output *output;
	int direction;
};

static void write_part_bytes(void *ctx, const struct session_part *part)
{
	struct bytes_writer *writer = ctx;

	if (part->kind == PART_BYTES && part->direction == writer->direction)
		output_bytes(writer->output, part->text.at, part->text.len);
}

static int write_session_bytes(struct format_run *run,
			       const struct group *group)
{
	struct bytes_state *state = run->state;
	struct bytes_writer writer = {run->output, *run->options.direction};
	struct session_bytes bytes;

	if (session_bytes_examine(&bytes, connections_session(group),
				  &run->options.grouper->store) < 0 ||
	    session_bytes_each(&bytes, write_part_bytes, &writer) < 0)
		return -1;
	state->sessions++;
	missing_bytes_tell(&bytes, run->options.direction,
			   &run->options.warning);
	return 0;
}

static int finish_bytes(struct format_run *run)
{
	const struct bytes_state *state = run->state;
	const struct format_warning *warning = &run->options.warning;

	if (state->sessions > 1)
		warning->tell(warning->ctx,
			      "the bytes of several sessions follow one "
			      "another; -p, -i, -S and -U choose one",
			      false);
	return 0;
}

const struct format format_bytes = {
    .state_size = sizeof(struct bytes_state),
    .holds_lines = format_always,
    .holds_all = true,
    .group = write_session_bytes,
    .finish = finish_bytes,
};
