/*
 * A log directory as an output, and the steps of its rotation.  Each step that
 * changes a name is one rename, so that every logger that takes the directory
 * over after a crash finds every line once: in `current` or in an archive.
 * multilog itself renames current to `previous` first, and s6-log fails to
 * start when it finds that beside a current that is not clean.
 *
 * At most one table of steps is under way.  A rotation that is due goes before
 * a leftover that waits for its processor, and nothing begins while a batch is
 * begun.
 */
#include "logwrite/output/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/deadline.h"
#include "logdir/layout.h"
#include "logwrite/recover.h"

/*
 * After a crash between any two steps, recovery (recover.h) loses nothing and
 * doubles nothing.  A step that has failed can be run again.  Each table ends
 * with a step without run.
 */
struct step {
	/* As directory_run_step. */
	int (*run)(struct directory *directory);
	bool behind; /* lines may be appended before this step */
};

/* Has archive processed from the first step on. */
static void process_archive(struct directory *directory);

/* What a step returns when this operation has returned r. */
static int step_result(int r)
{
	return r < 0 ? -1 : 1;
}

static int sync_current(struct directory *directory)
{
	return step_result(logdir_sync_current(&directory->logdir, fsync));
}

/* All of it is on the disk. */
static int mark_current(struct directory *directory)
{
	return step_result(logdir_mark_current(&directory->logdir));
}

static int archive_current(struct directory *directory, enum archive_kind kind)
{
	return step_result(logdir_archive(&directory->logdir, LAYOUT_CURRENT,
					  kind, "", directory->archive));
}

static int finish_current(struct directory *directory)
{
	return archive_current(directory, ARCHIVE_FINISHED);
}

static int save_current(struct directory *directory)
{
	return archive_current(directory, ARCHIVE_UNFINISHED);
}

static int create_current(struct directory *directory)
{
	struct logdir *logdir = &directory->logdir;

	return logdir_open_current(logdir) < 0
		   ? -1
		   : step_result(logdir_sync_names(logdir));
}

static int prune_archives(struct directory *directory)
{
	logdir_prune(&directory->logdir);
	return 1;
}

/* directory_choose_step has handled one that failed. */
static int run_processor(struct directory *directory)
{
	struct processor *processor = &directory->processor;
	struct logdir *logdir = &directory->logdir;
	const struct processor_job job = {.directory = logdir->fd,
					  .command = logdir->settings.processor,
					  .file = directory->archive,
					  .mode = logdir->settings.mode};

	if (processor_take_success(processor))
		return 1;
	if (processor_may_start(processor, &directory->now) &&
	    processor_start(processor, &job, &directory->now) < 0)
		return logdir_fail(logdir, "start the processor of", "");
	return 0;
}

/* Before the sync, which is of the mark, too. */
static int mark_processing(struct directory *directory)
{
	return step_result(
	    logdir_mark(&directory->logdir, LAYOUT_PROCESSING, LAYOUT_MADE));
}

/*
 * After a failed sync nobody knows what is on the disk, and the next one says
 * yes: what it was made from is there, so it is made again.
 */
static int sync_made(struct directory *directory, const char *file)
{
	if (logdir_sync_file(&directory->logdir, file) == 0)
		return 1;
	process_archive(directory);
	return -1;
}

static int sync_processing(struct directory *directory)
{
	return sync_made(directory, LAYOUT_PROCESSING);
}

static int sync_nextstate(struct directory *directory)
{
	return sync_made(directory, LAYOUT_NEXTSTATE);
}

/* Somebody who removes an archive by hand must not stop the log. */
static bool archive_gone(const struct directory *directory)
{
	return faccessat(directory->logdir.fd, directory->archive, F_OK,
			 AT_SYMLINK_NOFOLLOW) < 0;
}

/* In the place of what it was made from, unless that was removed meanwhile, on
 * a full disk or since it was too old: it must not come back. */
static int rename_processing(struct directory *directory)
{
	struct logdir *logdir = &directory->logdir;

	if (archive_gone(directory) && errno == ENOENT)
		return step_result(logdir_remove(logdir, LAYOUT_PROCESSING));
	if (renameat(logdir->fd, LAYOUT_PROCESSING, logdir->fd,
		     directory->archive) < 0 &&
	    errno != ENOENT)
		return logdir_fail(logdir, "rename", LAYOUT_PROCESSING);
	return 1;
}

