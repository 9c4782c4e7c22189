/* The receiver of a session's record, in order. */
#ifndef REDACTOR_OUT_H
#define REDACTOR_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/message_counter.h"
#include "relay/relay.h"

struct redactor_out {
	void *ctx;
	/* Bytes to record; offset: of the first, in its direction. */
	void (*show)(void *ctx, enum relay_dir dir, const char *at, size_t len,
		     uint64_t offset);
	/* The direction ended, and all of it was given. */
	void (*end)(void *ctx, enum relay_dir dir);
	/* A message that is not shown; whole: its end was seen. */
	void (*message)(void *ctx, enum relay_dir dir,
			const struct message_counter *counted, bool whole);
	/* A note about the session. */
	void (*note)(void *ctx, const char *text);
	/*
	 * May be NULL: TLS begins with this hello of the client. Returns true
	 * if its clear bytes will be given to the session from now on;
	 * otherwise it has noted the beginning itself.
	 */
	bool (*tls)(void *ctx, const char *hello, size_t len);
};

#endif
