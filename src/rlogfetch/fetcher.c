/*
 * The fetcher.  A feed begins with the cursor's own message, which is compared
 * with the cursor: so a stream that was made anew, or set back to an older
 * state, is noticed, and not read on in the middle.  Then the epoch of the
 * cursor changes, and with it the identity in all marks.
 *
 * Whoever wants the messages that the stream has now gets those that its leader
 * and the feed's server have when the feed is opened.  Either may have fewer
 * than the other: a leader that is new, a server that was away.  None may be
 * left of a filter, or after a removal; so the end is what the leader says.  It
 * is asked when the feed's server knows of no more messages, and now and then
 * if none arrives: a message that it has told of may be removed meanwhile.
 */
#include "rlogfetch/fetcher.h"

#include <errno.h>
#include <string.h>

#include "base/deadline.h"
#include "base/hash.h"

void fetcher_init(struct fetcher *fetcher, const struct fetch_feed *feed,
		  struct fetch_store *store, const struct fetch_tell *tell)
{
	memset(fetcher, 0, sizeof *fetcher);
	fetcher->feed = *feed;
	fetcher->store = store;
	fetcher->tell = *tell;
	fetcher->retry = STAMP;
}

static void tell_news(const struct fetcher *fetcher,
		      const struct fetch_news *news)
{
	fetcher->tell.listen(fetcher->tell.ctx, news);
}

static void tell_sequences(const struct fetcher *fetcher,
			   enum fetch_news_kind kind, uint64_t first,
			   uint64_t last)
{
	const struct fetch_news news = {
	    .kind = kind, .first = first, .last = last};

	tell_news(fetcher, &news);
}

void fetcher_close(struct fetcher *fetcher)
{
	if (fetcher->open)
		fetcher->feed.ops->close(fetcher->feed.ctx);
	fetcher->open = fetcher->held = false;
	fetch_store_drop(fetcher->store);
}

/* A pause of 3/4 to 5/4 of ms, so that many programs do not try at once. */
static void set_retry(struct fetcher *fetcher, uint64_t ms)
{
	const uint64_t jitter =
	    hash_bytes(fetcher->messages, &STAMP, sizeof STAMP) % (ms / 2 + 1);

	deadline_after(&fetcher->retry, &STAMP, ms - ms / 4 + jitter);
}

/* A connection that has lasted as long as the longest pause counts as good. */
static bool has_lasted(const struct fetcher *fetcher)
{
	struct tain_s long_since;

	deadline_after(&long_since, &fetcher->since, FETCHER_LONGEST);
	return fetcher->open && deadline_is_past(&long_since, &STAMP);
}

static void note_fault(struct fetcher *fetcher)
{
	const struct fetch_news news = {.kind = FETCH_NEWS_FAULT,
					.fault = &fetcher->fault};

	if (!fetcher->faulty)
		fetcher->faulty_since = STAMP;
	fetcher->faulty = true;
	if (fetcher->told[fetcher->fault.kind])
		return;
	fetcher->told[fetcher->fault.kind] = true;
	tell_news(fetcher, &news);
}

static enum fetcher_answer handle_fault(struct fetcher *fetcher)
{
	if (fetcher->fault.kind == STREAM_FAULT_STOPPED) {
		fetcher_close(fetcher);
		fetcher->retry = STAMP;
		return FETCHER_WAITS;
	}
	if (has_lasted(fetcher))
		fetcher->pause = 0;
	fetcher->is_behind &= fetcher->fault.kind == STREAM_FAULT_SET_BACK;
	fetcher_close(fetcher);
	note_fault(fetcher);
	if (fetcher->fault.kind == STREAM_FAULT_NO_LIBRARY) {
		fetcher->error = ENOSYS;
		return FETCHER_FAILED;
	}
	fetcher->pause = fetcher->pause ? fetcher->pause * 2 : FETCHER_PAUSE;
	if (fetcher->pause > FETCHER_LONGEST)
		fetcher->pause = FETCHER_LONGEST;
	if (fetcher->fault.kind == STREAM_FAULT_SET_BACK)
		fetcher->pause = FETCHER_SET_BACK;
	set_retry(fetcher, fetcher->pause);
	return FETCHER_MORE;
}

