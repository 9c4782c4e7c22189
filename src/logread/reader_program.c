/*
 * The main of a program that reads logs.  Invariant of exact mode: the position
 * that is marked is never past a line that was not written, and signals are let
 * in only after it was marked; so a saved position matches the output however
 * the program ends.  A failed output or save ends reading and is not retried.
 * Tested by tests/sh/rlogread-*.t, tests/sh/rlogsess-*.t and
 * tests/crash/reader.t.
 */
#include "logread/reader_program.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "base/std_options.h"
#include "logread/source_event.h"

enum { SAVE_EVERY = 1000 }; /* milliseconds between two saved positions */

void reader_program_start(struct reader_program *program, int argc, char **argv,
			  void (*help)(void))
{
	int answer = std_options_answer(argc, (char const *const *)argv,
					program->version, help);

	if (answer >= 0)
		exit(answer);
	wait_init(&program->wait);
}

_Noreturn void reader_program_refuse(const struct reader_program *program)
{
	const struct reader_options *selection = program->selection;
	const char *hint = selection->hint;

	if (!selection->problem)
		strerr_dieusage(100, program->synopsis);
	if (!selection->value)
		strerr_dief(100, selection->problem);
	strerr_dief(100, selection->problem, " '", selection->value, "'",
		    hint ? ": " : "", hint ? hint : "");
}

static bool has_caught_signal(const struct reader_program *program)
{
	return *program->wait.stop;
}

void reader_program_catch_signals(struct reader_program *program)
{
	wait_catch(&program->wait);
}

static void mark_position(struct reader_program *program, bool all)
{
	source_mark(program->source, all);
	program->unsaved = true;
}

/* Notes whether the position was saved: 0, or -1 if it could not be. */
static enum reader_trouble note_save(struct reader_program *program, int result)
{
	if (result < 0) {
		program->save_failed = true;
		return READER_POSITION;
	}
	program->unsaved = false;
	program->saved = wait_clock();
	return READER_FINE;
}

static enum reader_trouble save_position(struct reader_program *program)
{
	return program->unsaved
		   ? note_save(program, source_save(program->source))
		   : READER_FINE;
}

static enum reader_trouble save_when_due(struct reader_program *program)
{
	return wait_clock() - program->saved < SAVE_EVERY
		   ? READER_FINE
		   : save_position(program);
}

enum reader_trouble reader_program_save(struct reader_program *program)
{
	mark_position(program, true);
	return save_position(program);
}

enum reader_trouble reader_program_stage(struct reader_program *program,
					 uint64_t *hash)
{
	mark_position(program, true);
	if (source_stage(program->source, hash) == 0)
		return READER_FINE;
	program->save_failed = true;
	return READER_POSITION;
}

enum reader_trouble reader_program_commit(struct reader_program *program)
{
	return note_save(program, source_commit(program->source));
}

static int follow_output(void *ctx, bool all)
{
	struct reader_program *program = ctx;

	mark_position(program, all);
	if (save_when_due(program) != READER_FINE)
		return -1;
	wait_check_signals(&program->wait);
	return 0;
}

void reader_program_make_exact(struct reader_program *program)
{
	const struct output_exact exact = {
	    .stop = program->wait.stop,
	    .waiting = &program->wait.waiting,
	    .written = follow_output,
	    .ctx = program,
	};

	program->exact = true;
	reader_program_catch_signals(program);
	signal(SIGPIPE, SIG_IGN);
	output_set_exact(program->output, &exact);
}

/* An exact output that ends because of a signal has not failed. */
static enum reader_trouble check_output(struct reader_program *program)
{
	int error = output_error(program->output);

	if (!error || (error == EINTR && has_caught_signal(program)))
		return READER_FINE;
	errno = error;
	return READER_OUTPUT;
}

enum reader_trouble reader_program_flush(struct reader_program *program)
{
	output_flush(program->output);
	return check_output(program);
}

static void warn_of_event(void *ctx, const struct source_notice *notice)
{
	const struct reader_program *program = ctx;
	char text[SOURCE_EVENT_MAX];

	progress_erase();
	if (source_event_text(text, notice, program->selection->verbose))
		strerr_warnw(text);
}

/* The writer of standard input may be waiting for an answer to its lines. */
static int flush_when_idle(void *ctx)
{
	return reader_program_flush(ctx) == READER_FINE ? 0 : -1;
}

