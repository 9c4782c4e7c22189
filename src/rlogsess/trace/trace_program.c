/*
 * rlogsess --trace reads the logs twice: the first time for the facts of all
 * mails, out of which the mail's session, message and bounces are found; the
 * second time for their lines.  So memory depends neither on the size of the
 * logs nor on how far apart the lines of a mail are.  Tested by
 * tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <skalibs/strerr.h>
#include <skalibs/uint64.h>

#include "rlogsess/block_lines.h"
#include "rlogsess/trace/trace_scan.h"
#include "rlogsess/trace/trace_text.h"

enum { BLOCK = 1 << 16 }; /* bytes */

struct trace_program {
	struct reader_program *program;
	const struct rlogsess_options *options;
	struct output output;
	struct mail_query query;
	struct trace_scan scan;
	struct mail_links links;
	struct trace_parts parts;
	struct trace_groupers *groupers; /* of this reading */
	int (*line)(void *ctx, const char *text, size_t len);
	void *line_ctx;
	enum window_side side; /* of the lines that are read */
};

static int scan_line(void *ctx, const char *text, size_t len)
{
	struct trace_program *trace = ctx;

	return trace_scan_line(&trace->scan, text, len,
			       trace->side == WINDOW_INSIDE);
}

static int group_part_line(void *ctx, const char *text, size_t len)
{
	return trace_groupers_line(ctx, text, len);
}

static enum reader_trouble take_trace_block(void *ctx,
					    const struct source_line *block)
{
	struct trace_program *trace = ctx;

	trace_groupers_begin(trace->groupers, block);
	trace->side = block->side;
	return block_lines_each(block, trace->line, trace->line_ctx) < 0
		   ? READER_OTHER
		   : READER_FINE;
}

