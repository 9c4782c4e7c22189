/*
 * Headers of frames.  Invariant: payload and missing bytes are at most
 * TCP_FRAME_PAYLOAD together, the most that IPv4 takes beside 40 bytes of
 * headers.  The SYN announces a window of 1 GiB, so that no one-sided transfer
 * needs acknowledgements in between.
 * Tested by tests/unit/rlogsess/tcp_frame.c.
 */
#include "rlogsess/pcapng/tcp_frame.h"

#include <string.h>

enum {
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	TCP_HEADER = 20,
	PROTOCOL_TCP = 6,
	HOPS = 64,
	WINDOW = 65535,
};

/* MSS 65495, SACK permitted, window scale 14, and the end of options. */
static const unsigned char syn_options[] = {2, 4, 0xff, 0xd7, 4, 2,
					    3, 3, 14,   0,    0, 0};

static void put_big16(unsigned char *to, size_t n)
{
	to[0] = (unsigned char)(n >> 8 & 255);
	to[1] = (unsigned char)(n & 255);
}

static void put_big32(unsigned char *to, uint32_t n)
{
	put_big16(to, n >> 16);
	put_big16(to + 2, n & 65535);
}

/* Adds bytes to a sum of words of 16 bits (RFC 1071). */
static uint64_t sum_words(uint64_t sum, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint64_t)bytes[i] << 8 | bytes[i + 1];
	if (len % 2)
		sum += (uint64_t)bytes[len - 1] << 8;
	return sum;
}

static size_t fold_sum(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 65535) + (sum >> 16);
	return ~sum & 65535;
}

/* Writes the header of a packet with len bytes after it. */
static size_t put_ipv4(unsigned char *ip, const struct tcp_frame *frame,
		       size_t len)
{
	memset(ip, 0, IPV4_HEADER);
	ip[0] = 0x45; /* version 4, five words */
	put_big16(ip + 2, IPV4_HEADER + len);
	put_big16(ip + 4, frame->id);
	ip[6] = 0x40; /* don't fragment */
	ip[8] = HOPS;
	ip[9] = PROTOCOL_TCP;
	memcpy(ip + 12, frame->from->address + 12, 4);
	memcpy(ip + 16, frame->to->address + 12, 4);
	put_big16(ip + 10, fold_sum(sum_words(0, ip, IPV4_HEADER)));
	return IPV4_HEADER;
}

static size_t put_ipv6(unsigned char *ip, const struct tcp_frame *frame,
		       size_t len)
{
	memset(ip, 0, IPV6_HEADER);
	ip[0] = 0x60; /* version 6 */
	put_big16(ip + 4, len);
	ip[6] = PROTOCOL_TCP;
	ip[7] = HOPS;
	memcpy(ip + 8, frame->from->address, 16);
	memcpy(ip + 24, frame->to->address, 16);
	return IPV6_HEADER;
}

/* The checksum of TCP: over addresses, protocol, length, header and payload. */
static size_t sum_tcp(const struct tcp_frame *frame, const unsigned char *tcp,
		      size_t header)
{
	size_t skip = frame->v6 ? 0 : 12;
	uint64_t sum = PROTOCOL_TCP + header + frame->payload.len;

	sum = sum_words(sum, frame->from->address + skip, 16 - skip);
	sum = sum_words(sum, frame->to->address + skip, 16 - skip);
	sum = sum_words(sum, tcp, header);
	sum = sum_words(sum, (const unsigned char *)frame->payload.at,
			frame->payload.len);
	return fold_sum(sum);
}

static void put_tcp(unsigned char *tcp, const struct tcp_frame *frame,
		    size_t header)
{
	memset(tcp, 0, TCP_HEADER);
	put_big16(tcp, frame->from->port);
	put_big16(tcp + 2, frame->to->port);
	put_big32(tcp + 4, frame->sequence);
	if (frame->flags & TCP_ACK)
		put_big32(tcp + 8, frame->next);
	tcp[12] = (unsigned char)(header / 4 << 4);
	tcp[13] = (unsigned char)frame->flags;
	put_big16(tcp + 14, WINDOW);
	if (header > TCP_HEADER)
		memcpy(tcp + TCP_HEADER, syn_options, sizeof syn_options);
	if (!frame->missing)
		put_big16(tcp + 16, sum_tcp(frame, tcp, header));
}

size_t tcp_frame_headers(unsigned char headers[TCP_FRAME_HEADERS],
			 const struct tcp_frame *frame)
{
	size_t header =
	    TCP_HEADER + (frame->flags & TCP_SYN ? sizeof syn_options : 0);
	size_t len = header + frame->payload.len + frame->missing, ip;

	ip = frame->v6 ? put_ipv6(headers, frame, len)
		       : put_ipv4(headers, frame, len);
	put_tcp(headers + ip, frame, header);
	return ip + header;
}
