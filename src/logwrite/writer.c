/*
 * The writer.  Of a batch everything that a next rlog has to know is stored in
 * the ring before a byte of it is written, and that it is written only when all
 * outputs have it.  A current is renamed only between batches: a batch that has
 * to be cut back is cut back in current.
 */
#include "logwrite/writer.h"

#include <errno.h>
#include <stdlib.h>

#include "logwrite/output/alert.h"

/* The earlier directory of the script that is the same, by another name. */
static const struct logdir *find_namesake(const struct writer *writer,
					  const struct logdir *logdir)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++) {
		const struct logdir *first = &writer->directories[i].logdir;

		if (first == logdir)
			break;
		if (first->device == logdir->device &&
		    first->directory == logdir->directory)
			return first;
	}
	return NULL;
}

static int open_directory_of(struct writer *writer, const struct action *action,
			     struct failure *failure)
{
	struct directory *directory = &writer->directories[action->index];
	const struct logdir *logdir = &directory->logdir, *first;

	if (directory_open(directory, action, writer->tell) == 0)
		return 0;
	*failure = logdir->failure;
	first = failure->error == EBUSY ? find_namesake(writer, logdir) : NULL;
	if (first)
		failure_set_rival(failure, first->name);
	return -1;
}

static int open_output(struct writer *writer, const struct action *action,
		       struct failure *failure)
{
	struct status_file *status;

	switch (action->kind) {
	case ACTION_DIRECTORY:
		return open_directory_of(writer, action, failure);
	case ACTION_STATUS:
		status = &writer->statuses[action->index];
		if (status_file_open_output(status, action, writer->tell) == 0)
			return 0;
		*failure = status->failure;
		return -1;
	case ACTION_FORWARD:
		standard_output_init(&writer->standard_output, 1, writer->tell,
				     action->settings->drop_after);
		return 0;
	default: return 0;
	}
}

static void add_output(struct writer *writer, struct log_output *output,
		       struct batch_part *part)
{
	log_output_attach(output, part);
	log_outputs_add(&writer->outputs, output);
}

/* Alerts come first, since they are lost if they are late. */
static void add_outputs(struct writer *writer)
{
	const struct script *script = writer->script;
	struct batch *batch = &writer->batch;

	alert_init(&writer->alerts);
	add_output(writer, &writer->alerts, &batch->alerts);
	if (script->forwards_n)
		add_output(writer, &writer->standard_output.output,
			   &batch->outputs[script->directories_n].part);
	for (unsigned int i = 0; i < script->directories_n; i++)
		add_output(writer, &writer->directories[i].output,
			   &batch->outputs[i].part);
	for (unsigned int i = 0; i < script->statuses_n; i++)
		add_output(writer, &writer->statuses[i].output,
			   &batch->statuses[i]);
}

static int get_memory(struct writer *writer)
{
	const struct script *script = writer->script;

	writer->statuses =
	    calloc(script->statuses_n + 1, sizeof *writer->statuses);
	writer->directories =
	    calloc(script->directories_n + 1, sizeof *writer->directories);
	if (!writer->statuses || !writer->directories ||
	    log_outputs_open(&writer->outputs, script->directories_n +
						   script->statuses_n + 2) < 0)
		return -1;
	return batch_open(&writer->batch, script);
}

int writer_open(struct writer *writer, const struct script *script,
		event_listener *tell, struct failure *failure)
{
	const struct action *actions = script->actions;
	int r = 0;

	writer->script = script;
	writer->tell = tell;
	failure_init(failure, "memory");
	if (get_memory(writer) < 0)
		return failure_set(failure, "get", "");
	for (unsigned int i = 0; i < script->actions_n && r == 0; i++)
		r = open_output(writer, &actions[i], failure);
	if (r < 0)
		return -1;
	for (unsigned int i = 0; i < script->directories_n; i++)
		logdir_link(&writer->directories[i].logdir,
			    &writer->directories[0].logdir,
			    i + 1 < script->directories_n
				? &writer->directories[i + 1].logdir
				: NULL);
	add_outputs(writer);
	return 0;
}

int writer_start(struct writer *writer, struct intake *intake,
		 struct failure *failure)
{
	const struct logdir *failed;

	writer->intake = intake;
	writer->replay = intake->replay;
	checkpoint_init(&writer->checkpoint, intake, &writer->batch,
			writer->directories);
	failed = checkpoint_files(&writer->checkpoint);
	for (unsigned int i = 0; i < writer->script->directories_n && !failed;
	     i++)
		if (directory_start(&writer->directories[i]) < 0)
			failed = &writer->directories[i].logdir;
	if (failed) {
		*failure = failed->failure;
		return -1;
	}
	checkpoint_state(&writer->checkpoint);
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		batch_mark_torn(&writer->batch, i,
				logdir_is_torn(&writer->directories[i].logdir));
	failure_init(failure, "memory");
	if (timers_init(&writer->timers, &writer->batch, writer->directories,
			&STAMP) < 0)
		return failure_set(failure, "get", "");
	return 0;
}

static void free_memory(struct writer *writer)
{
	free(writer->statuses);
	free(writer->directories);
	timers_free(&writer->timers);
	batch_close(&writer->batch);
	checkpoint_free(&writer->checkpoint);
}

void writer_abandon(struct writer *writer)
{
	log_outputs_close(&writer->outputs, true);
	free_memory(writer);
}

/* In the order that lets a crash in it lose nothing. */
int writer_close(struct writer *writer)
{
	const struct logdir *failed = NULL;
	int r = 0;

	if (intake_busy(writer->intake))
		failed = checkpoint_cut(&writer->checkpoint);
	if (failed) {
		logdir_tell(failed, EVENT_FAILED);
		r = -1;
	}
	if (log_outputs_close(&writer->outputs, failed) < 0)
		r = -1;
	free_memory(writer);
	return r;
}

