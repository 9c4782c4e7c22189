/*
 * The frame of all protocols: divides both directions into lines, dotted text
 * and octets, and keeps the one open message.  Memory does not depend on the
 * session.  Notes of recio about missing bytes end the open message, which is
 * then not whole.  Tested by tests/unit/rlogsess/mail_finder.c.
 */
#include "rlogsess/mail/mail_finder.h"

#include <string.h>

static const struct mail_protocol *const mail_protocols[] = {
    &mail_protocol_smtp,
    &mail_protocol_pop3,
    &mail_protocol_nntp,
    &mail_protocol_imap,
};

void mail_finder_init(struct mail_finder *finder,
		      const struct mail_events *events, bool single)
{
	memset(finder, 0, sizeof *finder);
	finder->events = *events;
	finder->single = single;
	finder->time = LINE_TIME_NONE;
}

void mail_finder_begin(struct mail_finder *finder, int direction)
{
	mail_finder_break(finder);
	finder->open = true;
	finder->direction = direction;
	finder->doubtful = false;
	finder->events.begin(finder->events.ctx, finder->time);
}

void mail_finder_forget(struct mail_finder *finder)
{
	finder->open = false;
}

void mail_finder_break(struct mail_finder *finder)
{
	finder->unfinished += finder->open;
	finder->open = false;
}

void mail_finder_doubt(struct mail_finder *finder)
{
	finder->doubtful |= finder->open;
}

void mail_finder_end(struct mail_finder *finder)
{
	if (!finder->open)
		return;
	finder->open = false;
	if (finder->doubtful) {
		finder->unclear++;
		return;
	}
	finder->whole++;
	finder->events.whole(finder->events.ctx, finder->sender);
}

void mail_finder_set_sender(struct mail_finder *finder, struct slice sender)
{
	slice_copy(sender, finder->sender, sizeof finder->sender);
}

void mail_finder_expect_text(struct mail_finder *finder, int direction,
			     bool kept)
{
	struct mail_stream *stream = &finder->stream[direction];

	mail_finder_expect_lines(finder, direction);
	stream->mode = MAIL_TEXT;
	stream->kept = kept;
	stream->begun = false;
	stream->first = finder->single && finder->protocol->first;
	stream->dotted = (struct dotted_text){.place = DOTTED_BEGIN};
}

void mail_finder_expect_octets(struct mail_finder *finder, int direction,
			       uint64_t n, bool kept)
{
	struct mail_stream *stream = &finder->stream[direction];

	stream->mode = MAIL_OCTETS;
	stream->kept = kept;
	stream->octets = n;
}

void mail_finder_expect_lines(struct mail_finder *finder, int direction)
{
	finder->stream[direction].mode = MAIL_LINES;
	stream_line_clear(&finder->stream[direction].line);
}

void mail_finder_give_up(struct mail_finder *finder)
{
	mail_finder_break(finder);
	finder->opaque = true;
	for (int i = 0; i < 2; i++)
		finder->stream[i].mode = MAIL_OPAQUE;
}

void mail_finder_lose_track(struct mail_finder *finder)
{
	mail_finder_give_up(finder);
	finder->lost_track = true;
}

bool mail_finder_is_command(struct slice line, const char *word)
{
	return slice_word(&line, word) && (!line.len || *line.at == ' ');
}

static void put_message_bytes(void *ctx, const char *text, size_t len)
{
	struct mail_finder *finder = ctx;

	if (finder->open)
		finder->events.bytes(finder->events.ctx, text, len);
}

static void skip_message_bytes(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	(void)text;
	(void)len;
}

/* Returns the line that has ended, which the next one overwrites. */
static struct mail_line get_mail_line(struct mail_stream *stream)
{
	struct mail_line line = {stream_line_text(&stream->line),
				 stream_line_tail(&stream->line)};

	stream_line_clear(&stream->line);
	return line;
}

/*
 * Takes a part of the first line of a text.  Returns its length if the text was
 * none, 0 if its bytes are still to be taken.
 */
static size_t take_first_line(struct mail_finder *finder, int direction,
			      const char *text, size_t len)
{
	struct mail_stream *stream = &finder->stream[direction];
	struct mail_line line;
	bool ends;
	size_t n = stream_line_add(&stream->line, text, len, &ends);

	if (!ends)
		return 0;
	stream->first = false;
	line = get_mail_line(stream);
	return finder->protocol->first(finder, &line) ? n : 0;
}

