/*
 * Backpressure: the outputs can't write, so that the service which writes to
 * rlog has to wait.  The user is told of a wait that lasts, and of its length;
 * where the script limits it (D), the end of the limit is known.
 */
#ifndef BACKPRESSURE_H
#define BACKPRESSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "logwrite/event.h"
#include "logwrite/turn.h"

/* Seconds of a pause of the input before the user is told. */
enum { BACKPRESSURE_TOLD = 1 };

struct backpressure {
	bool blocked;                /* the outputs can't write */
	bool paused;                 /* no input is read */
	bool told;                   /* the user knows of the pause */
	struct tain_s blocked_since; /* if blocked */
	struct tain_s paused_since;  /* if paused */
};

/*
 * Notes whether the outputs are blocked and the input is paused.  Returns true
 * if *event is to be told to the user; otherwise lowers turn->deadline to the
 * moment when one will be.
 */
bool backpressure_update(struct backpressure *backpressure, bool blocked,
			 bool paused, struct turn *turn, struct event *event);

/*
 * Returns true if the input is paused and the outputs have been blocked for ms
 * milliseconds; with ms 0, never.  If that time is still to come, lowers
 * turn->deadline to it.
 */
bool backpressure_is_over(const struct backpressure *backpressure, uint64_t ms,
			  struct turn *turn);

#endif
