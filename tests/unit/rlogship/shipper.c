/*
 * Shipping to a server that is a script: it stores batches and says so, stores
 * them without an answer, later, or never, answers with any fault, and loses
 * what it had.  Whatever it does, its messages are the lines of the log.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "rlogship/shipper.h"

enum { MESSAGES = 4096, TEXT = 1 << 18, LINES = 400 };

struct message {
	char id[SHIP_ID_MAX], place[POSITION_TEXT];
	char *bytes;
	size_t len;
};

/* The server: messages 1 to count of one subject. */
static struct server {
	struct message messages[MESSAGES];
	uint64_t first, count; /* those before `first` are too old */
	struct message late;   /* is stored by a later call, if it has bytes */
	struct message flight; /* awaits its answer, if it has bytes */
	uint64_t follows;      /* the last message that it expects */
	enum stream_fault_kind answer; /* the next one, if not NONE */
	void (*meanwhile)(void);       /* called before the next answer, once */
	const char *name;              /* of the log of its messages */
	int64_t created;
	unsigned faults; /* of 100 calls */
	size_t room;
	bool connected;
	unsigned connects;
	enum { ANSWERS, STORES_ONLY, DROPS } third; /* the third batch */
} server;

static char directory[] = "/tmp/recio-unit.XXXXXX", current[64], archive[96];
static char log_text[TEXT];
static const struct log_name origin = {"mx1", "smtp"};
static unsigned told[4];
static enum stream_fault_kind fault_kind;

static unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

static int give_fault(struct stream_fault *fault, enum stream_fault_kind kind)
{
	stream_fault_set(fault, kind, NULL);
	return -1;
}

/* Returns the number of the message with this id, or 0. */
static uint64_t find_id(const char *id)
{
	for (uint64_t i = 1; i <= server.count; i++)
		if (strcmp(server.messages[i].id, id) == 0)
			return i;
	return 0;
}

static void store_message(const struct message *message)
{
	assert_true(server.count + 1 < MESSAGES);
	server.count++;
	free(server.messages[server.count].bytes);
	server.messages[server.count] = *message;
}

/* A proposal that was checked long ago: only its id keeps it out. */
static void store_late(void)
{
	if (!server.late.bytes || below(3))
		return;
	if (find_id(server.late.id))
		free(server.late.bytes);
	else
		store_message(&server.late);
	server.late.bytes = NULL;
}

static int connect_script(void *ctx, struct stream_fault *fault)
{
	(void)ctx;
	assert_false(server.connected);
	server.connects++;
	store_late();
	if (below(100) < server.faults)
		return give_fault(fault, STREAM_FAULT_NO_SERVER);
	server.connected = true;
	if (server.faults)
		server.room = 100 + below(3000);
	return 0;
}

static int last_script(void *ctx, struct nats_last *last,
		       struct stream_fault *fault)
{
	(void)ctx;
	assert_true(server.connected && !server.flight.bytes);
	store_late();
	if (below(100) < server.faults)
		return give_fault(fault, STREAM_FAULT_TIMEOUT);
	last->stream_last = server.count;
	last->created = server.created;
	last->found = server.count && server.first <= server.count;
	if (!last->found)
		return 0;
	last->sequence = server.count;
	strcpy(last->place, server.messages[server.count].place);
	strcpy(last->name, server.name);
	return 0;
}

static struct message copy_batch(const struct nats_batch *batch)
{
	struct message message = {.len = batch->len};

	assert_true(strlen(batch->id) < SHIP_ID_MAX);
	strcpy(message.id, batch->id);
	strcpy(message.place, batch->place);
	message.bytes = malloc(batch->len);
	memcpy(message.bytes, batch->bytes, batch->len);
	return message;
}

/* Stores the message, or not, and says so, or not. */
static int decide(struct message message, uint64_t follows, uint64_t *sequence,
		  struct stream_fault *fault)
{
	static const enum stream_fault_kind kinds[] = {
	    STREAM_FAULT_TIMEOUT,   STREAM_FAULT_DISCONNECTED,
	    STREAM_FAULT_DUPLICATE, STREAM_FAULT_WRONG_SEQUENCE,
	    STREAM_FAULT_PROTOCOL,  STREAM_FAULT_NO_RESPONDERS,
	    STREAM_FAULT_FULL,      STREAM_FAULT_REFUSED,
	};
	uint64_t last;

