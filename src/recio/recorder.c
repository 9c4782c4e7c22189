/*
 * Records what passes the relay: bytes as they are, or as a dialect lets them
 * through. Invariant: records of one direction are in the order of its bytes;
 * after the limit nothing is recorded but the session's own notes.
 */
#include "recio/recorder.h"

#include <string.h>

#include "recio/session_notes.h"

/*
 * Bytes pass through these stages, from the last function of this file to the
 * first:
 *
 * take_data, take_end  get what the relay reads
 * take_clear           gets what TLS protects, in place of it
 * session_data         hides what a dialect does not let through
 * coalescer_add        joins the pieces of a packet or a line
 * record_packet        ends the record at the limit
 * record_pieces        makes records
 */

/* Counts of a message wait so long if nothing else happens in the session. */
enum { DRAIN_WAIT_MS = 100 };

static const char dir_sign[] = {'<', '>'};

static size_t say_lost(void *ctx, char *out, uint64_t records, uint64_t bytes)
{
	const struct recorder *recorder = ctx;
	char text[NOTE_MAX];

	session_notes_lost(text, records, bytes);
	return record_note(&recorder->form, out, text);
}

/* The label of the next record, when the clock was read at now. */
static void stamp_record(struct recorder *recorder, const struct tain_s *now)
{
	if (!recorder->form.labelled)
		return;
	label_advance(&recorder->last_label, now);
	record_form_label(&recorder->form, &recorder->last_label);
}

static struct tain_s read_clock(const struct recorder *recorder)
{
	struct tain_s now = TAIN_ZERO;

	if (recorder->form.labelled)
		label_now(&now);
	return now;
}

static void record_chunk(struct recorder *recorder, char sign,
			 struct record_span span)
{
	struct tain_s now = read_clock(recorder);
	size_t before, len;

	while (span.len) {
		stamp_record(recorder, &now);
		before = span.len;
		len = record_data(&recorder->form, sink_room(&recorder->sink),
				  sign, &span);
		sink_add(&recorder->sink, len, before - span.len);
	}
}

/*
 * How much of a packet stands alone.  Raw records of a limited width are cut as
 * recordio cuts them: it reads so many bytes at a time, so each so many bytes
 * of a packet stand alone.  Where lines are wanted, a dump has them, too.
 */
static size_t piece_len(const struct recorder *recorder,
			struct record_span span)
{
	const char *newline;

	if (!recorder->lines)
		return recorder->form.raw && span.len > recorder->form.width
			   ? recorder->form.width
			   : span.len;
	newline = recorder->form.dump ? memchr(span.at, '\n', span.len) : NULL;
	return newline ? (size_t)(newline - span.at) + 1 : span.len;
}

static void record_pieces(struct recorder *recorder, enum relay_dir dir,
			  struct record_span span)
{
	struct record_span piece;

	while (span.len) {
		piece = span;
		piece.len = piece_len(recorder, span);
		record_chunk(recorder, dir_sign[dir], piece);
		record_skip(&span, piece.len);
	}
}

static void add_note(struct recorder *recorder, const char *text)
{
	struct tain_s now = read_clock(recorder);

	stamp_record(recorder, &now);
	sink_add(&recorder->sink,
		 record_note(&recorder->form, sink_room(&recorder->sink), text),
		 0);
}

static void record_packet(void *ctx, enum relay_dir dir,
			  struct record_span span)
{
	struct recorder *recorder = ctx;
	uint64_t left = recorder->limit - recorder->recorded;
	char text[NOTE_MAX];

	if (!recorder->show[dir] || recorder->full)
		return;
	recorder->full = span.len > left;
	if (recorder->full)
		span.len = (size_t)left;
	record_pieces(recorder, dir, span);
	recorder->recorded += span.len;
	if (!recorder->full)
		return;
	if (recorder->looks_inside)
		clear_receiver_close(&recorder->clear);
	session_notes_full(text, recorder->recorded);
	add_note(recorder, text);
}

static void record_end(struct recorder *recorder, enum relay_dir dir)
{
	struct tain_s now = read_clock(recorder);
	size_t len;

	if (!recorder->show[dir])
		return;
	stamp_record(recorder, &now);
	len = record_eof(&recorder->form, sink_room(&recorder->sink),
			 dir_sign[dir]);
	sink_add(&recorder->sink, len, 0);
}

/* The offsets of a dump have to be right: a gap in it is seen. */
static void join_span(struct recorder *recorder, enum relay_dir dir,
		      struct record_span span)
{
	if (!recorder->show[dir])
		return;
	if (recorder->form.dump &&
	    coalescer_has_gap(&recorder->packet, span.offset))
		coalescer_flush(&recorder->packet);
	coalescer_add(&recorder->packet, dir, span);
}

