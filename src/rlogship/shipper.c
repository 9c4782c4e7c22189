/*
 * The state machine of shipping.
 *
 * Invariants: at most one batch is in flight.  The source is open exactly while
 * there is a connection, and was opened at the place behind the message whose
 * number is `sequence`, or behind batches that followed it; so a batch is
 * always the lines right behind message `sequence`, and the server refuses it
 * if that is no longer the last message of the subject.  The cursor is set only
 * by a plain success, and by the server's own answer.
 *
 * Tested by tests/unit/rlogship/shipper.c and tests/peer/rlogship-*.t.
 */
#include "rlogship/shipper.h"

#include <errno.h>
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

	if (notice->event == SOURCE_MISSING) {
		ship_batch_mark_gap(&shipper->batch);
		shipper->counts.missing++;
	}
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
	const struct shipper_notice notice = {.event = SHIPPER_CONTINUES,
					      .tries = shipper->tries};

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

static void count_batch(struct shipper *shipper)
{
	const struct ship_batch *batch = &shipper->batch;

	shipper->counts.batches++;
	shipper->counts.lines += batch->lines;
	shipper->counts.bytes += batch->stored;
	if (!batch->after.labelled)
		return;
	shipper->labelled = true;
	shipper->label = batch->after.last;
	shipper->kind = batch->kind;
}

/* The server may have stored the batch in flight, though no answer came. */
static void count_if_stored(struct shipper *shipper,
			    const struct position *place)
{
	const struct ship_batch *batch = &shipper->batch;

	if (batch->len && batch->after.offset == place->offset &&
	    position_is_same(&batch->after, place))
		count_batch(shipper);
}

static void write_name(char name[2 * SHIP_NAME_MAX],
		       const struct ship_origin *origin)
{
	stpcpy(stpcpy(stpcpy(name, origin->host), "/"), origin->name);
}

/* A place in another log says nothing about this one. */
static bool is_our_name(const struct ship_origin *origin, const char *last)
{
	char name[2 * SHIP_NAME_MAX];

	write_name(name, origin);
	return strcmp(name, last) == 0;
}

/*
 * Chooses where reading starts by the server's answer: *start is NULL for the
 * oldest line.  Returns false if the last message is none of ours.
 */
static bool choose_start(struct shipper *shipper, const struct nats_last *last,
			 const struct position **start)
{
	struct position place;

	shipper->sequence = last->sequence;
	shipper->created = last->created;
	if (!last->found) {
		*start = choose_without_message(shipper, last);
	} else {
		if (!is_our_name(shipper->options.origin, last->name) ||
		    !position_parse(&place, last->place))
			return false;
		check_behind(shipper, &place);
		count_if_stored(shipper, &place);
		shipper->cursor = (struct ship_cursor){
		    true, place, last->sequence, last->created};
		*start = &shipper->cursor.place;
	}
	if (*start) {
		shipper->start = **start;
		*start = &shipper->start;
	}
	return true;
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
	if (choose_start(shipper, &last, &start))
		return open_source(shipper, start);
	stream_fault_set(&fault, STREAM_FAULT_PROTOCOL,
			 "the last message of the subject is not of this log: "
			 "each log needs a subject of its own");
	return fail_step(shipper, now, &fault);
}

static enum shipper_next send_batch(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	const struct ship_batch *lines = &shipper->batch;
	char place[POSITION_TEXT], name[2 * SHIP_NAME_MAX];
	struct nats_batch batch = {
	    .bytes = lines->bytes,
	    .len = lines->len,
	    .id = lines->id,
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
	write_name(name, shipper->options.origin);
	if (link->ops->send(link->ctx, &batch, &sequence, &fault) < 0)
		return fail_step(shipper, now, &fault);
	shipper->sequence = sequence;
	shipper->cursor = (struct ship_cursor){true, lines->after, sequence,
					       shipper->created};
	count_batch(shipper);
	ship_batch_clear(&shipper->batch);
	succeed(shipper);
	return SHIPPER_STEP;
}

/* Takes lines from the log. */
static enum shipper_next fill_batch(struct shipper *shipper, int64_t now)
{
	const struct ship_link *link = &shipper->options.link;
	size_t room = link->ops->room(link->ctx), line_room = room;
	struct stream_fault fault = {0};

	if (link->ops->line_room)
		line_room = link->ops->line_room(link->ctx);
	switch (ship_batch_fill(&shipper->batch, shipper->source, room,
				line_room)) {
	case 1: return SHIPPER_STEP;
	case 0:
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
	if (!shipper->batch.len)
		return fill_batch(shipper, now);
	return send_batch(shipper, now);
}
