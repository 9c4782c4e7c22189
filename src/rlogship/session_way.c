/*
 * The way of sessions.
 *
 * Invariant: an object is sent only after the cursor file has it, together with
 * the place behind the lines that ended it and the sessions that were open at
 * this place.  So a program that is killed before that has sent nothing, and
 * reads the same lines again; one that is killed later sends the same objects
 * again, and the server refuses those that it has.  Nothing depends on whether
 * the same lines make the same objects twice; so time may pass by the clock.
 *
 * The tail of the cursor file is the number of bytes of the open sessions, a
 * line end, these bytes as rlogsess -K writes them, and the objects, a line
 * each.
 *
 * Tested by tests/peer/rlogship-sessions.t.
 */
#include "rlogship/session_way.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/label.h"
#include "logread/wait.h"
#include "rlogship/session_object.h"

enum {
	ROOM = 1 << 20,  /* bytes of lines for a run */
	FEW = 64 << 10,  /* bytes that need not be run at once */
	PACE = 1000,     /* ms between two runs with few lines */
	PATIENCE = 3000, /* ms after lines until time passes by the clock */
	PATIENCE_MOST = 60000 /* it is doubled while nothing happens */
};

/* Returns the bytes of the tail before the open sessions, or 0. */
static size_t parse_tail(const struct ship_tail *tail, size_t *open)
{
	const char *end = memchr(tail->bytes, '\n', tail->len);
	char digits[24] = "", *rest;
	size_t title;

	if (!end || end - tail->bytes >= (ptrdiff_t)sizeof digits)
		return 0;
	memcpy(digits, tail->bytes, (size_t)(end - tail->bytes));
	errno = 0;
	*open = strtoull(digits, &rest, 10);
	title = (size_t)(end - tail->bytes) + 1;
	return !*rest && !errno && *open <= tail->len - title ? title : 0;
}

bool session_way_start(struct session_way *way)
{
	size_t title;

	way->patience = PATIENCE;
	if (!way->cursor.known)
		return true;
	title = parse_tail(&way->tail, &way->open);
	way->stored = title + way->open;
	return title > 0;
}

void session_way_free(struct session_way *way)
{
	session_run_close(&way->run);
	free(way->tail.bytes);
	way->tail = (struct ship_tail){0};
}

static struct session_text find_open_sessions(const struct session_way *way)
{
	const char *end;

	if (!way->open)
		return (struct session_text){0};
	end = memchr(way->tail.bytes, '\n', way->tail.len);
	return (struct session_text){
	    way->tail.bytes + (end - way->tail.bytes) + 1, way->open};
}

/* True unless the state of rlogsess is a title and an end. */
static bool has_open_sessions(const struct session_way *way)
{
	const struct session_text open = find_open_sessions(way);
	const char *line = open.len ? memchr(open.bytes, '\n', open.len) : NULL;

	return line && line[1] == '=';
}

static int set_local_fault(struct stream_fault *fault, const char *text)
{
	stream_fault_set(fault, STREAM_FAULT_LOCAL, text);
	return -1;
}

static int set_memory_fault(struct stream_fault *fault)
{
	stream_fault_set(fault, STREAM_FAULT_MEMORY, NULL);
	return -1;
}

static int connect_for_sessions(void *ctx, struct stream_fault *fault)
{
	struct session_way *way = ctx;

	return nats_way_ops.connect(&way->nats, fault);
}

static void close_for_sessions(void *ctx)
{
	struct session_way *way = ctx;

	nats_way_ops.close(&way->nats);
}

/*
 * Writes subject.START.PID, START without its @, which no subject may have.
 * Returns false if it is too long.
 */
static bool write_subject(char subject[STREAM_URL_SUBJECT_MAX],
			  const struct session_way *way, const char *part)
{
	const char *base = way->nats.options.url->subject;
	int n = snprintf(subject, STREAM_URL_SUBJECT_MAX, "%s.%s", base,
			 part + (*part == '@'));
	char *slash;

	if (n >= STREAM_URL_SUBJECT_MAX)
		return false;
	slash = strrchr(subject, '/');
	if (slash)
		*slash = '.';
	return true;
}

/*
 * Sends an object.  The server's answer that it has a message of this subject,
 * or of this id, is as good as success: both name this session alone.
 */
