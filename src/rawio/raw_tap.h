/*
 * The tap that keeps a session: writes what goes through the relay to one file
 * a direction, packet by packet and at once, so that a file always holds all
 * that went through.
 */
#ifndef RAW_TAP_H
#define RAW_TAP_H

#include <stdbool.h>
#include <stddef.h>

#include "relay/relay.h"

enum { RAW_TAP_BUFFER = 65536 };

struct raw_tap {
	int fd[2];   /* by enum relay_dir; -1: not kept, or no more */
	bool bounds; /* "<<<\n" in front of a packet, ">>>\n" behind it */
	bool stamps; /* "SECONDS.MICROSECONDS " in front of a line */
	/* File dir failed, with errno; all files are ended after that. */
	void (*failed)(void *ctx, enum relay_dir dir, int error);
	void *ctx;
	bool in_line[2]; /* the last byte was no newline */
	size_t len;      /* of what is gathered */
	char buf[RAW_TAP_BUFFER];
};

/* All is the caller's to set before that; in_line and len are zero. */
struct relay_tap raw_tap_tap(struct raw_tap *k);

/* Closes the files. */
void raw_tap_end(struct raw_tap *k);

#endif
