/*
 * The tap that keeps a session: writes each packet of the relay to the file of
 * its direction, without delay.
 */
#ifndef RAW_TAP_H
#define RAW_TAP_H

#include <stdbool.h>
#include <stddef.h>

#include "relay/relay.h"

enum { RAW_TAP_BUFFER = 65536 };

struct raw_tap {
	int fd[2];   /* by enum relay_dir; -1: not kept, or failed */
	bool bounds; /* "<<<\n" before a packet, ">>>\n" after it */
	bool stamps; /* "SECONDS.MICROSECONDS " before a line */
	/* Called when a write failed with this errno; then both are closed. */
	void (*failed)(void *ctx, enum relay_dir dir, int error);
	void *ctx;
	bool in_line[2]; /* the last byte was no newline */
	size_t len;      /* bytes in buf */
	char buf[RAW_TAP_BUFFER];
};

/*
 * Returns the functions for the relay.  Before, the caller sets fd, bounds,
 * stamps, failed and ctx; all other members must be zero.
 */
struct relay_tap raw_tap_tap(struct raw_tap *tap);

/* Closes the files. */
void raw_tap_end(struct raw_tap *tap);

#endif
