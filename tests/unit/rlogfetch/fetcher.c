/*
 * Fetching from a stream that is a script: its server is late, breaks the
 * connection, loses, deletes and repeats messages, and is set back.  Whatever
 * it does, the directory has each line once.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../scratch.h"
#include "base/deadline.h"
#include "base/label.h"
#include "rlogfetch/fetcher.h"

enum { MESSAGES = 128, LINE = 64, TEXT = 1 << 16, STEPS = 10000 };

/* The stream, as its leader has it, and the feed's server, which may be late.
 */
static struct server {
	struct stored {
		bool there, matches; /* the filter */
		int64_t time;
		uint64_t follows;
		char lines[4 * LINE];
	} messages[MESSAGES + 1]; /* by sequence */
	uint64_t first, last;
	uint64_t has; /* what the feed's server has of them */
	uint64_t at;  /* what the feed has delivered */
	int64_t created;
	unsigned opened, asked;
	enum stream_fault_kind fault; /* of the next call */
} server;

static struct fetch_tree tree;
static struct fetch_store store;
static struct fetcher fetcher;
static uint64_t told[FETCH_NEWS_CURSOR + 1];
static char want[TEXT];

static int give_fault(struct stream_fault *fault)
{
	if (server.fault == STREAM_FAULT_NONE)
		return 0;
	stream_fault_set(fault, server.fault, NULL);
	server.fault = STREAM_FAULT_NONE;
	return -1;
}

static bool is_there(uint64_t sequence)
{
	const struct stored *stored = &server.messages[sequence];

	return sequence >= server.first && stored->there && stored->matches;
}

/* How many messages a server with messages up to `has` has after this one. */
static uint64_t count_after(uint64_t sequence, uint64_t has)
{
	uint64_t n = 0;

	while (++sequence <= has)
		n += is_there(sequence);
	return n;
}

static int open_script(void *ctx, const struct nats_feed_from *from,
		       struct nats_feed_stream *stream,
		       struct stream_fault *fault)
{
	(void)ctx;
	server.opened++;
	if (give_fault(fault) < 0)
		return -1;
	server.at = from->sequence ? from->sequence - 1 : 0;
	if (!from->sequence && from->time)
		while (server.at < server.has &&
		       server.messages[server.at + 1].time < from->time)
			server.at++;
	*stream = (struct nats_feed_stream){
	    .created = server.created,
	    .first = server.first,
	    .last = server.last,
	    .pending = count_after(server.at, server.has),
	    .start = server.at + 1};
	return 0;
}

static int take_script(void *ctx, struct nats_message *message,
		       struct stream_fault *fault)
{
	const struct stored *stored;

	(void)ctx;
	if (give_fault(fault) < 0)
		return -1;
	do {
		if (server.at >= server.has)
			return 0;
	} while (!is_there(++server.at));
	stored = &server.messages[server.at];
	*message =
	    (struct nats_message){.sequence = server.at,
				  .time = stored->time,
				  .pending = count_after(server.at, server.has),
				  .subject = "rlog.h.n",
				  .bytes = stored->lines,
				  .len = strlen(stored->lines),
				  .name = "h/n",
				  .form = "raw",
				  .chained = true,
				  .follows = stored->follows};
	return 1;
}

static int find_left(void *ctx, uint64_t from, uint64_t to,
		     struct stream_fault *fault)
{
	(void)ctx;
	server.asked++;
	if (give_fault(fault) < 0)
		return -1;
	for (; from <= to && from <= server.last; from++)
		if (is_there(from))
			return 1;
	return 0;
}

static int give_descriptor(void *ctx)
{
	(void)ctx;
	return -1;
}

static int give_timeout(void *ctx)
{
	(void)ctx;
	return 10000;
}

static void close_script(void *ctx)
{
	(void)ctx;
}

static const struct fetch_feed_ops ops = {open_script,  take_script,
					  find_left,    give_descriptor,
					  give_timeout, close_script};
static const struct fetch_feed feed = {&ops, NULL};

static void count_news(void *ctx, const struct fetch_news *news)
{
	(void)ctx;
	told[news->kind]++;
}

static void fail_event(const struct event *event)
{
	fail_msg("event %d", event->kind);
}

static const struct fetch_tell tell = {count_news, NULL};

