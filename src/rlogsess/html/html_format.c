/*
 * The form html: one page with an overview, a list of sessions or messages, and
 * the lines of each.  A group is written as a part of the list when it is over,
 * and the parts wait in a temporary file; the page is written at the end of the
 * log.  Beyond HTML_PARTS groups or HTML_BYTES bytes the worst groups are
 * listed, and the page says how many are not.  All are counted.  Tested by
 * tests/sh/rlogsess-html.t and rlogsess-browser.t.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rlogsess/format/format.h"
#include "rlogsess/html/html_dialogue.h"
#include "rlogsess/html/html_life.h"
#include "rlogsess/html/html_overview.h"
#include "rlogsess/html/html_page.h"
#include "rlogsess/html/html_row.h"
#include "rlogsess/line_time.h"

enum { HTML_PARTS = 10000, HTML_BYTES = 16 << 20, HTML_BLOCK = 100 };

/* The counts that the form stats has, by the same words. */
struct html_counts {
	uint64_t bad, denied, incomplete, messages; /* of sessions */
	uint64_t bytes, bounces, bounced, open;     /* of messages */
	uint64_t delivery[MAIL_UNKNOWN + 1];
};

struct html_state {
	struct html_overview overview;
	struct html_counts counts;
	bool tls; /* a session has TLS */
	struct worst_parts parts;
};

static int begin_html(struct format_run *run)
{
	struct html_state *state = run->state;

	return worst_parts_init(&state->parts, HTML_PARTS, HTML_BYTES);
}

static void free_html(void *html)
{
	struct html_state *state = html;

	worst_parts_free(&state->parts);
}

/* By outcome, then by duration. */
static uint64_t rank_group(const struct group *group,
			   enum session_outcome outcome)
{
	static const uint64_t ranks[OUTCOMES] = {
	    [OUTCOME_BAD] = 4,    [OUTCOME_OPEN] = 3, [OUTCOME_REFUSED] = 2,
	    [OUTCOME_DENIED] = 1, [OUTCOME_FINE] = 0,
	};
	uint64_t rank = ranks[outcome] << 60;

	if (group->first != LINE_TIME_NONE && group->last > group->first)
		rank += (uint64_t)(group->last - group->first) >> 4;
	return rank;
}

static void count_html_session(struct html_counts *counts,
			       const struct session *session)
{
	const struct group *group = &session->group;

	counts->bad += connections_ended_badly(session);
	counts->denied += session->denied;
	counts->incomplete +=
	    group->marks || session->said.lost || group->held.left_out;
	counts->messages += session->said.talk.messages;
}

static int add_html_session(struct format_run *run, const struct group *group)
{
	struct html_state *state = run->state;
	struct line_spool_store *store = &run->options.grouper->store;
	const struct session *session = connections_session(group);
	struct html_verdict verdict;
	struct output *output;
	uint64_t rank;

	html_row_judge_session(&verdict, session);
	count_html_session(&state->counts, session);
	state->tls |= *session->said.tls_version != 0;
	html_overview_add(&state->overview, group, verdict.outcome);
	rank = rank_group(group, verdict.outcome);
	output = worst_parts_begin(&state->parts, rank);
	if (!output)
		return 0;
	html_row_begin_session(output, session, &verdict);
	if (html_dialogue_strip(output, store, group) < 0)
		return -1;
	html_row_end_session(output, session, group->source);
	html_row_open_lines(output, group);
	if (html_dialogue_write(output, store, group, false) < 0)
		return -1;
	html_row_close(output);
	return worst_parts_end(&state->parts, rank, group->number);
}

static void write_figure(struct output *output, uint64_t number,
			 const char *name)
{
	output_string(output, "<span><b>");
	output_number(output, number);
	output_string(output, "</b> ");
	output_string(output, name);
	output_string(output, "</span>\n");
}

/* Writes a number of things, whose plural has an s. */
static void write_quantity(struct output *output, uint64_t number,
			   const char *noun)
{
	char name[32];

	snprintf(name, sizeof name, "%s%s", noun, number == 1 ? "" : "s");
	write_figure(output, number, name);
}

static void write_range(struct output *output,
			const struct html_overview *overview)
{
	char text[LINE_TIME_TEXT];

	if (!overview->placed)
		return;
	output_string(output, "<p class=range>");
	line_time_format_local(text, overview->first);
	text[19] = 0;
	output_string(output, text);
	output_string(output, " to ");
	line_time_format_local(text, overview->last);
	text[19] = 0;
	output_string(output, text);
	output_string(output, "</p>\n");
}

/* Explains colours; a script makes buttons of the items. */
static void write_legend(struct output *output,
			 const struct html_overview *overview,
			 const char *const names[OUTCOMES])
{
	output_string(output, "<ul id=legend>\n");
	for (size_t i = 0; i < OUTCOMES; i++) {
		if (!overview->outcome[i])
			continue;
		output_string(output, "<li class=");
		output_string(output,
			      session_outcome_name((enum session_outcome)i));
		output_string(output, ">");
		output_string(output, names[i]);
		output_string(output, " ");
		output_number(output, overview->outcome[i]);
		output_string(output, "</li>\n");
	}
	output_string(output, "</ul>\n");
}

static void write_left_out(struct output *output,
			   const struct worst_parts *parts, const char *noun)
{
	if (!parts->left_out)
		return;
	output_string(output, "<p class=note>The list has the worst ");
	output_number(output, parts->count);
	output_string(output, " ");
	output_string(output, noun);
	output_string(output, ". ");
	output_number(output, parts->left_out);
	output_string(output, parts->left_out == 1 ? " more is" : " more are");
	output_string(output, " counted and drawn, but not listed. -S, -U and "
			      "filters of rlogsess select fewer.</p>\n");
}

