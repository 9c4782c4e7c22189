/*
 * Bytes out of records.  A payload is decoded unless some payload of the
 * session can't have been escaped: then recio -r or recordio wrote them all.
 * The lines are parsed again as they were parsed for their session; a record
 * that is not found again is missing, and counted as such.
 */
#include "rlogsess/bytes/session_bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/unescape.h"
#include "logread/dump_line.h"

/* One reading of the lines. */
struct session_pass {
	const struct session_bytes *bytes;
	struct line_time_reader stamps;
	struct line_prefix prefix;
	struct session_bytes *findings; /* the first time */
	uint64_t offset[2];
	void (*visit)(void *ctx, const struct session_part *part);
	void *ctx;
	char *room; /* LINE_SPOOL_BLOCK bytes, for decoded ones */
};

/* True if the text, without backslashes, is as escape_text writes it. */
static bool is_escaped_text(struct slice text)
{
	char shown[512];
	size_t used;

	for (; text.len; slice_skip(&text, used))
		if (escape_shown(shown, sizeof shown, text.at, text.len,
				 &used) != used)
			return false;
	return true;
}

static bool could_be_escaped(struct slice payload, bool ends)
{
	size_t n;

	if (ends && payload.len && payload.at[payload.len - 1] == '\r')
		payload.len--;
	if (escape_plain(payload.at, payload.len) == payload.len)
		return true;
	return unescape_text(NULL, payload.at, payload.len, &n) &&
	       is_escaped_text(payload);
}

/* True if the line ends with a CR that is escaped, which v of rlog does. */
static bool has_escaped_cr(struct slice payload)
{
	size_t backslashes = 0;

	if (payload.len < 4 ||
	    memcmp(payload.at + payload.len - 4, "\\x0d", 4) != 0)
		return false;
	for (size_t i = payload.len - 3; i && payload.at[i - 1] == '\\'; i--)
		backslashes++;
	return backslashes % 2 != 0;
}

static void examine_escapes(struct session_bytes *bytes, struct slice payload,
			    bool ends)
{
	if (!could_be_escaped(payload, ends))
		bytes->raw = true;
	if (ends && has_escaped_cr(payload)) {
		bytes->twice = true;
		payload.len -= 4;
	}
	if (payload.len && memchr(payload.at, '\\', payload.len))
		bytes->escaped = true;
}

static void examine_note(struct session_bytes *bytes, struct slice text)
{
	struct session_stream *stream;
	struct remark remark;

	log_line_parse_note(&remark, text);
	switch (remark.kind) {
	case REMARK_MESSAGE:
		stream =
		    &bytes
			 ->stream[*text.at == '<' ? DIALOGUE_IN : DIALOGUE_OUT];
		stream->messages++;
		stream->message_bytes += remark.in;
		break;
	case REMARK_TLS: bytes->tls = true; break;
	case REMARK_LOST: bytes->lost = true; break;
	case REMARK_FULL: bytes->full = true; break;
	default: bytes->compressed |= slice_equal(text, "compressed");
	}
}

/* A record is examined before the session is known to be raw. */
static void examine_payload(struct session_bytes *bytes,
			    const struct connection_line *line,
			    const struct session_part *part)
{
	struct session_stream *stream = &bytes->stream[part->direction];
	bool ends = !line->more;

	examine_escapes(bytes, line->body, ends);
	stream->stripped += line->unmarked;
	stream->bytes += part->text.len;
	stream->raw += line->body.len + ends;
	hidden_stars_take(&stream->stars, part->text.at, part->text.len);
}

static void examine_dump(struct session_bytes *bytes,
			 const struct session_part *part)
{
	struct session_stream *stream = &bytes->stream[part->direction];

	stream->gaps += part->offset != stream->next;
	stream->bytes += part->text.len;
	stream->raw += part->text.len;
	hidden_stars_take(&stream->stars, part->text.at, part->text.len);
}

/* Decodes a payload, and adds the newline that followed it, into room. */
static struct slice decode_payload(const struct session_pass *pass,
				   const struct connection_line *line)
{
	size_t n = line->body.len;

	if (pass->bytes->raw ||
	    !unescape_text(pass->room, line->body.at, line->body.len, &n))
		memcpy(pass->room, line->body.at, line->body.len);
	if (!line->more)
		pass->room[n++] = '\n';
	return (struct slice){pass->room, n};
}