	store_late();
	last = server.first <= server.count ? server.count : 0;
	*sequence = find_id(message.id);
	if (*sequence || follows != last) {
		free(message.bytes);
		return give_fault(fault, *sequence
					     ? STREAM_FAULT_DUPLICATE
					     : STREAM_FAULT_WRONG_SEQUENCE);
	}
	if (server.third != ANSWERS && server.count == 2) {
		if (server.third == STORES_ONLY)
			store_message(&message);
		else
			free(message.bytes);
		server.third = ANSWERS;
		return give_fault(fault, STREAM_FAULT_TIMEOUT);
	}
	if (below(100) >= server.faults) {
		store_message(&message);
		*sequence = server.count;
		return 0;
	}
	switch (below(3)) {
	case 0: store_message(&message); break;
	case 1:
		if (!server.late.bytes) {
			server.late = message;
			break;
		}
		/* fall through */
	default: free(message.bytes);
	}
	return give_fault(fault, kinds[below(8)]);
}

static int send_script(void *ctx, const struct nats_batch *batch,
		       uint64_t *sequence, struct stream_fault *fault)
{
	(void)ctx;
	assert_true(server.connected && batch->len <= server.room);
	assert_true(batch->expects_last);
	return decide(copy_batch(batch), batch->last_sequence, sequence, fault);
}

static int start_script(void *ctx, const struct nats_batch *batch,
			uint64_t *sequence, struct stream_fault *fault)
{
	(void)ctx;
	(void)sequence;
	assert_true(server.connected && batch->len <= server.room);
	assert_true(batch->expects_last && !server.flight.bytes);
	if (below(400) < server.faults)
		return give_fault(fault, STREAM_FAULT_DISCONNECTED);
	server.flight = copy_batch(batch);
	server.follows = batch->last_sequence;
	return 0;
}

static int answer_script(void *ctx, uint64_t *sequence,
			 struct stream_fault *fault)
{
	void (*meanwhile)(void) = server.meanwhile;
	enum stream_fault_kind answer;
	struct message message;

	(void)ctx;
	assert_true(server.connected && server.flight.bytes);
	server.meanwhile = NULL;
	if (meanwhile)
		meanwhile();
	message = server.flight;
	answer = server.answer;
	server.flight.bytes = NULL;
	server.answer = STREAM_FAULT_NONE;
	if (answer == STREAM_FAULT_NONE)
		return decide(message, server.follows, sequence, fault);
	free(message.bytes);
	return give_fault(fault, answer);
}

static size_t room_script(void *ctx)
{
	(void)ctx;
	return server.room;
}

static void close_script(void *ctx)
{
	struct stream_fault fault;
	uint64_t sequence;

	/* The program is killed: the server does with it as it likes. */
	if (server.flight.bytes)
		answer_script(ctx, &sequence, &fault);
	server.connected = false;
}

static const struct ship_link_ops script = {
    .connect = connect_script,
    .last = last_script,
    .send = send_script,
    .room = room_script,
    .close = close_script,
};

static const struct ship_link_ops script_of_answers = {
    .connect = connect_script,
    .last = last_script,
    .send = start_script,
    .answer = answer_script,
    .room = room_script,
    .close = close_script,
};

static const struct ship_link_ops *ops = &script_of_answers;

static void note_event(void *ctx, const struct shipper_notice *notice)
{
	(void)ctx;
	told[notice->event]++;
	if (notice->event == SHIPPER_TROUBLE)
		fault_kind = notice->fault->kind;
}

static bool follows; /* the log, as without -1 */

static void open_shipper(struct shipper *shipper)
{
	static const char *const directories[] = {directory};
	const struct shipper_options options = {
	    .link = {ops, NULL},
	    .origin = &origin,
	    .form = ship_form_named("raw"),
	    .size = 1 << 16,
	    .source = {.directories = directories,
		       .count = 1,
		       .follow = follows},
	    .tell = note_event,
	    .seed = 1,
	};

	memset(told, 0, sizeof told);
	assert_int_equal(shipper_init(shipper, &options), 0);
}

