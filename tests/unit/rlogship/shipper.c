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
	const char *name;      /* of the log of its messages */
	int64_t created;
	unsigned faults; /* of 100 calls */
	size_t room;
	bool connected;
	unsigned connects;
} server;

static char directory[] = "/tmp/recio-unit.XXXXXX", current[64];
static char log_text[TEXT];
static const struct ship_origin origin = {"mx1", "smtp"};
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
	assert_true(server.connected);
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

static int send_script(void *ctx, const struct nats_batch *batch,
		       uint64_t *sequence, struct stream_fault *fault)
{
	static const enum stream_fault_kind kinds[] = {
	    STREAM_FAULT_TIMEOUT,   STREAM_FAULT_DISCONNECTED,
	    STREAM_FAULT_DUPLICATE, STREAM_FAULT_WRONG_SEQUENCE,
	    STREAM_FAULT_PROTOCOL,  STREAM_FAULT_NO_RESPONDERS,
	    STREAM_FAULT_FULL,      STREAM_FAULT_REFUSED,
	};
	uint64_t last = server.first <= server.count ? server.count : 0;
	struct message message;

	(void)ctx;
	assert_true(server.connected && batch->len <= server.room);
	assert_true(batch->expects_last);
	store_late();
	last = server.first <= server.count ? server.count : 0;
	*sequence = find_id(batch->id);
	if (*sequence)
		return give_fault(fault, STREAM_FAULT_DUPLICATE);
	if (batch->last_sequence != last)
		return give_fault(fault, STREAM_FAULT_WRONG_SEQUENCE);
	message = copy_batch(batch);
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

static size_t room_script(void *ctx)
{
	(void)ctx;
	return server.room;
}

static void close_script(void *ctx)
{
	(void)ctx;
	server.connected = false;
}

static const struct ship_link_ops script = {
    .connect = connect_script,
    .last = last_script,
    .send = send_script,
    .room = room_script,
    .close = close_script,
};

static void note_event(void *ctx, const struct shipper_notice *notice)
{
	(void)ctx;
	told[notice->event]++;
	if (notice->event == SHIPPER_TROUBLE)
		fault_kind = notice->fault->kind;
}

static void open_shipper(struct shipper *shipper)
{
	static const char *const directories[] = {directory};
	const struct shipper_options options = {
	    .link = {&script, NULL},
	    .origin = &origin,
	    .form = ship_form_named("raw"),
	    .size = 1 << 16,
	    .source = {.directories = directories, .count = 1},
	    .tell = note_event,
	    .seed = 1,
	};

	memset(told, 0, sizeof told);
	assert_int_equal(shipper_init(shipper, &options), 0);
}

/* Ships until all is acknowledged, or this number of steps was done. */
static enum shipper_next ship(struct shipper *shipper, unsigned steps)
{
	enum shipper_next next = SHIPPER_STEP;
	int64_t now = 1;
	int milliseconds;

	for (unsigned i = 0; i < steps && next != SHIPPER_OVER; i++) {
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

static void once_whatever_happens(void **state)
{
	static const unsigned faults[] = {0, 10, 50, 80};
	struct shipper shipper;

	(void)state;
	write_lines(0, LINES, "w");
	for (unsigned i = 0; i < 120; i++) {
		empty_server();
		srand(i);
		server.faults = faults[i % 4];
		server.room = 100 + below(3000);
		/* It is killed now and then, and a new one has no cursor. */
		do {
			open_shipper(&shipper);
			if (ship(&shipper, 1 + below(200)) == SHIPPER_OVER)
				server.faults = 0;
			shipper_close(&shipper);
		} while (server.faults);
		open_shipper(&shipper);
		assert_int_equal(ship(&shipper, 100000), SHIPPER_OVER);
		shipper_close(&shipper);
		is_log(1, 0);
	}
}

static void a_server_that_lost_lines(void **state)
{
	struct shipper shipper;

	(void)state;
	empty_server();
	server.room = 500;
	write_lines(0, 100, "w");
	open_shipper(&shipper);
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	assert_true(shipper.cursor.known);
	assert_int_equal(shipper.counts.lines, 100);
	assert_int_equal(shipper.cursor.sequence, server.count);
	server.count -= 3;
	assert_int_equal(told[SHIPPER_BEHIND], 0);
	/* As after a new start with the cursor file. */
	shipper.connected = server.connected = false;
	source_close(shipper.source);
	shipper.source = NULL;
	assert_int_equal(ship(&shipper, 1000), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_BEHIND], 1);
	assert_int_equal(shipper.counts.again, 1);
	is_log(1, 0);
	shipper_close(&shipper);
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
	/* The clock begins anew. */
	shipper.retry = 0;
	assert_int_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(told[SHIPPER_CONTINUES], 1);
	shipper_close(&shipper);
}

/* Doubled from 0.1 s on, less a random part of at most half. */
static void pauses_grow(void **state)
{
	struct shipper shipper;
	int milliseconds, whole = SHIPPER_PAUSE_FIRST;
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
		now += milliseconds;
		whole = whole * 2 < SHIPPER_PAUSE_MOST ? whole * 2
						       : SHIPPER_PAUSE_MOST;
	}
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
	assert_int_equal(fault_kind, STREAM_FAULT_PROTOCOL);
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
	assert_int_equal(fault_kind, STREAM_FAULT_PROTOCOL);
	assert_int_equal(server.count, 1);
	shipper_close(&shipper);
	empty_server();
	server.room = 1;
	open_shipper(&shipper);
	assert_int_not_equal(ship(&shipper, 100), SHIPPER_OVER);
	assert_int_equal(fault_kind, STREAM_FAULT_TOO_LARGE);
	shipper_close(&shipper);
}

static int prepare(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(current, sizeof current, "%s/current", directory);
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
	    cmocka_unit_test(a_subject_without_messages),
	    cmocka_unit_test(troubles_are_told_once),
	    cmocka_unit_test(pauses_grow),
	    cmocka_unit_test(strange_messages_and_small_rooms),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
