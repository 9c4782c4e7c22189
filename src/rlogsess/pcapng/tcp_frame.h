/*
 * The headers of a frame: IPv4 (RFC 791) or IPv6 (RFC 8200), and TCP (RFC
 * 9293), with their checksums.
 */
#ifndef TCP_FRAME_H
#define TCP_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/slice.h"

enum {
	TCP_FRAME_HEADERS = 40 + 20 + 12, /* bytes at most */
	TCP_FRAME_PAYLOAD = 65495,        /* bytes of one frame at most */
};

enum tcp_flag {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_PSH = 8,
	TCP_ACK = 16,
};

/* One end of a connection. */
struct tcp_end {
	unsigned char address[16]; /* of IPv4: the last four bytes */
	uint16_t port;
};

struct tcp_frame {
	const struct tcp_end *from, *to;
	bool v6;
	unsigned int flags; /* of enum tcp_flag; SYN brings options */
	uint16_t id;        /* of IPv4 */
	uint32_t sequence;  /* of the first byte */
	uint32_t next;      /* with TCP_ACK: the byte that is expected */
	struct slice payload;
	size_t missing; /* bytes that follow the payload and are unknown */
};

/*
 * Writes the headers of a frame.  Returns their length.  If bytes are missing,
 * the checksum of TCP is 0.
 */
size_t tcp_frame_headers(unsigned char headers[TCP_FRAME_HEADERS],
			 const struct tcp_frame *frame);

#endif
