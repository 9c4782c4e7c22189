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
	return n || loop->batch.midline;
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

/* Makes the next batch: false if there is none. */
static bool next_batch(struct loop *loop)
{
	struct batch *batch = &loop->batch;
	struct batch_input input = {.more = BATCH_MORE};
	unsigned int i;
	size_t taken;

	if (loop->ended)
		input.more = BATCH_END;
	else if (intake_full(&loop->intake))
		input.more = BATCH_FULL;
	input.bytes = intake_bytes(&loop->intake, &input.n);
	if (!input.n && (!loop->ended || !batch->midline))
		return false;
	label_now(&input.now);
	for (i = 0; i < loop->script->directories_n; i++)
		batch->outputs[i].bytes = loop->directories[i].bytes;
	taken = batch_build(batch, &input);
	if (!taken && !batch->used)
		return false;
	intake_begin(&loop->intake, taken);
	loop->pending = true;
	put_alerts(loop);
	for (i = 0; i < loop->script->statuses_n; i++)
		if (batch->statuses[i].line)
			status_set(&loop->statuses[i], batch->statuses[i].line,
				   batch->statuses[i].len);
	return true;
}

/*
 * A current that was left nearly full, with another size, may have no room for
 * as much as a stamp.
 */
static bool too_full(const struct loop *loop, const struct logdir *d)
{
	size_t n;

	intake_bytes(&loop->intake, &n);
	return n && !loop->batch.midline &&
	       d->bytes + sizeof loop->batch.stamp >= d->settings.size;
}

/* True if all directories are done with the batch and ready for another. */
static bool put_out(struct loop *loop)
{
	struct batch_output *output = loop->batch.outputs;
	struct logdir *d = loop->directories;
	struct logdir *end = d + loop->script->directories_n;
	bool written = true, ready = true;

	for (; d < end; d++, output++) {
		if (loop->pending && !logdir_append(d, &output->spans, &STAMP,
						    &loop->deadline)) {
			written = false;
			continue;
		}
		if (output->due || too_full(loop, d))
			d->due = true;
		output->due = false;
		if (!rotation_go(d, &STAMP, &loop->deadline))
			ready = false;
	}
	if (written && loop->pending) {
		intake_done(&loop->intake);
		loop->pending = false;
	}
	return written && ready;
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
	if (loop->ending && loop->wanting && !has_partial(loop))
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

/* After a signal byte by byte: what follows the line is the next rlog's. */
static void take_in(struct loop *loop)
{
	ssize_t r =
	    intake_take(&loop->intake, 0, loop->ending ? 1 : INTAKE_SIZE);

	if (r > 0 || (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
				errno == EINTR)))
		return;
	if (r < 0)
		loop->error = errno;
	loop->ended = true;
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
	struct pollfd fds[2] = {{.fd = loop->signals, .events = IOPAUSE_READ},
				{.fd = 0, .events = IOPAUSE_READ}};
	bool reading = loop->wanting && !loop->ended;
	int r;

	if (loop->ending && reading)
		deadline_lower(&loop->deadline, &loop->patience);
	r = pause_until(fds, reading ? 2 : 1, &loop->deadline);
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

int loop_run(struct loop *loop)
{
	for (;;) {
		work(loop);
		if (loop->ended && loop->wanting) {
			/* Again, since the end is news: a newline is missing,
			 * what waits for a processor need not begin. */
			finished(loop);
			work(loop);
			if (finished(loop))
				break;
		}
		if (wait_for_something(loop) < 0)
			return -1;
	}
	errno = loop->error;
	return loop->error ? -1 : 0;
}
