/*
 * Set-up.  The directories are locked before the ring is touched, and the ring
 * is open before a directory is recovered (logwrite/intake_setup.h).  Nothing
 * is read before.
 */
#include "rlog/setup.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>

#include <skalibs/selfpipe.h>

#include "logwrite/intake_setup.h"

/* Returns false if a signal says that rlog has to end. */
static bool pause_for(int signals, uint64_t milliseconds)
{
	const int most = milliseconds < INT_MAX ? (int)milliseconds : INT_MAX;
	struct pollfd fd = {.fd = signals, .events = POLLIN};
	int sig;

	if (poll(&fd, 1, most) < 1)
		return true;
	while ((sig = selfpipe_read()) > 0)
		if (sig != SIGALRM && sig != SIGCHLD)
			return false;
	return true;
}

/*
 * Opens the intake.  On a full disk it waits, and takes nothing in, since it
 * could not keep it.  Returns 1 if the ring outlives the process, or 0; or -1
 * with *failure, or SETUP_ENDED.
 */
enum { SETUP_ENDED = -2 };
static int open_intake(struct event_loop *loop, struct failure *failure)
{
	const struct event trouble = {.kind = EVENT_TROUBLE,
				      .failure = failure};
	struct intake_setup setup;
	enum intake_setup_result r;
	bool told = false;

	failure_init(failure, "standard input");
	if (intake_source(&loop->source, 0) < 0)
		return failure_set(failure, "stat", "");
	intake_setup_init(&setup, &loop->intake, &loop->writer,
			  loop->source.is.boot);
	while ((r = intake_setup_open(&setup, &STAMP, failure)) ==
	       INTAKE_SETUP_FULL) {
		if (!told)
			loop->tell(&trouble);
		told = true;
		if (!pause_for(loop->signals,
			       loop->writer.directories->logdir.settings.retry))
			return SETUP_ENDED;
		tain_now_g();
	}
	if (r == INTAKE_SETUP_FAILED)
		return -1;
	return r == INTAKE_SETUP_DURABLE;
}

int setup_open(struct event_loop *loop, const struct script *script,
	       event_listener *tell, struct failure *failure)
{
	int durable;

	if (event_loop_open(loop, tell, failure) < 0 ||
	    writer_open(&loop->writer, script, tell, failure) < 0)
		return -1;
	durable = open_intake(loop, failure);
	if (durable < 0)
		return durable == SETUP_ENDED ? 0 : -1;
	if (writer_start(&loop->writer, &loop->intake, failure) < 0)
		return -1;
	event_loop_start(loop, durable);
	return 1;
}

int setup_close(struct event_loop *loop)
{
	static const struct event unsynced = {.kind = EVENT_RING_UNSYNCED};
	int r = writer_close(&loop->writer);

	if (intake_close(&loop->intake) < 0) {
		loop->tell(&unsynced);
		r = -1;
	}
	return r;
}