/*
 * Marks the directories that are too old as due.  A batch that is repeated has
 * the sizes that it had, so no rotation comes between.
 */
static bool rotate_old(struct writer *writer, const struct turn *turn,
		       const struct tain_s *clock)
{
	return !writer->replay && turn->phase != PHASE_TERMINATING &&
	       timers_rotate(&writer->timers, turn, clock);
}

static void read_batch_clock(const struct writer *writer, struct tain_s *clock)
{
	if (writer->replay)
		intake_clock(writer->intake, clock);
	else
		label_now(clock);
}

/* Stores the batch in the ring, before anything of it is written. */
static void begin_batch(struct writer *writer, size_t taken,
			const struct tain_s *label)
{
	checkpoint_keep(&writer->checkpoint,
			intake_prepare(writer->intake, taken, label));
	checkpoint_keep_files(&writer->checkpoint);
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		logdir_begin(&writer->directories[i].logdir);
	intake_begin(writer->intake);
}

/* Finds the bytes of the next batch.  Returns false if there is none. */
static bool find_input(const struct writer *writer, bool last,
		       struct batch_input *input)
{
	input->bytes = intake_bytes(writer->intake, &input->n);
	if (!input->n && !(last && writer->batch.midline))
		return false;
	if (last)
		input->more = BATCH_END;
	else
		input->more =
		    intake_full(writer->intake) ? BATCH_FULL : BATCH_MORE;
	input->n = intake_split(writer->intake, input->n, &input->note);
	return true;
}

/* Makes the next batch.  Returns false if there is none. */
static bool make_batch(struct writer *writer, bool last,
		       const struct turn *turn)
{
	struct batch *batch = &writer->batch;
	struct batch_input input;
	struct tain_s clock;
	size_t taken;

	if (!find_input(writer, last, &input))
		return false;
	read_batch_clock(writer, &clock);
	/* No line goes to a file whose time was over when it came. */
	if (rotate_old(writer, turn, &clock))
		return true;
	writer->replay = false;
	/* Later than all labels before. */
	input.now = batch->stamp.label;
	label_advance(&input.now, &clock);
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		batch_set_bytes(batch, i, writer->directories[i].logdir.bytes);
	taken = batch_build(batch, &input);
	if (!taken && batch_empty(batch))
		return false;
	begin_batch(writer, taken, &input.now);
	timers_begin(&writer->timers, &clock);
	return true;
}

/* A current may have been left nearly full, by a script with another size. */
static void mark_due(struct writer *writer, const struct turn *turn)
{
	struct batch *batch = &writer->batch;
	struct tain_s clock;
	size_t n;

	if (writer->timers.rotates) {
		label_now(&clock);
		rotate_old(writer, turn, &clock);
	}
	intake_bytes(writer->intake, &n);
	for (unsigned int i = 0; i < writer->script->directories_n; i++) {
		batch_set_bytes(batch, i, writer->directories[i].logdir.bytes);
		if (batch_take_due(batch, i, n))
			directory_mark_due(&writer->directories[i]);
	}
}

/* Every output has the batch. */
static void end_batch(struct writer *writer)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		logdir_done(&writer->directories[i].logdir,
			    &writer->batch.outputs[i].part);
	intake_done(writer->intake);
}

/* Returns true if the batch is written and another one can begin. */
static bool write_batch(struct writer *writer, struct turn *turn)
{
	turn->writing = intake_busy(writer->intake);
	if (turn->writing && log_outputs_write(&writer->outputs, turn)) {
		end_batch(writer);
		turn->writing = false;
	}
	if (!turn->writing)
		mark_due(writer, turn);
	return log_outputs_rotate(&writer->outputs, turn) && !turn->writing;
}

bool writer_go(struct writer *writer, bool last, struct turn *turn)
{
	bool starved = false;

	turn->deadline = tain_infinite;
	while (!starved && write_batch(writer, turn))
		starved = !make_batch(writer, last, turn);
	return starved;
}

void writer_wait(struct writer *writer, struct turn *turn)
{
	struct tain_s clock;

	if (turn->phase == PHASE_TERMINATING)
		return;
	label_now(&clock);
	timers_wait(&writer->timers, turn, &clock);
}

void writer_dropped(struct writer *writer)
{
	batch_rescan(&writer->batch);
}

bool writer_pending(const struct writer *writer)
{
	size_t n;

	intake_bytes(writer->intake, &n);
	return n || writer->batch.midline;
}

bool writer_midline(const struct writer *writer)
{
	return writer->batch.midline;
}

void writer_rotate(struct writer *writer)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		if (writer->directories[i].logdir.bytes)
			directory_mark_due(&writer->directories[i]);
}

void writer_reaped(struct writer *writer, pid_t pid, int status)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		if (directory_reaped(&writer->directories[i], pid, status))
			break;
}

bool writer_idle(const struct writer *writer)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		if (!directory_is_idle(&writer->directories[i]))
			return false;
	return true;
}

bool writer_processing(const struct writer *writer)
{
	for (unsigned int i = 0; i < writer->script->directories_n; i++)
		if (writer->directories[i].processor.pid)
			return true;
	return false;
}

int writer_stuck(const struct writer *writer)
{
	return writer->script->forwards_n
		   ? standard_output_stuck(&writer->standard_output)
		   : -1;
}

uint64_t writer_drop_after(const struct writer *writer)
{
	return log_outputs_drop_after(&writer->outputs);
}
