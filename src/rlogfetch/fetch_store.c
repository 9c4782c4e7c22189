/*
 * Storing a message.  Each put of bytes has the mark of the message, of the
 * bytes of it that are stored then, and of the join that its bytes were made
 * for: so the next process, if this one is killed, makes the same bytes and
 * goes on behind those that are there.  With the last byte the mark becomes the
 * one of a whole message, whose join is that of the next one.
 */
#include "rlogfetch/fetch_store.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { OUTPUT_PIECE = 4096 /* a pipe that is writable takes it */ };

void fetch_store_init(struct fetch_store *store, struct fetch_tree *tree,
		      const struct fetch_tell *tell)
{
	memset(store, 0, sizeof *store);
	store->tree = tree;
	store->tell = *tell;
}

void fetch_store_drop(struct fetch_store *store)
{
	store->begun = store->blocked = false;
	store->log = NULL;
}

void fetch_store_free(struct fetch_store *store)
{
	fetch_text_free(&store->text);
}

/*
 * The lines of another stream are compared with those that are there.  A line
 * that is there in part comes again as a whole.
 */
static void fall_behind(struct fetch_join *join)
{
	join->behind = join->labelled;
	join->ended = join->midline;
	join->missed = 0;
	if (!join->behind || !join->midline)
		return;
	if (join->last.nano) {
		join->last.nano--;
		return;
	}
	join->last.sec.x--;
	join->last.nano = 999999999;
}

void fetch_store_set_back(struct fetch_store *store)
{
	fall_behind(&store->after);
}

static void tell_of_missing(const struct fetch_store *store,
			    const struct nats_message *message)
{
	char origin[FETCH_ORIGIN_TEXT];
	const struct fetch_news news = {.kind = FETCH_NEWS_MISSING,
					.first = store->mark.join.missed,
					.last = message->follows,
					.text = origin};

	fetch_origin_format(origin, &store->origin);
	store->tell.listen(store->tell.ctx, &news);
}

/*
 * Sets the mark for a message that is not in the directory.  found: the mark of
 * the last one, all 0 if there is none.
 */
static void begin_mark(struct fetch_store *store,
		       const struct nats_message *message,
		       const struct fetch_mark *found, uint64_t stream)
{
	struct fetch_mark *mark = &store->mark;

	*mark = (struct fetch_mark){.stream = stream,
				    .sequence = message->sequence,
				    .join = found->join};
	mark->join.midline = fed_log_midline(store->log);
	mark->join.ended = false;
	mark->join.missed = 0;
	if (found->stream != stream)
		fall_behind(&mark->join);
	else if (message->chained && message->follows > found->sequence)
		mark->join.missed = found->sequence + 1;
	if (mark->join.missed)
		tell_of_missing(store, message);
}

/* Returns false if all of the message is in the directory. */
static bool find_mark(struct fetch_store *store,
		      const struct nats_message *message, uint64_t stream)
{
	unsigned char bytes[RING_MARK];
	struct fetch_mark found;

	if (!fed_log_mark(store->log, bytes) ||
	    !fetch_mark_unpack(&found, bytes))
		memset(&found, 0, sizeof found);
	if (found.stream != stream || found.sequence < message->sequence) {
		begin_mark(store, message, &found, stream);
		return true;
	}
	store->mark = found;
	return found.sequence == message->sequence && !found.whole;
}

static enum fetch_store_answer refuse_stored(struct fetch_store *store,
					     const char *why)
{
	snprintf(store->text.why, sizeof store->text.why, "%s", why);
	return FETCH_STORE_REFUSED;
}

/* Makes the bytes of the message.  Returns FETCH_STORE_DONE if it has some. */
static enum fetch_store_answer
make_stored_text(struct fetch_store *store, const struct nats_message *message)
{
	int r;

	store->after = store->mark.join;
	r = fetch_text_make(&store->text, message, &store->after);
	if (r < 0)
		return FETCH_STORE_FAILED;
	if (r == 0)
		return FETCH_STORE_REFUSED;
	if (store->mark.offset > store->text.len)
		return refuse_stored(store, "it was longer before");
	store->begun = true;
	return FETCH_STORE_DONE;
}

