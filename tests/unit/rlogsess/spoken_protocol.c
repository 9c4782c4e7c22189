/* The protocol of a session, and the side of its client, by its first lines. */
#include "rlogsess/pcapng/spoken_protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct spoken_protocol protocol;

static void take_bytes(int direction, const char *text)
{
	const struct session_part part = {.kind = PART_BYTES,
					  .direction = direction,
					  .text = {text, strlen(text)}};

	spoken_protocol_take(&protocol, &part);
}

/* The first bytes of a direction tell this port and this side. */
static void expect_protocol(int direction, const char *text, uint16_t port,
			    bool client_out)
{
	memset(&protocol, 0, sizeof protocol);
	take_bytes(direction, text);
	assert_int_equal(protocol.port, port);
	assert_int_equal(protocol.client_out, client_out);
}

static void finds_servers(void **state)
{
	(void)state;
	expect_protocol(DIALOGUE_OUT, "220 mx ESMTP\r\n", 25, false);
	expect_protocol(DIALOGUE_OUT, "250-mx\n", 25, false);
	expect_protocol(DIALOGUE_OUT, "554\r\n", 25, false);
	expect_protocol(DIALOGUE_OUT, "+OK ready\r\n", 110, false);
	expect_protocol(DIALOGUE_OUT, "200 news\r\n", 119, false);
	expect_protocol(DIALOGUE_OUT, "* OK imap\r\n", 143, false);
	expect_protocol(DIALOGUE_OUT, "\"IMPLEMENTATION\" \"x\"\r\n", 4190,
			false);
	expect_protocol(DIALOGUE_IN, "220 mx ESMTP\r\n", 25, true);
	expect_protocol(DIALOGUE_IN, "* PREAUTH x\r\n", 143, true);
}

static void finds_clients(void **state)
{
	(void)state;
	expect_protocol(DIALOGUE_IN, "ehlo x\r\n", 25, false);
	expect_protocol(DIALOGUE_IN, "LHLO x\r\n", 24, false);
	expect_protocol(DIALOGUE_IN, "USER x\r\n", 110, false);
	expect_protocol(DIALOGUE_IN, "a1 LOGIN x y\r\n", 143, false);
	expect_protocol(DIALOGUE_IN, "GROUP x\r\n", 119, false);
	expect_protocol(DIALOGUE_OUT, "EHLO x\r\n", 25, true);
}

static void finds_nothing(void **state)
{
	(void)state;
	expect_protocol(DIALOGUE_OUT, "hello\r\n", 0, false);
	expect_protocol(DIALOGUE_OUT, "22x\r\n", 0, false);
	expect_protocol(DIALOGUE_OUT, "2200\r\n", 0, false);
	expect_protocol(DIALOGUE_OUT, "220 no end", 0, false);
	expect_protocol(DIALOGUE_IN, "\xff\xfe\0\n\n", 0, false);
	expect_protocol(DIALOGUE_IN, "EHLOx\r\n", 0, false);
}

/* Lines come in pieces; later ones count up to a limit, and notes never. */
static void reads_lines(void **state)
{
	const struct session_part note = {.kind = PART_NOTE,
					  .text = {"220 x\n", 6}};

	(void)state;
	expect_protocol(DIALOGUE_IN, "of a message\n\nEHLO x\n", 25, false);
	expect_protocol(DIALOGUE_OUT,
			"1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n4\n5\n6\n"
			"220 x\n",
			0, false);
	memset(&protocol, 0, sizeof protocol);
	spoken_protocol_take(&protocol, &note);
	take_bytes(DIALOGUE_OUT, "+O");
	assert_int_equal(protocol.port, 0);
	take_bytes(DIALOGUE_OUT, "K\r\n");
	assert_int_equal(protocol.port, 110);
	take_bytes(DIALOGUE_IN, "EHLO x\r\n");
	assert_int_equal(protocol.port, 110);
}

static void knows_ports(void **state)
{
	(void)state;
	assert_true(spoken_protocol_has_port(587));
	assert_false(spoken_protocol_has_port(40000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_servers), cmocka_unit_test(finds_clients),
	    cmocka_unit_test(finds_nothing), cmocka_unit_test(reads_lines),
	    cmocka_unit_test(knows_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
