/*
 * rlogsess: shows the lines of logs session by session.
 *
 * The order of saving makes a crash repeat output rather than lose it: first
 * the output, then the state of open sessions, then the position.  Without a
 * state to carry them over, open sessions would be lost if their lines were not
 * read again; so while a log is followed only a state makes it save.
 *
 * Tested by tests/sh/rlogsess-*.t.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <skalibs/strerr.h>
#include <skalibs/types.h>
#include <skalibs/uint64.h>

#include "logread/reader_program.h"
#include "rlogsess/block_lines.h"
#include "rlogsess/carry.h"
#include "rlogsess/look_back.h"
#include "rlogsess/report.h"
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
	bool state_failed; /* the state could not be read or written */
	bool warned;       /* by warn_of_nothing */
	bool missing;      /* the output lacks bytes of a session */
	bool dirty;        /* lines were read after the state was saved */
	int64_t saved;     /* the time it was saved, by wait_clock */
};

static void print_long_options(void)
{
	fputs(
	    "  --columns list     columns of -o table and csv, such as "
	    "start,peer,user;\n"
	    "                     an unknown name lists all\n"
	    "  --direction in|out  of -o bytes and hex: only this direction\n"
	    "  --from regex       with -M, only messages from a sender that "
	    "matches\n"
	    "  --heading          names over the columns of -o table, in a "
	    "pipe, too\n"
	    "  --into directory   with -o mail, write each message to a file "
	    "there\n"
	    "  --last duration    only sessions of the last '10 minutes' or "
	    "1h30m\n"
	    "  --msg number       with -M, only messages of this number\n"
	    "  --rest             only the lines that belong to no session\n"
	    "  --stuck            with -M, only deferred messages that are "
	    "still in\n"
	    "                     the queue where the log ends\n"
	    "  --time form        stamps of lines as raw, local, tai64nlocal, "
	    "utc, iso\n"
	    "                     or unix\n"
	    "  --trace what       one mail, by Message-ID, qp, queue ID, "
	    "sender "
	    "or\n"
	    "                     recipient: its session, deliveries and "
	    "bounce\n"
	    "\n"
	    "Each of -i, -m, -p, -r, --from and --msg may be given up to 64 "
	    "times:\n"
	    "any of them must match.  Different options must all match.\n"
	    "\n"
	    "Long: --address --bad --cursor-file --follow --labels --match\n"
	    "--messages --number --output --pid --quiet-time --reply --since "
	    "(--start)\n"
	    "--state-file --until (--end) --verbose --dir=dir\n",
	    stdout);
}

static void print_session_help(void)
{
	char forms[128];

	format_names(forms, sizeof forms, " or ");
	printf(
	    "usage: " RLOGSESS_SYNOPSIS "\n"
	    "\n"
	    "Shows the lines of logs session by session; without a directory,\n"
	    "the lines of standard input.\n"
	    "\n"
	    "  -c cursorfile      begin at the saved position, and save a new "
	    "one\n"
	    "  -f                 follow the logs across rotations\n"
	    "  -i address         only sessions of this address or network\n"
	    "  -K                 carry open sessions from descriptor 4 to 5\n"
	    "  -k statefile       carry open sessions over in a file\n"
	    "  -L auto|djb|leap   the kind of labels (auto)\n"
	    "  -M                 messages of qmail-send instead of sessions\n"
	    "  -m regex           only sessions with a line that matches; "
	    "with\n"
	    "                     -M, messages to a recipient that matches\n"
	    "  -n sessions|all    only the last sessions; with -f, 10 unless "
	    "given\n"
	    "  -o form            %s\n"
	    "  -p pid             only sessions of this process ID; with -M,\n"
	    "                     messages with this qp\n"
	    "  -r reply           only sessions with a reply such as 451 or "
	    "5xx;\n"
	    "                     with -M, messages to an address or @domain\n"
	    "  -S since           only sessions from this time on, whole\n"
	    "  -s                 only sessions that ended badly\n"
	    "  -t seconds         the silence after which a session is over "
	    "(3600)\n"
	    "  -U until           only sessions up to this time, whole\n"
	    "  -v                 report findings such as the kind of labels\n",
	    forms);
	print_long_options();
}

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

