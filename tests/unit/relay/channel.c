/*
 * One direction between two pipes that this test holds: what it takes, gives,
 * holds and counts, copied and unseen.  Pipes hold 4096 bytes, so that they are
 * soon full.  The last tests let it linger over a connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <skalibs/tai.h>

#include "../needs-linux.h"
#include "relay/channel.h"

enum { SMALL = 4096 };

static struct channel c;
static char chunk[CHANNEL_CHUNK];
static int source, receiver;

static int set_up(void **state)
{
	int in[2], out[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	if (pipe2(in, O_NONBLOCK) < 0 || pipe2(out, O_NONBLOCK) < 0)
		return -1;
	fcntl(out[1], F_SETPIPE_SZ, SMALL);
	c = (struct channel){.from = endpoint_own(in[0]),
			     .to = endpoint_own(out[1]),
			     .buf = chunk};
	source = in[1];
	receiver = out[0];
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	splice_pipe_close(&c.splice_pipe);
	close(source);
	close(receiver);
	close(c.from.fd);
	close(c.to.fd);
	return 0;
}

static void say(const char *text)
{
	assert_int_equal(write(source, text, strlen(text)), strlen(text));
}

static void heard(const char *text)
{
	char got[64];
	ssize_t n = read(receiver, got, sizeof got - 1);

	assert_true(n >= 0);
	got[n] = 0;
	assert_string_equal(got, text);
}

static void copies(void **state)
{
	(void)state;
	say("hello");
	assert_false(channel_holds(&c));
	assert_int_equal(channel_take(&c, false), 5);
	assert_false(channel_hides(&c));
	assert_memory_equal(chunk, "hello", 5);
	assert_true(channel_holds(&c));
	assert_int_equal(channel_give(&c), 5);
	assert_false(channel_holds(&c));
	heard("hello");
	assert_int_equal(channel_take(&c, false), -1);
	assert_int_equal(errno, EAGAIN);
	close(source);
	assert_int_equal(channel_take(&c, false), 0);
	assert_int_equal(c.bytes, 5);
	assert_int_equal(c.dropped, 0);
}

static void moves_unseen(void **state)
{
	(void)state;
	NEEDS_LINUX("there is no splice");
	memset(chunk, '-', sizeof chunk);
	say("hello");
	assert_int_equal(channel_take(&c, true), 5);
	assert_true(channel_hides(&c));
	assert_true(channel_holds(&c));
	assert_int_equal(chunk[0], '-');
	assert_int_equal(channel_give(&c), 5);
	heard("hello");
	assert_false(channel_holds(&c));
	/* It goes on so, also if not asked again. */
	say("again");
	assert_int_equal(channel_take(&c, false), 5);
	assert_true(channel_hides(&c));
	assert_int_equal(channel_give(&c), 5);
	heard("again");
	assert_int_equal(c.bytes, 10);
	close(source);
	assert_int_equal(channel_take(&c, true), 0);
}

/* A system that can't is not asked twice; its descriptors may be the reason. */
static void copies_what_can_not_be_moved(void **state)
{
	(void)state;
	c.to.kind = ENDPOINT_OTHER;
	say("hello");
	assert_int_equal(channel_take(&c, true), 5);
	assert_false(channel_hides(&c));
	assert_memory_equal(chunk, "hello", 5);
	assert_int_equal(channel_give(&c), 5);
	heard("hello");
	assert_true(c.copies);
}

/* A file opened to append can be spliced from somewhere, but not to it. */
static void copies_from_the_middle_on(void **state)
{
	char name[] = "/tmp/recio-channel.XXXXXX", got[8];
	int file = mkstemp(name), append = open(name, O_WRONLY | O_APPEND);

	(void)state;
	NEEDS_LINUX("there is no splice");
	unlink(name);
	assert_true(append >= 0);
	dup2(append, c.to.fd);
	close(append);
	c.to = endpoint_shared(c.to.fd);
	say("hello");
	assert_int_equal(channel_take(&c, true), 5);
	assert_true(channel_hides(&c));
	assert_int_equal(channel_give(&c), 5);
	assert_false(channel_hides(&c));
	assert_false(channel_holds(&c));
	assert_int_equal(pread(file, got, sizeof got, 0), 5);
	assert_memory_equal(got, "hello", 5);
	say("more");
	assert_int_equal(channel_take(&c, true), 4);
	assert_false(channel_hides(&c));
	close(file);
}

static void fill(bool blind)
{
	static char much[2 * SMALL];

	assert_int_equal(write(source, much, sizeof much), sizeof much);
	assert_int_equal(channel_take(&c, blind), sizeof much);
	assert_true(channel_give(&c) > 0);
	assert_true(channel_holds(&c));
	assert_int_equal(channel_give(&c), -1);
	assert_int_equal(errno, EAGAIN);
}