/* A line whose label is `second`. */
static void make_line(char line[LINE], uint64_t second)
{
	const struct tain_s label = {.sec = {(UINT64_C(1) << 62) + second},
				     .nano = 0};

	label_format(line, &label);
	snprintf(line + LABEL_LEN, LINE - LABEL_LEN, " line %" PRIu64 "\n",
		 second);
}

/* Stores lines as a message behind the last one of the stream. */
static void add_lines(uint64_t from, uint64_t to)
{
	struct stored *stored = &server.messages[++server.last];

	assert_true(server.last <= MESSAGES);
	*stored = (struct stored){true, true, (int64_t)(1000 + to),
				  server.last - 1, ""};
	for (uint64_t i = from; i <= to; i++)
		make_line(stored->lines + strlen(stored->lines), i);
}

static void add_message(uint64_t second)
{
	add_lines(second, second);
}

/* Adds a line to those that are wanted. */
static void want_line(uint64_t second)
{
	make_line(want + strlen(want), second);
}

/* Adds messages of one line each, which are wanted. */
static void add_wanted(uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i <= to; i++) {
		add_message(i);
		want_line(i);
	}
}

/* Adds a note of rlogfetch, which has the label of the line before it. */
static void want_note(uint64_t second, const char *sentence)
{
	char *note = want + strlen(want);

	make_line(note, second);
	sprintf(note + LABEL_LEN, " rlogfetch: %s\n", sentence);
}

static void start_server(void)
{
	memset(&server, 0, sizeof server);
	server.first = 1;
	server.created = 17;
	memset(told, 0, sizeof told);
	*want = 0;
}

/* A process of rlogfetch, which begins at the cursor. */
static void start_fetcher(const char *path, const struct fetch_cursor *cursor)
{
	struct failure failure;

	assert_int_equal(
	    fetch_tree_open(&tree, path, NULL, 0, fail_event, &failure), 0);
	fetch_store_init(&store, &tree, &tell);
	fetcher_init(&fetcher, &feed, &store, &tell);
	fetcher.once = true;
	fetcher.cursor = *cursor;
	strcpy(fetcher.cursor.target, "S");
}

static void end_fetcher(void)
{
	struct tain_s deadline = tain_infinite;

	while (!fetch_tree_is_idle(&tree))
		fetch_tree_go(&tree, PHASE_RUNNING, &deadline);
	fetcher_close(&fetcher);
	fetch_store_free(&store);
	assert_int_equal(fetch_tree_close(&tree), 0);
}

/* Steps until the fetcher waits, or is over. */
static enum fetcher_answer step_fetcher(struct tain_s *deadline)
{
	enum fetcher_answer answer;
	int n = 0;

	*deadline = tain_infinite;
	while ((answer = fetcher_step(&fetcher, deadline)) == FETCHER_MORE)
		assert_true(n++ < STEPS);
	return answer;
}

static void assert_waits(void)
{
	struct tain_s deadline;

	assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
}

/* Lets time pass while the fetcher waits; it must end. */
static void run_to_end(void)
{
	struct tain_s deadline;
	enum fetcher_answer answer;
	int n = 0;

	while ((answer = step_fetcher(&deadline)) == FETCHER_WAITS) {
		assert_true(n++ < STEPS);
		assert_true(tain_less(&STAMP, &deadline));
		STAMP = deadline;
	}
	assert_int_equal(answer, FETCHER_OVER);
}

static void assert_current(const char *path)
{
	char file[64];

	snprintf(file, sizeof file, "%s/h/n/current", path);
	scratch_expect(file, want);
}

static const struct fetch_cursor none;

/* All that the leader has is waited for, and no more. */
static void late_server(void **state)
{
	struct tain_s deadline;

	(void)state;
	start_server();
	add_wanted(1, 3);
	start_fetcher("./late", &none);
	assert_waits();
	assert_int_equal(server.asked, 1);
	server.has = 1;
	assert_waits();
	add_message(4); /* after the start */
	server.has = 2;
	assert_waits();
	server.has = 4;
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(fetcher.pending, 1);
	end_fetcher();
	assert_current("./late");
}