static int rename_nextstate(struct directory *directory)
{
	return step_result(
	    logdir_adopt_state(&directory->logdir, LAYOUT_NEXTSTATE));
}

static int finish_archive(struct directory *directory)
{
	return step_result(
	    logdir_finish(&directory->logdir, directory->archive));
}

/* LAYOUT_MADE stays: the archive's end says nothing of the lines. */
static int mark_archive(struct directory *directory)
{
	struct logdir *logdir = &directory->logdir;

	return logdir_mark(logdir, directory->archive,
			   LAYOUT_ENDED | LAYOUT_MADE) < 0
		   ? -1
		   : step_result(logdir_sync_names(logdir));
}

static int unlink_nextstate(struct directory *directory)
{
	return step_result(logdir_remove(&directory->logdir, LAYOUT_NEXTSTATE));
}

static int unlink_processing(struct directory *directory)
{
	return step_result(
	    logdir_remove(&directory->logdir, LAYOUT_PROCESSING));
}

static const struct step plain_steps[] = {
    {sync_current, false},   {mark_current, false},  {finish_current, false},
    {create_current, false}, {prune_archives, true}, {NULL, true},
};

static const struct step saving_steps[] = {
    {sync_current, false},   {mark_current, false},  {save_current, false},
    {create_current, false}, {prune_archives, true}, {NULL, true},
};

static const struct step processing_steps[] = {
    {run_processor, true},  {mark_processing, true},   {sync_processing, true},
    {sync_nextstate, true}, {rename_processing, true}, {rename_nextstate, true},
    {finish_archive, true}, {mark_archive, true},      {prune_archives, true},
    {NULL, true},
};

/* In this order, as in recovery: nextstate alone would be of a complete run. */
static const struct step abandoning_steps[] = {
    {unlink_nextstate, true},
    {unlink_processing, true},
    {NULL, true},
};

static void process_archive(struct directory *directory)
{
	directory->step = processing_steps;
}

static void tell_of_processor(const struct directory *directory,
			      enum event_kind kind, unsigned int seconds)
{
	const struct event event = {.kind = kind,
				    .name = directory->logdir.name,
				    .file = directory->archive,
				    .seconds = (long)seconds,
				    .status = directory->processor.status};

	directory->logdir.tell(&event);
}

/* The processor is not running and has not succeeded: must it run again? */
static void handle_failed_processor(struct directory *directory,
				    enum phase phase)
{
	struct processor *processor = &directory->processor;

	if (processor_take_failure(processor, &directory->now))
		tell_of_processor(directory, EVENT_PROCESSOR_FAILED,
				  processor->pause);
	if (phase == PHASE_TERMINATING || archive_gone(directory) ||
	    (phase == PHASE_FINISHING &&
	     (directory->leftover || processor->paused)))
		directory->step = abandoning_steps;
	else if (directory->due && directory->leftover)
		directory->step = NULL;
}

/* Where the directory can't be read now, it is read again in a later turn. */
static void choose_leftover(struct directory *directory)
{
	const int r = archive_oldest(directory->logdir.fd, ARCHIVE_UNFINISHED,
				     directory->archive);

	directory->leftovers = r != 0;
	directory->leftover = r > 0;
	if (r > 0)
		process_archive(directory);
}

static void choose_anew(struct directory *directory, const struct turn *turn)
{
	const bool saved = directory->saved;

	directory->saved = directory->leftover = false;
	processor_end_pause(&directory->processor);
	if (saved && directory->archive[0] &&
	    turn->phase != PHASE_TERMINATING) {
		process_archive(directory);
		return;
	}
	directory->archive[0] = 0;
	if (directory->due && !turn->writing) {
		directory->due = false;
		directory->saved = directory->logdir.settings.processor;
		directory->step = directory->saved ? saving_steps : plain_steps;
	} else if (directory->leftovers && turn->phase < PHASE_FINISHING) {
		choose_leftover(directory);
	}
}

bool directory_choose_step(struct directory *directory, const struct turn *turn)
{
	const struct processor *processor = &directory->processor;

	if (directory->step && directory->step->run == run_processor &&
	    !processor->pid && !(processor->ended && processor->status == 0))
		handle_failed_processor(directory, turn->phase);
	if (!directory->step)
		choose_anew(directory, turn);
	return directory->step;
}

