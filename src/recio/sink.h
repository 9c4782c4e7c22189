/*
 * Where records go: gathers whole lines into writes of at most SINK_WRITE
 * bytes, so that sessions which share a pipe never mix, and counts what is
 * lost when the log fails.  The descriptor's O_NONBLOCK flag is never changed.
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
	bool drop;  /* a log that takes nothing loses records; else we wait */
	bool stuck; /* it took nothing the last time */
	bool torn;  /* the last thing written may be half a line */
	uint64_t lost_records, lost_bytes;
	/* Writes the line that says what was lost; its length. */
	size_t (*say_lost)(void *ctx, char *out, uint64_t records,
			   uint64_t bytes);
	void *ctx;
	size_t len, records, bytes; /* of what is gathered */
	char buf[2 * SINK_WRITE];
};

/* fd -1: a log that always fails.  say_lost gets SINK_WRITE bytes at out. */
void sink_init(struct sink *s, int fd, bool drop);

/* Room for one line of at most SINK_WRITE bytes. */
char *sink_room(struct sink *s);

/*
 * Takes the len bytes that were written there, one line, which stands for
 * bytes of the stream.  Writes what was gathered before if both don't fit into
 * one write.
 */
void sink_add(struct sink *s, size_t len, size_t bytes);

/*
 * Writes what is gathered; what can't be written is lost and counted, all of it
 * also where a full disk took a part.
 */
void sink_flush(struct sink *s);

/*
 * The descriptor on which a stuck log will become writable, when there are
 * losses to tell; otherwise -1.
 */
int sink_waits_for(const struct sink *s);

/* Says what was lost, if anything was; for when that becomes writable. */
void sink_tell(struct sink *s);

/*
 * When records were lost, waits at most so many seconds for the log to take
 * the line that says so.
 */
void sink_end(struct sink *s, unsigned int seconds);

#endif
