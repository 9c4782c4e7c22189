/*
 * Charts over sessions, in memory that does not grow with their number.  A row
 * has its numbers before its bar, so that it is read without the picture and
 * cut by column numbers.
 */
#include "rlogsess/format/session_charts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rlogsess/format/bar.h"
#include "rlogsess/line_time.h"

static const struct {
	int64_t below; /* milliseconds */
	const char *name;
} steps[CHART_DURATIONS] = {
    {1, "below 1 ms"},           {3, "below 3 ms"},
    {10, "below 10 ms"},         {30, "below 30 ms"},
    {100, "below 100 ms"},       {300, "below 300 ms"},
    {1000, "below 1 s"},         {3000, "below 3 s"},
    {10000, "below 10 s"},       {30000, "below 30 s"},
    {100000, "below 100 s"},     {300000, "below 300 s"},
    {1000000, "below 1000 s"},   {3000000, "below 3000 s"},
    {10000000, "below 10000 s"}, {INT64_MAX, "10000 s and more"},
};

int session_charts_begin(struct session_charts *charts)
{
	charts->senders = top_names_new();
	charts->replies = top_names_new();
	return charts->senders && charts->replies ? 0 : -1;
}

void session_charts_free(struct session_charts *charts)
{
	top_names_free(charts->senders);
	top_names_free(charts->replies);
}

static void count_strings(struct top_names *names,
			  const struct string_list *strings)
{
	for (const char *s = string_list_next(strings, NULL); s;
	     s = string_list_next(strings, s))
		top_names_add(names, (struct slice){s, strlen(s)});
}

/* Keeps the session if it is one of the slowest, which are in order. */
static void rank_session(struct session_charts *charts,
			 const struct session *session, int64_t duration)
{
	size_t place = charts->slow_count;
	struct slow_session *slow;

	while (place && charts->slow[place - 1].duration < duration)
		place--;
	if (place == CHART_SLOWEST)
		return;
	slow = &charts->slow[place];
	if (charts->slow_count < CHART_SLOWEST)
		charts->slow_count++;
	memmove(slow + 1, slow,
		(charts->slow_count - 1 - place) * sizeof *slow);
	slow->duration = duration;
	slow->start = session->group.first;
	slow->waits = session->waits;
	slow->pid = session->group.key;
	memcpy(slow->peer, session->peer, sizeof slow->peer);
}

static void chart_times(struct session_charts *charts,
			const struct session *session,
			enum session_outcome outcome)
{
	const struct group *group = &session->group;
	int64_t duration = group->last - group->first;
	size_t step = 0;

	time_bins_add(&charts->bins, outcome, group->first / GROUPING_SECOND);
	while (step < CHART_DURATIONS - 1 &&
	       duration / 1000000 >= steps[step].below)
		step++;
	charts->duration[step]++;
	rank_session(charts, session, duration);
}

void session_charts_add(struct session_charts *charts,
			const struct session *session)
{
	enum session_outcome outcome = session_outcome(session);

	charts->outcome[outcome]++;
	count_strings(charts->senders, &session->said.talk.refused);
	count_strings(charts->replies, &session->said.talk.refusals);
	if (session->group.first != LINE_TIME_NONE)
		chart_times(charts, session, outcome);
	if (!session->waits.known)
		return;
	percentiles_add(&charts->client, session->waits.client_for);
	percentiles_add(&charts->server, session->waits.server_for);
}

static void write_chart_title(struct output *output, const char *title)
{
	output_string(output, "\n");
	output_string(output, title);
	output_string(output, "\n");
}

static void show_outcome(const struct session_charts *charts,
			 struct output *output, const struct screen *screen,
			 unsigned int row)
{
	size_t count = time_bins_count(&charts->bins);
	uint64_t most = 0;
	char text[96];

	for (size_t i = 0; i < count; i++)
		if (time_bins_get(&charts->bins, row, i) > most)
			most = time_bins_get(&charts->bins, row, i);
	snprintf(text, sizeof text, "%-8s %11" PRIu64 " %8" PRIu64 "  |",
		 session_outcome_name((enum session_outcome)row),
		 charts->outcome[row], most);
	output_string(output, text);
	for (size_t i = 0; i < count; i++)
		bar_write_column(output, screen,
				 time_bins_get(&charts->bins, row, i), most);
	output_string(output, "|\n");
}

