/*
 * From the parts of a session to frames, in two readings.  The first one finds
 * facts that the first frame needs: the protocol, the side of the client, a
 * reset, and how far the records of one read are apart.  The second one writes.
 *
 * Each frame acknowledges all bytes before it, so that no frame without bytes
 * is needed but for the handshake, the ends, and the last comments.  Where TLS
 * begins and recio sees inside, another connection with the same addresses and
 * ports begins: a reader that has seen STARTTLS expects TLS in the first one.
 * Tested by tests/sh/rlogsess-pcapng.t.
 */
#include "rlogsess/pcapng/tcp_replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rlogsess/bytes/missing_bytes.h"

enum {
	NEAR_READ = 100,         /* nanoseconds between labels of one read */
	NEAR_LINES = 1000000,    /* the same where each line has its own time */
	LEFT_OUT_MAX = 64 << 20, /* bytes without content at one place */
};

static struct slice as_slice(const char *text)
{
	return (struct slice){text, strlen(text)};
}

/* Writes a frame of this direction with the comments before it. */
static void write_frame(struct tcp_replay *replay, int direction,
			unsigned int flags, struct slice payload,
			size_t missing, int64_t time)
{
	const struct tcp_frame frame = {
	    .from = &replay->ends.end[direction],
	    .to = &replay->ends.end[!direction],
	    .v6 = replay->ends.v6,
	    .flags = flags,
	    .id = replay->frames[direction]++,
	    .sequence = replay->sequence[direction],
	    .next = replay->sequence[!direction],
	    .payload = payload,
	    .missing = missing,
	};
	unsigned char headers[TCP_FRAME_HEADERS];
	const struct pcapng_packet packet = {
	    .interface = replay->interface,
	    .time = time,
	    .inbound = direction == DIALOGUE_IN,
	    .headers = {(char *)headers, tcp_frame_headers(headers, &frame)},
	    .payload = payload,
	    .missing = missing,
	};

	pcapng_block_packet(replay->output, &packet, &replay->comments);
	replay->sequence[direction] += (uint32_t)(payload.len + missing);
	if (flags & (TCP_SYN | TCP_FIN))
		replay->sequence[direction]++;
}

static void write_control(struct tcp_replay *replay, int direction,
			  unsigned int flags)
{
	write_frame(replay, direction, flags, as_slice(""), 0, replay->time);
}

/*
 * Chooses initial sequence numbers.  They differ between all connections, which
 * may have the same ends: tools then see that ports are used again.
 */
static void choose_sequences(struct tcp_replay *replay)
{
	uint64_t number = replay->session->group.number;
	uint64_t time =
	    replay->time == LINE_TIME_NONE ? 0 : (uint64_t)replay->time / 1000;
	uint32_t sum = (uint32_t)(time + number * 2654435761U);

	sum += replay->connections++ << 30;
	replay->sequence[DIALOGUE_IN] = sum;
	replay->sequence[DIALOGUE_OUT] = sum ^ 0x5a5a5a5aU;
}

static void write_handshake(struct tcp_replay *replay)
{
	int client = replay->ends.client_out ? DIALOGUE_OUT : DIALOGUE_IN;

	write_control(replay, client, TCP_SYN);
	write_control(replay, !client, TCP_SYN | TCP_ACK);
	write_control(replay, client, TCP_ACK);
}

/* Begins the connection, at the time of the session's first line. */
static void open_connection(struct tcp_replay *replay)
{
	const struct group *group = &replay->session->group;
	int64_t time = replay->time;

	if (replay->open)
		return;
	replay->open = true;
	if (group->first != LINE_TIME_NONE)
		replay->time = group->first;
	choose_sequences(replay);
	if (!(group->marks & GROUP_NO_START))
		write_handshake(replay);
	if (time != LINE_TIME_NONE)
		replay->time = time;
}

