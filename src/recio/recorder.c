/* Recording; see recorder.h. */
#include "recio/recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recio/session_notes.h"

/*
 * What comes in goes through these stages, from the last to the first:
 * data, end        what the relay shows, or
 * session_data    what of that may be shown
 * coalescer_add       pieces of a packet or a line, joined (coalescer.h)
 * record_packet    as much as the limit allows
 * record_pieces    records
 */

static const char dir_sign[] = {'<', '>'};

static size_t say_lost(void *ctx, char *out, uint64_t records, uint64_t bytes)
{
	const struct recorder *r = ctx;
	char text[96];

	snprintf(text, sizeof text,
		 "lost %" PRIu64 " records, %" PRIu64 " bytes", records, bytes);
	return record_note(&r->form, out, text);
}

/* The label of the next record, when the clock was read at now. */
static void stamp_record(struct recorder *r, const struct tain_s *now)
{
	if (!r->form.labelled)
		return;
	label_advance(&r->last_label, now);
	record_form_label(&r->form, &r->last_label);
}

static struct tain_s read_clock(const struct recorder *r)
{
	struct tain_s now = TAIN_ZERO;

	if (r->form.labelled)
		label_now(&now);
	return now;
}

static void record_chunk(struct recorder *r, char sign, struct record_span span)
{
	struct tain_s now = read_clock(r);
	size_t before, len;

	while (span.len) {
		stamp_record(r, &now);
		before = span.len;
		len = record_data(&r->form, sink_room(&r->sink), sign, &span);
		sink_add(&r->sink, len, before - span.len);
	}
}

/*
 * How much of a packet stands alone.  Raw records of a limited width are cut as
 * recordio cuts them: it reads so many bytes at a time, so each so many bytes
 * of a packet stand alone.  Where lines are wanted, a dump has them, too.
 */
static size_t piece_len(const struct recorder *r, struct record_span span)
{
	const char *newline;

	if (!r->lines)
		return r->form.raw && span.len > r->form.width ? r->form.width
							       : span.len;
	newline = r->form.dump ? memchr(span.at, '\n', span.len) : NULL;
	return newline ? (size_t)(newline - span.at) + 1 : span.len;
}

static void record_pieces(struct recorder *r, enum relay_dir dir,
			  struct record_span span)
{
	struct record_span piece;

	while (span.len) {
		piece = span;
		piece.len = piece_len(r, span);
		record_chunk(r, dir_sign[dir], piece);
		record_skip(&span, piece.len);
	}
}

static void add_note(struct recorder *r, const char *text)
{
	struct tain_s now = read_clock(r);

	stamp_record(r, &now);
	sink_add(&r->sink, record_note(&r->form, sink_room(&r->sink), text), 0);
}

static void record_packet(void *ctx, enum relay_dir dir,
			  struct record_span span)
{
	struct recorder *r = ctx;
	uint64_t left = r->limit - r->recorded;
	char text[NOTE_MAX];

	if (!r->show[dir] || r->full)
		return;
	r->full = span.len > left;
	if (r->full)
		span.len = (size_t)left;
	record_pieces(r, dir, span);
	r->recorded += span.len;
	if (!r->full)
		return;
	session_notes_full(text, r->recorded);
	add_note(r, text);
}

static void record_end(struct recorder *r, enum relay_dir dir)
{
	struct tain_s now = read_clock(r);
	size_t len;

	if (!r->show[dir])
		return;
	stamp_record(r, &now);
	len = record_eof(&r->form, sink_room(&r->sink), dir_sign[dir]);
	sink_add(&r->sink, len, 0);
}

/* The offsets of a dump have to be right: a gap in it is seen. */
static void join_span(struct recorder *r, enum relay_dir dir,
		      struct record_span span)
{
	if (!r->show[dir])
		return;
	if (r->form.dump && coalescer_has_gap(&r->packet, span.offset))
		coalescer_flush(&r->packet);
	coalescer_add(&r->packet, dir, span);
}

void recorder_init(struct recorder *r, const struct record_form *form, int log,
		   bool drop)
{
	r->form = *form;
	r->show[RELAY_IN] = r->show[RELAY_OUT] = true;
	r->packet = (struct coalescer){
	    .ctx = r, .give = record_packet, .buf = r->joined};
	r->chosen = r->lines = r->outgoing = r->full = false;
	r->limit = UINT64_MAX;
	r->recorded = 0;
	r->position[RELAY_IN] = r->position[RELAY_OUT] = 0;
	r->last_label = (struct tain_s)TAIN_ZERO;
	sink_init(&r->sink, log, drop);
	r->sink.say_lost = say_lost;
	r->sink.ctx = r;
}

