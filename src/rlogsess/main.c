/*
 * rlogsess: shows the lines of logs session by session.
 *
 * The order of saving makes a crash repeat output rather than lose it: first
 * the output, then the state of open sessions and the position.  A state names
 * the position that belongs to it, which is staged before the state is renamed
 * and committed after that: so the two are of one run, wherever it was killed.
 * Without a state to carry them over, open sessions would be lost if their
 * lines were not read again; so while a log is followed only a state makes it
 * save.
 *
 * Tested by tests/sh/rlogsess-*.t.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>

#include "logread/position.h"
#include "logread/reader_program.h"
#include "rlogsess/block_lines.h"
#include "rlogsess/carry.h"
#include "rlogsess/look_back.h"
#include "rlogsess/report.h"
#include "rlogsess/rlogsess_help.h"
#include "rlogsess/rlogsess_messages.h"
#include "rlogsess/rlogsess_options.h"
#include "rlogsess/trace/trace_program.h"

char const *PROG = "rlogsess";

enum {
	SAVE_EVERY = 10000, /* milliseconds between two saved states */
	CLOCK_EVERY = 1000, /* milliseconds between two looks at the clock */
	BLOCK = 1 << 16,    /* bytes */
	STATE_IN = 4,       /* descriptors of -K */
	STATE_OUT = 5,
};

struct session_reader {
	struct reader_program *program;
	struct report *report;
	const struct rlogsess_options *options;
	bool state_failed;      /* the state could not be read or written */
	bool warned;            /* by warn_of_nothing */
	bool missing;           /* the output lacks bytes of a session */
	bool dirty;             /* lines were read after the state was saved */
	int64_t saved;          /* the time it was saved, by wait_clock */
	uint64_t position;      /* the hash of the staged position, or 0 */
	struct carry_lines own; /* that the state has beside sessions */
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

static int take_report_line(void *ctx, const char *text, size_t len)
{
	return report_line(ctx, text, len);
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
	report_begin_block(reader->report, block);
	if (block_lines_each(block, take_report_line, reader->report) < 0)
		return blame_report(reader->report);
	if (report_is_done(reader->report))
		source_narrow(reader->program->source, block->origin);
	return READER_FINE;
}

static enum reader_trouble check_state(struct session_reader *reader, int r)
{
	if (r == 0)
		return READER_FINE;
	reader->state_failed = true;
	return READER_OTHER;
}

/* Takes a line of the state that is about no session. */
static bool load_own_line(void *ctx, struct slice line)
{
	struct session_reader *reader = ctx;
	struct format_run *run = &reader->report->run;
	const struct format *format = run->options.format;

	if (slice_prefix(&line, "position "))
		return true;
	return format->load && format->load(run, line);
}

static void save_own_lines(void *ctx, struct output *output)
{
	const struct session_reader *reader = ctx;
	const struct format_run *run = &reader->report->run;
	char text[64];

	if (reader->position) {
		snprintf(text, sizeof text, "+ position %016" PRIx64 "\n",
			 reader->position);
		output_string(output, text);
	}
	if (run->options.format->save)
		run->options.format->save(run, output);
}

static enum reader_trouble load_state(struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;
	struct grouper *grouper = &reader->report->grouper;

	if (options->state)
		return check_state(
		    reader,
		    carry_load_file(grouper, &reader->own, options->state));
	if (options->descriptors)
		return check_state(reader,
				   carry_load(grouper, &reader->own, STATE_IN));
	return READER_FINE;
}

static enum reader_trouble save_state(struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;
	struct grouper *grouper = &reader->report->grouper;

	if (options->state)
		return check_state(
		    reader,
		    carry_save_file(grouper, &reader->own, options->state));
	if (options->descriptors)
		return check_state(
		    reader, carry_save(grouper, &reader->own, STATE_OUT));
	return READER_FINE;
}

static enum reader_trouble save_all(struct session_reader *reader)
{
	enum reader_trouble trouble = reader_program_flush(reader->program);
	bool staged = reader->options->state != NULL;