void recorder_init(struct recorder *recorder, const struct record_form *form,
		   int log, bool drop)
{
	recorder->form = *form;
	recorder->show[RELAY_IN] = recorder->show[RELAY_OUT] = true;
	recorder->packet = (struct coalescer){
	    .ctx = recorder, .give = record_packet, .buf = recorder->joined};
	recorder->chosen = recorder->lines = recorder->outgoing =
	    recorder->full = recorder->follows = false;
	recorder->looks_inside = false;
	recorder->n_ends = 0;
	recorder->limit = UINT64_MAX;
	recorder->recorded = 0;
	recorder->position[RELAY_IN] = recorder->position[RELAY_OUT] = 0;
	recorder->last_label = (struct tain_s)TAIN_ZERO;
	sink_init(&recorder->sink, log, drop);
	recorder->sink.say_lost = say_lost;
	recorder->sink.ctx = recorder;
}

/*
 * For a protocol, RELAY_IN is what the client says, and here what the program
 * is told.  That is not the same where the program is the client.
 */
static enum relay_dir other_view(const struct recorder *recorder,
				 enum relay_dir dir)
{
	return !recorder->outgoing ? dir
	       : dir == RELAY_IN   ? RELAY_OUT
				   : RELAY_IN;
}

static void chosen_show(void *ctx, enum relay_dir side, const char *at,
			size_t len, uint64_t offset)
{
	struct recorder *recorder = ctx;

	join_span(recorder, other_view(recorder, side),
		  (struct record_span){at, len, offset});
}

static void chosen_end(void *ctx, enum relay_dir side)
{
	struct recorder *recorder = ctx;

	coalescer_flush(&recorder->packet);
	record_end(recorder, other_view(recorder, side));
}

static void chosen_note(void *ctx, const char *text)
{
	struct recorder *recorder = ctx;

	coalescer_flush(&recorder->packet);
	if (!recorder->full)
		add_note(recorder, text);
}

static void chosen_message(void *ctx, enum relay_dir side,
			   const struct message_counter *counted, bool whole)
{
	struct recorder *recorder = ctx;
	enum relay_dir dir = other_view(recorder, side);
	char text[NOTE_MAX];

	if (!recorder->show[dir])
		return;
	session_notes_content(text, dir_sign[dir], counted, whole);
	chosen_note(recorder, text);
}

static bool chosen_tls(void *ctx, const char *hello, size_t len)
{
	struct recorder *recorder = ctx;

	if (recorder->looks_inside)
		return clear_receiver_begin(&recorder->clear, hello, len);
	chosen_note(recorder, "TLS");
	return false;
}

void recorder_choose(struct recorder *recorder, const struct dialect *dialect,
		     bool secrets, bool contents)
{
	struct redactor_config config = {.out = {.ctx = recorder,
						 .show = chosen_show,
						 .end = chosen_end,
						 .message = chosen_message,
						 .note = chosen_note,
						 .tls = chosen_tls},
					 .secrets = secrets,
					 .contents = contents};

	recorder->chosen = true;
	session_begin(&recorder->protocol, dialect, &config);
}

/* Returns true if what TLS protects is recorded, and not what is relayed. */
static bool is_inside(const struct recorder *recorder)
{
	return recorder->looks_inside && clear_receiver_runs(&recorder->clear);
}

static void take_clear(void *ctx, enum relay_dir dir, const char *at,
		       size_t len)
{
	struct recorder *recorder = ctx;

	if (recorder->full)
		return;
	session_data(&recorder->protocol, other_view(recorder, dir), at, len);
	coalescer_settle(&recorder->packet, recorder->lines);
}

static bool take_counts(void *ctx, enum relay_dir dir,
			const struct clear_content *content)
{
	struct recorder *recorder = ctx;
	const struct session_counts counts = {content->bytes, content->lines,
					      content->last,
					      sizeof content->last};

	return recorder->full ||
	       session_take_counts(&recorder->protocol,
				   other_view(recorder, dir), &counts);
}

static bool needs_counts(void *ctx, enum relay_dir dir)
{
	const struct recorder *recorder = ctx;

	return !recorder->full &&
	       session_counts(&recorder->protocol, other_view(recorder, dir));
}

void recorder_look_inside(struct recorder *recorder, int fd, pid_t pid,
			  const char *unloadable)
{
	struct clear_out out = {.ctx = recorder,
				.data = take_clear,
				.content = take_counts,
				.counts = needs_counts,
				.note = chosen_note};

	recorder->looks_inside = true;
	clear_receiver_init(&recorder->clear, fd, pid, unloadable, &out);
}

static void take_data(void *ctx, enum relay_dir dir, const char *buf,
		      size_t len)
{
	struct recorder *recorder = ctx;
	struct record_span span = {buf, len, recorder->position[dir]};

	if ((recorder->full && !recorder->follows) || is_inside(recorder))
		return;
	recorder->position[dir] += len;
	if (recorder->chosen)
		session_data(&recorder->protocol, other_view(recorder, dir),
			     buf, len);
	else if (recorder->lines)
		join_span(recorder, dir, span);
	else
		record_packet(recorder, dir, span);
	coalescer_settle(&recorder->packet, recorder->lines);
	sink_flush(&recorder->sink);
}

