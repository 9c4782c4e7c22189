/* The loop; see loop.h. */
#include "rlog/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <skalibs/iopause.h>
#include <skalibs/selfpipe.h>

#include <sys/wait.h>

#include "rlog/message.h"
#include "rlog/rotation.h"

static bool has_partial(const struct loop *loop)
{
	size_t n;

	intake_bytes(&loop->intake, &n);
	return n || loop->batch.midline || loop->drop.on;
}

/* An alert that nobody takes is lost, as multilog's are. */
static void put_alerts(struct loop *loop)
{
	while (
	    spans_write(&loop->batch.alerts, 2) > 0 ||
	    (loop->batch.alerts.first < loop->batch.alerts.n && errno == EINTR))
		;
}

/* Later lines replace what could not be written: the batch needn't wait. */
static void put_statuses(struct loop *loop)
{
	struct status *status = loop->statuses;
	struct status *end = status + loop->script->statuses_n;

	for (; status < end; status++) {
		if (!status->pending ||
		    trouble_waits(&status->trouble, &STAMP, &loop->deadline))
			continue;
		if (status_write(status) == 0) {
			trouble_over(&status->trouble, &STAMP);
			continue;
		}
		if (trouble_hit(&status->trouble, &STAMP))
			message_warn(status->name, &status->failure,
				     ", trying again");
		deadline_lower(&loop->deadline, &status->trouble.retry);
	}
}

/* Marks what is too old.  A batch that is built again has its sizes again. */
static bool rotate_old(struct loop *loop, const struct tain_s *clock)
{
	return !loop->replay && !loop->ending &&
	       timers_rotate(&loop->timers, clock);
}

static void read_clock(struct loop *loop, struct tain_s *now)
{
	if (loop->replay)
		intake_clock(&loop->intake, now);
	else
		label_now(now);
}

/* Stored before anything of it is written. */
static void begin(struct loop *loop, size_t taken, const struct tain_s *clock)
{
	struct logdir *d = loop->directories;
	const struct logdir *last = d + loop->script->directories_n;

	resume_keep(&loop->resume, intake_prepare(&loop->intake, taken, clock));
	resume_keep_files(&loop->resume);
	for (; d < last; d++)
		d->base = d->bytes;
	intake_begin(&loop->intake);
}

/* Makes the next batch: false if there is none. */
static bool next_batch(struct loop *loop)
{
	struct batch *batch = &loop->batch;
	struct batch_input input = {.more = BATCH_MORE};
	struct tain_s clock;
	unsigned int i;
	size_t taken;

	if (loop->ended || loop->draining)
		input.more = BATCH_END;
	else if (intake_full(&loop->intake))
		input.more = BATCH_FULL;
	input.bytes = intake_bytes(&loop->intake, &input.n);
	if (!input.n && (input.more != BATCH_END || !batch->midline))
		return false;
	input.n = drop_split(&loop->intake, input.n, &input.note);
	read_clock(loop, &clock);
	/* No line goes to a file whose time was over when it came. */
	if (rotate_old(loop, &clock))
		return true;
	loop->replay = false;
	/* Later than all labels before. */
	input.now = batch->stamp.label;
	label_advance(&input.now, &clock);
	for (i = 0; i < loop->script->directories_n; i++)
		batch->outputs[i].bytes = loop->directories[i].bytes;
	taken = batch_build(batch, &input);
	if (!taken && batch_empty(batch))
		return false;
	begin(loop, taken, &input.now);
	timers_begin(&loop->timers, &clock);
	put_alerts(loop);
	for (i = 0; i < loop->script->statuses_n; i++)
		if (batch->statuses[i].line)
			status_set(&loop->statuses[i], batch->statuses[i].line,
				   batch->statuses[i].len);
	return true;
}

/* A current may have been left nearly full, with another size. */
static bool too_full(const struct loop *loop, const struct logdir *d)
{
	const struct batch *batch = &loop->batch;
	struct batch_output *output = &batch->outputs[d - loop->directories];
	size_t n;

	intake_bytes(&loop->intake, &n);
	output->bytes = d->bytes;
	return n && batch_lacks_room(batch, output);
}

/* True if standard output has the batch, or will get no more. */
static bool forward(struct loop *loop)
{
	const struct batch *batch = &loop->batch;
	int r;

	if (!loop->script->forwards_n)
		return true;
	r = forward_write(&loop->forward,
			  &batch->outputs[loop->script->directories_n].spans);
	if (r < 0)
		message_warn("standard output", &loop->forward.failure,
			     ", writing no more there");
	return r != 0;
}

