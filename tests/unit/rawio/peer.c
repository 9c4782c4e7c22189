/* The client's address: where it is looked for, and that it is safe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "rawio/peer.h"

static int set_up(void **state)
{
	(void)state;
	unsetenv("PROTO");
	unsetenv("TCPREMOTEIP");
	unsetenv("IP");
	return 0;
}

static void from_the_environment(void **state)
{
	char text[PEER_MAX];

	(void)state;
	assert_false(peer_address(text, -1));
	setenv("IP", "192.0.2.9", 1);
	assert_true(peer_address(text, -1));
	assert_string_equal(text, "192.0.2.9");
	setenv("PROTO", "TCP", 1);
	setenv("TCPREMOTEIP", "2001:db8::1", 1);
	assert_true(peer_address(text, -1));
	assert_string_equal(text, "2001:db8::1");
	/* No name of a variable is that long. */
	setenv("PROTO",
	       "012345678901234567890123456789012345678901234567890"
	       "123456789",
	       1);
	assert_true(peer_address(text, -1));
	assert_string_equal(text, "192.0.2.9");
	setenv("IP", "", 1);
	assert_false(peer_address(text, -1));
}

static void is_safe(void **state)
{
	char text[PEER_MAX], *slash;

	(void)state;
	setenv("IP", "../../x y\n", 1);
	assert_true(peer_address(text, -1));
	assert_string_equal(text, "_._.._x_y_");
	setenv("IP", "fe80::1%eth0", 1);
	assert_true(peer_address(text, -1));
	assert_string_equal(text, "fe80::1_eth0");
	setenv("IP",
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	       1);
	assert_true(peer_address(text, -1));
	assert_int_equal(strlen(text), PEER_MAX - 1);
	slash = strchr(text, '/');
	assert_null(slash);
}

static void from_the_socket(void **state)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
				 .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof sa;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0), pair[2];
	char text[PEER_MAX];

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&sa, len), 0);
	assert_int_equal(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&sa, &len);
	assert_int_equal(connect(client, (struct sockaddr *)&sa, len), 0);
	assert_true(peer_address(text, client));
	assert_string_equal(text, "127.0.0.1");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_false(peer_address(text, pair[0]));
	close(pair[0]);
	close(pair[1]);
	close(client);
	close(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(from_the_environment, set_up),
	    cmocka_unit_test_setup(is_safe, set_up),
	    cmocka_unit_test_setup(from_the_socket, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