/* Each outcome has a scale of its own, or rare ones would not be seen. */
static void show_outcomes(struct session_charts *charts, struct output *output,
			  const struct screen *screen)
{
	char width[TIME_BINS_NAME], from[LINE_TIME_TEXT], text[160];

	if (!charts->bins.any)
		return;
	time_bins_fit(&charts->bins, screen_width(screen) - 33);
	time_bins_name_width(&charts->bins, width);
	line_time_format_local(from, charts->bins.first * charts->bins.width *
					 GROUPING_SECOND);
	from[strlen("2026-11-20 14:05")] = 0;
	snprintf(text, sizeof text,
		 "outcomes: sessions, most in a column; columns of %s from %s",
		 width, from);
	write_chart_title(output, text);
	for (unsigned int row = OUTCOMES; row--;)
		if (charts->outcome[row])
			show_outcome(charts, output, screen, row);
}

static void show_durations(const struct session_charts *charts,
			   struct output *output, const struct screen *screen)
{
	const uint64_t *count = charts->duration;
	size_t first = 0, last = CHART_DURATIONS;
	uint64_t most = 0;
	char text[64];

	while (first < last && !count[first])
		first++;
	while (first < last && !count[last - 1])
		last--;
	for (size_t i = first; i < last; i++)
		if (count[i] > most)
			most = count[i];
	if (first < last)
		write_chart_title(output, "durations: sessions");
	for (size_t i = first; i < last; i++) {
		snprintf(text, sizeof text, "%-20s %12" PRIu64 "%s",
			 steps[i].name, count[i], count[i] ? "  " : "");
		output_string(output, text);
		bar_write_row(output, screen, count[i], most,
			      screen_width(screen) - 36);
		output_string(output, "\n");
	}
}

static void show_wait(struct output *output, const char *name,
		      const struct percentiles *waits)
{
	char text[160];

	snprintf(text, sizeof text, "%-20s %15.3f %11.3f %11.3f %11.3f\n", name,
		 waits->sum, percentiles_get(waits, 50),
		 percentiles_get(waits, 90), percentiles_get(waits, 99));
	output_string(output, text);
}

static void show_waits(const struct session_charts *charts,
		       struct output *output)
{
	if (!charts->client.durations)
		return;
	write_chart_title(output, "seconds waited: total; 50, 90 and 99 % of "
				  "sessions");
	show_wait(output, "for the client", &charts->client);
	show_wait(output, "for the server", &charts->server);
}

static void show_slowest(const struct session_charts *charts,
			 struct output *output)
{
	char start[LINE_TIME_TEXT], text[160];

	if (!charts->slow_count)
		return;
	write_chart_title(output, "slowest sessions: seconds, for client, for "
				  "server; start, pid, peer");
	for (size_t i = 0; i < charts->slow_count; i++) {
		const struct slow_session *slow = &charts->slow[i];

		line_time_format_local(start, slow->start);
		start[strlen("2026-11-20 14:05:33")] = 0;
		snprintf(
		    text, sizeof text, "%10.3f %9.3f %9.3f  %s %7" PRIu64 " ",
		    (double)slow->duration / 1e9,
		    (double)slow->waits.client_for / 1e9,
		    (double)slow->waits.server_for / 1e9, start, slow->pid);
		output_string(output, text);
		output_field(output, slow->peer, strlen(slow->peer));
		output_string(output, "\n");
	}
}

static void show_names(struct output *output, const char *title,
		       struct top_names *names)
{
	if (top_names_are_none(names))
		return;
	write_chart_title(output, title);
	top_names_show(output, names);
}

void session_charts_show(struct session_charts *charts, struct output *output,
			 const struct screen *screen)
{
	show_outcomes(charts, output, screen);
	show_durations(charts, output, screen);
	show_waits(charts, output);
	show_slowest(charts, output);
	show_names(output, "refused senders: sessions", charts->senders);
	show_names(output, "refusing replies: sessions", charts->replies);
}