int directory_run_step(struct directory *directory)
{
	const struct step *step = directory->step;
	int r = step->run(directory);

	if (r > 0)
		directory->step = step[1].run ? step + 1 : NULL;
	return r;
}

bool directory_is_idle(const struct directory *directory)
{
	return !directory->step && !directory->due && !directory->saved;
}

/* Runs the steps that can be run now. */
static void run_steps(struct directory *directory, struct turn *turn)
{
	struct logdir *logdir = &directory->logdir;
	int r = 1;

	while (
	    r != 0 &&
	    !trouble_waits(&directory->rotating, &turn->now, &turn->deadline) &&
	    directory_choose_step(directory, turn)) {
		r = directory_run_step(directory);
		if (r < 0 &&
		    logdir_make_room(logdir, logdir->failure.error, &turn->now))
			continue;
		logdir_report(logdir, &directory->rotating, r < 0, &turn->now);
	}
}

bool directory_rotate(struct directory *directory, struct turn *turn)
{
	struct processor *processor = &directory->processor;

	if (directory_is_idle(directory) && !directory->leftovers)
		return true;
	directory->now = turn->now;
	if (turn->phase == PHASE_TERMINATING)
		processor_kill(processor, &turn->now);
	run_steps(directory, turn);
	if (processor_wait(processor, &turn->now, &turn->deadline))
		tell_of_processor(directory, EVENT_PROCESSOR_SLOW,
				  PROCESSOR_SLOW);
	return !directory->due && (!directory->step || directory->step->behind);
}

void directory_mark_due(struct directory *directory)
{
	directory->due = true;
}

bool directory_reaped(struct directory *directory, pid_t pid, int status)
{
	return processor_reaped(&directory->processor, pid, status);
}

bool directory_is_blocked(const struct directory *directory)
{
	return logdir_blocks(&directory->logdir) || directory->rotating.on ||
	       directory->due;
}

static bool write_directory(struct log_output *output, struct turn *turn)
{
	return logdir_append(&((struct directory *)output)->logdir,
			     output->part, &turn->now, &turn->deadline);
}

static void sync_directory(struct log_output *output, struct turn *turn)
{
	logdir_sync(&((struct directory *)output)->logdir, &turn->now,
		    &turn->deadline);
}

static bool directory_blocked(const struct log_output *output)
{
	return directory_is_blocked((const struct directory *)output);
}

static bool rotate_directory(struct log_output *output, struct turn *turn)
{
	return directory_rotate((struct directory *)output, turn);
}

/*
 * The next rlog goes on with a rotation that is under way, whether or not
 * current has LAYOUT_ENDED: nothing that the ring gave up may be unsynced.
 */
static int close_directory(struct log_output *output, bool abandoned)
{
	struct logdir *logdir = &((struct directory *)output)->logdir;

	if (abandoned) {
		logdir_abandon(logdir);
		return 0;
	}
	if (logdir_close(logdir) == 0)
		return 0;
	logdir_tell(logdir, EVENT_FAILED);
	return -1;
}

int directory_open(struct directory *directory, const struct action *action,
		   event_listener *tell)
{
	static const struct output_ops ops = {
	    .write = write_directory,
	    .sync = sync_directory,
	    .blocked = directory_blocked,
	    .rotate = rotate_directory,
	    .close = close_directory,
	};

	memset(directory, 0, sizeof *directory);
	if (logdir_open(&directory->logdir, action->text, action->settings,
			tell) < 0)
		return -1;
	trouble_init(&directory->rotating, action->settings->retry);
	log_output_init(&directory->output, &ops, tell,
			action->settings->drop_after);
	return 0;
}

int directory_start(struct directory *directory)
{
	struct logdir *logdir = &directory->logdir;

	if (logdir->strange)
		logdir_tell(logdir, EVENT_CURRENT_UNKNOWN);
	if (logdir->torn)
		logdir_tell(logdir, EVENT_CURRENT_TRUNCATED);
	if (recover_start(logdir) < 0)
		return -1;
	directory->leftovers = logdir->settings.processor;
	return 0;
}
