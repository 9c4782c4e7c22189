/*
 * The tap that keeps a session: writes what goes through the relay to one file
 * a direction, packet by packet and at once, so that a file always holds all
 * that went through.
 */
#ifndef RAWIO_KEEPER_H
#define RAWIO_KEEPER_H

#include <stdbool.h>
#include <stddef.h>

#include "relay.h"

enum { KEEPER_BUFFER = 65536 };

struct keeper {
	int fd[2];   /* by enum relay_dir; -1: not kept, or no more */
	bool bounds; /* "<<<\n" in front of a packet, ">>>\n" behind it */
	bool stamps; /* "SECONDS.MICROSECONDS " in front of a line */
	/* File dir failed, with errno; all files are ended after that. */
	void (*failed)(void *ctx, enum relay_dir dir, int error);
	void *ctx;
	bool in_line[2]; /* the last byte was no newline */
	size_t len;      /* of what is gathered */
	char buf[KEEPER_BUFFER];
};

/* All is the caller's to set before that; in_line and len are zero. */
struct relay_tap keeper_tap(struct keeper *k);

/* Closes the files. */
void keeper_end(struct keeper *k);

#endif