/* Ships until all is acknowledged, or this number of steps was done. */
static enum shipper_next ship(struct shipper *shipper, unsigned steps)
{
	static int64_t now = 1;
	enum shipper_next next = SHIPPER_STEP;
	int milliseconds;

	for (unsigned i = 0;
	     i < steps && next != SHIPPER_OVER && next != SHIPPER_WAIT; i++) {
		next = shipper_step(shipper, now, &milliseconds);
		assert_int_not_equal(next, SHIPPER_FAILED);
		if (next == SHIPPER_PAUSE) {
			assert_in_range(milliseconds, 1, SHIPPER_PAUSE_MOST);
			now += milliseconds;
		}
	}
	return next;
}

static void empty_server(void)
{
	for (size_t i = 0; i < MESSAGES; i++)
		free(server.messages[i].bytes);
	free(server.late.bytes);
	free(server.flight.bytes);
	memset(&server, 0, sizeof server);
	server.first = 1;
	server.created = 1;
	server.name = "mx1/smtp";
	server.room = 1 << 16;
}

static void write_lines(unsigned from, unsigned to, const char *mode)
{
	FILE *out = fopen(current, mode);
	size_t len = *mode == 'w' ? 0 : strlen(log_text);

	assert_non_null(out);
	log_text[len] = 0;
	for (unsigned i = from; i < to; i++)
		len += (size_t)sprintf(log_text + len,
				       "@40000000692000%02x%08x line %u\n",
				       16 + i / 100, i, i);
	assert_true(fputs(log_text + (*mode == 'w' ? 0 : ftell(out)), out) >=
		    0);
	fclose(out);
}

/* The messages from number `from` on are the log from an offset on. */
static void is_log(uint64_t from, size_t offset)
{
	size_t at = offset;

	for (uint64_t i = from; i <= server.count; i++) {
		const struct message *message = &server.messages[i];

		assert_true(at + message->len <= strlen(log_text));
		assert_memory_equal(message->bytes, log_text + at,
				    message->len);
		at += message->len;
	}
	assert_int_equal(at, strlen(log_text));
}

/* Counts of the shipper that ended are those of what the server has. */
static void check_counts(const struct shipper *shipper, uint64_t before)
{
	uint64_t bytes = 0;

	for (uint64_t i = before + 1; i <= server.count; i++)
		bytes += server.messages[i].len;
	assert_int_equal(shipper->counts.bytes, bytes);
	assert_int_equal(shipper->counts.batches, server.count - before);
	assert_int_equal(shipper->cursor.sequence, server.count);
	assert_int_equal(shipper->cursor.place.offset, strlen(log_text));
}

static void ship_with_faults(unsigned seed)
{
	static const unsigned faults[] = {0, 10, 50, 80};
	struct shipper shipper;
	uint64_t before;

	empty_server();
	srand(seed);
	server.faults = faults[seed % 4];
	server.room = 100 + below(3000);
	/* It is killed now and then, and a new one has no cursor. */
	do {
		open_shipper(&shipper);
		if (ship(&shipper, 1 + below(200)) == SHIPPER_OVER)
			server.faults = 0;
		assert_true(shipper.counts.bytes <= strlen(log_text));
		if (below(2))
			shipper_finish(&shipper);
		shipper_close(&shipper);
	} while (server.faults);
	before = server.count;
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 100000), SHIPPER_OVER);
	check_counts(&shipper, before);
	shipper_close(&shipper);
	is_log(1, 0);
}

static void once_whatever_happens(void **state)
{
	(void)state;
	write_lines(0, LINES, "w");
	for (unsigned i = 0; i < 240; i++) {
		ops = i % 2 ? &script : &script_of_answers;
		ship_with_faults(i / 2);
	}
	ops = &script_of_answers;
}

static void break_connection(struct shipper *shipper)
{
	shipper->connected = server.connected = false;
	source_close(shipper->source);
	shipper->source = NULL;
}

/* As after a new start with the cursor file. */
static void reconnect(struct shipper *shipper)
{
	break_connection(shipper);
	assert_int_equal(ship(shipper, 1000), SHIPPER_OVER);
}