static void nothing_left(void **state)
{
	struct tain_s deadline;

	(void)state;
	start_server();
	start_fetcher("./nothing", &none);
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(server.asked, 0);
	end_fetcher();

	/* The filter has none of the last messages. */
	for (uint64_t i = 1; i <= 5; i++)
		add_message(i);
	server.messages[4].matches = server.messages[5].matches = false;
	server.has = 3;
	start_fetcher("./nothing", &none);
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(server.asked, 1);
	end_fetcher();
	for (uint64_t i = 1; i <= 3; i++)
		want_line(i);
	assert_current("./nothing");

	/* All messages are too old for those that are asked for. */
	start_fetcher("./nothing", &none);
	fetcher.from.time = 1000 + 6;
	server.has = 5;
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(server.asked, 1);
	end_fetcher();
}

/* The leader, elected a moment ago, has less than the feed's server. */
static void late_leader(void **state)
{
	struct tain_s deadline;

	(void)state;
	start_server();
	add_wanted(1, 3);
	server.has = 3;
	server.last = 1;
	start_fetcher("./leader", &none);
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	end_fetcher();
	assert_current("./leader");
}

/* The feed's server has told of messages that are removed, and says no more. */
static void removed_meanwhile(void **state)
{
	struct tain_s deadline, last;

	(void)state;
	start_server();
	for (uint64_t i = 1; i <= 3; i++)
		add_message(i);
	server.has = 3;
	start_fetcher("./removed", &none);
	assert_int_equal(fetcher_step(&fetcher, &deadline), FETCHER_MORE);
	assert_int_equal(fetcher_step(&fetcher, &deadline), FETCHER_MORE);
	assert_int_equal(fetcher_step(&fetcher, &deadline), FETCHER_MORE);
	assert_int_equal(fetcher.pending, 2);
	server.messages[2].there = server.messages[3].there = false;
	deadline_after(&last, &STAMP, FETCHER_ASKS);
	assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
	assert_int_equal(server.asked, 0);
	assert_false(tain_less(&last, &deadline));
	STAMP = deadline;
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	want_line(1);
	end_fetcher();
	assert_current("./removed");
}

static void fault_of_question(void **state)
{
	(void)state;
	start_server();
	add_message(1);
	want_line(1);
	start_fetcher("./question", &none);
	assert_waits();
	deadline_after(&STAMP, &STAMP, FETCHER_ASKS);
	server.fault = STREAM_FAULT_TIMEOUT;
	assert_waits();
	assert_int_equal(told[FETCH_NEWS_FAULT], 1);
	server.has = 1;
	run_to_end();
	assert_int_equal(server.opened, 2);
	assert_int_equal(told[FETCH_NEWS_CONNECTED], 1);
	end_fetcher();
	assert_current("./question");
}

/* Has the connection fail after a time; asserts the pause, 3/4 to 5/4 of ms. */
static void fail_after(uint64_t ms, uint64_t pause)
{
	struct tain_s deadline, least, most;

	deadline_after(&STAMP, &STAMP, ms);
	server.fault = STREAM_FAULT_DISCONNECTED;
	assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
	deadline_after(&least, &STAMP, pause - pause / 4);
	deadline_after(&most, &STAMP, pause + pause / 4);
	assert_false(tain_less(&fetcher.retry, &least));
	assert_false(tain_less(&most, &fetcher.retry));
	STAMP = fetcher.retry;
}

/* Pauses are doubled, until a message arrives or a connection has lasted. */
static void pauses_grow(void **state)
{
	uint64_t pause = FETCHER_PAUSE;

	(void)state;
	start_server();
	start_fetcher("./pauses", &none);
	fetcher.once = false;
	for (int i = 0; i < 12; i++) {
		fail_after(0, pause);
		pause =
		    pause * 2 < FETCHER_LONGEST ? pause * 2 : FETCHER_LONGEST;
	}
	assert_int_equal(told[FETCH_NEWS_FAULT], 1);
	assert_int_equal(server.opened, 12);
	assert_waits();
	assert_int_equal(told[FETCH_NEWS_CONNECTED], 1);
	/* A server that breaks each new connection is no good one. */
	fail_after(0, FETCHER_LONGEST);
	assert_int_equal(told[FETCH_NEWS_FAULT], 2);
	assert_waits();
	fail_after(FETCHER_LONGEST, FETCHER_PAUSE);
	fail_after(0, 2 * FETCHER_PAUSE);
	add_wanted(1, 1);
	server.has = 1;
	assert_waits();
	fail_after(0, FETCHER_PAUSE);
	end_fetcher();
}

