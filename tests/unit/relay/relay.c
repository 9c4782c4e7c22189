/*
 * The relay between two ends that this test holds: order, drops, and that it
 * comes to an end.  How whole sessions go is for the scenarios.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <skalibs/tai.h>

#include "../needs-linux.h"
#include "relay/relay.h"

static struct relay relay;
static char chunk[2][CHANNEL_CHUNK];
static char story[256];
static int client, program;

static void tell(const char *what, enum relay_dir dir, size_t len)
{
	size_t n = strlen(story);

	snprintf(story + n, sizeof story - n, "%s%c%zu ", what,
		 dir == RELAY_IN ? '<' : '>', len);
}

static void data(void *ctx, enum relay_dir dir, const char *buf, size_t len)
{
	(void)ctx;
	(void)buf;
	tell("data", dir, len);
}

static void end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	tell("end", dir, 0);
}

static int set_up(void **state)
{
	int outer[2], inner[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, outer) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, inner) < 0)
		return -1;
	fcntl(inner[1], F_SETFL, O_NONBLOCK);
	client = outer[0];
	program = inner[0];
	memset(&relay, 0, sizeof relay);
	relay.socket = true;
	relay.timeout = 1;
	relay.channel[RELAY_IN].from = endpoint_shared(outer[1]);
	relay.channel[RELAY_IN].to = endpoint_own(inner[1]);
	relay.channel[RELAY_OUT].from = endpoint_own(inner[1]);
	relay.channel[RELAY_OUT].to = endpoint_shared(outer[1]);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		relay.channel[dir].buf = chunk[dir];
	relay.tap = (struct relay_tap){.data = data, .end = end};
	*story = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(client);
	close(program);
	close(relay.channel[RELAY_IN].from.fd);
	close(relay.channel[RELAY_OUT].from.fd);
	return 0;
}

static void both_ways(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(write(client, "hello", 5), 5);
	assert_int_equal(write(program, "hi", 2), 2);
	shutdown(client, SHUT_WR);
	shutdown(program, SHUT_WR);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "data<5 data>2 end<0 end>0 ");
	assert_int_equal(read(program, buf, sizeof buf), 5);
	assert_int_equal(read(program, buf, sizeof buf), 0);
	/* Its end is also that of the process that held the relay. */
	close(relay.channel[RELAY_IN].from.fd);
	assert_int_equal(read(client, buf, sizeof buf), 2);
	assert_int_equal(read(client, buf, sizeof buf), 0);
	assert_int_equal(relay.channel[RELAY_IN].why, CHANNEL_EOF);
	assert_int_equal(relay.channel[RELAY_OUT].why, CHANNEL_EOF);
}

static struct tain_s tick_at;
static int ticks_left;
static size_t slowly_taken;

static const struct tain_s *deadline(void *ctx)
{
	(void)ctx;
	return ticks_left ? &tick_at : NULL;
}

/* After the last one the client ends, so that the relay does. */
static void tick(void *ctx)
{
	(void)ctx;
	tell("tick", RELAY_IN, (size_t)ticks_left);
	assert_false(tain_future(&tick_at));
	tain_addsec_g(&tick_at, 0);
	if (--ticks_left)
		return;
	shutdown(client, SHUT_WR);
	shutdown(program, SHUT_WR);
}

static void tap_ticks_at_its_deadline(void **state)
{
	struct tain_s ms;

	(void)state;
	relay.tap.deadline = deadline;
	relay.tap.tick = tick;
	tain_now_set_stopwatch_g();
	tain_from_millisecs(&ms, 50);
	tain_add_g(&tick_at, &ms);
	ticks_left = 2;
	assert_int_equal(write(client, "hello", 5), 5);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "data<5 tick<2 tick<1 end<0 end>0 ");
}

static void program_goes_first(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(write(program, "bye", 3), 3);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "data>3 end>0 ");
	assert_int_equal(relay.channel[RELAY_IN].why, CHANNEL_GONE);
	assert_int_equal(read(client, buf, sizeof buf), 3);
	/* Others who share the client's socket may go on. */
	assert_int_equal(recv(client, buf, sizeof buf, MSG_DONTWAIT), -1);
	assert_int_equal(errno, EAGAIN);
}

/* The program is gone, the client has sent and takes what comes. */
static void what_nobody_takes_is_counted(void **state)
{
	(void)state;
	close(program);
	assert_int_equal(write(client, "lost", 4), 4);
	shutdown(client, SHUT_WR);
	assert_int_equal(relay_run(&relay), 0);
	assert_int_equal(relay.channel[RELAY_IN].bytes, 4);
	assert_int_equal(relay.channel[RELAY_IN].dropped, 4);
	assert_non_null(strstr(story, "data<4 "));
}

