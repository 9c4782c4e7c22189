/*
 * The packets of a clear channel (base/clear_channel.h), as the relay reads
 * them. Any process that has the channel's descriptor may write them, so each
 * is checked, and an invalid one is ignored.
 */
#ifndef CLEAR_PACKET_H
#define CLEAR_PACKET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clear_channel.h"

/* Size of the longest valid packet. */
enum { CLEAR_PACKET_MAX = sizeof(struct clear_head) + CLEAR_DATA_MAX };

struct clear_packet {
	struct clear_head head;
	const char *payload; /* len bytes within the packet */
	size_t len;
};

/* Reads a packet of len bytes, which stay where they are. False: invalid. */
bool clear_packet_read(struct clear_packet *packet, const char *bytes,
		       size_t len);

/*
 * Reads the payload of a CLEAR_CONTENT. Returns false if it is invalid; whether
 * the counts are true nobody can know.
 */
bool clear_packet_content(struct clear_content *content,
			  const struct clear_packet *packet);

/* What a packet of kind CLEAR_HELLO says about the session of TLS. */
struct tls_facts {
	const char *version, *cipher; /* one word each */
	const char *server_name;      /* one word; empty: none was sent */
	const char *client;           /* any text; empty: no certificate */
};

/* Reads the payload of a CLEAR_HELLO. Returns false if it is invalid. */
bool clear_packet_facts(struct tls_facts *facts,
			const struct clear_packet *packet);

#endif
