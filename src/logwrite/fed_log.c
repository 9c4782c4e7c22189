/*
 * A log that is fed from memory: a script of one directory, its writer and its
 * intake.  The ring is always a file, since the mark has to outlive the
 * process.  A line in progress stays in the ring when the log is closed.
 */
#include "logwrite/fed_log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/deadline.h"

/* Those that change no line, and put nothing elsewhere. */
static const char permitted[] = "slRnSAN!xmFr";

int fed_log_check(const char *const *directives, size_t n, char *why)
{
	const char **arguments = calloc(n + 1, sizeof *arguments);
	struct script script;
	int r = 1;

	if (!arguments)
		return -1;
	for (size_t i = 0; i < n && r > 0; i++) {
		arguments[i] = directives[i];
		if (*directives[i] && strchr(permitted, *directives[i]))
			continue;
		snprintf(why, SCRIPT_ERROR,
			 "directive %.100s: this program does not take it",
			 directives[i]);
		r = 0;
	}
	if (r > 0) {
		r = script_parse(&script, arguments);
		if (r == 0)
			memcpy(why, script.error, SCRIPT_ERROR);
		script_free(&script);
	}
	free(arguments);
	return r;
}

/* Gets the script, with its own copy of the path.  Returns 0, or -1. */
static int make_script(struct fed_log *log,
		       const struct fed_log_options *options)
{
	const size_t n = options->directives_n, len = strlen(options->path) + 1;
	char *path;

	log->arguments = malloc((n + 2) * sizeof *log->arguments + len);
	if (!log->arguments)
		return -1;
	for (size_t i = 0; i < n; i++)
		log->arguments[i] = options->directives[i];
	path = (char *)(log->arguments + n + 2);
	memcpy(path, options->path, len);
	log->arguments[n] = path;
	log->arguments[n + 1] = NULL;
	errno = EINVAL;
	if (script_parse(&log->script, log->arguments) <= 0)
		return -1;
	script_set_root(&log->script, options->root);
	return 0;
}

static int prepare_log(struct fed_log *log,
		       const struct fed_log_options *options,
		       struct failure *failure)
{
	struct intake_source source;

	failure_init(failure, options->path);
	if (make_script(log, options) < 0)
		return failure_set(failure, "open", "");
	if (writer_open(&log->writer, &log->script, options->tell, failure) < 0)
		return -1;
	if (intake_source(&source, log->writer.directories->logdir.fd) < 0)
		return failure_set(failure, "stat", "");
	intake_setup_init(&log->setup, &log->intake, &log->writer,
			  source.is.boot);
	intake_setup_demand(&log->setup);
	log->state = FED_LOG_OPENING;
	return 0;
}

int fed_log_open(struct fed_log *log, const struct fed_log_options *options,
		 struct failure *failure)
{
	enum intake_setup_result r;

	if (log->state == FED_LOG_CLOSED &&
	    prepare_log(log, options, failure) < 0)
		return -1;
	r = intake_setup_open(&log->setup, &STAMP, failure);
	if (r == INTAKE_SETUP_FULL)
		return 0;
	if (r == INTAKE_SETUP_FAILED ||
	    writer_start(&log->writer, &log->intake, failure) < 0)
		return -1;
	log->state = FED_LOG_OPEN;
	log->starved = false;
	return 1;
}

bool fed_log_mark(const struct fed_log *log, void *mark)
{
	return intake_mark(&log->intake, mark);
}

size_t fed_log_room(const struct fed_log *log)
{
	return intake_room(&log->intake);
}

void fed_log_put(struct fed_log *log, const char *bytes, size_t n,
		 const void *mark)
{
	intake_put_marked(&log->intake, bytes, n, mark);
	log->starved = false;
}

bool fed_log_midline(const struct fed_log *log)
{
	const char *bytes;
	size_t n;

	bytes = intake_bytes(&log->intake, &n);
	return n ? bytes[n - 1] != '\n' : writer_midline(&log->writer);
}

void fed_log_go(struct fed_log *log, enum phase phase, struct tain_s *deadline)
{
	struct turn turn = {.phase = phase, .now = STAMP};

	log->starved = writer_go(&log->writer, false, &turn);
	writer_wait(&log->writer, &turn);
	deadline_lower(deadline, &turn.deadline);
}

bool fed_log_is_idle(const struct fed_log *log)
{
	return log->starved && writer_idle(&log->writer) &&
	       !writer_processing(&log->writer);
}

void fed_log_rotate(struct fed_log *log)
{
	writer_rotate(&log->writer);
}

void fed_log_reaped(struct fed_log *log, pid_t pid, int status)
{
	writer_reaped(&log->writer, pid, status);
}

bool fed_log_processing(const struct fed_log *log)
{
	return writer_processing(&log->writer);
}

static int close_whole(struct fed_log *log)
{
	static const struct event unsynced = {.kind = EVENT_RING_UNSYNCED};
	int r = writer_close(&log->writer);

	if (intake_close(&log->intake) < 0) {
		log->writer.tell(&unsynced);
		r = -1;
	}
	return r;
}

int fed_log_close(struct fed_log *log)
{
	int r = 0;

	if (log->state == FED_LOG_OPEN) {
		r = close_whole(log);
	} else {
		writer_abandon(&log->writer);
		ring_close(&log->intake.ring);
	}
	script_free(&log->script);
	free(log->arguments);
	memset(log, 0, sizeof *log);
	return r;
}
