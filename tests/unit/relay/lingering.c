/*
 * Lingering over a TCP connection whose client this test plays.  The clock is
 * moved by hand.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <skalibs/tai.h>

#include "../needs-linux.h"
#include "relay/lingering.h"

static struct lingering lingering;
static struct endpoint server;
static int client;

static int set_up(void **state)
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
	server = endpoint_shared(accept(listener, NULL, NULL));
	close(listener);
	lingering = (struct lingering){0};
	tain_now_set_stopwatch_g();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(client);
	close(server.fd);
	return 0;
}

/* Asks at the next look. */
static bool over(uint64_t bytes)
{
	STAMP = lingering.look;
	return lingering_over(&lingering, &server, bytes);
}

static void wait_until_delivered(void)
{
	while (!endpoint_is_delivered(&server))
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
	assert_int_equal(write(server.fd, "bye", 3), 3);
	lingering_begin(&lingering, &server, 7);
	wait_until_delivered();
	assert_false(lingering_over(&lingering, &server, 7));
	assert_true(over(7));
	close(server.fd);
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
	while ((n = endpoint_write(&server, answer, sizeof answer)) > 0)
		total += (size_t)n;
	lingering_begin(&lingering, &server, 7);
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
	lingering_begin(&lingering, &server, bytes);
	wait_until_delivered();
	for (int i = 0; i < 100; i++)
		assert_false(over(bytes += LINGERING_LEAST));
	assert_true(over(bytes + LINGERING_LEAST - 1));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_silent_client),
	    TEST(a_slow_client),
	    TEST(a_client_that_sends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