/* Ships 100 lines, in several messages, to an empty server. */
static void ship_lines(struct shipper *shipper)
{
	empty_server();
	server.room = 500;
	write_lines(0, 100, "w");
	open_shipper(shipper);
	assert_int_equal(ship(shipper, 1000), SHIPPER_OVER);
}

static void a_server_that_lost_lines(void **state)
{
	struct shipper shipper;

	(void)state;
	ship_lines(&shipper);
	assert_true(shipper.cursor.known);
	assert_int_equal(shipper.counts.lines, 100);
	assert_int_equal(shipper.cursor.sequence, server.count);
	server.count -= 3;
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	reconnect(&shipper);
	assert_int_equal(told[SHIPPER_BEHIND], 1);
	assert_int_equal(shipper.counts.again, 1);
	is_log(1, 0);
	shipper_close(&shipper);
}

/* A server that answers from an old state for some seconds has lost nothing. */
static void a_server_with_old_answers(void **state)
{
	struct shipper shipper;
	uint64_t count;

	(void)state;
	ship_lines(&shipper);
	count = server.count;
	for (unsigned times = 0; times < 3; times++) {
		if (shipper.connected)
			break_connection(&shipper);
		server.count = count - 3 * (times != 1);
		assert_int_equal(ship(&shipper, 20),
				 times == 1 ? SHIPPER_OVER : SHIPPER_PAUSE);
		assert_int_equal(fault_kind, STREAM_FAULT_SET_BACK);
	}
	/* Nobody knows what it had while it could not be reached. */
	server.faults = 100;
	assert_int_equal(ship(&shipper, 40), SHIPPER_PAUSE);
	assert_int_equal(fault_kind, STREAM_FAULT_NO_SERVER);
	server.faults = 0;
	assert_int_equal(ship(&shipper, 10), SHIPPER_PAUSE);
	assert_int_equal(told[SHIPPER_TROUBLE], 3);
	assert_int_equal(told[SHIPPER_CONTINUES], 1);
	server.count = count;
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	assert_int_equal(shipper.counts.again, 0);
	assert_int_equal(server.count, count);
	is_log(1, 0);
	shipper_close(&shipper);
}

/* All lines have one label: the offset alone tells what the server has lost. */
static void a_server_that_lost_lines_of_one_label(void **state)
{
	struct shipper shipper;
	FILE *out = fopen(current, "w");
	size_t len = 0;

	(void)state;
	empty_server();
	server.room = 500;
	for (unsigned i = 0; i < 100; i++)
		len += (size_t)sprintf(
		    log_text + len, "@400000006920001000000000 line %u\n", i);
	assert_non_null(out);
	assert_true(fputs(log_text, out) >= 0);
	fclose(out);
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	reconnect(&shipper);
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	server.count -= 3;
	reconnect(&shipper);
	assert_int_equal(told[SHIPPER_BEHIND], 1);
	assert_int_equal(shipper.counts.again, 1);
	is_log(1, 0);
	shipper_close(&shipper);
}

/* A later file is ahead of the cursor, though its offset is smaller. */
static void a_server_that_is_ahead(void **state)
{
	struct shipper shipper;
	struct ship_cursor cursor;

	(void)state;
	empty_server();
	write_lines(0, 10, "w");
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	cursor = shipper.cursor;
	assert_int_equal(rename(current, archive), 0);
	write_lines(10, 12, "w");
	reconnect(&shipper);
	shipper_close(&shipper);
	open_shipper(&shipper);
	shipper.cursor = cursor;
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	assert_int_equal(server.count, 2);
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	assert_int_equal(shipper.counts.again, 0);
	shipper_close(&shipper);
	unlink(archive);
}

/*
 * A batch that the server has stored counts once, whether it has answered or
 * not; one that it has not stored does not count.
 */
static void a_batch_without_an_answer(void **state)
{
	struct shipper shipper;

	(void)state;
	write_lines(0, 100, "w");
	for (int third = STORES_ONLY; third <= DROPS; third++) {
		empty_server();
		server.room = 500;
		server.third = third;
		open_shipper(&shipper);
		assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
		is_log(1, 0);
		assert_int_equal(shipper.counts.lines, 100);
		assert_int_equal(shipper.counts.bytes, strlen(log_text));
		assert_int_equal(shipper.counts.batches, server.count);
		assert_int_equal(shipper.counts.resyncs, 1);
		assert_int_equal(shipper.counts.again, 0);
		assert_int_equal(told[SHIPPER_BEHIND], 0);
		shipper_close(&shipper);
	}
}

