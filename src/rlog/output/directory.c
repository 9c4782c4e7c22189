/*
 * What an output is asked, passed on to its log directory and that one's
 * rotation.  The output is the first member of the log directory.
 * Tested by tests/unit/rlog/setup.c and tests/sh/rlog-trouble.t.
 */
#include "rlog/output/directory.h"

#include "rlog/rotation.h"

static bool write_directory(struct log_output *output, struct turn *turn)
{
	struct logdir *logdir = (struct logdir *)output;

	return logdir_append(logdir, output->part, &turn->now, &turn->deadline);
}

static void sync_directory(struct log_output *output, struct turn *turn)
{
	logdir_sync((struct logdir *)output, &turn->now, &turn->deadline);
}

static bool directory_blocked(const struct log_output *output)
{
	return logdir_blocks((const struct logdir *)output);
}

static bool rotate_directory(struct log_output *output, struct turn *turn)
{
	return rotation_go((struct logdir *)output, turn);
}

/* A rotation that is under way is gone on with by the next rlog. */
static int close_directory(struct log_output *output, bool abandoned)
{
	struct logdir *logdir = (struct logdir *)output;

	if (abandoned || !rotation_idle(logdir)) {
		logdir_abandon(logdir);
		return 0;
	}
	if (logdir_close(logdir) == 0)
		return 0;
	logdir_tell(logdir, EVENT_FAILED);
	return -1;
}

int directory_open(struct logdir *logdir, const struct action *action,
		   event_listener *tell)
{
	static const struct output_ops ops = {
	    .write = write_directory,
	    .sync = sync_directory,
	    .blocked = directory_blocked,
	    .rotate = rotate_directory,
	    .close = close_directory,
	};

	if (logdir_open(logdir, action->text, action->settings, tell) < 0)
		return -1;
	log_output_init(&logdir->output, &ops, tell,
			action->settings->drop_after);
	return 0;
}
