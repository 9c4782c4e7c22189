/*
 * The blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), in little-endian
 * order: a section, interfaces of the link type RAW with stamps of nanoseconds,
 * and packets with comments and a direction.
 */
#ifndef PCAPNG_BLOCK_H
#define PCAPNG_BLOCK_H

#include "base/output.h"
#include "rlogsess/slice.h"

enum {
	PCAPNG_COMMENTS = 32768, /* bytes of all comments of a packet */
	PCAPNG_COMMENT = 8192,   /* bytes of one */
};

/* The comments of the next packet.  Zero-initialised has none. */
struct pcapng_comments {
	size_t len;
	uint64_t left_out; /* comments that did not fit */
	char options[PCAPNG_COMMENTS];
};

/*
 * Adds a comment, title and text.  Control bytes, invalid UTF-8 and characters
 * that reorder text are escaped; a comment that is too long is cut.
 */
void pcapng_comments_add(struct pcapng_comments *comments, const char *title,
			 struct slice text);

struct pcapng_packet {
	uint32_t interface; /* by the order of pcapng_block_interface, from 0 */
	int64_t time;       /* nanoseconds since 1970; earlier ones become 0 */
	bool inbound;
	struct slice headers, payload;
	size_t missing; /* bytes that followed, and were not captured */
};

/* Begins a section, which has interfaces of its own. */
void pcapng_block_section(struct output *output, const char *comment,
			  const char *application);

/* Announces an interface of the section.  Its name is escaped as a comment. */
void pcapng_block_interface(struct output *output, const char *name);

/* Writes a packet with its comments, and clears these. */
void pcapng_block_packet(struct output *output,
			 const struct pcapng_packet *packet,
			 struct pcapng_comments *comments);

#endif
