/*
 * Content by the finder of messages, which knows whether lines up to a dot
 * follow (DATA, RETR, TOP, ARTICLE) or a number of octets (BDAT, literals of
 * IMAP).  The finder takes the bytes of a server as those of DIALOGUE_OUT: for
 * the session of a client, both directions are exchanged.  It knows a protocol
 * by its greeting, which a session that is seen from its middle lacks, and
 * which changes nothing when it is given twice. Tested by
 * tests/unit/rlogsess/content_bounds.c.
 */
#include "rlogsess/pcapng/content_bounds.h"

#include <string.h>

enum { NOTE_ROOM = 256 };

static void ignore_begin(void *ctx, int64_t time)
{
	(void)ctx;
	(void)time;
}

static void ignore_bytes(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	(void)text;
	(void)len;
}

static void ignore_whole(void *ctx, const char *sender)
{
	(void)ctx;
	(void)sender;
}

void content_bounds_init(struct content_bounds *bounds,
			 const struct spoken_protocol *protocol, bool single)
{
	const char *greeting = spoken_protocol_greeting(protocol->port);
	const struct session_part first = {
	    .kind = PART_BYTES,
	    .direction = DIALOGUE_OUT,
	    .time = LINE_TIME_NONE,
	    .text = {greeting, strlen(greeting)},
	};
	const struct mail_events events = {NULL, ignore_begin, ignore_bytes,
					   ignore_whole};

	bounds->client_out = protocol->client_out;
	mail_finder_init(&bounds->finder, &events, single);
	mail_finder_take(&bounds->finder, &first);
}

/* The length of the first bytes after which content may begin or end. */
static size_t find_piece(const struct mail_stream *stream, struct slice bytes)
{
	const char *newline;

	if (stream->mode == MAIL_OCTETS && stream->octets < bytes.len)
		return (size_t)stream->octets;
	if (stream->mode == MAIL_OCTETS || stream->mode == MAIL_OPAQUE)
		return bytes.len;
	newline = memchr(bytes.at, '\n', bytes.len);
	return newline ? (size_t)(newline + 1 - bytes.at) : bytes.len;
}

/* Dissectors of POP3 see one command of a frame. */
static bool is_pop3_command(const struct content_bounds *bounds,
			    const struct session_part *part)
{
	return bounds->finder.protocol == &mail_protocol_pop3 &&
	       part->direction == DIALOGUE_IN && part->text.len &&
	       part->text.at[part->text.len - 1] == '\n';
}

size_t content_bounds_take_bytes(struct content_bounds *bounds,
				 const struct session_part *part, bool *edge)
{
	struct session_part piece = *part;
	struct mail_stream *stream;
	enum mail_mode before;

	piece.direction ^= bounds->client_out;
	stream = &bounds->finder.stream[piece.direction];
	before = stream->mode;
	piece.text.len = find_piece(stream, part->text);
	mail_finder_take(&bounds->finder, &piece);
	*edge = is_pop3_command(bounds, &piece) ||
		(stream->mode != before &&
		 (piece.direction == DIALOGUE_IN || before == MAIL_TEXT ||
		  stream->mode == MAIL_TEXT));
	return piece.text.len;
}

/* Says what a note tells of, by what was expected before it. */
static enum left_out find_left_out(const struct mail_finder *finder,
				   struct slice note)
{
	int direction =
	    note.len && *note.at == '<' ? DIALOGUE_IN : DIALOGUE_OUT;
	enum mail_mode mode = finder->stream[direction].mode;
	struct remark remark;

	log_line_parse_note(&remark, note);
	if (remark.kind != REMARK_MESSAGE)
		return LEFT_OUT_NOTHING;
	if (mode == MAIL_TEXT && !remark.unfinished)
		return LEFT_OUT_DOTTED;
	if (mode == MAIL_OCTETS && finder->protocol == &mail_protocol_smtp)
		return LEFT_OUT_CHUNK;
	return LEFT_OUT_OTHER;
}

enum left_out content_bounds_take(struct content_bounds *bounds,
				  const struct session_part *part)
{
	struct session_part other = *part;
	enum left_out left_out = LEFT_OUT_NOTHING;
	char note[NOTE_ROOM];

	other.direction ^= bounds->client_out;
	if (bounds->client_out && part->text.len &&
	    strchr("<>", *part->text.at)) {
		slice_copy(part->text, note, sizeof note);
		*note = *note == '<' ? '>' : '<';
		other.text = (struct slice){note, strlen(note)};
	}
	if (part->kind == PART_NOTE)
		left_out = find_left_out(&bounds->finder, other.text);
	mail_finder_take(&bounds->finder, &other);
	return left_out;
}