/* Begins a connection for the bytes that TLS protects. */
static void open_protected(struct tcp_replay *replay)
{
	replay->protected = false;
	if (!replay->spoken)
		return;
	pcapng_comments_add(
	    &replay->comments, "",
	    as_slice("the bytes that TLS protects, in a connection of their "
		     "own: the session went on in the one before"));
	choose_sequences(replay);
	write_handshake(replay);
}

/* Writes the read that waits. */
static void end_read(struct tcp_replay *replay)
{
	struct tcp_read *read = &replay->read;

	if (!read->len)
		return;
	write_frame(replay, read->direction, TCP_PSH | TCP_ACK,
		    (struct slice){read->bytes, read->len}, 0, read->first);
	read->len = 0;
}

/* True if a time is at most this many nanoseconds later than another one. */
static bool is_within(int64_t before, int64_t time, uint64_t nanoseconds)
{
	return time >= before &&
	       (uint64_t)time - (uint64_t)before <= nanoseconds;
}

static bool continues_read(const struct tcp_replay *replay,
			   const struct session_part *part)
{
	const struct tcp_read *read = &replay->read;

	if (!read->len || read->direction != part->direction)
		return false;
	return part->time == LINE_TIME_NONE ||
	       is_within(read->last, part->time, replay->near);
}

static void add_to_read(struct tcp_replay *replay, int direction,
			struct slice bytes)
{
	struct tcp_read *read = &replay->read;

	while (bytes.len) {
		size_t room = sizeof read->bytes - read->len;
		size_t n = bytes.len < room ? bytes.len : room;

		if (!read->len) {
			read->direction = direction;
			read->first = replay->time;
		}
		memcpy(read->bytes + read->len, bytes.at, n);
		read->len += n;
		read->last = replay->time;
		slice_skip(&bytes, n);
		if (read->len == sizeof read->bytes)
			end_read(replay);
	}
}

/*
 * Writes frames for n bytes of which only the number is known, with the first
 * `shown` bytes of each as zeros.
 */
static void write_missing_frames(struct tcp_replay *replay, int direction,
				 uint64_t n, size_t shown)
{
	static const char zero[1] = {0};

	end_read(replay);
	open_connection(replay);
	if (n > LEFT_OUT_MAX)
		n = LEFT_OUT_MAX;
	while (n) {
		size_t some =
		    n < TCP_FRAME_PAYLOAD ? (size_t)n : TCP_FRAME_PAYLOAD;

		write_frame(replay, direction, TCP_PSH | TCP_ACK,
			    (struct slice){zero, shown}, some - shown,
			    replay->time);
		n -= some;
	}
}

/*
 * Writes frames for a gap of offsets that no note has explained.  Within a line
 * there are stars in place of the bytes.
 */
static void fill_gap(struct tcp_replay *replay, const struct session_part *part)
{
	struct tcp_place *place = &replay->place[part->direction];
	uint64_t gap = part->offset - place->end;
	char text[64];

	if (!place->heard || part->offset <= place->end || gap <= place->noted)
		return;
	gap -= place->noted;
	end_read(replay);
	snprintf(text, sizeof text, "%" PRIu64 " bytes are not recorded", gap);
	pcapng_comments_add(&replay->comments, "", as_slice(text));
	if (!place->mid_line)
		write_missing_frames(replay, part->direction, gap, 0);
}

/* Keeps the place after the bytes of a record, which has some. */
static void keep_place(struct tcp_place *place, const struct session_part *part)
{
	place->heard = true;
	place->mid_line = part->text.at[part->text.len - 1] != '\n';
	place->end = part->offset + part->text.len;
	place->noted = 0;
}

/* Adds the bytes of a record to the read, which ends where content does. */
static void add_record(struct tcp_replay *replay,
		       const struct session_part *part)
{
	struct session_part rest = *part;
	bool edge;

	while (rest.text.len) {
		size_t n =
		    content_bounds_take_bytes(&replay->content, &rest, &edge);

		add_to_read(replay, part->direction,
			    (struct slice){rest.text.at, n});
		if (edge)
			end_read(replay);
		slice_skip(&rest.text, n);
	}
}

