/* The ends of a session: addresses in all forms, and stand-ins. */
#include "rlogsess/pcapng/session_ends.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

static struct session session;
static struct spoken_protocol protocol;

/* Writes "ADDRESS PORT" of one end. */
static void show_end(char *text, size_t size, const struct session_ends *ends,
		     int end)
{
	char address[INET6_ADDRSTRLEN];
	const unsigned char *bytes = ends->end[end].address;

	if (ends->v6)
		inet_ntop(AF_INET6, bytes, address, sizeof address);
	else
		inet_ntop(AF_INET, bytes + 12, address, sizeof address);
	snprintf(text, size, "%s %u", address, ends->end[end].port);
}

/* The ends of a session, and the names of stand-ins. */
static void expect_ends(const char *in, const char *out, const char *made_up)
{
	struct session_ends ends;
	char text[64];

	session_ends_find(&ends, &session, &protocol);
	show_end(text, sizeof text, &ends, DIALOGUE_IN);
	assert_string_equal(text, in);
	show_end(text, sizeof text, &ends, DIALOGUE_OUT);
	assert_string_equal(text, out);
	assert_string_equal(ends.made_up, made_up);
}

static void set_names(const char *peer, const char *port, const char *local)
{
	snprintf(session.peer, sizeof session.peer, "%s", peer);
	snprintf(session.port, sizeof session.port, "%s", port);
	snprintf(session.local, sizeof session.local, "%s", local);
}

static int clear_session(void **state)
{
	(void)state;
	memset(&session, 0, sizeof session);
	memset(&protocol, 0, sizeof protocol);
	session.group.number = 7;
	return 0;
}

static void reads_local_addresses(void **state)
{
	(void)state;
	set_names("192.0.2.7", "4000", "mx:192.0.2.25:587");
	expect_ends("192.0.2.7 4000", "192.0.2.25 587", "");
	set_names("192.0.2.7", "4000", ":192.0.2.25:587");
	expect_ends("192.0.2.7 4000", "192.0.2.25 587", "");
	set_names("192.0.2.7", "4000", "192.0.2.25:587");
	expect_ends("192.0.2.7 4000", "192.0.2.25 587", "");
	set_names("192.0.2.7", "4000", "mx:192.0.2.25");
	expect_ends("192.0.2.7 4000", "192.0.2.25 1022", "the server's port");
	set_names("2001:db8::7", "4000", "mx:2001:db8::25:25");
	expect_ends("2001:db8::7 4000", "2001:db8::25 25", "");
	set_names("2001:db8::7", "4000", "[2001:db8::25]:25");
	expect_ends("2001:db8::7 4000", "2001:db8::25 25", "");
	set_names("fe80::1%eth0", "4000", "[fe80::2%eth0]:25");
	expect_ends("fe80::1 4000", "fe80::2 25", "");
}

static void maps_ipv4(void **state)
{
	(void)state;
	set_names("::ffff:192.0.2.7", "4000", "mx:::ffff:192.0.2.25:25");
	expect_ends("192.0.2.7 4000", "192.0.2.25 25", "");
	set_names("192.0.2.7", "4000", "mx:2001:db8::25:25");
	expect_ends("::ffff:192.0.2.7 4000", "2001:db8::25 25", "");
}

static void makes_up_the_rest(void **state)
{
	(void)state;
	expect_ends("0.0.0.0 1031", "0.0.0.0 1022",
		    "the client's address, the server's address, the server's "
		    "port, the client's port");
	protocol.port = 143;
	set_names("2001:db8::7", "", "a/socket");
	expect_ends("2001:db8::7 1031", ":: 143",
		    "the server's address, the server's port, the client's "
		    "port");
	set_names("unknown", "99999", "[2001:db8::25]:25");
	expect_ends(":: 1031", "2001:db8::25 25",
		    "the client's address, the client's port");
	set_names("192.0.2.7", "0", "mx:192.0.2.25:0");
	expect_ends("192.0.2.7 1031", "192.0.2.25 143",
		    "the server's port, the client's port");
}

/* Ends with the same stand-in for an address have other ports. */
static void makes_up_two_ports(void **state)
{
	(void)state;
	protocol.port = 4190;
	session.group.number = 4190 - 1024;
	expect_ends("0.0.0.0 4189", "0.0.0.0 4190",
		    "the client's address, the server's address, the server's "
		    "port, the client's port");
	session.group.number = UINT64_MAX;
	set_names("192.0.2.7", "", "mx:192.0.2.25:25");
	expect_ends("192.0.2.7 2047", "192.0.2.25 25", "the client's port");
}

/* By the lines, or else by the ports. */
static void finds_the_client(void **state)
{
	(void)state;
	set_names("192.0.2.7", "25", "192.0.2.25");
	expect_ends("192.0.2.7 25", "192.0.2.25 1031", "the client's port");
	protocol.port = 25;
	expect_ends("192.0.2.7 25", "192.0.2.25 25", "the server's port");
	protocol.client_out = true;
	set_names("192.0.2.7", "", "192.0.2.25");
	expect_ends("192.0.2.7 25", "192.0.2.25 1031",
		    "the server's port, the client's port");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(reads_local_addresses, clear_session),
	    cmocka_unit_test_setup(maps_ipv4, clear_session),
	    cmocka_unit_test_setup(makes_up_the_rest, clear_session),
	    cmocka_unit_test_setup(makes_up_two_ports, clear_session),
	    cmocka_unit_test_setup(finds_the_client, clear_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
