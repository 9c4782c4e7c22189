/* The writer; see writer.h. */
#include "rlog/writer.h"

#include <errno.h>

#include "rlog/messages.h"
#include "rlog/overflow.h"
#include "rlog/rotation.h"
#include "rlog/size_limit.h"

/* An alert that nobody takes is lost, as multilog's are. */
static void put_alerts(struct iovec_list *alerts)
{
	while (iovec_list_write(alerts, 2) > 0 ||
	       (alerts->first < alerts->n && errno == EINTR))
		;
}

static void set_statuses(struct writer *w)
{
	const struct batch_status *line = w->batch.statuses;
	struct status_file *status = w->statuses;
	struct status_file *end = status + w->script->statuses_n;

	for (; status < end; status++, line++)
		if (line->line)
			status_file_set(status, line->line, line->len);
}

/* Later lines replace what could not be written: the batch needn't wait. */
static void put_statuses(struct writer *w)
{
	struct status_file *status = w->statuses;
	struct status_file *end = status + w->script->statuses_n;

	for (; status < end; status++)
		if (status_file_put(status, &w->now, &w->deadline) < 0)
			messages_warn(status->name, &status->failure,
				      ", trying again");
}

/* Marks what is too old.  A batch that is built again has its sizes again. */
static bool rotate_old(struct writer *w, const struct tain_s *clock)
{
	return !w->replay && !w->ending && timers_rotate(&w->timers, clock);
}

static void read_clock(const struct writer *w, struct tain_s *clock)
{
	if (w->replay)
		intake_clock(w->intake, clock);
	else
		label_now(clock);
}

/* Stored before anything of it is written. */
static void begin(struct writer *w, size_t taken, const struct tain_s *label)
{
	struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;

	checkpoint_keep(&w->checkpoint,
			intake_prepare(w->intake, taken, label));
	checkpoint_keep_files(&w->checkpoint);
	for (; d < end; d++)
		d->base = d->bytes;
	intake_begin(w->intake);
}

/* What the batch is made of: false if there is nothing. */
static bool find_input(const struct writer *w, bool last,
		       struct batch_input *input)
{
	input->bytes = intake_bytes(w->intake, &input->n);
	if (!input->n && !(last && w->batch.midline))
		return false;
	if (last)
		input->more = BATCH_END;
	else
		input->more = intake_full(w->intake) ? BATCH_FULL : BATCH_MORE;
	input->n = overflow_split(w->intake, input->n, &input->note);
	return true;
}

/* Makes the next batch: false if there is none. */
static bool next_batch(struct writer *w, bool last)
{
	struct batch *batch = &w->batch;
	struct batch_input input;
	struct tain_s clock;
	unsigned int i;
	size_t taken;

	if (!find_input(w, last, &input))
		return false;
	read_clock(w, &clock);
	/* No line goes to a file whose time was over when it came. */
	if (rotate_old(w, &clock))
		return true;
	w->replay = false;
	/* Later than all labels before. */
	input.now = batch->stamp.label;
	label_advance(&input.now, &clock);
	for (i = 0; i < w->script->directories_n; i++)
		batch->outputs[i].bytes =
		    w->directories[i].bytes + batch->outputs[i].torn;
	taken = batch_build(batch, &input);
	if (!taken && batch_empty(batch))
		return false;
	begin(w, taken, &input.now);
	timers_begin(&w->timers, &clock);
	put_alerts(&batch->alerts);
	set_statuses(w);
	return true;
}

/* True if standard output has the batch, or will get no more. */
static bool forward(struct writer *w)
{
	struct batch_output *output =
	    &w->batch.outputs[w->script->directories_n];
	int r;

	if (!w->script->forwards_n)
		return true;
	r = standard_output_write(&w->forward, &output->iovecs);
	if (r < 0)
		messages_warn("standard output", &w->forward.failure,
			      ", writing no more there");
	return r != 0;
}