static int send_object(struct session_way *way, const char *object, size_t len,
		       struct stream_fault *fault)
{
	char id[SHIP_ID_MAX], name[LOG_NAME_TEXT];
	char subject[STREAM_URL_SUBJECT_MAX];
	const char *part = session_object_id(id, object, len);
	const struct nats_batch batch = {
	    .bytes = object,
	    .len = len,
	    .subject = subject,
	    .id = id,
	    .name = name,
	    .form = "sessions",
	    .lines = 1,
	};
	uint64_t sequence;

	if (!part || !write_subject(subject, way, part))
		return set_local_fault(fault, "the subject is too long");
	log_name_format(name, way->file->origin);
	if (nats_link_send(way->nats.link, &batch, &sequence, fault) == 0) {
		if (sequence > way->cursor.sequence)
			way->cursor.sequence = sequence;
		return 0;
	}
	return fault->kind == STREAM_FAULT_KEPT ||
		       fault->kind == STREAM_FAULT_DUPLICATE
		   ? 0
		   : -1;
}

/* Sends the objects of the tail that are not known to be stored. */
static int send_objects(struct session_way *way, struct stream_fault *fault)
{
	while (way->stored < way->tail.len) {
		const char *object = way->tail.bytes + way->stored;
		size_t left = way->tail.len - way->stored;
		const char *end = memchr(object, '\n', left);
		size_t len = end ? (size_t)(end - object) + 1 : left;

		if (send_object(way, object, len, fault) < 0)
			return -1;
		way->stored += len;
	}
	return 0;
}

/* True if the stream is the one that had our last message. */
static bool is_same_stream(const struct session_way *way,
			   const struct nats_last *last)
{
	return way->cursor.created == last->created &&
	       way->cursor.sequence <= last->stream_last;
}

/* Forgets the place: a new stream gets all sessions of the log. */
static void forget_place(struct session_way *way)
{
	free(way->tail.bytes);
	way->tail = (struct ship_tail){0};
	way->open = way->stored = 0;
	way->cursor.known = false;
	way->cursor.sequence = 0;
}

/* Sends what is left to send, and gives the place of the cursor file. */
static int ask_for_place(void *ctx, struct nats_last *last,
			 struct stream_fault *fault)
{
	struct session_way *way = ctx;

	if (nats_link_last(way->nats.link, last, fault) < 0)
		return -1;
	if (!last->refuses_second) {
		stream_fault_set(fault, STREAM_FAULT_TAKES_SECOND, NULL);
		return -1;
	}
	last->found = false;
	if (way->cursor.known && !is_same_stream(way, last)) {
		/* The shipper must not trust a place of its own, either. */
		forget_place(way);
		way->cursor.created = last->created;
		last->created = 0;
		return 0;
	}
	way->cursor.created = last->created;
	if (!way->cursor.known)
		return 0;
	if (send_objects(way, fault) < 0)
		return -1;
	last->found = true;
	last->sequence = way->cursor.sequence;
	position_format(last->place, &way->cursor.place);
	log_name_format(last->name, way->file->origin);
	return 0;
}

/* Makes the objects of the lines that rlogsess wrote. */
static int write_objects(FILE *out, const struct session_way *way,
			 const struct session_output *ended)
{
	const char *at = ended->bytes, *end = at + ended->len, *line;

	for (; at < end; at = line + 1) {
		line = memchr(at, '\n', (size_t)(end - at));
		if (!line || !session_object_write(out, way->file->origin, at,
						   (size_t)(line - at)))
			return -1;
	}
	return 0;
}

/* Makes the tail of what a run has written. */
static int make_tail(struct ship_tail *tail, const struct session_way *way,
		     const struct session_output *ended,
		     const struct session_output *open,
		     struct stream_fault *fault)
{
	FILE *out = open_memstream(&tail->bytes, &tail->len);
	int r;

	if (!out)
		return set_memory_fault(fault);
	fprintf(out, "%zu\n", open->len);
	fwrite(open->bytes, 1, open->len, out);
	r = write_objects(out, way, ended);
	if (ferror(out) | fclose(out)) {
		free(tail->bytes);
		return set_memory_fault(fault);
	}
	if (r == 0)
		return 0;
	free(tail->bytes);
	return set_local_fault(fault,
			       "a session of the log has no start: sessions "
			       "are named by labels; let the logger write them "
			       "(t of rlog)");
}