/* Has the stream read anew, from after this sequence on. */
static void begin_epoch(struct fetcher *fetcher, uint64_t sequence)
{
	fetcher_close(fetcher);
	fetcher->cursor.epoch++;
	fetcher->cursor.sequence = sequence;
	fetcher->cursor.time = 0;
	fetcher->from = (struct nats_feed_from){0};
	fetcher->moved = true;
	fetcher->retry = STAMP;
}

/*
 * Returns true if the server lacks messages, but not yet for
 * STREAM_SET_BACK_SURE without another fault between.
 */
static bool lacks_messages_yet(struct fetcher *fetcher,
			       const struct nats_feed_stream *stream)
{
	const bool was_behind = fetcher->is_behind;

	fetcher->is_behind = stream->last < fetcher->cursor.sequence;
	if (!was_behind)
		deadline_after(&fetcher->sure, &STAMP, STREAM_SET_BACK_SURE);
	return fetcher->is_behind && !deadline_is_past(&fetcher->sure, &STAMP);
}

/*
 * Compares the stream with the cursor.  Returns false if it is to be opened
 * again, elsewhere or later.
 */
static bool check_stream(struct fetcher *fetcher,
			 const struct nats_feed_stream *stream)
{
	struct fetch_cursor *cursor = &fetcher->cursor;
	const uint64_t sequence = cursor->sequence;

	if (cursor->created && cursor->created != stream->created) {
		tell_sequences(fetcher, FETCH_NEWS_ANEW, sequence, 0);
		begin_epoch(fetcher, 0);
		cursor->created = stream->created;
		return false;
	}
	cursor->created = stream->created;
	if (lacks_messages_yet(fetcher, stream)) {
		stream_fault_set(&fetcher->fault, STREAM_FAULT_SET_BACK, NULL);
		handle_fault(fetcher);
		return false;
	}
	if (stream->last < sequence) {
		tell_sequences(fetcher, FETCH_NEWS_SET_BACK, sequence,
			       stream->last);
		begin_epoch(fetcher, stream->last);
		return false;
	}
	if (sequence && stream->first > sequence + 1)
		tell_sequences(fetcher, FETCH_NEWS_REMOVED, sequence + 1,
			       stream->first - 1);
	return true;
}

static void choose_from(const struct fetcher *fetcher,
			struct nats_feed_from *from)
{
	const struct fetch_cursor *cursor = &fetcher->cursor;

	*from = fetcher->from;
	/* A message whose time is unknown can't be compared. */
	if (cursor->sequence)
		*from = (struct nats_feed_from){.sequence = cursor->sequence +
							    !cursor->time};
}

static void set_ask(struct fetcher *fetcher)
{
	deadline_after(&fetcher->ask, &STAMP,
		       fetcher->pending ? FETCHER_ASKS : 0);
}

static void note_connection(struct fetcher *fetcher, uint64_t from)
{
	struct fetch_news news = {.kind = FETCH_NEWS_READING, .first = from};
	struct tain_s took;

	tell_news(fetcher, &news);
	if (fetcher->faulty) {
		tain_sub(&took, &STAMP, &fetcher->faulty_since);
		news.kind = FETCH_NEWS_CONNECTED;
		news.seconds = (long)took.sec.x;
		tell_news(fetcher, &news);
	}
	fetcher->faulty = false;
	memset(fetcher->told, 0, sizeof fetcher->told);
	fetcher->reached = true;
}

static enum fetcher_answer open_fetcher_feed(struct fetcher *fetcher,
					     struct tain_s *deadline)
{
	struct nats_feed_stream stream;
	struct nats_feed_from from;

	if (!deadline_is_past(&fetcher->retry, &STAMP)) {
		deadline_lower(deadline, &fetcher->retry);
		return FETCHER_WAITS;
	}
	choose_from(fetcher, &from);
	if (fetcher->feed.ops->open(fetcher->feed.ctx, &from, &stream,
				    &fetcher->fault) < 0)
		return handle_fault(fetcher);
	fetcher->open = true;
	fetcher->since = STAMP;
	if (!check_stream(fetcher, &stream))
		return FETCHER_MORE;
	fetcher->checks = fetcher->cursor.sequence && fetcher->cursor.time;
	fetcher->pending = stream.pending;
	fetcher->next = stream.start;
	fetcher->until = stream.last;
	fetcher->owed = stream.pending;
	set_ask(fetcher);
	note_connection(fetcher, from.sequence);
	return FETCHER_MORE;
}

/*
 * The first message after the connection is the cursor's, unless that is not
 * in the stream any more.  Returns false if it need not be stored.
 */
