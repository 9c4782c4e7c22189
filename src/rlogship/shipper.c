/*
 * The state machine of shipping.
 *
 * Invariants: at most one batch is in flight, `sent`; `batch` has the lines
 * right behind it, and is sent only when the server has said that it stored
 * `sent`.  The source is open exactly while there is a connection, and was
 * opened at the place behind the message whose number was `sequence` then.  So
 * the batch that is sent is always the lines right behind message `sequence`,
 * and the server refuses it if that is no longer the last message of the
 * subject.  Any fault throws both batches away: the lines are read again from
 * the place that the server tells.  The cursor is set only by a plain success,
 * and by the server's own answer.
 *
 * Tested by tests/unit/rlogship/shipper.c and tests/peer/rlogship-*.t.
 */
#include "rlogship/shipper.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logread/source_event.h"

static void tell_shipper(struct shipper *shipper,
			 const struct shipper_notice *notice)
{
	if (shipper->options.tell)
		shipper->options.tell(shipper->options.ctx, notice);
}

/* A gap of the log becomes a record in the batch as well as a message. */
static void tell_source(void *ctx, const struct source_notice *notice)
{
	struct shipper *shipper = ctx;

	if (notice->event == SOURCE_MISSING)
		ship_batch_mark_gap(&shipper->batch);
	if (shipper->options.tell_source)
		shipper->options.tell_source(shipper->options.ctx, notice);
}

int shipper_init(struct shipper *shipper, const struct shipper_options *options)
{
	*shipper = (struct shipper){.options = *options};
	shipper->options.source.tell = tell_source;
	shipper->options.source.ctx = shipper;
	return ship_batch_init(&shipper->batch, options->origin, options->form,
			       options->size);
}

static void disconnect(struct shipper *shipper)
{
	if (shipper->source)
		source_close(shipper->source);
	shipper->source = NULL;
	shipper->options.link.ops->close(shipper->options.link.ctx);
	shipper->connected = false;
}

void shipper_close(struct shipper *shipper)
{
	disconnect(shipper);
	ship_batch_free(&shipper->batch);
}

struct source *shipper_source(struct shipper *shipper)
{
	return shipper->source;
}

/*
 * The pause before the next try: doubled with every failure, and shortened by a
 * random part of at most half, so that many machines do not try at once.  The
 * server's first "another last message" is answered at once, since to ask again
 * is all that it takes.
 */
static int64_t choose_pause(struct shipper *shipper,
			    enum stream_fault_kind kind)
{
	int64_t pause = SHIPPER_PAUSE_FIRST;

	if (kind == STREAM_FAULT_WRONG_SEQUENCE && !shipper->tries)
		return 0;
	if (kind == STREAM_FAULT_SET_BACK)
		return SHIPPER_PAUSE_SET_BACK;
	for (uint64_t i = 0; i < shipper->tries && pause < SHIPPER_PAUSE_MOST;
	     i++)
		pause *= 2;
	if (pause > SHIPPER_PAUSE_MOST)
		pause = SHIPPER_PAUSE_MOST;
	if (pause == SHIPPER_PAUSE_FIRST)
		return pause;
	return pause - rand_r(&shipper->options.seed) % (pause / 2);
}

static enum shipper_next fail_step(struct shipper *shipper, int64_t now,
				   const struct stream_fault *fault)
{
	const struct shipper_notice notice = {.event = SHIPPER_TROUBLE,
					      .fault = fault};

	shipper->last_fault = *fault;
	shipper->is_behind &= fault->kind == STREAM_FAULT_SET_BACK;
	disconnect(shipper);
	if (fault->kind == STREAM_FAULT_STOPPED)
		return SHIPPER_STEP;
	if (!shipper->told[fault->kind])
		tell_shipper(shipper, &notice);
	shipper->told[fault->kind] = true;
	shipper->retry = now + choose_pause(shipper, fault->kind);
	shipper->tries++;
	return SHIPPER_STEP;
}

/* The server has all lines, or takes new ones. */
static void succeed(struct shipper *shipper)
{
	const struct shipper_notice notice = {.event = SHIPPER_CONTINUES};

	if (shipper->tries)
		tell_shipper(shipper, &notice);
	shipper->tries = 0;
	memset(shipper->told, 0, sizeof shipper->told);
}

/* True if the first place is nearer to the beginning of the log. */
static bool is_earlier(const struct position *a, const struct position *b)
{
	if (a->labelled && b->labelled && tain_less(&a->last, &b->last))
		return true;
	if (a->labelled && b->labelled && tain_less(&b->last, &a->last))
		return false;
	return a->offset < b->offset;
}

/* Compares the place in the server with the one of the last success. */
static void check_behind(struct shipper *shipper, const struct position *has)
{
	const struct shipper_notice notice = {
	    .event = SHIPPER_BEHIND, .has = has, .had = &shipper->cursor.place};

	if (!shipper->cursor.known || !is_earlier(has, &shipper->cursor.place))
		return;
	shipper->counts.again++;
	tell_shipper(shipper, &notice);
}

