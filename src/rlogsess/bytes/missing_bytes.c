/*
 * Why bytes of a session are missing.  recio's note of the end counts all
 * bytes; if no other reason is known, a difference from it is one.
 * Tested by tests/unit/rlogsess/session_bytes.c and tests/sh/rlogsess-bytes.t.
 */
#include "rlogsess/bytes/missing_bytes.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reasons {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void
add_reason(struct reasons *reasons, const char *format, ...)
{
	size_t room = MISSING_BYTES_TEXT - reasons->len;
	va_list arguments;
	int n;

	if (reasons->len && room > 2) {
		memcpy(reasons->text + reasons->len, "; ", 3);
		reasons->len += 2;
		room -= 2;
	}
	va_start(arguments, format);
	n = vsnprintf(reasons->text + reasons->len, room, format, arguments);
	va_end(arguments);
	if (n > 0)
		reasons->len += (size_t)n < room ? (size_t)n : room - 1;
}

static unsigned long long to_wide(uint64_t n)
{
	return n;
}

/* What recio has left out, as its notes tell. */
static void add_noted_reasons(struct reasons *reasons,
			      const struct session_bytes *bytes,
			      const struct session_stream *stream)
{
	if (stream->messages)
		add_reason(
		    reasons, "recio -p left out messages: %llu, of %llu bytes",
		    to_wide(stream->messages), to_wide(stream->message_bytes));
	if (bytes->tls)
		add_reason(reasons, "recio -p left out what TLS encrypts");
	if (bytes->compressed)
		add_reason(reasons, "recio -p left out compressed bytes");
	if (bytes->full)
		add_reason(reasons, "recio -k left out the rest");
	if (bytes->lost)
		add_reason(reasons, "recio lost records");
}

static bool has_stars(const struct session_bytes *bytes, int direction)
{
	const struct session_stream *in = &bytes->stream[DIALOGUE_IN];

	if (direction == DIALOGUE_IN)
		return in->stars.ends > 0;
	/* What the server repeats was hidden in the client's input before. */
	return bytes->stream[DIALOGUE_OUT].stars.anywhere &&
	       (in->stars.ends || !in->records);
}

/* What the records themselves tell. */
static void add_found_reasons(struct reasons *reasons,
			      const struct session_bytes *bytes, int direction)
{
	const struct session_stream *stream = &bytes->stream[direction];

	if (has_stars(bytes, direction))
		add_reason(reasons, "there is ***, which recio -p writes in "
				    "place of hidden bytes");
	if (stream->gaps)
		add_reason(reasons, "the offsets of its dumps have gaps: %llu",
			   to_wide(stream->gaps));
	if (stream->stripped)
		add_reason(reasons,
			   "a logger has removed the ends of records: %llu",
			   to_wide(stream->stripped));
	if (bytes->twice && bytes->escaped && !bytes->raw)
		add_reason(reasons, "v of rlog has changed its escapes");
}

static bool has_end(const struct session_bytes *bytes, int direction)
{
	const struct session *session = bytes->session;

	if (bytes->stream[direction].eof || session->said.noted_end)
		return true;
	return bytes->stream[DIALOGUE_OUT].eof &&
	       !(session->group.marks & (GROUP_OPEN | GROUP_CROWDED));
}

/* What the log does not have. */
static void add_log_reasons(struct reasons *reasons,
			    const struct session_bytes *bytes, int direction)
{
	const struct session *session = bytes->session;
	const struct session_stream *stream = &bytes->stream[direction];

	if (!stream->records)
		add_reason(reasons, "the log has no record of it");
	else if (session->group.marks & GROUP_NO_START)
		add_reason(reasons, "its beginning is not in this log");
	if (stream->records && !has_end(bytes, direction))
		add_reason(reasons, "its end is not in this log");
	if (session->group.held.left_out)
		add_reason(reasons, "lines could not be held: %llu",
			   to_wide(session->group.held.left_out));
	else if (stream->records != session->said.records[direction])
		add_reason(reasons, "records could not be read again");
}

bool missing_bytes_explain(char text[MISSING_BYTES_TEXT],
			   const struct session_bytes *bytes, int direction)
{
	const struct dialogue *said = &bytes->session->said;
	const struct session_stream *stream = &bytes->stream[direction];
	struct reasons reasons = {text, 0};

	*text = 0;
	add_noted_reasons(&reasons, bytes, stream);
	add_found_reasons(&reasons, bytes, direction);
	add_log_reasons(&reasons, bytes, direction);
	if (!reasons.len && said->counted &&
	    said->bytes[direction] != stream->bytes)
		add_reason(&reasons, "the log has %llu of its %llu bytes",
			   to_wide(stream->bytes),
			   to_wide(said->bytes[direction]));
	return reasons.len > 0;
}

bool missing_bytes_in_doubt(const struct session_bytes *bytes)
{
	const struct session *session = bytes->session;
	const struct group *group = &session->group;
	bool doubt = bytes->lost || group->held.left_out ||
		     group->marks & GROUP_NO_START ||
		     (bytes->twice && bytes->escaped && !bytes->raw);

	for (int i = 0; i < 2; i++)
		doubt |= bytes->stream[i].gaps || bytes->stream[i].stripped ||
			 bytes->stream[i].records != session->said.records[i];
	return doubt;
}

static void tell_direction(const struct session_bytes *bytes, int direction,
			   const struct format_warning *warning)
{
	const struct group *group = &bytes->session->group;
	char reasons[MISSING_BYTES_TEXT];
	char text[MISSING_BYTES_TITLE + PATH_MAX + MISSING_BYTES_TEXT];

	if (!missing_bytes_explain(reasons, bytes, direction))
		return;
	snprintf(text, sizeof text, "session %llu, process %llu%s%s, %s: %s",
		 to_wide(group->number), to_wide(group->key),
		 group->source ? " of " : "",
		 group->source ? group->source : "",
		 direction == DIALOGUE_IN ? "in" : "out", reasons);
	warning->tell(warning->ctx, text, true);
}

void missing_bytes_tell(const struct session_bytes *bytes, const int *direction,
			const struct format_warning *warning)
{
	for (int i = DIALOGUE_IN; i <= DIALOGUE_OUT; i++)
		if (!direction || *direction == i)
			tell_direction(bytes, i, warning);
}
