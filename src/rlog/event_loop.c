/* The loop; see event_loop.h. */
#include "rlog/event_loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <skalibs/iopause.h>
#include <skalibs/selfpipe.h>

#include <sys/wait.h>

#include "base/deadline.h"
#include "rlog/messages.h"

static bool has_partial(const struct event_loop *loop)
{
	return writer_pending(&loop->writer) || loop->overflow.on;
}

/* Does all that can be done without waiting. */
static void work(struct event_loop *loop)
{
	loop->wanting =
	    writer_go(&loop->writer, loop->ended || loop->draining, &STAMP);
	if (!loop->wanting || has_partial(loop))
		return;
	if (loop->draining) {
		loop->draining = false;
		intake_adopt(&loop->intake, &loop->source);
	}
	if (loop->writer.ending && !loop->durable)
		loop->ended = true;
}

static void end(struct event_loop *loop)
{
	if (loop->writer.ending)
		return;
	writer_end(&loop->writer);
	tain_addsec(&loop->patience, &STAMP, EVENT_LOOP_PATIENCE);
}

static void reap(struct event_loop *loop)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		writer_reaped(&loop->writer, pid, status);
}

static void handle_signals(struct event_loop *loop)
{
	int sig;

	while ((sig = selfpipe_read()) > 0) {
		switch (sig) {
		case SIGCHLD: reap(loop); break;
		case SIGALRM: writer_rotate(&loop->writer); break;
		default: end(loop); break;
		}
	}
}

/*
 * Without a ring, after a signal byte by byte: what follows the line is the
 * next rlog's.  A packet can't be divided.
 */
static ssize_t take(struct event_loop *loop)
{
	const bool whole = loop->packets;

	if (!loop->overflow.on)
		return intake_take(&loop->intake, 0,
				   loop->writer.ending && !whole ? 1
								 : INTAKE_SIZE);
	/* All is written: lines after the dropped one are for the log. */
	if (loop->wanting)
		return overflow_finish(&loop->overflow, 0,
				       loop->writer.batch.midline);
	return overflow_take(&loop->overflow, 0, INTAKE_READ);
}

static void take_in(struct event_loop *loop)
{
	const bool dropping = loop->overflow.on;
	ssize_t r = take(loop);

	if (dropping && !loop->overflow.on)
		messages_dropped(false);
	if (r > 0 || (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
				errno == EINTR)))
		return;
	if (r < 0)
		loop->error = errno;
	/* A line in progress may go on when the next rlog can read. */
	if (r < 0 && loop->durable)
		end(loop);
	else
		loop->ended = true;
}

/* May input be taken in now? */
static bool open_for_input(const struct event_loop *loop)
{
	const bool ending = loop->writer.ending;

	if (loop->ended || loop->draining)
		return false;
	/* What blocks now need not have D: another directory, or script. */
	if (loop->overflow.on)
		return !ending &&
		       (loop->wanting || writer_drop_after(&loop->writer));
	if (intake_full(&loop->intake))
		return false;
	return !ending || (!loop->durable && loop->wanting);
}

/* Input that has to wait is told of, and where it may not wait, dropped. */
static void see_if_held(struct event_loop *loop)
{
	struct tain_s *deadline = &loop->writer.deadline;
	const bool held = !loop->ended && !loop->writer.ending &&
			  !loop->wanting && !open_for_input(loop);

	backpressure_look(&loop->backpressure, !loop->wanting, held, &STAMP,
			  deadline);
	if (loop->overflow.on ||
	    !backpressure_too_long(&loop->backpressure,
				   writer_drop_after(&loop->writer), &STAMP,
				   deadline))
		return;
	overflow_begin(&loop->overflow, loop->writer.batch.midline);
	messages_dropped(true);
}

/* When all is written, and no line is in the middle. */
static void end_dropping(struct event_loop *loop)
{
	if (!loop->overflow.on || !loop->wanting ||
	    (!loop->ended && overflow_midline(&loop->overflow)))
		return;
	overflow_end(&loop->overflow, loop->writer.batch.midline);
	messages_dropped(false);
	work(loop);
}

/* Without a deadline, as mostly, iopause would be dearer than the poll in it.
 */
static int pause_until(struct pollfd *fds, unsigned int n,
		       const struct tain_s *deadline)
{
	int r;

	if (tain_less(deadline, &tain_infinite))
		return iopause_g(fds, n, deadline);
	r = poll(fds, n, -1);
	tain_now_g();
	return r;
}

static int wait_for_something(struct event_loop *loop)
{
	const struct standard_output *forward = &loop->writer.forward;
	struct tain_s deadline = loop->writer.deadline;
	struct pollfd fds[3] = {{.fd = loop->signals, .events = IOPAUSE_READ},
				{.fd = -1, .events = IOPAUSE_READ},
				{.fd = -1, .events = IOPAUSE_WRITE}};
	const bool reading = open_for_input(loop);
	int r;

	if (loop->writer.ending && reading)
		deadline_lower(&deadline, &loop->patience);
	if (reading)
		fds[1].fd = 0;
	if (forward->stuck)
		fds[2].fd = forward->out.fd;
	r = pause_until(fds, forward->stuck ? 3 : 1 + reading, &deadline);
	if (r < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[0].revents)
		handle_signals(loop);
	else if (reading && fds[1].revents)
		take_in(loop);
	if (loop->writer.ending && reading &&
	    !tain_less(&STAMP, &loop->patience))
		loop->ended = true;
	return 0;
}

/* True if nothing is left to be done, after the input's end. */
static bool finished(struct event_loop *loop)
{
	writer_finish(&loop->writer);
	return loop->wanting && !has_partial(loop) &&
	       writer_idle(&loop->writer);
}

/* After a signal, what can't be done now is left to the next rlog. */
static bool may_stop(const struct event_loop *loop)
{
	return loop->writer.ending && loop->durable &&
	       !writer_processing(&loop->writer);
}

int event_loop_run(struct event_loop *loop)
{
	for (;;) {
		if (loop->ended)
			writer_finish(&loop->writer);
		work(loop);
		end_dropping(loop);
		if (may_stop(loop))
			break;
		if (loop->ended && loop->wanting) {
			/* Again, since the end is news: a newline is missing,
			 * what waits for a processor need not begin. */
			finished(loop);
			work(loop);
			if (finished(loop))
				break;
		}
		see_if_held(loop);
		if (wait_for_something(loop) < 0)
			return -1;
	}
	errno = loop->error;
	return loop->error ? -1 : 0;
}
