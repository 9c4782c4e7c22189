/*
 * The event loop.  Each turn the writer does all that can be done, then the
 * loop decides whether input may be read, and waits for input, a signal, an
 * output or a deadline.  Only this file changes the phase:
 *
 *     DRAINING -> RUNNING      the lines of another source are written
 *     RUNNING -> FINISHING     the input has ended
 *     any -> TERMINATING       a signal; or a read failed, and there is a ring
 * Tested by tests/sh/rlog-input.t and rlog-signals.t.
 */
#include "rlog/event_loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <skalibs/iopause.h>
#include <skalibs/selfpipe.h>

#include <sys/wait.h>

#include "base/deadline.h"
#include "rlog/input.h"

int event_loop_open(struct event_loop *loop, event_listener *tell,
		    struct failure *failure)
{
	static const int trapped[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM,
				      SIGCHLD};

	loop->tell = tell;
	loop->packets = input_kind(0) == INPUT_PACKETS;
	failure_init(failure, "a selfpipe");
	loop->signals = selfpipe_init();
	if (loop->signals < 0)
		return failure_set(failure, "make", "");
	failure_init(failure, "signals");
	for (size_t i = 0; i < sizeof trapped / sizeof *trapped; i++)
		if (selfpipe_trap(trapped[i]) < 0)
			return failure_set(failure, "trap", "");
	return 0;
}

/* True if a line is not whole in the log, or dropped lines are not noted. */
static bool has_partial(const struct event_loop *loop)
{
	return writer_pending(&loop->writer) || overflow_is_on(&loop->overflow);
}

static void read_this_source(struct event_loop *loop)
{
	loop->phase = PHASE_RUNNING;
	intake_adopt(&loop->intake, &loop->source);
}

void event_loop_start(struct event_loop *loop, bool durable)
{
	const bool same = intake_same_source(&loop->intake, &loop->source);

	loop->durable = durable;
	overflow_open(&loop->overflow, &loop->intake, same);
	loop->phase = same ? PHASE_RUNNING : PHASE_DRAINING;
	if (!same && !writer_pending(&loop->writer))
		read_this_source(loop);
}

/* True if no byte follows what the intake holds. */
static bool input_is_over(const struct event_loop *loop)
{
	switch (loop->phase) {
	case PHASE_RUNNING: return false;
	case PHASE_TERMINATING: return !loop->durable && !loop->awaits_line;
	default: return true;
	}
}

/* Does all that can be done without waiting. */
static void run_writer(struct event_loop *loop)
{
	loop->turn.phase = loop->phase;
	loop->turn.now = STAMP;
	loop->starved =
	    writer_go(&loop->writer, input_is_over(loop), &loop->turn);
	writer_wait(&loop->writer, &loop->turn);
	if (!loop->starved || has_partial(loop))
		return;
	loop->awaits_line = false;
	if (loop->phase == PHASE_DRAINING)
		read_this_source(loop);
}

static void start_termination(struct event_loop *loop)
{
	if (loop->phase == PHASE_TERMINATING)
		return;
	loop->awaits_line = !loop->durable && !input_is_over(loop) &&
			    !overflow_is_on(&loop->overflow);
	loop->phase = PHASE_TERMINATING;
	tain_addsec(&loop->patience, &STAMP, EVENT_LOOP_PATIENCE);
}

static void end_input(struct event_loop *loop)
{
	loop->awaits_line = false;
	if (loop->phase != PHASE_TERMINATING)
		loop->phase = PHASE_FINISHING;
}

static void reap_children(struct event_loop *loop)
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
		case SIGCHLD: reap_children(loop); break;
		case SIGALRM: writer_rotate(&loop->writer); break;
		default: start_termination(loop); break;
		}
	}
}

/*
 * After a signal without a ring, byte by byte: what follows the line belongs to
 * the next rlog.  A packet can't be divided.
 */
static ssize_t read_some(struct event_loop *loop)
{
	if (!overflow_is_on(&loop->overflow))
		return intake_take(
		    &loop->intake, 0,
		    loop->awaits_line && !loop->packets ? 1 : INTAKE_SIZE);
	/* All is written: lines after the dropped one are for the log. */
	if (loop->starved)
		return overflow_finish(&loop->overflow, 0,
				       writer_midline(&loop->writer));
	return overflow_take(&loop->overflow, 0, INTAKE_READ);
}

