/*
 * The loop: takes in what comes, and has the writer put it out, until the input
 * ends or a signal says so.  TERM, INT and HUP: the end; what is not written
 * stays in the ring.  ALRM: every current that is not empty is rotated.  It
 * waits in one place only, and never without need.
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "rlog/backpressure.h"
#include "rlog/intake.h"
#include "rlog/overflow.h"
#include "rlog/writer.h"

/* Seconds for the rest of a line, without a ring. */
enum { EVENT_LOOP_PATIENCE = 2 };

struct event_loop {
	struct intake intake;
	struct intake_source source;
	struct writer writer;
	struct overflow overflow;
	struct backpressure backpressure;
	int signals;  /* the selfpipe */
	bool packets; /* the input is one of packets: input.h */

	bool durable;  /* the ring outlives us */
	bool draining; /* what comes first is another source's */
	bool wanting;  /* nothing can be done without more input */
	bool ended;    /* there is no more input */
	int error;     /* errno of the read that failed, or 0 */
	struct tain_s patience;
};

/*
 * Runs until all is written, or is safe in the ring after a signal, and no
 * processor is running.  0, or -1 and errno if reading or waiting failed; all
 * that was read before is written.
 */
int event_loop_run(struct event_loop *loop);

#endif