/*
 * For a protocol, RELAY_IN is what the client says, and here what the program
 * is told.  That is not the same where the program is the client.
 */
static enum relay_dir other_view(const struct recorder *r, enum relay_dir dir)
{
	return !r->outgoing ? dir : dir == RELAY_IN ? RELAY_OUT : RELAY_IN;
}

static void chosen_show(void *ctx, enum relay_dir side, const char *at,
			size_t len, uint64_t offset)
{
	struct recorder *r = ctx;

	join_span(r, other_view(r, side),
		  (struct record_span){at, len, offset});
}

static void chosen_end(void *ctx, enum relay_dir side)
{
	struct recorder *r = ctx;

	coalescer_flush(&r->packet);
	record_end(r, other_view(r, side));
}

static void chosen_note(void *ctx, const char *text)
{
	struct recorder *r = ctx;

	coalescer_flush(&r->packet);
	if (!r->full)
		add_note(r, text);
}

static void chosen_message(void *ctx, enum relay_dir side,
			   const struct message_counter *counted, bool whole)
{
	struct recorder *r = ctx;
	enum relay_dir dir = other_view(r, side);
	char text[NOTE_MAX];

	if (!r->show[dir])
		return;
	session_notes_content(text, dir_sign[dir], counted, whole);
	chosen_note(r, text);
}

void recorder_choose(struct recorder *r, const struct dialect *dialect,
		     bool secrets, bool contents)
{
	struct redactor_config config = {.out = {.ctx = r,
						 .show = chosen_show,
						 .end = chosen_end,
						 .message = chosen_message,
						 .note = chosen_note},
					 .secrets = secrets,
					 .contents = contents};

	r->chosen = true;
	session_begin(&r->protocol, dialect, &config);
}

static void take_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	struct recorder *r = ctx;
	struct record_span span = {buf, len, r->position[dir]};

	if (r->full)
		return;
	r->position[dir] += len;
	if (r->chosen)
		session_data(&r->protocol, other_view(r, dir), buf, len);
	else if (r->lines)
		join_span(r, dir, span);
	else
		record_packet(r, dir, span);
	coalescer_settle(&r->packet, r->lines);
	sink_flush(&r->sink);
}

static void take_end(void *ctx, enum relay_dir dir)
{
	struct recorder *r = ctx;

	coalescer_flush(&r->packet);
	if (r->chosen && !r->full)
		session_end(&r->protocol, other_view(r, dir));
	else
		record_end(r, dir);
	sink_flush(&r->sink);
}

static const struct tain_s *next_deadline(void *ctx)
{
	const struct recorder *r = ctx;

	return r->packet.waiting ? &r->packet.deadline : NULL;
}

static void take_tick(void *ctx)
{
	struct recorder *r = ctx;

	coalescer_flush(&r->packet);
	sink_flush(&r->sink);
}

void recorder_note(struct recorder *r, const char *text)
{
	add_note(r, text);
	sink_flush(&r->sink);
}

void recorder_finish(struct recorder *r)
{
	if (r->chosen)
		session_finish(&r->protocol);
	coalescer_flush(&r->packet);
	sink_flush(&r->sink);
}

/* A protocol must see both directions to know what is what. */
bool recorder_is_blind(const struct recorder *r, enum relay_dir dir)
{
	if (r->full)
		return true;
	return r->chosen ? session_is_opaque(&r->protocol) : !r->show[dir];
}

static bool is_blind(void *ctx, enum relay_dir dir)
{
	return recorder_is_blind(ctx, dir);
}

static int wait_descriptor(void *ctx)
{
	const struct recorder *r = ctx;

	return sink_waits_for(&r->sink);
}

static void take_ready(void *ctx)
{
	struct recorder *r = ctx;

	sink_tell(&r->sink);
}

struct relay_tap recorder_tap(struct recorder *r)
{
	return (struct relay_tap){.ctx = r,
				  .data = take_data,
				  .end = take_end,
				  .blind = is_blind,
				  .waits_for = wait_descriptor,
				  .ready = take_ready,
				  .deadline = next_deadline,
				  .tick = take_tick};
}