/* True if all outputs have the batch. */
static bool append(struct loop *loop)
{
	struct batch_output *output = loop->batch.outputs;
	struct logdir *d = loop->directories;
	struct logdir *end = d + loop->script->directories_n;
	bool written = forward(loop);

	for (; d < end; d++, output++)
		if (!logdir_append(d, &output->spans, &STAMP, &loop->deadline))
			written = false;
	return written;
}

static void mark_due(struct loop *loop)
{
	struct batch_output *output = loop->batch.outputs;
	struct logdir *d = loop->directories;
	struct logdir *end = d + loop->script->directories_n;
	struct tain_s clock;

	if (loop->timers.rotates) {
		label_now(&clock);
		rotate_old(loop, &clock);
	}
	for (; d < end; d++, output++) {
		if (output->due || too_full(loop, d))
			d->due = true;
		output->due = false;
	}
}

/* True if all directories are ready for another batch. */
static bool rotate_due(struct loop *loop)
{
	struct logdir *d = loop->directories;
	struct logdir *end = d + loop->script->directories_n;
	const bool busy = intake_busy(&loop->intake);
	bool ready = true, fresh = false;
	uint64_t inode;

	for (; d < end; d++) {
		inode = d->inode;
		d->writing = busy;
		if (!rotation_go(d, &STAMP, &loop->deadline))
			ready = false;
		logdir_sync(d, &STAMP, &loop->deadline);
		fresh = fresh || d->inode != inode;
	}
	if (fresh && !busy)
		resume_keep_files(&loop->resume);
	return ready;
}

/*
 * True if the batch is out and another one can begin.  A current is renamed
 * only when no batch is begun: where it has to be cut back, it is current.
 */
static bool put_out(struct loop *loop)
{
	if (intake_busy(&loop->intake) && append(loop)) {
		put_statuses(loop);
		intake_done(&loop->intake);
	}
	if (!intake_busy(&loop->intake))
		mark_due(loop);
	return rotate_due(loop) && !intake_busy(&loop->intake);
}

/* Does all that can be done without waiting. */
static void work(struct loop *loop)
{
	loop->deadline = tain_infinite;
	loop->wanting = false;
	do {
		if (!put_out(loop))
			break;
		loop->wanting = !next_batch(loop);
	} while (!loop->wanting);
	put_statuses(loop);
	if (!loop->ending)
		timers_wait(&loop->timers, &STAMP, &loop->deadline);
	if (!loop->wanting || has_partial(loop))
		return;
	if (loop->draining) {
		loop->draining = false;
		intake_adopt(&loop->intake, &loop->source);
	}
	if (loop->ending && !loop->durable)
		loop->ended = true;
}

static void end(struct loop *loop)
{
	unsigned int i;

	if (loop->ending)
		return;
	loop->ending = true;
	tain_addsec(&loop->patience, &STAMP, LOOP_PATIENCE);
	for (i = 0; i < loop->script->directories_n; i++)
		loop->directories[i].finishing = loop->directories[i].ending =
		    true;
}

static void rotate(struct loop *loop)
{
	unsigned int i;

	for (i = 0; i < loop->script->directories_n; i++)
		if (loop->directories[i].bytes)
			loop->directories[i].due = true;
}

static void reap(struct loop *loop)
{
	unsigned int i;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < loop->script->directories_n; i++)
			if (processor_reaped(&loop->directories[i].processor,
					     pid, status))
				break;
}

static void handle_signals(struct loop *loop)
{
	int sig;

	while ((sig = selfpipe_read()) > 0) {
		switch (sig) {
		case SIGCHLD: reap(loop); break;
		case SIGALRM: rotate(loop); break;
		default: end(loop); break;
		}
	}
}

/*
 * Without a ring, after a signal byte by byte: what follows the line is the
 * next rlog's.
 */
static ssize_t take(struct loop *loop)
{
	if (!loop->drop.on)
		return intake_take(&loop->intake, 0,
				   loop->ending ? 1 : INTAKE_SIZE);
	/* What follows the line is not to be dropped any more. */
	return drop_take(&loop->drop, 0, loop->wanting ? 1 : INTAKE_READ);
}