static void end_direction(struct recorder *recorder, enum relay_dir dir)
{
	coalescer_flush(&recorder->packet);
	if (recorder->chosen && !recorder->full)
		session_end(&recorder->protocol, other_view(recorder, dir));
	else
		record_end(recorder, dir);
}

/* No clear bytes will come any more: the ends of the session may be told. */
static void end_inside(struct recorder *recorder)
{
	clear_receiver_finish(&recorder->clear);
	for (size_t i = 0; i < recorder->n_ends; i++)
		end_direction(recorder, recorder->ends[i]);
	recorder->n_ends = 0;
}

/* Takes what has arrived on the channel, which may be its end. */
static void drain_inside(struct recorder *recorder)
{
	struct tain_s patience;

	clear_receiver_drain(&recorder->clear);
	tain_from_millisecs(&patience, DRAIN_WAIT_MS);
	tain_add_g(&recorder->next_drain, &patience);
	if (clear_receiver_has_ended(&recorder->clear))
		end_inside(recorder);
}

/* The bytes before the end may still be in the program's hands. */
static void take_end(void *ctx, enum relay_dir dir)
{
	struct recorder *recorder = ctx;

	if (is_inside(recorder)) {
		recorder->ends[recorder->n_ends++] = dir;
		drain_inside(recorder);
	} else {
		end_direction(recorder, dir);
	}
	sink_flush(&recorder->sink);
}

static int clear_descriptor(void *ctx)
{
	const struct recorder *recorder = ctx;

	return is_inside(recorder) ? clear_receiver_descriptor(&recorder->clear)
				   : -1;
}

static void take_readable(void *ctx)
{
	struct recorder *recorder = ctx;

	drain_inside(recorder);
	sink_flush(&recorder->sink);
}

void recorder_wait_inside(struct recorder *recorder, unsigned int seconds)
{
	if (is_inside(recorder))
		clear_receiver_wait(&recorder->clear, seconds);
}

static bool defers_clear(void *ctx)
{
	const struct recorder *recorder = ctx;

	return is_inside(recorder) && clear_receiver_counts(&recorder->clear);
}

static const struct tain_s *next_deadline(void *ctx)
{
	const struct recorder *recorder = ctx;
	const struct tain_s *line =
	    recorder->packet.waiting ? &recorder->packet.deadline : NULL;

	if (!defers_clear(ctx) ||
	    (line && tain_less(line, &recorder->next_drain)))
		return line;
	return &recorder->next_drain;
}

static void take_tick(void *ctx)
{
	struct recorder *recorder = ctx;

	if (next_deadline(ctx) == &recorder->next_drain) {
		clear_receiver_rest(&recorder->clear);
		drain_inside(recorder);
	} else {
		coalescer_flush(&recorder->packet);
	}
	sink_flush(&recorder->sink);
}

void recorder_follow(struct recorder *recorder, bool follows)
{
	recorder->follows = follows;
}

bool recorder_has_agreed(const struct recorder *recorder)
{
	return session_has_agreed(&recorder->protocol);
}

void recorder_begin_tls(struct recorder *recorder, const char *note)
{
	coalescer_flush(&recorder->packet);
	session_begin_tls(&recorder->protocol, note);
	coalescer_flush(&recorder->packet);
	sink_flush(&recorder->sink);
}

void recorder_note(struct recorder *recorder, const char *text)
{
	add_note(recorder, text);
	sink_flush(&recorder->sink);
}

void recorder_finish(struct recorder *recorder)
{
	if (is_inside(recorder)) {
		clear_receiver_drain(&recorder->clear);
		end_inside(recorder);
	}
	if (recorder->chosen)
		session_finish(&recorder->protocol);
	coalescer_flush(&recorder->packet);
	sink_flush(&recorder->sink);
}

/* A dialect must see both directions. */
bool recorder_is_blind(const struct recorder *recorder, enum relay_dir dir)
{
	if (recorder->full)
		return !recorder->follows;
	if (recorder->chosen)
		return is_inside(recorder) ||
		       session_is_opaque(&recorder->protocol);
	return !recorder->show[dir];
}

static bool is_blind(void *ctx, enum relay_dir dir)
{
	return recorder_is_blind(ctx, dir);
}

static int wait_descriptor(void *ctx)
{
	const struct recorder *recorder = ctx;

	return sink_waits_for(&recorder->sink);
}

static void take_ready(void *ctx)
{
	struct recorder *recorder = ctx;

	sink_tell(&recorder->sink);
}

struct relay_tap recorder_tap(struct recorder *recorder)
{
	return (struct relay_tap){.ctx = recorder,
				  .data = take_data,
				  .end = take_end,
				  .blind = is_blind,
				  .waits_for = wait_descriptor,
				  .ready = take_ready,
				  .reads_from = clear_descriptor,
				  .readable = take_readable,
				  .defers = defers_clear,
				  .deadline = next_deadline,
				  .tick = take_tick};
}