static size_t take_mail_text(struct mail_finder *finder, int direction,
			     const char *text, size_t len)
{
	struct mail_stream *stream = &finder->stream[direction];
	size_t n;

	if (stream->first &&
	    (n = take_first_line(finder, direction, text, len)))
		return n;
	stream->begun = true;
	n = dotted_text_take(
	    &stream->dotted, text, len,
	    stream->kept ? put_message_bytes : skip_message_bytes, finder);

	if (stream->kept && stream->dotted.unclear)
		mail_finder_doubt(finder);
	if (stream->dotted.over) {
		mail_finder_expect_lines(finder, direction);
		finder->protocol->over(finder, direction);
	}
	return n;
}

static size_t take_mail_octets(struct mail_finder *finder, int direction,
			       const char *text, size_t len)
{
	struct mail_stream *stream = &finder->stream[direction];
	size_t n = len < stream->octets ? len : (size_t)stream->octets;

	if (stream->kept)
		put_message_bytes(finder, text, n);
	stream->octets -= n;
	if (!stream->octets) {
		mail_finder_expect_lines(finder, direction);
		finder->protocol->over(finder, direction);
	}
	return n;
}

static void find_mail_protocol(struct mail_finder *finder, int direction,
			       struct slice line)
{
	size_t count = sizeof mail_protocols / sizeof *mail_protocols;

	for (size_t i = 0; i < count && !finder->protocol; i++)
		if (mail_protocols[i]->begins(direction, line))
			finder->protocol = mail_protocols[i];
}

static void end_mail_line(struct mail_finder *finder, int direction)
{
	struct mail_stream *stream = &finder->stream[direction];
	struct mail_line line = get_mail_line(stream);

	if (!finder->protocol)
		find_mail_protocol(finder, direction, line.text);
	if (finder->protocol)
		finder->protocol->line(finder, direction, &line);
	/* A literal, a chunk or a text of no bytes. */
	if (stream->mode == MAIL_OCTETS && !stream->octets)
		take_mail_octets(finder, direction, "", 0);
}

static size_t take_mail_line(struct mail_finder *finder, int direction,
			     const char *text, size_t len)
{
	struct mail_stream *stream = &finder->stream[direction];
	bool ends;
	size_t n = stream_line_add(&stream->line, text, len, &ends);

	if (ends)
		end_mail_line(finder, direction);
	return n;
}

static size_t take_mail_bytes(struct mail_finder *finder, int direction,
			      const char *text, size_t len)
{
	switch (finder->stream[direction].mode) {
	case MAIL_LINES: return take_mail_line(finder, direction, text, len);
	case MAIL_TEXT: return take_mail_text(finder, direction, text, len);
	case MAIL_OCTETS: return take_mail_octets(finder, direction, text, len);
	default: return len;
	}
}

/* recio -p has left out a message, or a part of one, at this place. */
static void take_left_out(struct mail_finder *finder, int direction)
{
	struct mail_stream *stream = &finder->stream[direction];
	bool of_message = stream->kept || !finder->protocol;

	if (stream->mode == MAIL_OPAQUE)
		return;
	finder->left_out += of_message;
	if (stream->mode == MAIL_LINES)
		return;
	if (stream->kept)
		mail_finder_forget(finder);
	mail_finder_expect_lines(finder, direction);
	finder->protocol->over(finder, direction);
}

/* What follows can be read: TLS protects it, and recio sees it all the same. */
static void read_inside(struct mail_finder *finder)
{
	mail_finder_break(finder);
	if (finder->lost_track)
		return;
	finder->opaque = false;
	for (int i = 0; i < 2; i++)
		mail_finder_expect_lines(finder, i);
}

static void take_mail_note(struct mail_finder *finder, struct slice text)
{
	struct remark remark;

	log_line_parse_note(&remark, text);
	switch (remark.kind) {
	case REMARK_MESSAGE:
		take_left_out(finder,
			      *text.at == '<' ? DIALOGUE_IN : DIALOGUE_OUT);
		break;
	case REMARK_TLS:
	case REMARK_FULL: mail_finder_give_up(finder); break;
	case REMARK_INSIDE: read_inside(finder); break;
	case REMARK_LOST: mail_finder_break(finder); break;
	default:
		if (slice_equal(text, "compressed"))
			mail_finder_give_up(finder);
	}
}

void mail_finder_take(struct mail_finder *finder,
		      const struct session_part *part)
{
	struct slice rest = part->text;

	finder->time = part->time;
	if (part->kind == PART_NOTE)
		take_mail_note(finder, part->text);
	if (part->kind != PART_BYTES)
		return;
	while (rest.len)
		slice_skip(&rest, take_mail_bytes(finder, part->direction,
						  rest.at, rest.len));
}

void mail_finder_finish(struct mail_finder *finder)
{
	mail_finder_break(finder);
}