/*
 * Writes the rows in blocks, which browsers lay out when they are in sight: to
 * watch each row for that would take longer than to lay it out.
 */
static int write_rows(struct output *output, const struct worst_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (i % HTML_BLOCK == 0)
			output_string(output, i ? "</div>\n<div class=block>\n"
						: "<div class=block>\n");
		if (worst_parts_show(parts, i, output) < 0)
			return -1;
	}
	if (parts->count)
		output_string(output, "</div>\n");
	return 0;
}

/* Writes all but the figures, which stand behind the heading. */
static int write_html_body(struct format_run *run, const char *noun,
			   const char *const names[OUTCOMES])
{
	struct html_state *state = run->state;
	struct output *output = run->output;

	worst_parts_sort(&state->parts);
	html_overview_write(&state->overview, output, &state->parts);
	write_legend(output, &state->overview, names);
	write_left_out(output, &state->parts, noun);
	output_string(output, state->tls ? "<div id=list class=tls>\n"
					 : "<div id=list>\n");
	if (!state->overview.groups)
		output_string(output, "<p class=note>Nothing matches.</p>\n");
	if (write_rows(output, &state->parts) < 0)
		return -1;
	output_string(output, "</div>\n");
	html_page_end(output, (long)(state->overview.offset / 1000000000));
	return 0;
}

static int finish_html_sessions(struct format_run *run)
{
	static const char *const names[OUTCOMES] = {
	    "denied", "bad end", "goes on", "refused", "fine"};
	const struct html_state *state = run->state;
	const struct html_counts *counts = &state->counts;
	struct output *output = run->output;

	html_page_begin(output, "Sessions");
	write_range(output, &state->overview);
	output_string(output, "<p id=figures>\n");
	write_quantity(output, state->overview.groups, "session");
	write_figure(output, counts->bad, "ended badly");
	write_figure(output, counts->denied, "denied");
	write_figure(output, counts->incomplete, "not whole");
	write_quantity(output, counts->messages, "message");
	write_figure(output, run->options.grouper->load.most,
		     "most at one time");
	output_string(output, "</p>\n");
	return write_html_body(run, "sessions", names);
}

const struct format format_html_sessions = {
    .state_size = sizeof(struct html_state),
    .holds_lines = format_always,
    .begin = begin_html,
    .group = add_html_session,
    .finish = finish_html_sessions,
    .free = free_html,
};

static void count_html_message(struct html_counts *counts,
			       const struct mail *mail)
{
	counts->bytes += mail->bytes;
	counts->bounces += strcmp(mail->from, "<>") == 0;
	counts->bounced += mail->bounced;
	counts->open += (mail->group.marks & GROUP_OPEN) != 0;
}

static int add_html_message(struct format_run *run, const struct group *group)
{
	struct html_state *state = run->state;
	struct line_spool_store *store = &run->options.grouper->store;
	const struct mail *mail = qmail_mail(group);
	struct html_verdict verdict;
	struct output *output;
	uint64_t rank;

	html_row_judge_mail(&verdict, mail);
	count_html_message(&state->counts, mail);
	html_overview_add(&state->overview, group, verdict.outcome);
	rank = rank_group(group, verdict.outcome);
	output = worst_parts_begin(&state->parts, rank);
	if (!output)
		return 0;
	html_row_begin_mail(output, mail, &verdict);
	if (html_life_strip(output, store, group) < 0)
		return -1;
	html_row_end_mail(output, mail, group->source);
	if (html_life_list(output, store, group) < 0)
		return -1;
	html_row_open_lines(output, group);
	if (html_dialogue_write(output, store, group, true) < 0)
		return -1;
	html_row_close(output);
	return worst_parts_end(&state->parts, rank, group->number);
}

/* A delivery of an earlier run is drawn, but counted where it was told. */
static int add_html_delivery(struct format_run *run,
			     const struct mail_result *result)
{
	struct html_state *state = run->state;

	if (!result->delivery)
		return 0;
	if (!result->again && !result->outside)
		state->counts.delivery[result->outcome]++;
	html_life_hold(&run->options.grouper->log->table, result);
	return 0;
}

static int finish_html_messages(struct format_run *run)
{
	static const char *const names[OUTCOMES] = {"", "failed", "goes on",
						    "deferred", "delivered"};
	const struct html_state *state = run->state;
	const struct html_counts *counts = &state->counts;
	struct output *output = run->output;

	html_page_begin(output, "Messages");
	write_range(output, &state->overview);
	output_string(output, "<p id=figures>\n");
	write_quantity(output, state->overview.groups, "message");
	write_quantity(output, counts->bytes, "byte");
	write_quantity(output, counts->bounces, "bounce");
	write_figure(output, counts->bounced, "that bounced");
	write_figure(output, counts->open, "still in the queue");
	for (size_t i = 0; i <= MAIL_UNKNOWN; i++)
		write_figure(output, counts->delivery[i],
			     qmail_outcome((enum mail_outcome)i));
	output_string(output, "</p>\n");
	return write_html_body(run, "messages", names);
}

const struct format format_html_messages = {
    .state_size = sizeof(struct html_state),
    .holds_lines = format_always,
    .collects_results = true,
    .begin = begin_html,
    .group = add_html_message,
    .result = add_html_delivery,
    .finish = finish_html_messages,
    .free = free_html,
};