/* Says once why nothing can be shown, whatever the filter. */
static void warn_of_nothing(struct session_reader *reader)
{
	bool by_message = reader->options->by_message;
	const char *noun = by_message ? "no message in " : "no session in ";
	char number[UINT64_FMT];
	uint64_t lines;
	enum report_finding finding = report_find(reader->report, &lines);

	if (finding == REPORT_SOMETHING || reader->warned ||
	    reader->options->rest)
		return;
	reader->warned = true;
	number[uint64_fmt(number, lines)] = 0;
	if (finding == REPORT_OTHER)
		strerr_warnw(noun, number,
			     by_message ? " lines, but sessions: try without -M"
					: " lines, but messages of "
					  "qmail-send: try -M");
	else
		strerr_warnw(noun, number, " lines: is it a log of ",
			     by_message ? "qmail-send"
					: "tcpserver, recio or recordio",
			     "? rlogread shows its lines");
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

/* Opens the log, and names its sources to the report if there are several. */
static void open_sources(struct session_reader *reader)
{
	struct source *source;
	size_t count;

	reader_program_open(reader->program);
	source = reader->program->source;
	count = source_count(source);
	for (size_t i = 0; count > 1 && i < count; i++)
		report_name_source(reader->report, i, source_path(source, i));
}

/* Tells the program how to read; it may be opened then. */
static void prepare_reading(struct session_reader *reader)
{
	struct reader_program *program = reader->program;

	program->output = &reader->report->output;
	program->block = BLOCK;
	program->take = take_block;
	program->pause = pass_time;
	program->work = "put sessions together";
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

static _Noreturn void die_of_state(const struct rlogsess_options *options)
{
	const char *name =
	    options->state ? options->state : "descriptor 4 or 5";

	if (errno == EXDEV)
		strerr_dief(111, name, " holds ",
			    options->by_message ? "messages" : "sessions",
			    " of other logs than these; name the same logs, or "
			    "give -k the name of a new file");
	if (errno == EINVAL)
		strerr_dief(111, name, " holds no state of ",
			    options->by_message ? "rlogsess -M" : "rlogsess",
			    "; give -k the name of a new file");
	strerr_diefusys(111, "read or write the state in ", name);
}

/* Says which groups of a window -i or --from could not look at. */
static void warn_of_nameless(const struct session_reader *reader)
{
	const struct rlogsess_options *options = reader->options;
	const struct filter *filter = &options->filter;
	uint64_t groups = report_nameless(reader->report);
	char number[UINT64_FMT];

	if (!options->selection.source.back || !groups ||
	    !(filter->networks || filter->senders))
		return;
	number[uint64_fmt(number, groups)] = 0;
	strerr_warnw(options->by_message ? "messages" : "sessions",
		     " that began before the lines that were read, and whose ",
		     options->by_message ? "sender" : "address",
		     " is not known for that: ", number,
		     "; a longer -t reads from further back");
}

static void warn_of_losses(const struct report *report)
{
	int error = report_trouble(report);

	if (report_cut_lines(report))
		strerr_warnw("lines longer than 65535 bytes were cut");
	if (error)
		strerr_warnw("lines were left out: unable to write to the "
			     "temporary file: ",
			     strerror(error));
}

/* A message that was not followed to its end may be stuck. */
static void warn_of_crowd(const struct session_reader *reader)
{
	uint64_t messages = report_crowded(reader->report);
	char number[UINT64_FMT], most[UINT_FMT];

	if (!reader->options->filter.stuck || !messages)
		return;
	number[uint64_fmt(number, messages)] = 0;
	most[uint_fmt(most, QMAIL_MAX)] = 0;
	strerr_warnw(number, " messages may be missing: more than ", most,
		     " were in the queue at one time");
}

static void tell_rest_lines(const struct session_reader *reader)
{
	uint64_t lines = report_rest(reader->report);
	char number[UINT64_FMT];

	if (!reader->options->selection.verbose || !lines)
		return;
	number[uint64_fmt(number, lines)] = 0;
	strerr_warnw("lines of no ",
		     reader->options->by_message ? "message" : "session", ": ",
		     number, "; --rest shows them");
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

	reader_program_start(&program, argc, argv, print_session_help);
	if (rlogsess_options_parse(&options, argc, argv) < 0)
		reader_program_refuse(&program);
	if (options.trace)
		return trace_program_run(&program, &options);
	refuse_terminal(&options);
	look_back_set(&options);
	reader.report = report_new(&options, isatty(1), &warning);
	if (!reader.report)
		strerr_diefusys(111, "make room for sessions");
	prepare_reading(&reader);
	open_sources(&reader);
	trouble = read_sessions(&reader);
	if (reader.state_failed)
		die_of_state(&options);
	reader_program_check(&program, trouble);
	warn_of_losses(reader.report);
	warn_of_nameless(&reader);
	warn_of_nothing(&reader);
	warn_of_crowd(&reader);
	tell_rest_lines(&reader);
	code = reader_program_close(&program);
	report_free(reader.report);
	filter_free(&options.filter);
	return code == 0 && reader.missing ? 1 : code;
}
