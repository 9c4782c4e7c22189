/*
 * A report joins three parts: the grouper passes groups that the filter accepts
 * to the format, and the format writes to the output.  Tested by
 * tests/sh/rlogsess-sessions.t.
 */
#include "rlogsess/report.h"

#include <errno.h>
#include <stdlib.h>

#include "logread/reader_program.h"
#include "rlogsess/grouping/log_line.h"

/* Ends the output of a group that may not be one of the last ones. */
static int end_output(struct report *report)
{
	return report->last.open ? last_groups_end(&report->last) : 0;
}

static int pass_line(void *ctx, const struct group *group, struct slice line)
{
	struct format_run *run = &((struct report *)ctx)->run;
	const struct format *format = run->options.format;

	return format->line ? format->line(run, group, line) : 0;
}

static int pass_known(void *ctx, const struct group *group)
{
	struct format_run *run = &((struct report *)ctx)->run;
	const struct format *format = run->options.format;

	return format->known ? format->known(run, group) : 0;
}

/* A line without a group is none of the last groups'. */
static int pass_stray(void *ctx, struct slice line)
{
	struct report *report = ctx;
	const struct format *format = report->run.options.format;

	if (!format->stray || report->last.open)
		return 0;
	return format->stray(&report->run, line);
}

static int pass_result(void *ctx, const struct mail_result *result)
{
	struct report *report = ctx;
	const struct format *format = report->run.options.format;

	if (!format->result ||
	    ((result->again || result->outside) && !format->collects_results))
		return 0;
	return format->result(&report->run, result) < 0 ? -1
							: end_output(report);
}

static int pass_group(void *ctx, struct group *group)
{
	struct report *report = ctx;
	const struct format *format = report->run.options.format;

	if (format->group && format->group(&report->run, group) < 0)
		return -1;
	return end_output(report);
}

static int pass_rest(void *ctx, struct slice line)
{
	struct report *report = ctx;
	const struct format *format = report->run.options.format;

	if (format->rest && format->rest(&report->run, line) < 0)
		return -1;
	return end_output(report);
}

static const struct format *
choose_format(const struct rlogsess_options *options)
{
	return options->rest ? &format_rest : rlogsess_options_format(options);
}

/* True if lines outside of the window are read. */
static bool has_reach(const struct rlogsess_options *options)
{
	const struct source_options *source = &options->selection.source;

	return source->back || source->on;
}

/* From now on groups are kept, until show_last_groups. */
static int withhold_groups(struct report *report)
{
	if (last_groups_init(&report->last, report->run.options.most,
			     output_is_safe(&report->output)) < 0)
		return -1;
	report->run.output = &report->last.output;
	return 0;
}

/* Shows the groups that were kept, and from now on each group that ends. */
static int show_last_groups(struct report *report)
{
	int r;

	if (!report->last.open)
		return 0;
	report->run.output = &report->output;
	r = last_groups_show(&report->last, &report->output);
	last_groups_free(&report->last);
	if (r == 0 && report->run.options.live)
		r = grouper_go_live(&report->grouper);
	return r;
}

/* Open groups are carried over to the next run. */
static bool has_carry(const struct rlogsess_options *options)
{
	return options->state || options->descriptors;
}

static struct format_options
choose_format_options(struct report *report,
		      const struct rlogsess_options *options, bool terminal)
{
	bool carry = has_carry(options);
	bool follow = options->selection.source.follow;

	return (struct format_options){
	    .format = choose_format(options),
	    .output = &report->output,
	    .grouper = &report->grouper,
	    .terminal = terminal,
	    .several = options->selection.source.count > 1,
	    .filtered = !filter_is_open(&options->filter) || has_reach(options),
	    .unbounded = follow || carry || options->by_message,
	    .direction = options->direction,
	    .into = options->into,
	    .live = follow && !carry && !options->rest &&
		    options->form == format_find("flat"),
	    .limited = !options->selection.tail.all,
	    .most = options->selection.tail.count,
	    .columns = options->columns,
	    .heading = options->heading || terminal,
	    .time = rlogsess_options_time(options, terminal),
	    .screen = screen_find(1),
	    .colour = terminal && reader_program_has_colours(),
	};
}

static bool has_to_hold_lines(const struct format_options *format)
{
	return format->format->holds_lines &&
	       format->format->holds_lines(format);
}

