/*
 * Reads a log into a report.  The order of saving makes a crash repeat output
 * rather than lose it: first the output, then the state of open sessions, then
 * the position.  Without a state to carry them over, open sessions would be
 * lost if their lines were not read again; so while a log is followed only a
 * state makes it save.  Tested by tests/sh/rlogsess-carry.t.
 */
#include "rlogsess/session_reader.h"

#include <string.h>
#include <time.h>

#include "rlogsess/carry.h"

enum {
	SAVE_EVERY = 10000, /* milliseconds between two saved states */
	CLOCK_EVERY = 1000, /* milliseconds between two looks at the clock */
	BLOCK = 1 << 16,    /* bytes */
	STATE_IN = 4,       /* descriptors of -K */
	STATE_OUT = 5,
};

static bool has_to_finish(const struct rlogsess_options *options)
{
	return options->selection.source.follow ||
	       options->selection.source.cursor || options->state;
}

static int64_t nanoseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Splits a block, lines with newlines, or takes one line or a piece of one. */
static int report_block(struct report *report, const struct source_line *block)
{
	const char *at = block->text, *end = at + block->len, *newline;
	bool rest = !block->begins;

	report_set_labels(report, block->kind);
	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (!rest &&
		    report_line(report, at, (size_t)(newline - at)) < 0)
			return -1;
		rest = false;
		at = newline + 1;
	}
	if (rest || (at == end && !block->ends))
		return 0;
	return report_line(report, at, (size_t)(end - at));
}

static enum reader_trouble blame_report(const struct report *report)
{
	return output_error(&report->output) ? READER_OUTPUT : READER_OTHER;
}

static enum reader_trouble take_block(void *ctx,
				      const struct source_line *block)
{
	struct session_reader *reader = ctx;

	reader->dirty = true;
	return report_block(reader->report, block) < 0
		   ? blame_report(reader->report)
		   : READER_FINE;
}

static enum reader_trouble check_state(struct session_reader *reader, int r)
{
	if (r == 0)
		return READER_FINE;
	reader->state_failed = true;
	return READER_OTHER;
}

static enum reader_trouble load_state(struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;

	if (options->state)
		return check_state(
		    reader,
		    carry_load_file(&reader->report->grouper, options->state));
	if (options->descriptors)
		return check_state(
		    reader, carry_load(&reader->report->grouper, STATE_IN));
	return READER_FINE;
}

static enum reader_trouble save_state(struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;

	if (options->state)
		return check_state(
		    reader,
		    carry_save_file(&reader->report->grouper, options->state));
	if (options->descriptors)
		return check_state(
		    reader, carry_save(&reader->report->grouper, STATE_OUT));
	return READER_FINE;
}

static enum reader_trouble save_all(struct session_reader *reader)
{
	enum reader_trouble trouble = reader_program_flush(reader->program);

	if (trouble == READER_FINE)
		trouble = save_state(reader);
	if (trouble == READER_FINE)
		trouble = reader_program_save(reader->program);
	if (trouble != READER_FINE)
		return trouble;
	reader->dirty = false;
	reader->saved = wait_clock();
	return READER_FINE;
}

/* Sessions end by time too, also when no lines arrive. */
static enum reader_trouble pass_time(void *ctx, int *milliseconds)
{
	struct session_reader *reader = ctx;

	*milliseconds = CLOCK_EVERY;
	if (report_pass(reader->report, nanoseconds_now()) < 0)
		return blame_report(reader->report);
	if (reader->dirty && reader->options->state &&
	    wait_clock() - reader->saved >= SAVE_EVERY)
		return save_all(reader);
	return READER_FINE;
}

void session_reader_init(struct session_reader *reader)
{
	struct reader_program *program = reader->program;

	program->output = &reader->report->output;
	program->block = BLOCK;
	program->take = take_block;
	program->pause = pass_time;
	program->work = "put sessions together";
	program->ctx = reader;
}

enum reader_trouble session_reader_run(struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;
	enum reader_trouble trouble = load_state(reader);

	if (trouble != READER_FINE)
		return trouble;
	if (has_to_finish(options))
		reader_program_catch_signals(reader->program);
	trouble = reader_program_run(reader->program);
	if (trouble != READER_FINE)
		return trouble;
	if (report_finish(reader->report,
			  options->state || options->descriptors) < 0)
		return blame_report(reader->report);
	return save_all(reader);
}
