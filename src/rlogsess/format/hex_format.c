/*
 * The form hex: both directions of a session, or one, as packets of bytes in
 * hexadecimal, each below a line with its direction, its time and the offset of
 * its first byte in that direction; lines that begin with # name the session
 * and show its notes and ends.  text2pcap reads it: a packet begins with I or O
 * and the time, and the offsets of its lines begin at 0.  Records of one read,
 * whose labels differ by nanoseconds, are one packet.
 * Tested by tests/sh/rlogsess-bytes.t.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "rlogsess/bytes/missing_bytes.h"

enum {
	HEX_ROW = 16,        /* bytes of a line */
	HEX_PACKET = 32768,  /* bytes of a packet at most */
	HEX_SAME_READ = 100, /* nanoseconds between labels of one read */
	HEX_COLUMN = 8,      /* where the digits of a line begin */
	HEX_TEXT = HEX_COLUMN + 3 * HEX_ROW + 2,
};

/* A session that is dumped. */
struct hex_writer {
	struct output *output;
	const int *direction;
	uint64_t pid;
	int64_t time;  /* of the last record of the packet */
	uint64_t next; /* the offset after the packet in its direction */
	int packet;    /* its direction, or -1 */
	size_t len;    /* of the packet */
	char row[HEX_ROW];
};

static void write_hex_row(struct hex_writer *writer, size_t count)
{
	char line[HEX_TEXT + HEX_ROW + 4], *text = line + HEX_TEXT;
	unsigned int at = (unsigned int)(writer->len - count);

	memset(line, ' ', sizeof line);
	line[snprintf(line, HEX_COLUMN, "%06x", at)] = ' ';
	*text++ = '|';
	for (size_t i = 0; i < count; i++) {
		unsigned char c = (unsigned char)writer->row[i];
		char *hex = line + HEX_COLUMN + 3 * i + (i >= HEX_ROW / 2);

		hex[0] = HEX_DIGITS[c >> 4];
		hex[1] = HEX_DIGITS[c & 15];
		*text++ = c >= ' ' && c <= '~' ? (char)c : '.';
	}
	*text++ = '|';
	*text++ = '\n';
	output_bytes(writer->output, line, (size_t)(text - line));
}

static void end_packet(struct hex_writer *writer)
{
	if (writer->packet >= 0 && writer->len % HEX_ROW)
		write_hex_row(writer, writer->len % HEX_ROW);
	writer->packet = -1;
}

static void begin_packet(struct hex_writer *writer,
			 const struct session_part *part, uint64_t offset)
{
	bool in = part->direction == DIALOGUE_IN;
	char time[LINE_TIME_TEXT], line[LINE_TIME_TEXT + 64];

	line_time_format_local(time, part->time);
	snprintf(line, sizeof line,
		 "%c %s %c pid=%" PRIu64 " offset=%" PRIu64 "\n",
		 in ? 'I' : 'O', time, in ? '<' : '>', writer->pid, offset);
	output_string(writer->output, line);
	writer->packet = part->direction;
	writer->len = 0;
}

/* True if the record is one of the packet's read. */
static bool continues_packet(const struct hex_writer *writer,
			     const struct session_part *part)
{
	if (writer->packet != part->direction || part->offset != writer->next)
		return false;
	return part->time == writer->time ||
	       (part->time > writer->time &&
		part->time - writer->time <= HEX_SAME_READ);
}

static void write_packet_bytes(struct hex_writer *writer,
			       const struct session_part *part)
{
	if (!continues_packet(writer, part))
		end_packet(writer);
	for (size_t i = 0; i < part->text.len; i++) {
		if (writer->packet >= 0 && writer->len == HEX_PACKET)
			end_packet(writer);
		if (writer->packet < 0)
			begin_packet(writer, part, part->offset + i);
		writer->row[writer->len++ % HEX_ROW] = part->text.at[i];
		if (writer->len % HEX_ROW == 0)
			write_hex_row(writer, HEX_ROW);
	}
	writer->time = part->time;
	writer->next = part->offset + part->text.len;
}

/* A line about the session, which text2pcap passes over. */
static void write_hex_remark(struct hex_writer *writer, const char *title,
			     struct slice text)
{
	end_packet(writer);
	output_string(writer->output, "# ");
	output_string(writer->output, title);
	output_shown(writer->output, text.at, text.len);
	output_string(writer->output, "\n");
}

static void write_hex_part(void *ctx, const struct session_part *part)
{
	static const char *const ends[] = {"< [EOF]", "> [EOF]"};
	struct hex_writer *writer = ctx;

	if (part->kind == PART_LINE)
		return;
	if (part->kind == PART_NOTE)
		write_hex_remark(writer, ": ", part->text);
	else if (writer->direction && *writer->direction != part->direction)
		return;
	else if (part->kind == PART_EOF)
		write_hex_remark(writer, ends[part->direction],
				 (struct slice){"", 0});
	else
		write_packet_bytes(writer, part);
}

static void write_hex_title(struct hex_writer *writer,
			    const struct session *session)
{
	const struct group *group = &session->group;
	struct slice peer = {session->peer, strlen(session->peer)};
	char title[96];

	snprintf(title, sizeof title,
		 "session %" PRIu64 ", process %" PRIu64 "%s", group->number,
		 group->key, peer.len ? ", peer " : "");
	write_hex_remark(writer, title, peer);
	if (group->source)
		write_hex_remark(
		    writer, "source ",
		    (struct slice){group->source, strlen(group->source)});
}

static int write_session_hex(struct format_run *run, const struct group *group)
{
	const struct session *session = connections_session(group);
	struct hex_writer writer = {
	    .output = run->output,
	    .direction = run->options.direction,
	    .pid = group->key,
	    .packet = -1,
	};
	struct session_bytes bytes;

	if (session_bytes_examine(&bytes, session,
				  &run->options.grouper->store) < 0)
		return -1;
	write_hex_title(&writer, session);
	if (session_bytes_each(&bytes, write_hex_part, &writer) < 0)
		return -1;
	end_packet(&writer);
	output_string(run->output, "\n");
	missing_bytes_tell(&bytes, run->options.direction,
			   &run->options.warning);
	return 0;
}

const struct format format_hex = {
    .holds_lines = format_always,
    .holds_all = true,
    .group = write_session_hex,
};