static int begin_grouper(struct report *report,
			 const struct rlogsess_options *options,
			 const struct format_options *format)
{
	struct grouper_options grouper = {
	    .grouping =
		options->by_message ? &grouping_qmail : &grouping_connections,
	    .filter = &options->filter,
	    .events = {report, pass_line, pass_stray, pass_result, pass_group,
		       pass_rest},
	    .known = pass_known,
	    .quiet = options->quiet,
	    .logs = options->selection.source.count,
	    .parts = format->format->shows_results,
	    .hold_lines = has_carry(options) || has_to_hold_lines(format),
	};

	if (grouper_init(&report->grouper, &grouper) < 0)
		return -1;
	if (format->format->holds_all)
		line_spool_store_widen(&report->grouper.store);
	return 0;
}

static int begin_parts(struct report *report,
		       const struct rlogsess_options *options, bool terminal,
		       const struct format_warning *warning)
{
	struct format_options format =
	    choose_format_options(report, options, terminal);

	format.warning = *warning;
	output_init(&report->output, 1);
	output_set_safe(&report->output, terminal);
	if (begin_grouper(report, options, &format) < 0 ||
	    format_begin(&report->run, &format) < 0)
		return -1;
	if (format.limited)
		return withhold_groups(report);
	return format.live ? grouper_go_live(&report->grouper) : 0;
}

struct report *report_new(const struct rlogsess_options *options, bool terminal,
			  const struct format_warning *warning)
{
	struct report *report = calloc(1, sizeof *report);

	if (!report)
		return NULL;
	report->by_message = options->by_message;
	if (begin_parts(report, options, terminal, warning) == 0)
		return report;
	report_free(report);
	return NULL;
}

void report_free(struct report *report)
{
	grouper_free(&report->grouper);
	format_free(&report->run);
	last_groups_free(&report->last);
	free(report);
}

void report_name_source(struct report *report, size_t n, const char *name)
{
	/* Only one of several logs is the source of a session. */
	if (report->run.options.several)
		grouper_name_log(&report->grouper, n, name);
	else
		report->run.options.log = name;
}

void report_begin_block(struct report *report, const struct source_line *block)
{
	grouper_choose_log(&report->grouper, block->origin);
	grouper_set_stamps(&report->grouper, block->kind, block->span);
	grouper_set_side(&report->grouper, block->side);
}

bool report_is_done(const struct report *report)
{
	return grouper_is_done(&report->grouper);
}

/* Output that has failed fails everything that follows. */
static int check_report_output(const struct report *report)
{
	int error = output_error(&report->output);

	if (!error)
		return 0;
	errno = error;
	return -1;
}

/* True for a line of a session if messages are asked for, and vice versa. */
static bool is_of_other_kind(struct report *report, const char *text,
			     size_t len)
{
	struct line_prefix prefix = {.absent = true};
	struct line_reader reader = {&report->stamps, &prefix};
	struct connection_line connection;
	struct qmail_line message;

	if (report->by_message) {
		log_line_parse_connection(&connection, &reader, text, len);
		return connection.kind != LINE_OTHER &&
		       connection.kind != LINE_MAYBE;
	}
	log_line_parse_qmail(&message, &reader, text, len);
	return message.kind != QUEUE_OTHER;
}

int report_line(struct report *report, const char *text, size_t len)
{
	if (grouper_line(&report->grouper, text, len) < 0)
		return -1;
	if (!report->grouper.grouped && !report->other_seen &&
	    report->grouper.log->side == WINDOW_INSIDE)
		report->other_seen = is_of_other_kind(report, text, len);
	return check_report_output(report);
}

int report_pass(struct report *report, int64_t now)
{
	return grouper_pass(&report->grouper, now) < 0
		   ? -1
		   : show_last_groups(report);
}

int report_finish(struct report *report, bool carry)
{
	struct format_run *run = &report->run;
	const struct format *format = run->options.format;

	if ((!carry && grouper_finish(&report->grouper) < 0) ||
	    show_last_groups(report) < 0)
		return -1;
	if (format->finish && format->finish(run) < 0)
		return -1;
	return output_flush(&report->output);
}

enum report_finding report_find(const struct report *report, uint64_t *lines)
{
	*lines = report->grouper.lines;
	if (report->grouper.grouped)
		return REPORT_SOMETHING;
	if (report->other_seen)
		return REPORT_OTHER;
	return *lines < REPORT_MANY ? REPORT_SOMETHING : REPORT_NOTHING;
}

uint64_t report_rest(const struct report *report)
{
	const struct grouper *grouper = &report->grouper;

	return grouper->lines + grouper->restored - grouper->grouped;
}

int report_trouble(const struct report *report)
{
	return report->grouper.store.trouble;
}

uint64_t report_nameless(const struct report *report)
{
	return report->grouper.nameless;
}

uint64_t report_crowded(const struct report *report)
{
	return report->grouper.crowded;
}

uint64_t report_cut_lines(const struct report *report)
{
	return report->grouper.cut_lines;
}
