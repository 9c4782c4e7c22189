/*
 * The form pcapng: a section for Wireshark and tshark, an interface for each
 * log, and each session as a TCP connection, in the order of their ends.  The
 * interface of a log is announced before its first session is, and to the
 * output itself: the frames of a session that -n drops are not the last ones.
 * Tested by tests/sh/rlogsess-pcapng.t.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/format.h"
#include "rlogsess/pcapng/tcp_replay.h"

static const char section_comment[] =
    "Sessions as recio recorded them.  The bytes, times, addresses and ends of "
    "each session are those of its log; the IP and TCP headers, handshakes and "
    "the division into frames are made up, and so are addresses and ports of "
    "which a comment says so.  Secrets are ***, so that sequence numbers are "
    "those of the record.  Ports that Wireshark knows by another protocol or "
    "by TLS need -d tcp.port==24,smtp -d tcp.port==465,smtp "
    "-d tcp.port==993,imap -d tcp.port==995,pop";

struct pcapng_state {
	const char **logs; /* the names of the interfaces, or NULL */
	size_t count;      /* of the interfaces */
	struct tcp_replay replay;
	struct output facts;
};

static int begin_pcapng(struct format_run *run)
{
	struct pcapng_state *state = run->state;

	state->logs = calloc(run->options.grouper->count, sizeof *state->logs);
	if (!state->logs)
		return -1;
	pcapng_block_section(run->output, section_comment, "rlogsess " VERSION);
	return 0;
}

/*
 * Returns the number of the interface of a log, or of the only one, which is
 * announced once.
 */
static uint32_t find_interface(struct format_run *run, const char *log)
{
	struct pcapng_state *state = run->state;

	if (!log)
		log = run->options.log;
	for (size_t i = 0; i < state->count; i++)
		if (state->logs[i] == log)
			return (uint32_t)i;
	state->logs[state->count] = log;
	pcapng_block_interface(run->options.output, log ? log : "log");
	return (uint32_t)state->count++;
}

_Static_assert((int)FIELDS_CODES >= (int)STRING_LIST_ROOM, "room for a list");

static void write_fact_value(struct output *output, const struct field *field)
{
	char text[FIELDS_CODES];

	switch (field->type) {
	case FIELD_NUMBER: output_number(output, field->number); break;
	case FIELD_TEXT:
	case FIELD_NAMES:
		output_bytes(output, field->text.at, field->text.len);
		break;
	case FIELD_TIME:
		line_time_format_utc(text, field->time);
		output_string(output, text);
		break;
	case FIELD_SECONDS:
		line_time_format_seconds(text, field->time);
		output_string(output, text);
		break;
	case FIELD_STRINGS:
		output_bytes(output, text,
			     string_list_join(field->strings, text));
		break;
	case FIELD_CODES:
		output_bytes(output, text, fields_list_codes(field, text));
		break;
	case FIELD_FLAG: output_string(output, "true"); break;
	case FIELD_LINES:
	case FIELD_ROWS: break;
	}
}

/* True for a field with a value, but for times, which frames have, too. */
static bool is_worth_telling(const struct field *field)
{
	char text[FIELDS_CODES];

	if (field->absent)
		return false;
	switch (field->type) {
	case FIELD_TIME:
	case FIELD_LINES:
	case FIELD_ROWS: return false;
	case FIELD_NUMBER: return field->number != 0;
	case FIELD_STRINGS: return string_list_next(field->strings, NULL);
	case FIELD_CODES: return fields_list_codes(field, text) > 0;
	default: return true;
	}
}

/* Composes "session=1 pid=4711 ...", most fields of json. */
static const char *compose_facts(struct pcapng_state *state,
				 const struct grouping *grouping,
				 const struct group *group)
{
	struct fields fields = {.count = 0};
	size_t len;

	output_init(&state->facts, -1);
	grouping->list_fields(group, &fields);
	for (size_t i = 0; i < fields.count; i++) {
		const struct field *field = &fields.field[i];

		if (!is_worth_telling(field))
			continue;
		if (i) /* after the session's number */
			output_string(&state->facts, " ");
		output_string(&state->facts, field->name);
		output_string(&state->facts, "=");
		write_fact_value(&state->facts, field);
	}
	output_bytes(&state->facts, "", 1);
	return output_composed(&state->facts, &len);
}

static int write_session_frames(struct format_run *run,
				const struct group *group)
{
	struct pcapng_state *state = run->state;
	struct grouper *grouper = run->options.grouper;
	struct session_bytes bytes;

	if (session_bytes_examine(&bytes, connections_session(group),
				  &grouper->store) < 0)
		return -1;
	return tcp_replay_write(&state->replay, run->output,
				find_interface(run, group->source), &bytes,
				compose_facts(state, grouper->grouping, group));
}

static void free_pcapng(void *pcapng)
{
	struct pcapng_state *state = pcapng;

	free(state->logs);
}

const struct format format_pcapng = {
    .state_size = sizeof(struct pcapng_state),
    .holds_lines = format_always,
    .holds_all = true,
    .begin = begin_pcapng,
    .group = write_session_frames,
    .free = free_pcapng,
};