/*
 * The subject has no message.  Messages that aged out, or were removed, were
 * sent all the same, if this is the stream that had them: the cursor holds.
 * Returns the place to start from, or NULL for the oldest line.
 */
static const struct position *
choose_without_message(struct shipper *shipper, const struct nats_last *last)
{
	const struct ship_cursor *cursor = &shipper->cursor;
	const struct shipper_notice notice = {.event = SHIPPER_NEW_STREAM};

	if (!cursor->known)
		return NULL;
	if (cursor->created == last->created &&
	    cursor->sequence <= last->stream_last)
		return &cursor->place;
	shipper->cursor.known = false;
	shipper->counts.again++;
	tell_shipper(shipper, &notice);
	return NULL;
}

/* The server has stored the batch that was sent. */
static void count_sent(struct shipper *shipper)
{
	struct sent_batch *sent = &shipper->sent;

	sent->unknown = false;
	shipper->counts.batches++;
	shipper->counts.lines += sent->lines;
	shipper->counts.bytes += sent->stored;
	shipper->counts.missing += sent->gaps;
	if (!sent->after.labelled)
		return;
	shipper->labelled = true;
	shipper->label = sent->after.last;
	shipper->kind = sent->kind;
}

/* The server may have stored the batch that was sent, though it told a fault.
 */
static void count_if_stored(struct shipper *shipper,
			    const struct position *place)
{
	const struct sent_batch *sent = &shipper->sent;

	if (sent->unknown && sent->after.offset == place->offset &&
	    position_is_same(&sent->after, place))
		count_sent(shipper);
}

/*
 * Returns false if the subject's last message, if any, is none of ours: a place
 * in another log says nothing about this one.
 */
static bool parse_place(const struct shipper *shipper,
			const struct nats_last *last, struct position *place)
{
	return !last->found ||
	       (log_name_is_text(shipper->options.origin, last->name) &&
		position_parse(place, last->place));
}

/* The answer of the stream that the cursor is of has fewer lines than that. */
static bool lacks_lines(const struct shipper *shipper,
			const struct nats_last *last,
			const struct position *place)
{
	const struct ship_cursor *cursor = &shipper->cursor;

	if (!cursor->known || cursor->created != last->created)
		return false;
	return last->found ? is_earlier(place, &cursor->place)
			   : last->stream_last < cursor->sequence;
}

/*
 * Returns true if the server lacks lines, but not yet for STREAM_SET_BACK_SURE
 * without another fault between.
 */
static bool is_doubtful(struct shipper *shipper, const struct nats_last *last,
			const struct position *place, int64_t now)
{
	const bool was_behind = shipper->is_behind;

	shipper->is_behind = lacks_lines(shipper, last, place);
	if (!was_behind)
		shipper->behind_since = now;
	return shipper->is_behind &&
	       now - shipper->behind_since < STREAM_SET_BACK_SURE;
}

/*
 * Chooses where reading starts by the server's answer.  Returns NULL for the
 * oldest line.
 */
static const struct position *choose_start(struct shipper *shipper,
					   const struct nats_last *last,
					   const struct position *place)
{
	const struct position *start = &shipper->cursor.place;

	shipper->sequence = last->sequence;
	shipper->created = last->created;
	if (!last->found) {
		start = choose_without_message(shipper, last);
	} else {
		check_behind(shipper, place);
		count_if_stored(shipper, place);
		shipper->cursor = (struct ship_cursor){
		    true, *place, last->sequence, last->created};
	}
	if (!start)
		return NULL;
	shipper->start = *start;
	return &shipper->start;
}

/* Opens the log at a place, or at the oldest line. */
static enum shipper_next open_source(struct shipper *shipper,
				     const struct position *start)
{
	ship_batch_restart(&shipper->batch, start);
	shipper->options.source.start = start;
	shipper->source = source_open(&shipper->options.source, &shipper->bad);
	if (!shipper->source)
		return SHIPPER_FAILED;
	if (start && start->labelled && !shipper->labelled) {
		shipper->labelled = true;
		shipper->label = start->last;
		shipper->kind = LABEL_DJB;
	}
	shipper->connected = shipper->synced = true;
	return SHIPPER_STEP;
}