/* Saves the tail and the place, and has them from then on. */
static int keep_tail(struct session_way *way, struct ship_tail *tail,
		     const struct position *place, struct stream_fault *fault)
{
	struct ship_cursor cursor = way->cursor;
	char text[STREAM_FAULT_TEXT_MAX];

	cursor.known = true;
	cursor.place = *place;
	if (ship_cursor_save(way->file, &cursor, tail, true) < 0) {
		snprintf(text, sizeof text, "unable to write %s: %s",
			 way->file->path, strerror(errno));
		free(tail->bytes);
		return set_local_fault(fault, text);
	}
	free(way->tail.bytes);
	way->tail = *tail;
	way->cursor = cursor;
	way->stored = parse_tail(tail, &way->open);
	way->stored += way->open;
	return 0;
}

/*
 * Runs rlogsess on the lines, and keeps and sends the sessions that have ended.
 * The lines end at the place; NULL: they are none of the log, and nothing has
 * to be kept unless they ended a session.
 */
static int group_lines(struct session_way *way,
		       const struct session_text *lines,
		       const struct position *place, struct stream_fault *fault)
{
	const struct session_text open = find_open_sessions(way);
	struct session_output ended, still_open;
	struct ship_tail tail;
	char why[SESSION_RUN_WHY];
	int r;

	if (session_run(&way->run, lines, &open, &ended, &still_open, why) < 0)
		return set_local_fault(fault, why);
	way->ran = wait_clock();
	r = place || ended.len
		? make_tail(&tail, way, &ended, &still_open, fault)
		: 1;
	free(ended.bytes);
	free(still_open.bytes);
	if (r)
		return r < 0 ? -1 : 0;
	if (!place)
		place = &way->cursor.place;
	if (keep_tail(way, &tail, place, fault) < 0)
		return -1;
	return send_objects(way, fault);
}

/* Few lines wait for more of them, since each run saves all open sessions. */
static bool wait_for_pace(const struct session_way *way, size_t len)
{
	struct pollfd stop = {.fd = way->nats.options.stop, .events = POLLIN};
	int64_t left = way->ran + PACE - wait_clock();

	return way->once || len >= FEW || !way->ran || left <= 0 ||
	       poll(&stop, 1, (int)left) == 0;
}

static int send_lines(void *ctx, const struct nats_batch *batch,
		      uint64_t *sequence, struct stream_fault *fault)
{
	struct session_way *way = ctx;
	const struct session_text lines = {batch->bytes, batch->len};
	struct position place;

	if (!wait_for_pace(way, batch->len)) {
		stream_fault_set(fault, STREAM_FAULT_STOPPED, NULL);
		return -1;
	}
	if (!position_parse(&place, batch->place))
		return set_local_fault(fault, "the place is malformed");
	if (group_lines(way, &lines, &place, fault) < 0)
		return -1;
	way->patience = PATIENCE;
	way->due = way->ran + PATIENCE;
	*sequence = way->cursor.sequence;
	return 0;
}

/* Sessions end by time, too: a line that has a label and nothing else to tell
 * lets it pass. */
static int pass_session_time(void *ctx, struct stream_fault *fault)
{
	struct session_way *way = ctx;
	char text[] = "@................................ rlogship: time\n";
	struct session_text line = {text, 0};
	struct tain_s now;

	if (!has_open_sessions(way) || (!way->once && wait_clock() < way->due))
		return 0;
	label_now(&now);
	label_format(text, &now);
	strcpy(text + LABEL_LEN, " rlogship: time\n");
	line.len = strlen(text);
	if (group_lines(way, &line, NULL, fault) < 0)
		return -1;
	way->patience *= 2;
	if (way->patience > PATIENCE_MOST)
		way->patience = PATIENCE_MOST;
	way->due = wait_clock() + way->patience;
	return 0;
}

static size_t session_room(void *ctx)
{
	(void)ctx;
	return ROOM;
}

const struct ship_link_ops session_way_ops = {
    .connect = connect_for_sessions,
    .last = ask_for_place,
    .send = send_lines,
    .idle = pass_session_time,
    .room = session_room,
    .close = close_for_sessions,
};