static void replay_bytes(struct tcp_replay *replay,
			 const struct session_part *part)
{
	if (!part->text.len)
		return;
	if (replay->protected || !continues_read(replay, part))
		end_read(replay);
	open_connection(replay);
	if (replay->protected)
		open_protected(replay);
	fill_gap(replay, part);
	add_record(replay, part);
	keep_place(&replay->place[part->direction], part);
	replay->spoken = true;
}

static void replay_eof(struct tcp_replay *replay, int direction)
{
	end_read(replay);
	open_connection(replay);
	if (replay->fin[direction] ||
	    (replay->reset.seen && replay->reset.sender == direction))
		return;
	if (!replay->fin[!direction])
		replay->first_fin = direction;
	replay->fin[direction] = true;
	write_control(replay, direction, TCP_FIN | TCP_ACK);
}

/* The last line of a message ends, and a line with a dot follows. */
static void put_back_end(struct tcp_replay *replay, int direction, bool newline)
{
	static const char end[] = "\r\n.\r\n";

	pcapng_comments_add(&replay->comments, "",
			    as_slice("the end of the message is put back"));
	add_to_read(replay, direction, as_slice(newline ? end : end + 2));
	end_read(replay);
}

/*
 * A message that recio -p has left out.  Dissectors wait for the end of lines
 * with a dot in one frame, and of a chunk they count the bytes of frames that
 * have one.
 */
static void replay_message(struct tcp_replay *replay, struct slice note,
			   uint64_t bytes, enum left_out left_out)
{
	int direction = *note.at == '<' ? DIALOGUE_IN : DIALOGUE_OUT;
	bool dotted = left_out == LEFT_OUT_DOTTED;
	bool newline = dotted && bytes >= 2;

	replay->place[direction].noted += bytes + (dotted ? 3 : 0);
	replay->spoken = true;
	if (left_out == LEFT_OUT_CHUNK && bytes)
		pcapng_comments_add(&replay->comments, "",
				    as_slice("the zeros are put in"));
	write_missing_frames(replay, direction, newline ? bytes - 2 : bytes,
			     left_out == LEFT_OUT_CHUNK);
	if (dotted)
		put_back_end(replay, direction, newline);
}

static void replay_note(struct tcp_replay *replay,
			const struct session_part *part, enum left_out left_out)
{
	struct remark remark;

	end_read(replay);
	pcapng_comments_add(&replay->comments, "recio: ", part->text);
	log_line_parse_note(&remark, part->text);
	if (remark.kind == REMARK_TLS || remark.kind == REMARK_INSIDE)
		replay->protected = true;
	if (remark.kind == REMARK_MESSAGE)
		replay_message(replay, part->text, remark.in, left_out);
}

static void replay_part(void *ctx, const struct session_part *part)
{
	struct tcp_replay *replay = ctx;
	enum left_out left_out = LEFT_OUT_NOTHING;

	if (part->time != LINE_TIME_NONE)
		replay->time = part->time;
	if (part->kind != PART_BYTES)
		left_out = content_bounds_take(&replay->content, part);
	switch (part->kind) {
	case PART_BYTES: replay_bytes(replay, part); break;
	case PART_EOF: replay_eof(replay, part->direction); break;
	case PART_NOTE: replay_note(replay, part, left_out); break;
	case PART_LINE:
		end_read(replay);
		pcapng_comments_add(&replay->comments, "", part->text);
		break;
	}
}

/* What the first reading finds. */
struct replay_facts {
	struct spoken_protocol protocol;
	struct tcp_reset reset;
	int64_t last[2]; /* times of records */
	bool near;       /* records are nanoseconds apart */
};

/* recio gives up a peer that reads nothing; else the peer breaks a connection.
 */
static void find_reset(struct tcp_reset *reset, struct slice note)
{
	struct remark remark;

	log_line_parse_note(&remark, note);
	if (remark.kind == REMARK_GAVE_UP)
		*reset = (struct tcp_reset){true, DIALOGUE_OUT};
	else if (remark.reset && !reset->seen)
		*reset = (struct tcp_reset){
		    true, memmem(note.at, note.len, ", timed out", 11)
			      ? DIALOGUE_OUT
			      : DIALOGUE_IN};
}