static void take_in(struct loop *loop)
{
	ssize_t r = take(loop);

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
static bool open_for_input(const struct loop *loop)
{
	if (loop->ended || loop->draining)
		return false;
	if (loop->drop.on)
		return !loop->ending;
	if (intake_full(&loop->intake))
		return false;
	return !loop->ending || (!loop->durable && loop->wanting);
}

/*
 * How long it may be blocked before input is dropped, in milliseconds: the
 * longest of the outputs that block it.  0: for ever.
 */
static uint64_t drop_after(const struct loop *loop)
{
	const struct logdir *d = loop->directories;
	const struct logdir *end = d + loop->script->directories_n;
	uint64_t longest = 0;

	if (loop->forward.stuck) {
		longest = loop->forward.drop_after;
		if (!longest)
			return 0;
	}
	for (; d < end; d++) {
		if (!logdir_blocks(d))
			continue;
		if (!d->settings.drop_after)
			return 0;
		if (d->settings.drop_after > longest)
			longest = d->settings.drop_after;
	}
	return longest;
}

static void see_if_blocked(struct loop *loop)
{
	const bool blocked = !loop->wanting;
	uint64_t after;
	struct tain_s when;

	if (blocked && !loop->blocked)
		loop->stuck = STAMP;
	loop->blocked = blocked;
	if (!loop->held || loop->drop.on || !(after = drop_after(loop)))
		return;
	deadline_after(&when, &loop->stuck, after);
	if (tain_less(&STAMP, &when)) {
		deadline_lower(&loop->deadline, &when);
		return;
	}
	drop_begin(&loop->drop, loop->batch.midline);
	message_dropped(true);
}

/* When all is written, and no line is in the middle. */
static void end_dropping(struct loop *loop)
{
	if (!loop->drop.on || !loop->wanting ||
	    (!loop->ended && drop_midline(&loop->drop)))
		return;
	drop_end(&loop->drop);
	message_dropped(false);
	work(loop);
}

/* Says it, once, when the input has to wait, and for how long it had to. */
static void see_if_held(struct loop *loop)
{
	bool held = !loop->ended && !loop->ending && !loop->wanting &&
		    !open_for_input(loop);
	struct tain_s tell, took;

	if (held && !loop->held)
		loop->since = STAMP;
	loop->held = held;
	tain_addsec(&tell, &loop->since, LOOP_HELD);
	if (held && !loop->told) {
		loop->told = !tain_less(&STAMP, &tell);
		if (loop->told)
			message_held(-1);
		else
			deadline_lower(&loop->deadline, &tell);
	}
	if (!held && loop->told) {
		loop->told = false;
		tain_sub(&took, &STAMP, &loop->since);
		message_held((long)took.sec.x);
	}
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

static int wait_for_something(struct loop *loop)
{
	struct pollfd fds[3] = {{.fd = loop->signals, .events = IOPAUSE_READ},
				{.fd = -1, .events = IOPAUSE_READ},
				{.fd = -1, .events = IOPAUSE_WRITE}};
	bool reading = open_for_input(loop);
	int r;

	if (loop->ending && reading)
		deadline_lower(&loop->deadline, &loop->patience);
	if (reading)
		fds[1].fd = 0;
	if (loop->forward.stuck)
		fds[2].fd = loop->forward.out.fd;
	r = pause_until(fds, loop->forward.stuck ? 3 : 1 + reading,
			&loop->deadline);
	if (r < 0)
		return errno == EINTR ? 0 : -1;
	if (fds[0].revents)
		handle_signals(loop);
	else if (reading && fds[1].revents)
		take_in(loop);
	if (loop->ending && reading && !tain_less(&STAMP, &loop->patience))
		loop->ended = true;
	return 0;
}

/* True if nothing is left to be done, after the input's end. */
static bool finished(struct loop *loop)
{
	bool idle = loop->wanting && loop->ended && !has_partial(loop);
	unsigned int i;

	for (i = 0; i < loop->script->directories_n; i++) {
		if (loop->ended)
			loop->directories[i].finishing = true;
		idle = idle && rotation_idle(&loop->directories[i]);
	}
	return idle;
}

/* After a signal, what can't be done now is left to the next rlog. */
static bool may_stop(const struct loop *loop)
{
	unsigned int i;

	if (!loop->ending || !loop->durable)
		return false;
	for (i = 0; i < loop->script->directories_n; i++)
		if (loop->directories[i].processor.pid)
			return false;
	return true;
}

int loop_run(struct loop *loop)
{
	for (;;) {
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
		see_if_blocked(loop);
		if (wait_for_something(loop) < 0)
			return -1;
	}
	errno = loop->error;
	return loop->error ? -1 : 0;
}