/* Takes all messages of the server into a directory; returns the cursor. */
static struct fetch_cursor fetch_all(const char *path,
				     const struct fetch_cursor *from)
{
	const struct fetch_cursor cursor = *from;

	server.has = server.last;
	start_fetcher(path, &cursor);
	run_to_end();
	end_fetcher();
	return fetcher.cursor;
}

/* Nothing is waited for, and nothing is asked, where all was delivered. */
static void all_is_there(void **state)
{
	const struct fetch_cursor first = {.created = 17, .sequence = 1};
	struct tain_s deadline;

	(void)state;
	start_server();
	add_wanted(1, 3);
	server.has = server.last;
	start_fetcher("./all", &none);
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(server.asked, 0);
	end_fetcher();
	assert_current("./all");
	/* The first message is removed after it was taken. */
	server.first = 2;
	start_fetcher("./all", &first);
	assert_int_equal(step_fetcher(&deadline), FETCHER_OVER);
	assert_int_equal(told[FETCH_NEWS_REMOVED], 0);
	end_fetcher();
	assert_current("./all");
}

/* It is taken from its beginning, whatever -n tells of the one before. */
static void start_of_a_stream_made_anew(void **state)
{
	struct fetch_cursor cursor;

	(void)state;
	start_server();
	add_wanted(1, 2);
	cursor = fetch_all("./begin", &none);
	start_server();
	server.created++;
	add_message(1);
	add_message(2);
	want_line(1);
	want_line(2);
	add_wanted(3, 3);
	server.has = server.last;
	start_fetcher("./begin", &cursor);
	fetcher.from.sequence = 4;
	run_to_end();
	end_fetcher();
	assert_int_equal(told[FETCH_NEWS_ANEW], 1);
	assert_current("./begin");
}

/* The stream is what it was after fewer messages; the lines come again. */
static void set_back(void **state)
{
	struct fetch_cursor cursor;

	(void)state;
	start_server();
	add_wanted(1, 6);
	cursor = fetch_all("./back", &none);
	fetch_all("./lost", &none);
	assert_int_equal(cursor.sequence, 6);
	server.last = 3;
	fetch_all("./back", &cursor);
	assert_int_equal(told[FETCH_NEWS_SET_BACK], 1);
	assert_current("./back");

	/* From 4 on in other messages, and new ones. */
	add_lines(4, 7);
	add_message(8);
	want_line(7);
	want_line(8);
	cursor = fetch_all("./back", &fetcher.cursor);
	assert_int_equal(told[FETCH_NEWS_SET_BACK], 1);
	assert_current("./back");

	/* Without a cursor the directory itself has to notice. */
	fetch_all("./lost", &none);
	assert_current("./lost");

	/* The last message is another one of the same sequence, and of a
	 * server whose clock is late. */
	server.last = 4;
	add_lines(8, 9);
	server.messages[server.last].time = 1000;
	want_line(9);
	fetch_all("./back", &cursor);
	assert_int_equal(told[FETCH_NEWS_SET_BACK], 2);
	assert_current("./back");
}

/* A server that answers from an old state for some seconds has lost nothing. */
static void old_answers(void **state)
{
	struct fetch_cursor cursor;
	struct tain_s deadline;

	(void)state;
	start_server();
	add_wanted(1, 6);
	cursor = fetch_all("./old", &none);
	server.last = 3;
	start_fetcher("./old", &cursor);
	for (unsigned times = 0; times < 3; times++) {
		assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
		assert_int_equal(fetcher.fault.kind, STREAM_FAULT_SET_BACK);
		STAMP = deadline;
	}
	/* Nobody knows what it had while it could not be reached. */
	server.fault = STREAM_FAULT_NO_SERVER;
	assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
	deadline_after(&STAMP, &deadline, STREAM_SET_BACK_SURE);
	assert_int_equal(step_fetcher(&deadline), FETCHER_WAITS);
	assert_int_equal(fetcher.fault.kind, STREAM_FAULT_SET_BACK);
	STAMP = deadline;
	server.last = 6;
	run_to_end();
	end_fetcher();
	assert_int_equal(told[FETCH_NEWS_SET_BACK], 0);
	assert_int_equal(told[FETCH_NEWS_FAULT], 2);
	assert_int_equal(told[FETCH_NEWS_CONNECTED], 1);
	assert_int_equal(fetcher.cursor.epoch, 0);
	assert_current("./old");
}

