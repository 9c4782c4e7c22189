/*
 * Storing a message.  Each put of bytes has the mark of the message, of the
 * bytes of it that are stored then, and of the join that its bytes were made
 * for: so the next process, if this one is killed, makes the same bytes and
 * goes on behind those that are there.  With the last byte the mark becomes the
 * one of a whole message, whose join is that of the next one.
 *
 * A stream may have copies: nats-server 2.9 can apply a run of proposals twice
 * when all servers of a cluster start after a crash, A B A B.  A proposal keeps
 * the time that the leader gave it, and the sequence that it has to follow.  So
 * a message is a copy if it follows an earlier message than the last one of its
 * subject, which the server would have refused, and is not later than that one.
 * Neither is enough alone: messages that were deleted by hand are sent again,
 * following an earlier one, at a later time; and clocks of leaders differ.  A
 * message that follows none is no copy, since the servers compare that when
 * they apply a proposal: the messages before it were removed.  A copy is stored
 * as a message without bytes, which the next one follows; its time is not
 * noted, so that all of a run are known.
 */
#include "rlogfetch/fetch_store.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"

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
	store->begun = store->copy = store->blocked = false;
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
	join->met = false;
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

/* The mark of a message none of whose bytes are stored. */
static struct fetch_mark make_mark(const struct nats_message *message,
				   uint64_t stream)
{
	const char *subject = message->subject;

	return (struct fetch_mark){
	    .stream = stream,
	    .sequence = message->sequence,
	    .time = message->time,
	    .subject = (uint32_t)hash_fnv(HASH_FNV, subject, strlen(subject))};
}

/*
 * Finds out whether the message of store->mark is a copy.  before: a mark of a
 * message before it.
 */
static void detect_copy(struct fetch_store *store,
			const struct nats_message *message,
			const struct fetch_mark *before)
{
	struct fetch_mark *mark = &store->mark;
	const struct fetch_news news = {.kind = FETCH_NEWS_COPY,
					.first = mark->sequence};

	store->copy = before->whole && before->stream == mark->stream &&
		      before->subject == mark->subject && message->chained &&
		      message->follows && message->follows < before->sequence &&
		      mark->time <= before->time;
	if (!store->copy)
		return;
	mark->time = before->time;
	store->copies++;
	store->tell.listen(store->tell.ctx, &news);
}

static void tell_of_missing(const struct fetch_store *store,
			    const struct nats_message *message)
{
	char origin[LOG_NAME_TEXT];
	const struct fetch_news news = {.kind = FETCH_NEWS_MISSING,
					.first = store->mark.join.missed,
					.last = message->follows,
					.text = origin};

	log_name_format(origin, &store->origin);
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
	/* The first message that is not stored, or not whole. */
	const uint64_t missing = found->sequence + found->whole;

	*mark = make_mark(message, stream);
	mark->join = found->join;
	mark->join.midline = fed_log_midline(store->log);
	mark->join.ended = false;
	mark->join.missed = 0;
	if (found->stream != stream) {
		fall_behind(&mark->join);
	} else {
		mark->join.ended = mark->join.midline && !found->whole;
		if (message->chained && message->follows >= missing)
			mark->join.missed = missing;
	}
	if (mark->join.missed)
		tell_of_missing(store, message);
	detect_copy(store, message, found);
}

/*
 * Returns false if all of the message is in the directory.  A message that is
 * later than that of the mark and has no higher sequence tells of a stream that
 * was set back, and whose cursor is lost: the mark is of another stream then.
 */
static bool find_mark(struct fetch_store *store,
		      const struct nats_message *message, uint64_t stream)
{
	unsigned char bytes[RING_MARK];
	struct fetch_mark found;

	if (!fed_log_mark(store->log, bytes) ||
	    !fetch_mark_unpack(&found, bytes))
		memset(&found, 0, sizeof found);
	if (message->sequence <= found.sequence && message->time > found.time)
		found.stream = 0;
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
	int r = 1;

	store->after = store->mark.join;
	store->text.len = 0;
	if (!store->copy)
		r = fetch_text_make(&store->text, message, &store->after);
	if (r < 0)
		return FETCH_STORE_FAILED;
	if (r == 0)
		return FETCH_STORE_REFUSED;
	if (store->mark.offset > store->text.len)
		return refuse_stored(store, "it was longer before");
	if (store->text.len > UINT32_MAX)
		return refuse_stored(store, "it is too long");
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
	mark->offset += (uint32_t)n;
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

bool fetch_store_has_room(const struct fetch_store *store)
{
	return store->tree && store->begun && fed_log_room(store->log);
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
		store->mark.offset += (uint32_t)w;
	}
	return 1;
}

/* The place of the last message of the subject of store->mark. */
static struct fetch_mark *find_subject(struct fetch_store *store)
{
	return &store->subjects[store->mark.subject % FETCH_STORE_SUBJECTS];
}

/*
 * Sets the mark for a message to descriptor 1.  Its lines follow those of its
 * subject, where a message of another origin may be between.
 */
static void begin_output(struct fetch_store *store,
			 const struct nats_message *message, uint64_t stream)
{
	struct fetch_mark *mark = &store->mark, before;

	*mark = make_mark(message, stream);
	before = *find_subject(store);
	if (before.subject != mark->subject)
		memset(&before, 0, sizeof before);
	mark->join = before.join;
	if (before.stream != stream)
		fall_behind(&mark->join);
	mark->join.midline = store->midline;
	mark->join.ended = store->midline &&
			   (mark->join.ended ||
			    !log_name_is_same(&store->origin, &store->shown));
	detect_copy(store, message, &before);
}

static enum fetch_store_answer put_to_output(struct fetch_store *store,
					     const struct nats_message *message,
					     uint64_t stream)
{
	enum fetch_store_answer made;
	int r;

	if (!store->begun) {
		begin_output(store, message, stream);
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
	store->mark.whole = true;
	store->mark.join = store->after;
	store->midline = store->after.midline;
	store->shown = store->origin;
	*find_subject(store) = store->mark;
	fetch_store_drop(store);
	return FETCH_STORE_DONE;
}

enum fetch_store_answer fetch_store_put(struct fetch_store *store,
					const struct nats_message *message,
					uint64_t stream,
					struct tain_s *deadline)
{
	if (!store->begun && !log_name_parse(&store->origin, message->name))
		return refuse_stored(
		    store, message->name
			       ? "its header Rlog-Name is no HOST/NAME"
			       : "it has no header Rlog-Name");
	if (!store->begun &&
	    !fetch_text_knows(&store->text, message, store->tree != NULL))
		return FETCH_STORE_REFUSED;
	return store->tree ? put_in_tree(store, message, stream, deadline)
			   : put_to_output(store, message, stream);
}