/* Ships with a cursor to a stream without messages. */
static void ship_to_empty(int64_t created, uint64_t count, bool again)
{
	struct shipper shipper;
	struct ship_cursor cursor;
	size_t before;

	empty_server();
	write_lines(0, 50, "w");
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	cursor = shipper.cursor;
	before = strlen(log_text);
	shipper_close(&shipper);
	write_lines(50, 60, "a");
	/* The messages are gone, their numbers are not. */
	server.created = created;
	server.count = count;
	server.first = count + 1;
	if (again) /* those that it has are of others */
		*server.messages[1].id = 0;
	open_shipper(&shipper);
	shipper.cursor = cursor;
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_NEW_STREAM], again);
	is_log(count + 1, again ? 0 : before);
	shipper_close(&shipper);
}

static void a_subject_without_messages(void **state)
{
	(void)state;
	ship_to_empty(1, 1, false); /* too old */
	ship_to_empty(2, 0, true);  /* made anew */
	ship_to_empty(2, 1, true);  /* and with messages of other subjects */
	ship_to_empty(1, 0, true);  /* put back to its beginning */
}

static void troubles_are_told_once(void **state)
{
	struct shipper shipper;

	(void)state;
	empty_server();
	write_lines(0, 10, "w");
	open_shipper(&shipper);
	server.faults = 100;
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_TROUBLE], 1);
	assert_int_equal(fault_kind, STREAM_FAULT_NO_SERVER);
	assert_int_equal(told[SHIPPER_CONTINUES], 0);
	server.faults = 0;
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_CONTINUES], 1);
	/* The next outage is another one. */
	server.faults = 100;
	break_connection(&shipper);
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_TROUBLE], 2);
	shipper_close(&shipper);
}

/* Doubled from 0.1 s on, less a random part of at most half. */
static void pauses_grow(void **state)
{
	struct shipper shipper;
	int milliseconds, whole = SHIPPER_PAUSE_FIRST;
	unsigned shorter = 0;
	int64_t now = 1;

	(void)state;
	empty_server();
	open_shipper(&shipper);
	server.faults = 100;
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(shipper_step(&shipper, now, &milliseconds),
				 SHIPPER_STEP);
		assert_int_equal(server.connects, i + 1);
		assert_int_equal(shipper_step(&shipper, now, &milliseconds),
				 SHIPPER_PAUSE);
		assert_in_range(milliseconds, i ? whole / 2 : whole, whole);
		shorter += milliseconds < whole;
		now += milliseconds;
		whole = whole * 2 < SHIPPER_PAUSE_MOST ? whole * 2
						       : SHIPPER_PAUSE_MOST;
	}
	assert_true(shorter > 10);
	shipper_close(&shipper);
}

static void refuse_sequence(void)
{
	server.answer = STREAM_FAULT_WRONG_SEQUENCE;
	server.meanwhile = refuse_sequence;
}

/* The server is asked at once for the first one, and later for all others. */
static void wrong_sequences_for_ever(void **state)
{
	struct shipper shipper;
	enum shipper_next next = SHIPPER_STEP;
	int milliseconds;

	(void)state;
	empty_server();
	write_lines(0, 10, "w");
	server.meanwhile = refuse_sequence;
	open_shipper(&shipper);
	for (unsigned i = 0; i < 100 && next == SHIPPER_STEP; i++)
		next = shipper_step(&shipper, 1, &milliseconds);
	assert_int_equal(next, SHIPPER_PAUSE);
	assert_int_equal(server.connects, 2);
	shipper_close(&shipper);
}

