/*
 * The deliveries of a message.  A held row is "BEGIN END OUTCOME HTML", times
 * in nanoseconds, an outcome as a digit, and HTML the item of the list.  Tested
 * by tests/sh/rlogsess-html.t.
 */
#include "rlogsess/html/html_life.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/grouping/session_outcome.h"
#include "rlogsess/html/html_dialogue.h"
#include "rlogsess/html/html_text.h"
#include "rlogsess/line_time.h"

/* Deliveries have the colours of sessions that end alike. */
static enum session_outcome classify_delivery(enum mail_outcome outcome)
{
	switch (outcome) {
	case MAIL_SUCCESS: return OUTCOME_FINE;
	case MAIL_DEFERRAL: return OUTCOME_REFUSED;
	case MAIL_FAILURE: return OUTCOME_BAD;
	default: return OUTCOME_OPEN;
	}
}

static void write_delivery_text(struct output *output, const char *text,
				size_t len)
{
	struct html_text html;

	html_text_init(&html, output);
	html_text_put(&html, text, len);
}

static void write_item(struct output *output, const struct mail_result *result)
{
	const struct mail_delivery *delivery = result->delivery;
	char text[LINE_TIME_TEXT];
	size_t len = result->why.len;

	output_string(output, "<li class=");
	output_string(output,
		      session_outcome_name(classify_delivery(result->outcome)));
	output_string(output, "><span class=t>");
	if (line_time_format_local(text, delivery->group.first) > 19)
		text[19] = 0;
	output_string(output, text);
	output_string(output, " </span><span class=o>");
	output_string(output, qmail_outcome(result->outcome));
	output_string(output, " </span><span class=s>");
	if (delivery->group.first != LINE_TIME_NONE &&
	    result->time != LINE_TIME_NONE) {
		line_time_format_seconds(text,
					 result->time - delivery->group.first);
		output_string(output, text);
	}
	output_string(output, " </span><span class=w>");
	write_delivery_text(output, delivery->channel,
			    strlen(delivery->channel));
	output_string(output, " ");
	write_delivery_text(output, delivery->recipient,
			    strlen(delivery->recipient));
	output_string(output, " <i>");
	write_delivery_text(output, result->why.at,
			    len < HTML_LIFE_WHY ? len : HTML_LIFE_WHY);
	output_string(output, "</i></span></li>");
}

void html_life_hold(struct group_table *table, const struct mail_result *result)
{
	struct output output;
	struct slice row;
	char text[64];

	if (!result->delivery)
		return;
	output_init(&output, -1);
	snprintf(text, sizeof text, "%" PRId64 " %" PRId64 " %d ",
		 result->delivery->group.first, result->time,
		 (int)classify_delivery(result->outcome));
	output_string(&output, text);
	write_item(&output, result);
	row.at = output_composed(&output, &row.len);
	group_table_hold_row(table, &result->mail->group, row);
}

/* A row of a delivery. */
struct delivery_row {
	int64_t begin, end;
	enum session_outcome outcome;
	struct slice html;
};

static void parse_row(struct delivery_row *row, const char *text, size_t len)
{
	char *at;

	row->begin = strtoll(text, &at, 10);
	row->end = strtoll(at, &at, 10);
	row->outcome = (enum session_outcome)strtol(at, &at, 10);
	row->html = (struct slice){at + 1, len - (size_t)(at + 1 - text)};
}

static void write_row_item(void *ctx, const char *text, size_t len)
{
	struct delivery_row row;

	parse_row(&row, text, len);
	output_bytes(ctx, row.html.at, row.html.len);
	output_string(ctx, "\n");
}

int html_life_list(struct output *output, struct line_spool_store *store,
		   const struct group *group)
{
	if (!group->rows.bytes)
		return 0;
	output_string(output, "<ol>\n");
	if (line_spool_each_line(store, &group->rows, write_row_item, output) <
	    0)
		return -1;
	output_string(output, "</ol>");
	return 0;
}

/* The units of a strip, each with the worst outcome of deliveries in it. */
struct life_strip {
	const struct group *group;
	unsigned int units;
	unsigned char outcome[HTML_DIALOGUE_STRIP]; /* OUTCOMES: none */
};

static size_t find_life_unit(const struct life_strip *strip, int64_t time)
{
	const struct group *group = strip->group;
	int64_t unit = (group->last - group->first) / strip->units + 1;

	if (time < group->first)
		time = group->first;
	if (time > group->last)
		time = group->last;
	return (size_t)((time - group->first) / unit);
}

static void paint_delivery(void *ctx, const char *text, size_t len)
{
	struct life_strip *strip = ctx;
	struct delivery_row row;
	size_t last;

	parse_row(&row, text, len);
	if (row.begin == LINE_TIME_NONE)
		return;
	if (row.end == LINE_TIME_NONE)
		row.end = strip->group->last;
	last = find_life_unit(strip, row.end);
	for (size_t i = find_life_unit(strip, row.begin); i <= last; i++)
		if (row.outcome < strip->outcome[i])
			strip->outcome[i] = (unsigned char)row.outcome;
}

static void write_life_path(struct output *output,
			    const struct life_strip *strip, size_t outcome)
{
	char text[80];
	bool begun = false;

	for (size_t i = 0; i < strip->units; i++) {
		if (strip->outcome[i] != outcome)
			continue;
		if (!begun) {
			snprintf(text, sizeof text, "<path class=%s d=\"",
				 session_outcome_name(
				     (enum session_outcome)outcome));
			output_string(output, text);
		}
		snprintf(text, sizeof text, "M%zu 4h1", i);
		output_string(output, text);
		begun = true;
	}
	if (begun)
		output_string(output, "\"/>");
}

int html_life_strip(struct output *output, struct line_spool_store *store,
		    const struct group *group)
{
	struct life_strip strip = {.group = group,
				   .units = html_dialogue_strip_units(group)};

	if (!strip.units)
		return 0;
	memset(strip.outcome, OUTCOMES, sizeof strip.outcome);
	if (line_spool_each_line(store, &group->rows, paint_delivery, &strip) <
	    0)
		return -1;
	html_dialogue_open_strip(output, strip.units);
	for (size_t k = 0; k < OUTCOMES; k++)
		write_life_path(output, &strip, k);
	output_string(output, "</svg>");
	return 0;
}
