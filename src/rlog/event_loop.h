/*
 * The event loop: reads input and has the writer write it, until the input ends
 * or a signal comes.  TERM, INT and HUP end it; what is not written then stays
 * in the ring.  ALRM rotates every current that is not empty.  It waits in one
 * place only, and never without need.
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <stdbool.h>

#include <skalibs/tai.h>

#include "logwrite/intake.h"
#include "logwrite/turn.h"
#include "logwrite/writer.h"
#include "rlog/backpressure.h"
#include "rlog/overflow.h"

/* Seconds to read the rest of a line after a signal, without a ring. */
enum { EVENT_LOOP_PATIENCE = 2 };

struct event_loop {
	struct intake intake;
	struct intake_source source;
	struct writer writer;
	struct overflow overflow;
	struct backpressure backpressure;
	event_listener *tell;
	int signals;  /* descriptor of the selfpipe */
	bool packets; /* a read of the input takes whole packets: input.h */
	bool durable; /* the ring outlives the process */

	enum phase phase;
	struct turn turn; /* the last one */
	bool starved;     /* in it the writer could do nothing without input */
	/* In PHASE_TERMINATING without a ring: the rest of the line that is in
	 * progress is still read, up to patience. */
	bool awaits_line;
	struct tain_s patience;
	int error; /* errno of the read that failed, or 0 */
};

/* Traps signals.  Returns 0, or -1 with *failure. */
int event_loop_open(struct event_loop *loop, event_listener *tell,
		    struct failure *failure);

/*
 * Starts when the intake and the writer are open: with what the ring holds of
 * another source, and of dropped input.  durable: the ring outlives the
 * process.
 */
void event_loop_start(struct event_loop *loop, bool durable);

/*
 * Runs until all is written, or is safe in the ring after a signal, and no
 * processor is running.  Returns 0, or -1 with errno if reading or waiting
 * failed; all that was read before is written.
 */
int event_loop_run(struct event_loop *loop);

#endif