/* True if all outputs have the batch. */
static bool append(struct writer *w)
{
	struct batch_output *output = w->batch.outputs;
	struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;
	bool written = forward(w);

	for (; d < end; d++, output++)
		if (!logdir_append(d, &output->iovecs, &w->now, &w->deadline))
			written = false;
	return written;
}

/* A current may have been left nearly full, with another size. */
static bool too_full(const struct writer *w, const struct logdir *d)
{
	struct batch_output *output = &w->batch.outputs[d - w->directories];
	size_t n;

	intake_bytes(w->intake, &n);
	output->bytes = d->bytes + output->torn;
	return n && size_limit_lacking(&w->batch, output);
}

static void mark_due(struct writer *w)
{
	struct batch_output *output = w->batch.outputs;
	struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;
	struct tain_s clock;

	if (w->timers.rotates) {
		label_now(&clock);
		rotate_old(w, &clock);
	}
	for (; d < end; d++, output++) {
		if (output->due || too_full(w, d))
			d->due = true;
		output->due = false;
	}
}

/* True if all directories are ready for another batch. */
static bool rotate_due(struct writer *w)
{
	struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;
	const bool busy = intake_busy(w->intake);
	bool ready = true;

	for (; d < end; d++) {
		d->writing = busy;
		if (!rotation_go(d, &w->now, &w->deadline))
			ready = false;
		logdir_sync(d, &w->now, &w->deadline);
	}
	return ready;
}

/*
 * True if the batch is out and another one can begin.  A current is renamed
 * only when no batch is begun: where it has to be cut back, it is current.
 */
static bool put_out(struct writer *w)
{
	unsigned int i;

	if (intake_busy(w->intake) && append(w)) {
		put_statuses(w);
		for (i = 0; i < w->script->directories_n; i++)
			logdir_done(&w->directories[i],
				    &w->batch.outputs[i].iovecs);
		intake_done(w->intake);
	}
	if (!intake_busy(w->intake))
		mark_due(w);
	return rotate_due(w) && !intake_busy(w->intake);
}

bool writer_go(struct writer *w, bool last, const struct tain_s *now)
{
	bool wanting = false;

	w->now = *now;
	w->deadline = tain_infinite;
	while (!wanting && put_out(w))
		wanting = !next_batch(w, last);
	put_statuses(w);
	if (!w->ending)
		timers_wait(&w->timers, &w->now, &w->deadline);
	return wanting;
}

bool writer_pending(const struct writer *w)
{
	size_t n;

	intake_bytes(w->intake, &n);
	return n || w->batch.midline;
}

void writer_rotate(struct writer *w)
{
	unsigned int i;

	for (i = 0; i < w->script->directories_n; i++)
		if (w->directories[i].bytes)
			w->directories[i].due = true;
}

void writer_reaped(struct writer *w, pid_t pid, int status)
{
	unsigned int i;

	for (i = 0; i < w->script->directories_n; i++)
		if (processor_reaped(&w->directories[i].processor, pid, status))
			break;
}

void writer_finish(struct writer *w)
{
	unsigned int i;

	for (i = 0; i < w->script->directories_n; i++)
		w->directories[i].finishing = true;
}

void writer_end(struct writer *w)
{
	unsigned int i;

	w->ending = true;
	writer_finish(w);
	for (i = 0; i < w->script->directories_n; i++)
		w->directories[i].ending = true;
}

bool writer_idle(const struct writer *w)
{
	unsigned int i;

	for (i = 0; i < w->script->directories_n; i++)
		if (!rotation_idle(&w->directories[i]))
			return false;
	return true;
}

bool writer_processing(const struct writer *w)
{
	unsigned int i;

	for (i = 0; i < w->script->directories_n; i++)
		if (w->directories[i].processor.pid)
			return true;
	return false;
}

uint64_t writer_drop_after(const struct writer *w)
{
	const struct logdir *d = w->directories;
	const struct logdir *end = d + w->script->directories_n;
	uint64_t longest = 0;

	if (w->forward.stuck) {
		longest = w->forward.drop_after;
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