static void drops(bool blind)
{
	uint64_t taken = 0;
	char got[SMALL];
	ssize_t n;

	fill(blind);
	channel_drop(&c);
	assert_false(channel_holds(&c));
	while ((n = read(receiver, got, sizeof got)) > 0)
		taken += (uint64_t)n;
	assert_int_equal(c.bytes, 2 * SMALL);
	assert_int_equal(c.dropped, c.bytes - taken);
	/* After that nobody is asked to move anything. */
	say("x");
	assert_int_equal(channel_take(&c, blind), 1);
	assert_false(channel_hides(&c));
	channel_drop(&c);
	assert_int_equal(c.dropped, c.bytes - taken);
}

static void drops_what_it_copied(void **state)
{
	(void)state;
	drops(false);
}

static void drops_what_is_unseen(void **state)
{
	(void)state;
	drops(true);
}

static void a_receiver_that_is_gone(void **state)
{
	(void)state;
	close(receiver);
	say("x");
	assert_int_equal(channel_take(&c, true), 1);
	assert_int_equal(channel_give(&c), -1);
	assert_int_equal(errno, EPIPE);
	assert_true(channel_holds(&c));
}

/*
 * Lingering over a TCP connection whose client this test plays.  The clock is
 * moved by hand.
 */
static struct channel server; /* its source is a connection */
static int client;

static int connect_client(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr = {htonl(INADDR_LOOPBACK)}};
	struct sockaddr *any = (struct sockaddr *)&address;
	socklen_t len = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), small = 4096;

	(void)state;
	client = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	if (bind(listener, any, len) < 0 || listen(listener, 1) < 0 ||
	    getsockname(listener, any, &len) < 0 ||
	    connect(client, any, len) < 0)
		return -1;
	server = (struct channel){
	    .from = endpoint_shared(accept(listener, NULL, NULL))};
	close(listener);
	tain_now_set_stopwatch_g();
	return 0;
}

static int disconnect_client(void **state)
{
	(void)state;
	close(client);
	close(server.from.fd);
	return 0;
}

/* Asks at the next look. */
static bool over(uint64_t bytes)
{
	STAMP = server.lingering.look;
	server.bytes = bytes;
	return channel_may_close(&server);
}

static void wait_until_delivered(void)
{
	while (!endpoint_is_delivered(&server.from))
		poll(NULL, 0, 1);
}

static size_t read_all(void)
{
	static char buf[65536];
	size_t total = 0;
	ssize_t n;

	while ((n = read(client, buf, sizeof buf)) > 0)
		total += (size_t)n;
	assert_int_equal(n, 0);
	return total;
}

/* The client has its answer and its end, reads neither and stays. */
static void a_silent_client(void **state)
{
	(void)state;
	NEEDS_LINUX("no system tells what a client has");
	assert_int_equal(write(server.from.fd, "bye", 3), 3);
	server.bytes = 7;
	channel_linger(&server);
	wait_until_delivered();
	assert_false(channel_may_close(&server));
	assert_true(over(7));
	close(server.from.fd);
	assert_int_equal(read_all(), 3);
}

/* Nothing ends it as long as the client's system does not take all. */
static void a_slow_client(void **state)
{
	static char answer[65536];
	size_t total = 0;
	ssize_t n;

	(void)state;
	NEEDS_LINUX("no system tells what a client has");
	while ((n = endpoint_write(&server.from, answer, sizeof answer)) > 0)
		total += (size_t)n;
	server.bytes = 7;
	channel_linger(&server);
	for (int i = 0; i < 100; i++)
		assert_false(over(7));
	assert_int_equal(read_all(), total);
	wait_until_delivered();
	assert_true(over(7));
}

static void a_client_that_sends(void **state)
{
	uint64_t bytes = 7;

	(void)state;
	NEEDS_LINUX("no system tells what a client has");
	server.bytes = bytes;
	channel_linger(&server);
	wait_until_delivered();
	for (int i = 0; i < 100; i++)
		assert_false(over(bytes += CHANNEL_SENDS));
	assert_true(over(bytes + CHANNEL_SENDS - 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define LINGER_TEST(name) \
	cmocka_unit_test_setup_teardown(name, connect_client, disconnect_client)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(copies),
	    TEST(moves_unseen),
	    TEST(copies_what_can_not_be_moved),
	    TEST(copies_from_the_middle_on),
	    TEST(drops_what_it_copied),
	    TEST(drops_what_is_unseen),
	    TEST(a_receiver_that_is_gone),
	    LINGER_TEST(a_silent_client),
	    LINGER_TEST(a_slow_client),
	    LINGER_TEST(a_client_that_sends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
