/*
 * Writes records to the log: gathers whole lines into writes of at most
 * SINK_WRITE bytes, so that sessions which share a pipe never mix, and counts
 * the records that are lost when the log fails. The descriptor's O_NONBLOCK
 * flag is never changed.
 */
#ifndef SINK_H
#define SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/endpoint.h"

enum { SINK_WRITE = 4096 }; /* PIPE_BUF on Linux */

struct sink {
	struct endpoint log;
	bool drop;  /* lose records rather than wait for the log */
	bool stuck; /* it took nothing the last time */
	bool torn;  /* the last thing written may be half a line */
	uint64_t lost_records, lost_bytes;
	/* Formats the line about lost records. Returns its length. */
	size_t (*say_lost)(void *ctx, char *out, uint64_t records,
			   uint64_t bytes);
	void *ctx;
	size_t len, records, bytes; /* that are gathered */
	char buf[2 * SINK_WRITE];
};

/* fd -1: a log that always fails.  say_lost gets SINK_WRITE bytes at out. */
void sink_init(struct sink *sink, int fd, bool drop);

/* Returns room for one line of at most SINK_WRITE bytes. */
char *sink_room(struct sink *sink);

/*
 * Takes a line of len bytes in sink_room, the record of bytes of the stream.
 * Writes the lines before it if both do not fit into one write.
 */
void sink_add(struct sink *sink, size_t len, size_t bytes);

/*
 * Writes the gathered lines. Lines that cannot be written are lost and counted,
 * all of them even if a full disk took a part.
 */
void sink_flush(struct sink *sink);

/*
 * Returns the descriptor of a stuck log that still misses the line about lost
 * records, or -1.
 */
int sink_waits_for(const struct sink *sink);

/* That descriptor became writable: writes the line about lost records. */
void sink_tell(struct sink *sink);

/* Waits at most this number of seconds to write the line about lost records. */
void sink_end(struct sink *sink, unsigned int seconds);

#endif