/* Fills the client's side; then the program leaves more, and goes. */
static void a_stalled_client_is_given_up(void **state)
{
	static char buf[100000];

	(void)state;
	fcntl(relay.channel[RELAY_OUT].to.fd, F_SETFL, O_NONBLOCK);
	while (write(relay.channel[RELAY_OUT].to.fd, buf, sizeof buf) > 0)
		;
	assert_true(write(program, buf, sizeof buf) == sizeof buf);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_int_equal(relay.channel[RELAY_OUT].why, CHANNEL_TIMED_OUT);
	assert_int_equal(relay.channel[RELAY_OUT].bytes, sizeof buf);
	assert_int_equal(relay.channel[RELAY_OUT].dropped, sizeof buf);
	assert_int_equal(relay.channel[RELAY_IN].why, CHANNEL_GONE);
}

/* Takes a little of what the program said, and some more in 50 ms. */
static void take_slowly(void *ctx)
{
	static char buf[4000];
	ssize_t n = recv(client, buf, sizeof buf, MSG_DONTWAIT);
	struct tain_s ms;

	(void)ctx;
	slowly_taken += n > 0 ? (size_t)n : 0;
	tain_from_millisecs(&ms, 50);
	tain_add_g(&tick_at, &ms);
}

/* It needs longer than the timeout for all, but never for any of it. */
static void a_slow_client_is_not_given_up(void **state)
{
	static char said[100000];
	int small = 4096;
	ssize_t n;

	(void)state;
	setsockopt(relay.channel[RELAY_OUT].to.fd, SOL_SOCKET, SO_SNDBUF,
		   &small, sizeof small);
	relay.tap.deadline = deadline;
	relay.tap.tick = take_slowly;
	tain_now_set_stopwatch_g();
	tain_copynow(&tick_at);
	ticks_left = 1;
	slowly_taken = 0;
	assert_true(write(program, said, sizeof said) == sizeof said);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_int_equal(relay.channel[RELAY_OUT].why, CHANNEL_EOF);
	while ((n = recv(client, said, sizeof said, MSG_DONTWAIT)) > 0)
		slowly_taken += (size_t)n;
	assert_int_equal(slowly_taken, sizeof said);
}

static void tick_soon(void)
{
	struct tain_s ms;

	tain_from_millisecs(&ms, 50);
	tain_add_g(&tick_at, &ms);
	ticks_left = 1;
}

/* The program goes with this in its socket, unread; the client, much later. */
static void program_leaves(void *ctx, enum relay_dir dir, const char *buf,
			   size_t len)
{
	data(ctx, dir, buf, len);
	if (dir != RELAY_IN)
		return;
	tick_soon();
	assert_int_equal(write(program, "bye", 3), 3);
	close(program);
}

/* The client says something when the program has gone, and ends much later. */
static void client_goes_on(void *ctx, enum relay_dir dir)
{
	end(ctx, dir);
	if (dir != RELAY_OUT)
		return;
	tick_soon();
	assert_int_equal(write(client, "late", 4), 4);
}

/*
 * The client was still sending: if we went first, its socket would be reset,
 * and it might never read what the program has said.
 */
static void the_client_goes_first(void)
{
	char buf[8];

	relay.tap.deadline = deadline;
	relay.tap.tick = tick;
	assert_int_equal(relay_run(&relay), 0);
	assert_int_equal(relay.channel[RELAY_IN].why, CHANNEL_EOF);
	assert_int_equal(read(client, buf, sizeof buf), 3);
	assert_int_equal(read(client, buf, sizeof buf), 0);
}

static void input_is_left_unread(void **state)
{
	(void)state;
	relay.tap.data = program_leaves;
	assert_int_equal(write(client, "unread", 6), 6);
	the_client_goes_first();
}

static void input_comes_too_late(void **state)
{
	(void)state;
	relay.tap.end = client_goes_on;
	assert_int_equal(write(program, "bye", 3), 3);
	close(program);
	the_client_goes_first();
	assert_int_equal(relay.channel[RELAY_IN].dropped, 4);
}

/* It has read its answer, has sent more, and stays for nothing. */
static void a_client_that_stays(void **state)
{
	char buf[8];

	(void)state;
	NEEDS_LINUX("no system tells what a client has");
	relay.timeout = 60;
	assert_int_equal(write(client, "unread", 6), 6);
	assert_int_equal(write(client, "more", 4), 4);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_int_equal(relay.channel[RELAY_IN].why, CHANNEL_GONE);
	assert_int_equal(relay.channel[RELAY_IN].dropped, 10);
	assert_int_equal(read(client, buf, sizeof buf), 0);
}