static void learn_from_part(void *ctx, const struct session_part *part)
{
	struct replay_facts *facts = ctx;
	int64_t *last;

	spoken_protocol_take(&facts->protocol, part);
	if (part->kind == PART_NOTE)
		find_reset(&facts->reset, part->text);
	if (part->kind != PART_BYTES || part->time == LINE_TIME_NONE)
		return;
	last = &facts->last[part->direction];
	if (part->time > *last && is_within(*last, part->time, NEAR_READ))
		facts->near = true;
	*last = part->time;
}

/* The direction's own end, the other end, the acknowledgement of both. */
static void close_connection(struct tcp_replay *replay)
{
	const struct session *session = replay->session;

	end_read(replay);
	open_connection(replay);
	if (replay->reset.seen) {
		write_control(replay, replay->reset.sender, TCP_RST | TCP_ACK);
		return;
	}
	if (session->ended || session->said.noted_end) {
		replay_eof(replay, DIALOGUE_OUT);
		replay_eof(replay, DIALOGUE_IN);
	}
	if ((replay->fin[0] && replay->fin[1]) || replay->comments.len)
		write_control(replay, replay->first_fin, TCP_ACK);
}

/* Comments of the first frame, before those that the parts bring. */
static void comment_session(struct tcp_replay *replay, const char *facts)
{
	replay->comments.len = 0;
	replay->comments.left_out = 0;
	pcapng_comments_add(&replay->comments, "", as_slice(facts));
	if (*replay->ends.made_up)
		pcapng_comments_add(&replay->comments, "made up: ",
				    as_slice(replay->ends.made_up));
	if (replay->session->group.first == LINE_TIME_NONE)
		pcapng_comments_add(
		    &replay->comments, "",
		    as_slice("the log has no times of this session"));
}

static void comment_missing(struct tcp_replay *replay,
			    const struct session_bytes *bytes)
{
	static const char *const titles[] = {"in: ", "out: "};
	char text[MISSING_BYTES_TEXT];

	if (!bytes->session->said.any)
		return;
	for (int i = 0; i < 2; i++)
		if (missing_bytes_explain(text, bytes, i))
			pcapng_comments_add(&replay->comments, titles[i],
					    as_slice(text));
}

static void begin_replay(struct tcp_replay *replay,
			 const struct session_bytes *bytes,
			 const struct replay_facts *facts)
{
	int server;

	session_ends_find(&replay->ends, bytes->session, &facts->protocol);
	server = replay->ends.client_out ? DIALOGUE_IN : DIALOGUE_OUT;
	content_bounds_init(&replay->content, &facts->protocol,
			    !bytes->stream[server].records);
	replay->session = bytes->session;
	replay->reset = facts->reset;
	replay->near = facts->near ? NEAR_READ : NEAR_LINES;
	replay->time = bytes->session->group.first;
	replay->read.len = 0;
	replay->open = replay->spoken = replay->protected = false;
	replay->first_fin = DIALOGUE_OUT;
	replay->connections = 0;
	for (int i = 0; i < 2; i++) {
		replay->frames[i] = 0;
		replay->fin[i] = false;
		replay->place[i] = (struct tcp_place){.heard = false};
	}
}

int tcp_replay_write(struct tcp_replay *replay, struct output *output,
		     uint32_t interface, const struct session_bytes *bytes,
		     const char *facts)
{
	struct replay_facts found = {.near = false};

	if (session_bytes_each(bytes, learn_from_part, &found) < 0)
		return -1;
	begin_replay(replay, bytes, &found);
	comment_session(replay, facts);
	comment_missing(replay, bytes);
	replay->output = output;
	replay->interface = interface;
	if (session_bytes_each(bytes, replay_part, replay) < 0)
		return -1;
	close_connection(replay);
	return 0;
}