static void tell_kind(const struct event_loop *loop, enum event_kind kind)
{
	const struct event event = {.kind = kind};

	loop->tell(&event);
}

static void read_input(struct event_loop *loop)
{
	const bool dropping = overflow_is_on(&loop->overflow);
	ssize_t r = read_some(loop);

	if (dropping && !overflow_is_on(&loop->overflow))
		tell_kind(loop, EVENT_OVERFLOW_ENDS);
	if (r > 0 || (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
				errno == EINTR)))
		return;
	if (r < 0)
		loop->error = errno;
	/* A line in progress may go on when the next rlog can read. */
	if (r < 0 && loop->durable)
		start_termination(loop);
	else
		end_input(loop);
}

/* True if input may be read now. */
static bool may_read(const struct event_loop *loop)
{
	if (loop->phase == PHASE_TERMINATING && loop->awaits_line)
		return loop->starved && !intake_full(&loop->intake);
	if (loop->phase != PHASE_RUNNING)
		return false;
	/* The outputs that block now may be without a D: another script's. */
	if (overflow_is_on(&loop->overflow))
		return loop->starved || writer_drop_after(&loop->writer);
	return !intake_full(&loop->intake);
}

/* Tells of input that has to wait and, where it must not wait, drops it. */
static void check_backpressure(struct event_loop *loop)
{
	const bool paused =
	    (loop->phase == PHASE_RUNNING || loop->phase == PHASE_DRAINING) &&
	    !loop->starved && !may_read(loop);
	struct event event;

	if (backpressure_update(&loop->backpressure, !loop->starved, paused,
				&loop->turn, &event))
		loop->tell(&event);
	if (overflow_is_on(&loop->overflow) ||
	    !backpressure_is_over(&loop->backpressure,
				  writer_drop_after(&loop->writer),
				  &loop->turn))
		return;
	overflow_begin(&loop->overflow, writer_midline(&loop->writer));
	writer_dropped(&loop->writer);
	tell_kind(loop, EVENT_OVERFLOW_BEGINS);
}

/* Ends an overflow when all is written, and no line is in the middle. */
static void end_overflow(struct event_loop *loop)
{
	if (!overflow_is_on(&loop->overflow) || !loop->starved ||
	    (!input_is_over(loop) && overflow_midline(&loop->overflow)))
		return;
	overflow_end(&loop->overflow, writer_midline(&loop->writer));
	tell_kind(loop, EVENT_OVERFLOW_ENDS);
	run_writer(loop);
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
	const int stuck = writer_stuck(&loop->writer);
	struct tain_s deadline = loop->turn.deadline;
	struct pollfd fds[3] = {{.fd = loop->signals, .events = IOPAUSE_READ},
				{.fd = -1, .events = IOPAUSE_READ},
				{.fd = stuck, .events = IOPAUSE_WRITE}};
	const bool reading = may_read(loop);
	int r;

	if (loop->awaits_line && reading)
		deadline_lower(&deadline, &loop->patience);
	if (reading)
		fds[1].fd = 0;
	r = pause_until(fds, stuck >= 0 ? 3 : 1 + reading, &deadline);
	if (r < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[0].revents)
		handle_signals(loop);
	else if (reading && fds[1].revents)
		read_input(loop);
	if (loop->awaits_line && reading &&
	    deadline_is_past(&loop->patience, &STAMP))
		end_input(loop);
	return 0;
}

/* True if nothing is left to be done. */
static bool has_finished(const struct event_loop *loop)
{
	/* What can't be done now is left to the next rlog. */
	if (loop->phase == PHASE_TERMINATING && loop->durable)
		return !writer_processing(&loop->writer);
	return input_is_over(loop) && loop->starved && !has_partial(loop) &&
	       writer_idle(&loop->writer);
}

int event_loop_run(struct event_loop *loop)
{
	for (;;) {
		run_writer(loop);
		end_overflow(loop);
		if (has_finished(loop))
			break;
		check_backpressure(loop);
		if (wait_for_something(loop) < 0)
			return -1;
	}
	errno = loop->error;
	return loop->error ? -1 : 0;
}