/* Notes that n more bytes are stored. */
static void count_stored(struct fetch_store *store, size_t n)
{
	const char *at = store->text.bytes + store->mark.offset, *end = at + n;

	store->bytes += n;
	while (n && (at = memchr(at, '\n', (size_t)(end - at)))) {
		store->lines++;
		if (++at == end)
			break;
	}
}

static void put_piece(struct fetch_store *store, size_t n)
{
	const char *bytes = store->text.bytes + store->mark.offset;
	unsigned char packed[RING_MARK];
	struct fetch_mark *mark = &store->mark;

	count_stored(store, n);
	mark->offset += n;
	mark->whole = mark->offset == store->text.len;
	if (mark->whole)
		mark->join = store->after;
	fetch_mark_pack(packed, mark);
	fed_log_put(store->log, bytes, n, packed);
}

static enum fetch_store_answer put_text(struct fetch_store *store,
					struct tain_s *deadline)
{
	size_t left, room;

	do {
		left = store->text.len - store->mark.offset;
		room = fed_log_room(store->log);
		if (left && !room)
			return FETCH_STORE_LATER;
		put_piece(store, left < room ? left : room);
		fed_log_go(store->log, PHASE_RUNNING, deadline);
	} while (!store->mark.whole);
	fetch_store_drop(store);
	return FETCH_STORE_DONE;
}

static enum fetch_store_answer put_in_tree(struct fetch_store *store,
					   const struct nats_message *message,
					   uint64_t stream,
					   struct tain_s *deadline)
{
	enum fetch_tree_answer found;
	enum fetch_store_answer made;

	if (!store->begun) {
		found = fetch_tree_find(store->tree, &store->origin,
					&store->log, deadline);
		if (found == FETCH_TREE_TOO_MANY)
			return refuse_stored(store,
					     "there are too many directories");
		if (found == FETCH_TREE_LATER)
			return FETCH_STORE_LATER;
		if (!find_mark(store, message, stream))
			return FETCH_STORE_DONE;
		made = make_stored_text(store, message);
		if (made != FETCH_STORE_DONE)
			return made;
	}
	return put_text(store, deadline);
}

/* Returns 1 if descriptor 1 has all, 0 if it takes nothing now, or -1. */
static int write_stored_text(struct fetch_store *store)
{
	struct pollfd fd = {.fd = 1, .events = POLLOUT};
	size_t left;
	ssize_t w;

	while ((left = store->text.len - store->mark.offset)) {
		if (poll(&fd, 1, 0) < 1)
			return 0;
		w = write(1, store->text.bytes + store->mark.offset,
			  left < OUTPUT_PIECE ? left : OUTPUT_PIECE);
		if (w < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		count_stored(store, (size_t)w);
		store->mark.offset += (size_t)w;
	}
	return 1;
}

static enum fetch_store_answer put_to_output(struct fetch_store *store,
					     const struct nats_message *message)
{
	enum fetch_store_answer made;
	int r;

	if (!store->begun) {
		store->mark = (struct fetch_mark){.join = store->after};
		if (!fetch_origin_is_same(&store->origin, &store->shown))
			store->mark.join.ended = store->mark.join.midline;
		store->shown = store->origin;
		made = make_stored_text(store, message);
		if (made != FETCH_STORE_DONE)
			return made;
	}
	r = write_stored_text(store);
	store->blocked = r == 0;
	if (r < 0)
		return FETCH_STORE_FAILED;
	if (r == 0)
		return FETCH_STORE_LATER;
	fetch_store_drop(store);
	return FETCH_STORE_DONE;
}

enum fetch_store_answer fetch_store_put(struct fetch_store *store,
					const struct nats_message *message,
					uint64_t stream,
					struct tain_s *deadline)
{
	if (!store->begun && !fetch_origin_parse(&store->origin, message->name))
		return refuse_stored(
		    store, message->name
			       ? "its header Rlog-Name is no HOST/NAME"
			       : "it has no header Rlog-Name");
	if (!store->begun && !fetch_text_knows(&store->text, message))
		return FETCH_STORE_REFUSED;
	return store->tree ? put_in_tree(store, message, stream, deadline)
			   : put_to_output(store, message);
}