static void strange_messages_and_small_rooms(void **state)
{
	struct message strange = {.place = "junk"};
	struct shipper shipper;

	(void)state;
	empty_server();
	strange.bytes = malloc(1);
	store_message(&strange);
	open_shipper(&shipper);
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(fault_kind, STREAM_FAULT_OTHER_LOG);
	assert_int_equal(server.count, 1);
	shipper_close(&shipper);
	/* Its last message is of another log. */
	empty_server();
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	shipper_close(&shipper);
	server.name = "mx2/smtp";
	write_lines(10, 20, "a");
	open_shipper(&shipper);
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(fault_kind, STREAM_FAULT_OTHER_LOG);
	assert_int_equal(server.count, 1);
	shipper_close(&shipper);
	empty_server();
	server.room = 1;
	open_shipper(&shipper);
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(fault_kind, STREAM_FAULT_TOO_LARGE);
	shipper_close(&shipper);
}

/* Does steps until a batch is in flight that follows this number of batches. */
static void ship_until_flight(struct shipper *shipper, uint64_t batches)
{
	for (unsigned i = 0; i < 100; i++) {
		if (server.flight.bytes && server.count == batches)
			return;
		ship(shipper, 1);
	}
	fail_msg("batch %u was never sent", (unsigned)batches + 1);
}

static void append_more(void)
{
	write_lines(15, 20, "a");
}

/* The next batch gathers while one is in flight, and goes on after it. */
static void gathers_while_one_is_in_flight(void **state)
{
	struct shipper shipper;

	(void)state;
	empty_server();
	write_lines(0, 10, "w");
	follows = true;
	open_shipper(&shipper);
	follows = false;
	ship_until_flight(&shipper, 0);
	write_lines(10, 15, "a");
	server.meanwhile = append_more;
	assert_int_equal(ship(&shipper, 1), SHIPPER_STEP);
	/* Half full: its lines count only when they are stored. */
	assert_int_equal(shipper.batch.lines, 5);
	assert_int_equal(shipper.counts.lines, 10);
	assert_int_equal(shipper.cursor.sequence, 1);
	assert_int_equal(ship(&shipper, 100), SHIPPER_WAIT);
	assert_int_equal(server.count, 2);
	assert_int_equal(shipper.counts.lines, 20);
	is_log(1, 0);
	check_counts(&shipper, 0);
	shipper_close(&shipper);
}

/* The server has stored it, but the answer is lost. */
static void store_unanswered(void)
{
	store_message(&server.flight);
	server.flight.bytes = NULL;
	server.answer = STREAM_FAULT_TIMEOUT;
}

static void refuse_flight(void)
{
	server.answer = STREAM_FAULT_REFUSED;
}

/* Both are thrown away, and no line of them is lost or sent twice. */
static void the_one_in_flight_fails(void **state)
{
	static void (*const outcomes[])(void) = {store_unanswered,
						 refuse_flight};
	struct shipper shipper;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		empty_server();
		server.room = 300;
		write_lines(0, 30, "w");
		open_shipper(&shipper);
		ship_until_flight(&shipper, 1);
		server.meanwhile = outcomes[i];
		assert_int_equal(ship(&shipper, 1), SHIPPER_STEP);
		assert_false(server.connected);
		assert_true(shipper.batch.lines > 0);
		assert_int_equal(shipper.counts.batches, 1);
		assert_int_equal(shipper.cursor.sequence, 1);
		assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
		is_log(1, 0);
		check_counts(&shipper, 0);
		assert_int_equal(shipper.counts.lines, 30);
		assert_int_equal(told[SHIPPER_BEHIND], 0);
		shipper_close(&shipper);
	}
}

static void stop_unanswered(void)
{
	store_unanswered();
	server.answer = STREAM_FAULT_STOPPED;
}

/* A new start with the cursor sends the rest, and every line once. */
static void start_anew(const struct ship_cursor *cursor)
{
	struct shipper shipper;

	open_shipper(&shipper);
	shipper.cursor = *cursor;
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	shipper_close(&shipper);
	is_log(1, 0);
}

/*
 * A signal ends shipping after a batch was sent, while its answer is waited for
 * and the next one is full, or after its answer.
 */