static enum shipper_next synchronize(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	const struct position *start = NULL;
	struct stream_fault fault = {0};
	struct nats_last last = {0};
	struct position place;

	shipper->counts.resyncs += shipper->synced;
	if (link->ops->connect(link->ctx, &fault) < 0)
		return fail_step(shipper, now, &fault);
	if (!link->ops->last) {
		if (shipper->cursor.known) {
			shipper->start = shipper->cursor.place;
			start = &shipper->start;
		}
		return open_source(shipper, start);
	}
	if (link->ops->last(link->ctx, &last, &fault) < 0)
		return fail_step(shipper, now, &fault);
	if (!parse_place(shipper, &last, &place))
		stream_fault_set(&fault, STREAM_FAULT_OTHER_LOG, NULL);
	else if (is_doubtful(shipper, &last, &place, now))
		stream_fault_set(&fault, STREAM_FAULT_SET_BACK, NULL);
	else
		return open_source(shipper,
				   choose_start(shipper, &last, &place));
	return fail_step(shipper, now, &fault);
}

/*
 * Writes the message's id, that of its first line.  Without a label that one is
 * an offset, which a line of another file may have: the bytes before it are
 * added, so that the server does not take one for the other.
 */
static void write_message_id(char id[NATS_ID_MAX],
			     const struct shipper *shipper)
{
	const struct ship_cursor *cursor = &shipper->cursor;
	const struct ship_batch *batch = &shipper->batch;

	if (batch->after.labelled || !cursor->known)
		snprintf(id, NATS_ID_MAX, "%.*s", NATS_ID_MAX - 1, batch->id);
	else
		snprintf(id, NATS_ID_MAX, "%.*s-%016" PRIx64, NATS_ID_MAX - 18,
			 batch->id, cursor->place.tail);
}

static enum shipper_next accept_sent(struct shipper *shipper, uint64_t sequence)
{
	shipper->sequence = sequence;
	shipper->cursor = (struct ship_cursor){true, shipper->sent.after,
					       sequence, shipper->created};
	count_sent(shipper);
	succeed(shipper);
	return SHIPPER_STEP;
}

static enum shipper_next accept_answer(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	struct stream_fault fault = {0};
	uint64_t sequence = 0;

	shipper->in_flight = false;
	if (link->ops->answer(link->ctx, &sequence, &fault) < 0)
		return fail_step(shipper, now, &fault);
	return accept_sent(shipper, sequence);
}

void shipper_finish(struct shipper *shipper)
{
	if (shipper->in_flight)
		accept_answer(shipper, 0);
}

static enum shipper_next send_batch(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	const struct ship_batch *lines = &shipper->batch;
	char place[POSITION_TEXT], name[LOG_NAME_TEXT];
	char id[NATS_ID_MAX];
	struct nats_batch batch = {
	    .bytes = lines->bytes,
	    .len = lines->len,
	    .id = id,
	    .place = place,
	    .name = name,
	    .form = shipper->options.form->name,
	    .lines = lines->lines,
	    .expects_last = true,
	    .last_sequence = shipper->sequence,
	};
	struct stream_fault fault = {0};
	uint64_t sequence = 0;

	position_format(place, &lines->after);
	log_name_format(name, shipper->options.origin);
	write_message_id(id, shipper);
	shipper->sent =
	    (struct sent_batch){true,         lines->after,  lines->kind,
				lines->lines, lines->stored, lines->gaps};
	if (link->ops->send(link->ctx, &batch, &sequence, &fault) < 0)
		return fail_step(shipper, now, &fault);
	ship_batch_clear(&shipper->batch);
	shipper->in_flight = link->ops->answer;
	return shipper->in_flight ? SHIPPER_STEP
				  : accept_sent(shipper, sequence);
}

/* Takes lines from the log, as ship_batch_fill does. */
static int gather_lines(struct shipper *shipper)
{
	const struct ship_link *link = &shipper->options.link;

	return ship_batch_fill(&shipper->batch, shipper->source,
			       link->ops->room(link->ctx));
}

/* Sends what the log has, together with what was gathered before. */
static enum shipper_next send_next_lines(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	struct stream_fault fault = {0};

	switch (gather_lines(shipper)) {
	case 1: return send_batch(shipper, now);
	case 0:
		if (link->ops->idle && link->ops->idle(link->ctx, &fault) < 0)
			return fail_step(shipper, now, &fault);
		succeed(shipper);
		return shipper->options.source.follow ? SHIPPER_WAIT
						      : SHIPPER_OVER;
	}
	shipper->bad = NULL;
	if (errno != EMSGSIZE)
		return SHIPPER_FAILED;
	stream_fault_set(&fault, STREAM_FAULT_TOO_LARGE,
			 "the largest message that the server takes has no "
			 "room for a line");
	return fail_step(shipper, now, &fault);
}

enum shipper_next shipper_step(struct shipper *shipper, int64_t now,
			       int *milliseconds)
{
	if (!shipper->connected && now < shipper->retry) {
		*milliseconds = (int)(shipper->retry - now);
		return SHIPPER_PAUSE;
	}
	if (!shipper->connected)
		return synchronize(shipper, now);
	if (!shipper->in_flight)
		return send_next_lines(shipper, now);
	/* A failure comes again once the batch in flight is answered. */
	gather_lines(shipper);
	return accept_answer(shipper, now);
}