static void made_anew(void **state)
{
	struct fetch_cursor cursor;

	(void)state;
	start_server();
	add_wanted(1, 4);
	cursor = fetch_all("./anew", &none);
	server.last = 0;
	server.created = 18;
	for (uint64_t i = 1; i <= 6; i++)
		add_message(i);
	want_line(5);
	want_line(6);
	fetch_all("./anew", &cursor);
	assert_int_equal(told[FETCH_NEWS_ANEW], 1);
	assert_current("./anew");
	fetch_all("./anew", &fetcher.cursor);
	assert_int_equal(told[FETCH_NEWS_ANEW], 1);
	assert_current("./anew");
}

static void removed_unread(void **state)
{
	struct fetch_cursor cursor;

	(void)state;
	start_server();
	add_wanted(1, 2);
	cursor = fetch_all("./unread", &none);
	for (uint64_t i = 3; i <= 6; i++)
		add_message(i);
	server.first = 5;
	fetch_all("./unread", &cursor);
	assert_int_equal(told[FETCH_NEWS_REMOVED], 1);
	assert_int_equal(told[FETCH_NEWS_MISSING], 1);
	want_note(2, "lines may be missing: messages 3 to 4 were not stored");
	want_line(5);
	want_line(6);
	assert_current("./unread");
}

static unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

/* Repeats the last messages, as servers that start after a crash do. */
static void repeat_messages(void)
{
	const uint64_t end = server.last, n = 1 + below(3);

	for (uint64_t i = end > n ? end - n + 1 : 2; i <= end; i++)
		server.messages[++server.last] = server.messages[i];
}

/* Something happens to the server, the connection or the process. */
static void do_fault(const char *path, struct fetch_cursor *saved)
{
	switch (below(8)) {
	case 0: server.fault = STREAM_FAULT_DISCONNECTED; break;
	case 1: server.fault = STREAM_FAULT_GAP; break;
	case 2: server.fault = STREAM_FAULT_NO_RESPONDERS; break;
	case 3: *saved = fetcher.cursor; break;
	case 4:
		end_fetcher();
		start_fetcher(path, below(4) ? saved : &none);
		fetcher.once = false;
		break;
	case 5:
		if (server.last > 1 && server.last < MESSAGES - 3)
			repeat_messages();
		break;
	default: server.has += below(4);
	}
	if (server.has > server.last)
		server.has = server.last;
}

static void random_faults(void **state)
{
	struct fetch_cursor saved;
	struct tain_s deadline;
	char path[32];

	(void)state;
	for (unsigned seed = 1; seed <= 60; seed++) {
		srand(seed);
		start_server();
		saved = none;
		snprintf(path, sizeof path, "./random%u", seed);
		start_fetcher(path, &saved);
		fetcher.once = false;
		for (uint64_t i = 1; i <= 40; i++) {
			add_message(i);
			want_line(i);
			do_fault(path, &saved);
			step_fetcher(&deadline);
			if (below(3) == 0)
				deadline_after(&STAMP, &STAMP, 500);
		}
		end_fetcher();
		fetch_all(path, &fetcher.cursor);
		assert_current(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(late_server),
	    cmocka_unit_test(nothing_left),
	    cmocka_unit_test(late_leader),
	    cmocka_unit_test(removed_meanwhile),
	    cmocka_unit_test(fault_of_question),
	    cmocka_unit_test(pauses_grow),
	    cmocka_unit_test(all_is_there),
	    cmocka_unit_test(start_of_a_stream_made_anew),
	    cmocka_unit_test(set_back),
	    cmocka_unit_test(old_answers),
	    cmocka_unit_test(made_anew),
	    cmocka_unit_test(removed_unread),
	    cmocka_unit_test(random_faults),
	};

	tain_now_set_stopwatch_g();
	return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