/* A pipe has no bytes left when it is read again. */
static void refuse_pipes(const struct source_options *source)
{
	struct stat st;

	for (size_t i = 0; i < source->count; i++)
		if (stat(source->directories[i], &st) == 0 &&
		    !S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
			strerr_dief(100, "--trace reads its logs twice: '",
				    source->directories[i],
				    "' is neither a directory nor a file");
}

/* The mails of a window are whole: lines around it are read. */
static void widen_trace_window(const struct trace_program *trace)
{
	struct source_options *source = &trace->program->selection->source;
	uint64_t quiet = trace->options->quiet;

	if (source->since)
		source->back =
		    quiet ? quiet : (uint64_t)grouping_qmail.limits.quiet;
	source->on = source->until;
}

/* Opens the logs.  Each of them has a name, also if it is the only one. */
static void open_logs(struct trace_program *trace)
{
	struct reader_program *program = trace->program;

	program->output = &trace->output;
	program->block = BLOCK;
	program->take = take_trace_block;
	program->work = "trace the mail";
	program->ctx = trace;
	reader_program_open(program);
}

static size_t count_logs(const struct trace_program *trace)
{
	return source_count(trace->program->source);
}

/* Reads the opened logs; returns the exit code of that. */
static int read_logs(struct trace_program *trace,
		     struct trace_groupers *groupers,
		     int (*line)(void *ctx, const char *text, size_t len),
		     void *ctx)
{
	struct reader_program *program = trace->program;
	enum reader_trouble trouble;

	trace->groupers = groupers;
	trace->line = line;
	trace->line_ctx = ctx;
	for (size_t i = 0; i < count_logs(trace); i++)
		trace_groupers_name(groupers, i,
				    source_path(program->source, i));
	trouble = reader_program_run(program);
	if (trouble == READER_FINE && trace_groupers_finish(groupers) < 0)
		trouble = READER_OTHER;
	reader_program_check(program, trouble);
	return reader_program_close(program);
}

static void check_trace(int r)
{
	if (r < 0)
		strerr_diefusys(111, "trace the mail");
}

static int find_facts(struct trace_program *trace)
{
	open_logs(trace);
	check_trace(trace_scan_init(&trace->scan, &trace->query,
				    count_logs(trace), trace->options->quiet));
	return read_logs(trace, &trace->scan.groupers, scan_line, trace);
}

/* Asks for the sessions and messages of all mails. */
static void ask_for_parts(struct trace_program *trace)
{
	const struct mail_links *links = &trace->links;
	struct trace_chain chain;

	for (size_t i = 0; i < links->roots; i++) {
		trace_chain_find(&chain, links, links->root[i]);
		for (size_t n = 0; n < chain.steps; n++)
			check_trace(trace_parts_add(
			    &trace->parts,
			    &links->fact[chain.step[n].fact].group));
	}
}

static int find_parts(struct trace_program *trace)
{
	trace->program->selection->verbose = false;
	open_logs(trace);
	check_trace(trace_parts_init(&trace->parts, trace->options,
				     count_logs(trace),
				     output_is_safe(&trace->output)));
	ask_for_parts(trace);
	return read_logs(trace, &trace->parts.groupers, group_part_line,
			 &trace->parts.groupers);
}

static void write_mails(struct trace_program *trace)
{
	const struct mail_links *links = &trace->links;
	struct trace_text text = {
	    .output = &trace->output,
	    .parts = &trace->parts,
	    .json = trace->options->form == format_find("json"),
	};
	struct trace_chain chain;

	for (size_t i = 0; i < links->roots; i++) {
		trace_chain_find(&chain, links, links->root[i]);
		check_trace(trace_text_write(&text, &chain));
	}
	output_flush(&trace->output);
	reader_program_check(trace->program,
			     reader_program_flush(trace->program));
}

static void warn_with_number(const char *before, uint64_t n, const char *text)
{
	char number[UINT64_FMT];

	number[uint64_fmt(number, n)] = 0;
	strerr_warnw(before, number, text);
}

static void warn_of_no_mail(const struct trace_program *trace)
{
	const struct trace_scan *scan = &trace->scan;
	const char *what = trace->options->trace;
	char lines[UINT64_FMT], mails[UINT64_FMT];

	lines[uint64_fmt(lines, scan->groupers.sessions.lines)] = 0;
	mails[uint64_fmt(mails, scan->mail_count)] = 0;
	strerr_warnw("no mail matches '", what, "': ", lines, " lines tell of ",
		     mails, " mails in sessions and in the queue");
	if (scan->unrecorded && strchr(what, '@'))
		warn_with_number("the messages of ", scan->unrecorded,
				 " mails were not recorded, nor were their "
				 "Message-IDs");
}

static void warn_of_mails(const struct trace_program *trace)
{
	const struct mail_links *links = &trace->links;
	const struct trace_scan *scan = &trace->scan;

	if (!links->roots)
		warn_of_no_mail(trace);
	else if (links->more)
		warn_with_number("only the first ", links->roots,
				 " mails that match are shown: choose a time "
				 "with -S and -U");
	else if (links->roots > 1)
		warn_with_number("", links->roots,
				 " mails match: -S and -U choose a time");
	if (links->full)
		strerr_warnw("too many mails have the same qp to tell which "
			     "message is whose: choose a time with -S and -U");
	if (scan->left_out)
		warn_with_number("", scan->left_out,
				 " sessions or messages were too long to hold: "
				 "mails in them may be missing");
}

int trace_program_run(struct reader_program *program,
		      const struct rlogsess_options *options)
{
	struct trace_program *trace = calloc(1, sizeof *trace);
	int first, second = 0;

	if (!trace)
		strerr_diefusys(111, "make room for mails");
	trace->program = program;
	trace->options = options;
	output_init(&trace->output, 1);
	output_set_safe(&trace->output, isatty(1));
	check_trace(mail_query_parse(&trace->query, options->trace));
	refuse_pipes(&options->selection.source);
	widen_trace_window(trace);
	first = find_facts(trace);
	check_trace(mail_links_find(&trace->links, &trace->scan.facts,
				    &trace->scan.span));
	if (trace->links.roots) {
		second = find_parts(trace);
		write_mails(trace);
		trace_parts_free(&trace->parts);
	}
	warn_of_mails(trace);
	mail_links_free(&trace->links);
	trace_scan_free(&trace->scan);
	free(trace);
	return first > second ? first : second;
}