static void ends_with_two_batches(void **state)
{
	static void (*const outcomes[])(void) = {NULL, stop_unanswered,
						 refuse_flight};
	struct shipper shipper;
	struct ship_cursor cursor;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		empty_server();
		server.room = 300;
		write_lines(0, 30, "w");
		open_shipper(&shipper);
		ship_until_flight(&shipper, 1);
		server.meanwhile = outcomes[i / 2];
		if (i % 2)
			ship(&shipper, 1);
		shipper_finish(&shipper);
		assert_null(server.flight.bytes);
		shipper_finish(&shipper);
		assert_int_equal(shipper.cursor.sequence, i < 2 ? 2 : 1);
		assert_int_equal(told[SHIPPER_TROUBLE], i >= 4);
		cursor = shipper.cursor;
		shipper_close(&shipper);
		assert_int_equal(server.count, i < 4 ? 2 : 1);
		start_anew(&cursor);
	}
}

static void remove_archive(void)
{
	unlink(archive);
}

static void remove_and_refuse(void)
{
	remove_archive();
	refuse_flight();
}

/* Lines 0 to 9 are in an archive, which the second batch needs, too. */
static void ship_before_removal(struct shipper *shipper,
				void (*meanwhile)(void))
{
	empty_server();
	server.room = 300;
	write_lines(0, 10, "w");
	assert_int_equal(rename(current, archive), 0);
	write_lines(10, 30, "w");
	open_shipper(shipper);
	ship_until_flight(shipper, 1);
	server.meanwhile = meanwhile;
	ship(shipper, 1);
}

/* What was gathered is sent though its file is gone. */
static void files_are_removed(void **state)
{
	struct shipper shipper;

	(void)state;
	ship_before_removal(&shipper, remove_archive);
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(shipper.counts.missing, 0);
	assert_int_equal(shipper.counts.lines, 30);
	shipper_close(&shipper);
	/* Line 9 is lost; that counts once, though it is noticed twice. */
	ship_before_removal(&shipper, remove_and_refuse);
	ship_until_flight(&shipper, 1);
	assert_int_equal(shipper.counts.missing, 0);
	server.meanwhile = refuse_flight;
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(shipper.counts.missing, 1);
	assert_int_equal(shipper.counts.lines, 29);
	shipper_close(&shipper);
}

/* Two batches end at one offset of two files; the second one is not stored. */
static void one_offset_of_two_files(void **state)
{
	struct shipper shipper;

	(void)state;
	empty_server();
	write_lines(10, 20, "w");
	server.room = strlen(log_text);
	assert_int_equal(rename(current, archive), 0);
	write_lines(20, 30, "w");
	open_shipper(&shipper);
	ship_until_flight(&shipper, 1);
	server.meanwhile = refuse_flight;
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(shipper.counts.batches, 2);
	assert_int_equal(shipper.counts.lines, 20);
	shipper_close(&shipper);
	unlink(archive);
}

static int next_descriptor;

static int find_next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

/* All tests before this one have connected again and again. */
static void all_descriptors_are_closed(void **state)
{
	(void)state;
	assert_int_equal(find_next_descriptor(), next_descriptor);
}

static int prepare(void **state)
{
	(void)state;
	next_descriptor = find_next_descriptor();
	if (!mkdtemp(directory))
		return -1;
	snprintf(current, sizeof current, "%s/current", directory);
	snprintf(archive, sizeof archive, "%s/@400000006920001400000000.s",
		 directory);
	return 0;
}

static int clean_up(void **state)
{
	(void)state;
	empty_server();
	unlink(current);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(once_whatever_happens),
	    cmocka_unit_test(a_server_that_lost_lines),
	    cmocka_unit_test(a_server_with_old_answers),
	    cmocka_unit_test(a_server_that_lost_lines_of_one_label),
	    cmocka_unit_test(a_server_that_is_ahead),
	    cmocka_unit_test(a_batch_without_an_answer),
	    cmocka_unit_test(a_subject_without_messages),
	    cmocka_unit_test(troubles_are_told_once),
	    cmocka_unit_test(pauses_grow),
	    cmocka_unit_test(wrong_sequences_for_ever),
	    cmocka_unit_test(strange_messages_and_small_rooms),
	    cmocka_unit_test(gathers_while_one_is_in_flight),
	    cmocka_unit_test(the_one_in_flight_fails),
	    cmocka_unit_test(ends_with_two_batches),
	    cmocka_unit_test(files_are_removed),
	    cmocka_unit_test(one_offset_of_two_files),
	    cmocka_unit_test(all_descriptors_are_closed),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