void reader_program_open(struct reader_program *program)
{
	struct source_options *options = &program->selection->source;
	char text[SOURCE_EVENT_MAX];
	const char *bad;

	options->tell = warn_of_event;
	options->idle = flush_when_idle;
	options->ctx = program;
	program->source = source_open(options, &bad);
	if (program->source)
		return;
	source_event_open(text, options, bad);
	strerr_dief(111, text);
}

static int read_line(struct reader_program *program, struct source_line *line)
{
	if (program->block)
		return source_block(program->source, line, program->block);
	return source_next(program->source, line);
}

/* Reads until there is nothing more, for now. */
static enum reader_trouble read_available(struct reader_program *program)
{
	enum reader_trouble trouble;
	struct source_line line;
	int r;

	while (!has_caught_signal(program)) {
		r = read_line(program, &line);
		if (r < 0 && errno != EINTR)
			return READER_SOURCE;
		if (r <= 0)
			return reader_program_flush(program);
		progress_add(&program->progress, line.len + line.ends);
		trouble = program->take(program->ctx, &line);
		if (trouble == READER_FINE)
			trouble = check_output(program);
		if (trouble != READER_FINE)
			return trouble;
	}
	return READER_FINE;
}

static enum reader_trouble wait_for_more(struct reader_program *program)
{
	enum reader_trouble trouble = READER_FINE;
	int milliseconds = INT_MAX;

	if (program->exact)
		trouble = save_when_due(program);
	if (trouble == READER_FINE && program->unsaved)
		milliseconds = SAVE_EVERY;
	if (trouble == READER_FINE && program->pause)
		trouble = program->pause(program->ctx, &milliseconds);
	if (trouble == READER_FINE)
		trouble = reader_program_flush(program);
	if (trouble != READER_FINE)
		return trouble;
	return wait_for_source(&program->wait, program->source, milliseconds) <
		       0
		   ? READER_OUTPUT
		   : READER_FINE;
}

static enum reader_trouble read_all(struct reader_program *program)
{
	enum reader_trouble trouble;

	do {
		trouble = read_available(program);
		if (trouble != READER_FINE ||
		    !program->selection->source.follow)
			return trouble;
		wait_check_signals(&program->wait);
		if (!has_caught_signal(program))
			trouble = wait_for_more(program);
	} while (trouble == READER_FINE && !has_caught_signal(program));
	return trouble;
}

/* The last position: all lines if all is well, else those that are written. */
static enum reader_trouble finish_exact(struct reader_program *program,
					enum reader_trouble trouble)
{
	bool fine = trouble == READER_FINE || trouble == READER_ENOUGH;
	int error = errno;

	if (program->save_failed)
		return READER_POSITION;
	if (trouble == READER_SOURCE)
		return trouble;
	if (fine && !has_caught_signal(program))
		mark_position(program, true);
	program->unsaved |= fine;
	if (save_position(program) != READER_FINE)
		return READER_POSITION;
	errno = error;
	return trouble;
}

static void begin_progress(struct reader_program *program)
{
	if (program->selection->source.follow ||
	    (program->shows_lines && isatty(1)))
		return;
	progress_begin(&program->progress, source_estimate(program->source),
		       wait_clock());
}

enum reader_trouble reader_program_run(struct reader_program *program)
{
	enum reader_trouble trouble;

	begin_progress(program);
	trouble = read_all(program);
	progress_erase();
	return program->exact ? finish_exact(program, trouble) : trouble;
}

static _Noreturn void die_of_output(void)
{
	if (errno == EPIPE) {
		signal(SIGPIPE, SIG_DFL);
		raise(SIGPIPE);
	}
	strerr_diefusys(111, "write to standard output");
}

void reader_program_check(const struct reader_program *program,
			  enum reader_trouble trouble)
{
	switch (trouble) {
	case READER_FINE:
	case READER_ENOUGH: return;
	case READER_SOURCE: strerr_diefusys(111, "read the log");
	case READER_POSITION:
		strerr_diefusys(111, "write ",
				program->selection->source.cursor);
	case READER_OTHER: strerr_diefusys(111, program->work);
	case READER_OUTPUT: die_of_output();
	}
}

int reader_program_close(struct reader_program *program)
{
	bool failed = source_failed(program->source);
	bool unstamped = source_unstamped(program->source);

	source_close(program->source);
	return failed ? 111 : unstamped;
}

bool reader_program_has_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0;
}
