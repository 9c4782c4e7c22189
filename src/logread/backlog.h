/* How much of a log directory lies behind a position. */
#ifndef BACKLOG_H
#define BACKLOG_H

#include <stdint.h>

#include "logread/position.h"

struct backlog {
	uint64_t behind; /* bytes of files after the position, as stored */
	uint64_t kept;   /* bytes of all files of the log */
	size_t archives;
	uint64_t oldest; /* bytes of the oldest file that is behind */
};

/*
 * Measures the directory; position is NULL for the beginning of the log.
 * Archives that end with the position's label or before are not behind. Returns
 * 0, or -1 with errno set.
 */
int backlog_measure(struct backlog *backlog, int directory,
		    const struct position *position);

#endif
