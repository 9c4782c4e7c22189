/* Headers of IP and TCP against bytes and checksums worked out by hand. */
#include "rlogsess/pcapng/tcp_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct tcp_end client = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 7}, 40312};
static const struct tcp_end server = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 25}, 25};

static void writes_syn(void **state)
{
	const struct tcp_frame frame = {.from = &client,
					.to = &server,
					.flags = TCP_SYN,
					.sequence = 0x11223344,
					.payload = {"", 0}};
	unsigned char got[TCP_FRAME_HEADERS];

	(void)state;
	assert_int_equal(tcp_frame_headers(got, &frame), 52);
	assert_memory_equal(got,
			    "\x45\0\0\x34\0\0\x40\0\x40\x06\x3c\xa3"
			    "\xc0\0\x02\x07\xcb\0\x71\x19"
			    "\x9d\x78\0\x19\x11\x22\x33\x44\0\0\0\0"
			    "\x80\x02\xff\xff\x88\xdc\0\0"
			    "\x02\x04\xff\xd7\x04\x02\x03\x03\x0e\0\0\0",
			    52);
}

static void writes_data(void **state)
{
	static const char text[] = "220 responder.example.org ESMTP\r\n";
	const struct tcp_frame frame = {.from = &server,
					.to = &client,
					.flags = TCP_PSH | TCP_ACK,
					.id = 1,
					.sequence = 0x55667789,
					.next = 0x11223345,
					.payload = {text, sizeof text - 1}};
	unsigned char got[TCP_FRAME_HEADERS];

	(void)state;
	assert_int_equal(tcp_frame_headers(got, &frame), 40);
	assert_memory_equal(got,
			    "\x45\0\0\x49\0\x01\x40\0\x40\x06\x3c\x8d"
			    "\xcb\0\x71\x19\xc0\0\x02\x07"
			    "\0\x19\x9d\x78\x55\x66\x77\x89\x11\x22\x33\x45"
			    "\x50\x18\xff\xff\x14\xaf\0\0",
			    40);
}

/* Without TCP_ACK nothing is acknowledged; without all bytes nothing summed. */
static void writes_missing_bytes(void **state)
{
	const struct tcp_frame frame = {.from = &client,
					.to = &server,
					.flags = TCP_RST,
					.sequence = 1,
					.next = 7,
					.payload = {"", 0},
					.missing = TCP_FRAME_PAYLOAD};
	unsigned char got[TCP_FRAME_HEADERS];

	(void)state;
	assert_int_equal(tcp_frame_headers(got, &frame), 40);
	assert_memory_equal(got + 2, "\xff\xff", 2);
	assert_memory_equal(got + 28, "\0\0\0\0\x50\x04\xff\xff\0\0\0\0", 12);
}

static void writes_ipv6(void **state)
{
	const struct tcp_end from = {
	    {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}, 4000};
	const struct tcp_end to = {
	    {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x25}, 25};
	const struct tcp_frame frame = {.from = &from,
					.to = &to,
					.v6 = true,
					.flags = TCP_FIN | TCP_ACK,
					.sequence = 0x10,
					.next = 0x20,
					.payload = {"a", 1}};
	/* Addresses, protocol, length, ports, numbers, flags, window, "a". */
	const uint32_t sum = 2 * (0x2001 + 0x0db8) + 7 + 0x25 + 6 + 0x15 +
			     0xfa0 + 0x19 + 0x10 + 0x20 + 0x5011 + 0xffff +
			     0x6100;
	const uint32_t folded = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	unsigned char got[TCP_FRAME_HEADERS];

	(void)state;
	assert_int_equal(tcp_frame_headers(got, &frame), 60);
	assert_memory_equal(got, "\x60\0\0\0\0\x15\x06\x40", 8);
	assert_memory_equal(got + 8, from.address, 16);
	assert_memory_equal(got + 24, to.address, 16);
	assert_memory_equal(got + 40,
			    "\x0f\xa0\0\x19\0\0\0\x10\0\0\0\x20\x50\x11\xff"
			    "\xff",
			    16);
	assert_int_equal(got[56] << 8 | got[57], folded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_syn),
	    cmocka_unit_test(writes_data),
	    cmocka_unit_test(writes_missing_bytes),
	    cmocka_unit_test(writes_ipv6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