	if (trouble == READER_FINE && staged)
		trouble =
		    reader_program_stage(reader->program, &reader->position);
	if (trouble == READER_FINE)
		trouble = save_state(reader);
	if (trouble == READER_FINE)
		trouble = staged ? reader_program_commit(reader->program)
				 : reader_program_save(reader->program);
	if (trouble != READER_FINE)
		return trouble;
	reader->dirty = false;
	reader->saved = wait_clock();
	return READER_FINE;
}

/* A run that was killed may have saved the state and not the position. */
static void recover_position(const struct rlogsess_options *options)
{
	const char *cursor = options->selection.source.cursor;
	uint64_t hash;

	if (options->state && cursor &&
	    carry_find_position(options->state, &hash) &&
	    position_recover(cursor, hash) < 0)
		strerr_diefusys(111, "recover ", cursor);
}

/* Also while a log is followed, but once. */
static void warn_of_nothing(struct session_reader *reader)
{
	if (!reader->warned)
		reader->warned = rlogsess_messages_warn_of_nothing(
		    reader->report, reader->options);
}

/* Sessions end by time too, also when no lines arrive. */
static enum reader_trouble pass_time(void *ctx, int *milliseconds)
{
	struct session_reader *reader = ctx;

	*milliseconds = CLOCK_EVERY;
	warn_of_nothing(reader);
	if (report_pass(reader->report, nanoseconds_now()) < 0)
		return blame_report(reader->report);
	if (reader->dirty && reader->options->state &&
	    wait_clock() - reader->saved >= SAVE_EVERY)
		return save_all(reader);
	return READER_FINE;
}

/* Opens the log, and names its sources to the report. */
static void open_sources(struct session_reader *reader)
{
	struct source *source;
	size_t count;

	reader_program_open(reader->program);
	source = reader->program->source;
	count = source_count(source);
	for (size_t i = 0; i < count; i++)
		report_name_source(reader->report, i, source_path(source, i));
}

/* Tells the program how to read; it may be opened then. */
static void prepare_reading(struct session_reader *reader)
{
	struct reader_program *program = reader->program;
	const struct rlogsess_options *options = reader->options;

	program->output = &reader->report->output;
	program->block = BLOCK;
	program->take = take_block;
	program->pause = pass_time;
	program->work = "put sessions together";
	/* Other forms write at the end alone. */
	program->shows_lines =
	    options->rest ||
	    (options->form->carries && !rlogsess_options_format(options)->save);
	program->ctx = reader;
}

/*
 * Reads the opened program until the log ends or, where there is something to
 * save or a log is followed, until SIGTERM, SIGINT or SIGHUP arrives.  Then all
 * is shown and saved.
 */
static enum reader_trouble read_sessions(struct session_reader *reader)
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

/* Prints a sentence of a format. */
static void print_warning(void *ctx, const char *text, bool missing)
{
	struct session_reader *reader = ctx;

	reader->missing |= missing;
	progress_erase();
	strerr_warnw(text);
}

/* Bytes of a peer could drive a terminal. */
static void refuse_terminal(const struct rlogsess_options *options)
{
	if (options->form->exact && !options->rest && !options->into &&
	    isatty(1))
		strerr_dief(100, "-o ", options->form->name,
			    " writes bytes of peers as they are, which could "
			    "drive a terminal: redirect them, or take -o hex");
}

int main(int argc, char **argv)
{
	static struct rlogsess_options options;
	static struct reader_program program = {
	    .version = "rlogsess " VERSION,
	    .synopsis = RLOGSESS_SYNOPSIS,
	    .selection = &options.selection,
	};
	struct session_reader reader = {.program = &program,
					.options = &options};
	struct format_warning warning = {print_warning, &reader};
	enum reader_trouble trouble;
	int code;

	reader_program_start(&program, argc, argv, rlogsess_help_print);
	if (rlogsess_options_parse(&options, argc, argv) < 0)
		reader_program_refuse(&program);
	if (options.trace)
		return trace_program_run(&program, &options);
	refuse_terminal(&options);
	look_back_set(&options);
	reader.report = report_new(&options, isatty(1), &warning);
	if (!reader.report && reader.missing) /* that was told */
		strerr_dief(111, "no session is shown");
	if (!reader.report)
		strerr_diefusys(111, "make room for sessions");
	reader.own =
	    (struct carry_lines){load_own_line, save_own_lines, &reader};
	prepare_reading(&reader);
	recover_position(&options);
	open_sources(&reader);
	trouble = read_sessions(&reader);
	if (reader.state_failed)
		rlogsess_messages_die_of_state(&options);
	reader_program_check(&program, trouble);
	warn_of_nothing(&reader);
	rlogsess_messages_warn_at_end(reader.report, &options);
	code = reader_program_close(&program);
	report_free(reader.report);
	filter_free(&options.filter);
	return code == 0 && reader.missing ? 1 : code;
}