/* The last words of the program are shown, though nobody hears them. */
static void a_client_that_is_gone(void **state)
{
	char buf[8];

	(void)state;
	assert_int_equal(write(program, "first", 5), 5);
	close(client);
	assert_int_equal(relay_run(&relay), 0);
	assert_non_null(strstr(story, "data>5 "));
	assert_int_equal(relay.channel[RELAY_OUT].dropped, 5);
	assert_int_equal(write(program, "x", 1), -1);
	assert_int_equal(read(program, buf, sizeof buf), 0);
}

/* A guard that holds the client until the program has said 2 bytes. */
static enum relay_hold hold_client(void *ctx, enum relay_dir dir, bool arrived)
{
	(void)ctx;
	(void)arrived;
	return dir == RELAY_IN && relay.channel[RELAY_OUT].bytes < 2
		   ? RELAY_HOLDS
		   : RELAY_READS;
}

static void guard_end(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	tell("guarded", dir, 0);
}

static void a_client_is_held(void **state)
{
	(void)state;
	relay.guard =
	    (struct relay_guard){.holds = hold_client, .end = guard_end};
	assert_int_equal(write(client, "hello", 5), 5);
	assert_int_equal(write(program, "hi", 2), 2);
	shutdown(client, SHUT_WR);
	shutdown(program, SHUT_WR);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "data>2 data<5 guarded>0 guarded<0 ");
}

static enum relay_hold leave_client(void *ctx, enum relay_dir dir, bool arrived)
{
	(void)ctx;
	(void)arrived;
	return dir == RELAY_IN ? RELAY_LEAVES : RELAY_READS;
}

/* The bytes stay for another process, and the relay does not wait for it. */
static void a_client_is_left(void **state)
{
	char buf[8];

	(void)state;
	relay.guard.holds = leave_client;
	assert_int_equal(write(client, "hello", 5), 5);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "end>0 ");
	assert_int_equal(relay.channel[RELAY_IN].bytes, 0);
	assert_int_equal(read(relay.channel[RELAY_IN].from.fd, buf, sizeof buf),
			 5);
}

static struct relay beside[2];
static char beside_chunk[2][2][CHANNEL_CHUNK];

static void begin_beside(void *ctx, enum relay_dir dir)
{
	(void)ctx;
	tell("begin", dir, 0);
	beside[0].phase = RELAY_RUNS;
}

/*
 * A second relay begins when the program has ended, and the loop goes on for
 * it, but not for the third, which is aside.
 */
static void relays_of_one_loop(void **state)
{
	int ends[2][2][2];
	char buf[8];

	(void)state;
	for (int i = 0; i < 2; i++) {
		for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
			assert_int_equal(
			    socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i][dir]),
			    0);
			beside[i].channel[dir].buf = beside_chunk[i][dir];
		}
		beside[i].channel[RELAY_IN].from =
		    endpoint_shared(ends[i][0][1]);
		beside[i].channel[RELAY_IN].to = endpoint_own(ends[i][1][1]);
		beside[i].channel[RELAY_OUT].from = endpoint_own(ends[i][1][1]);
		beside[i].channel[RELAY_OUT].to =
		    endpoint_shared(ends[i][0][1]);
		beside[i].socket = true;
		beside[i].tap = relay.tap;
	}
	beside[0].phase = RELAY_WAITS;
	beside[1].aside = true;
	relay.next = &beside[0];
	beside[0].next = &beside[1];
	relay.guard.end = begin_beside;
	assert_int_equal(write(ends[0][0][0], "four", 4), 4);
	shutdown(ends[0][0][0], SHUT_WR);
	assert_int_equal(write(ends[0][1][0], "x", 1), 1);
	shutdown(ends[0][1][0], SHUT_WR);
	assert_int_equal(write(program, "hi", 2), 2);
	close(program);
	assert_int_equal(relay_run(&relay), 0);
	assert_string_equal(story, "data>2 begin>0 "
				   "data<4 data>1 end<0 end>0 ");
	assert_int_equal(read(ends[0][1][0], buf, sizeof buf), 4);
	assert_int_equal(beside[0].phase, RELAY_OVER);
	assert_int_equal(beside[1].phase, RELAY_RUNS);
	for (int i = 0; i < 8; i++)
		close((&ends[0][0][0])[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(both_ways),
	    TEST(tap_ticks_at_its_deadline),
	    TEST(program_goes_first),
	    TEST(what_nobody_takes_is_counted),
	    TEST(a_stalled_client_is_given_up),
	    TEST(a_slow_client_is_not_given_up),
	    TEST(input_is_left_unread),
	    TEST(input_comes_too_late),
	    TEST(a_client_that_stays),
	    TEST(a_client_that_is_gone),
	    TEST(a_client_is_held),
	    TEST(a_client_is_left),
	    TEST(relays_of_one_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