static void pass_part(struct session_pass *pass, struct session_part *part)
{
	if (pass->visit)
		pass->visit(pass->ctx, part);
}

static void pass_bytes(struct session_pass *pass,
		       const struct connection_line *line,
		       struct session_part *part)
{
	struct session_bytes *findings = pass->findings;
	struct dump_line dump;

	if (line->dump &&
	    dump_line_parse(&dump, line->body.at, line->body.len)) {
		part->text = (struct slice){dump.bytes, dump.count};
		part->offset = dump.offset;
	} else {
		part->text = decode_payload(pass, line);
		part->offset = pass->offset[part->direction];
	}
	if (findings && line->dump)
		examine_dump(findings, part);
	else if (findings)
		examine_payload(findings, line, part);
	pass->offset[part->direction] = part->offset + part->text.len;
	if (findings)
		findings->stream[part->direction].next =
		    pass->offset[part->direction];
	pass_part(pass, part);
}

static void pass_record(struct session_pass *pass,
			const struct connection_line *line)
{
	struct session_part part = {
	    .kind = PART_BYTES,
	    .direction = line->kind == LINE_IN ? DIALOGUE_IN : DIALOGUE_OUT,
	    .time = line->time,
	};
	struct session_stream *stream =
	    pass->findings ? &pass->findings->stream[part.direction] : NULL;

	if (stream)
		stream->records++;
	if (!line->eof) {
		pass_bytes(pass, line, &part);
		return;
	}
	if (stream)
		stream->eof = true;
	part.kind = PART_EOF;
	pass_part(pass, &part);
}

static void pass_held_line(void *ctx, const char *text, size_t len)
{
	struct session_pass *pass = ctx;
	struct line_reader reader = {&pass->stamps, &pass->prefix};
	struct session_part part = {.kind = PART_LINE};
	struct connection_line line;

	log_line_parse_connection(&line, &reader, text, len);
	if (line.kind == LINE_IN || line.kind == LINE_OUT) {
		pass_record(pass, &line);
		return;
	}
	part.time = line.time;
	part.text = (struct slice){text + line.form_at, len - line.form_at};
	if (line.kind == LINE_NOTE) {
		part.kind = PART_NOTE;
		part.text = line.body;
		if (pass->findings)
			examine_note(pass->findings, line.body);
	}
	pass_part(pass, &part);
}

static int read_held_lines(struct session_pass *pass)
{
	const struct session *session = pass->bytes->session;
	int r;

	pass->stamps = *session->reader->stamps;
	pass->prefix = *session->reader->prefix;
	pass->room = malloc(LINE_SPOOL_BLOCK);
	if (!pass->room)
		return -1;
	r = line_spool_each_line(pass->bytes->store, &session->group.held,
				 pass_held_line, pass);
	free(pass->room);
	return r;
}

/* True if recio's count of a direction is known to be this. */
static bool has_count(const struct session_bytes *bytes, int direction,
		      uint64_t count)
{
	const struct dialogue *said = &bytes->session->said;

	return said->counted && said->bytes[direction] == count;
}

/* Where text of both kinds is possible, recio's count decides. */
static void decide_by_count(struct session_bytes *bytes)
{
	for (int i = 0; i < 2; i++)
		if (bytes->stream[i].raw != bytes->stream[i].bytes &&
		    has_count(bytes, i, bytes->stream[i].raw))
			bytes->raw = true;
}

int session_bytes_examine(struct session_bytes *bytes,
			  const struct session *session,
			  struct line_spool_store *store)
{
	struct session_pass pass = {.bytes = bytes, .findings = bytes};

	*bytes = (struct session_bytes){.session = session, .store = store};
	if (read_held_lines(&pass) < 0)
		return -1;
	decide_by_count(bytes);
	for (int i = 0; i < 2; i++) {
		hidden_stars_finish(&bytes->stream[i].stars);
		if (bytes->raw)
			bytes->stream[i].bytes = bytes->stream[i].raw;
	}
	return 0;
}

int session_bytes_each(const struct session_bytes *bytes,
		       void (*visit)(void *ctx,
				     const struct session_part *part),
		       void *ctx)
{
	struct session_pass pass = {.bytes = bytes, .visit = visit, .ctx = ctx};

	return read_held_lines(&pass);
}