static bool check_message(struct fetcher *fetcher)
{
	const struct nats_message *message = &fetcher->message;
	const struct fetch_cursor *cursor = &fetcher->cursor;
	const bool first = fetcher->checks;

	fetcher->checks = false;
	fetcher->pending = message->pending;
	fetcher->next = message->sequence + 1;
	fetcher->owed -= fetcher->owed > 0;
	set_ask(fetcher);
	if (message->sequence > cursor->sequence)
		return true;
	if (first && message->sequence == cursor->sequence &&
	    message->time != cursor->time) {
		tell_sequences(fetcher, FETCH_NEWS_SET_BACK, cursor->sequence,
			       cursor->sequence);
		begin_epoch(fetcher, 0);
	}
	return false;
}

static enum fetcher_answer take_feed_message(struct fetcher *fetcher,
					     struct tain_s *deadline)
{
	struct tain_s timeout;
	int r = fetcher->feed.ops->next(fetcher->feed.ctx, &fetcher->message,
					&fetcher->fault);

	if (r < 0)
		return handle_fault(fetcher);
	if (r == 0) {
		deadline_after(
		    &timeout, &STAMP,
		    (uint64_t)fetcher->feed.ops->timeout(fetcher->feed.ctx));
		deadline_lower(deadline, &timeout);
		if (fetcher->once)
			deadline_lower(deadline, &fetcher->ask);
		return FETCHER_WAITS;
	}
	fetcher->pause = 0;
	fetcher->held = check_message(fetcher);
	return FETCHER_MORE;
}

static bool is_ask_due(const struct fetcher *fetcher)
{
	const bool last = fetcher->next > fetcher->until && !fetcher->owed;

	return fetcher->once &&
	       (last || deadline_is_past(&fetcher->ask, &STAMP));
}

/* Asks the leader for more, unless the last message was delivered. */
static enum fetcher_answer ask_for_more(struct fetcher *fetcher)
{
	const struct fetch_feed *feed = &fetcher->feed;
	int left = 0;

	if (fetcher->next <= fetcher->until)
		left = feed->ops->left(feed->ctx, fetcher->next, fetcher->until,
				       &fetcher->fault);
	if (left < 0)
		return handle_fault(fetcher);
	deadline_after(&fetcher->ask, &STAMP, FETCHER_ASKS);
	return left ? FETCHER_MORE : FETCHER_OVER;
}

static void tell_of_refusal(const struct fetcher *fetcher)
{
	const struct fetch_news news = {.kind = FETCH_NEWS_REFUSED,
					.first = fetcher->message.sequence,
					.text = fetcher->store->text.why};

	tell_news(fetcher, &news);
}

/* The message is done with: the cursor moves to it. */
static void pass_message(struct fetcher *fetcher)
{
	fetcher->cursor.sequence = fetcher->message.sequence;
	fetcher->cursor.time = fetcher->message.time;
	fetcher->held = false;
	fetcher->moved = true;
	fetcher->messages++;
}

static enum fetcher_answer store_message(struct fetcher *fetcher,
					 struct tain_s *deadline)
{
	switch (fetch_store_put(fetcher->store, &fetcher->message,
				fetch_cursor_identity(&fetcher->cursor),
				deadline)) {
	case FETCH_STORE_LATER: return FETCHER_WAITS;
	case FETCH_STORE_FAILED: fetcher->error = errno; return FETCHER_FAILED;
	case FETCH_STORE_REFUSED:
		tell_of_refusal(fetcher);
		fetcher->refused++;
		fetch_store_drop(fetcher->store);
		break;
	case FETCH_STORE_DONE: break;
	}
	pass_message(fetcher);
	return FETCHER_MORE;
}

enum fetcher_answer fetcher_step(struct fetcher *fetcher,
				 struct tain_s *deadline)
{
	if (fetcher->held)
		return store_message(fetcher, deadline);
	if (!fetcher->open)
		return open_fetcher_feed(fetcher, deadline);
	if (is_ask_due(fetcher))
		return ask_for_more(fetcher);
	return take_feed_message(fetcher, deadline);
}

int fetcher_descriptor(const struct fetcher *fetcher)
{
	return fetcher->open && !fetcher->held
		   ? fetcher->feed.ops->descriptor(fetcher->feed.ctx)
		   : -1;
}

void fetcher_saved(struct fetcher *fetcher)
{
	fetcher->moved = false;
}
