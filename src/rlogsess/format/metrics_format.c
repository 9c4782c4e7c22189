/*
 * The form metrics: counters over all sessions in the text format of
 * Prometheus, which the textfile collector of node_exporter reads.  A state
 * carries the counters over to the next run, so that they never fall.  All
 * counters are integers, durations nanoseconds, so that runs add up exactly.
 * Tested by tests/sh/rlogsess-metrics.t.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rlogsess/format/format.h"
#include "rlogsess/format/name_counts.h"
#include "rlogsess/grouping/session_outcome.h"

enum { METRIC_BOUNDS = 10 };

enum metric {
	METRIC_OUTCOME,
	METRIC_BUCKET = METRIC_OUTCOME + OUTCOMES,
	METRIC_NANOSECONDS = METRIC_BUCKET + METRIC_BOUNDS,
	METRIC_CLIENT_WAIT,
	METRIC_SERVER_WAIT,
	METRIC_IN,
	METRIC_OUT,
	METRIC_MESSAGES,
	METRIC_MESSAGE_BYTES,
	METRIC_REPLIES, /* of 1xx to 5xx */
	METRIC_UNSEEN = METRIC_REPLIES + 5,
	METRICS,
};

struct session_metrics {
	uint64_t count[METRICS];
	struct name_counts tls; /* sessions by version */
};

/* The upper bounds of the buckets; the last one has none. */
static const struct {
	int64_t nanoseconds;
	const char *le;
} bounds[METRIC_BOUNDS] = {
    {100000000, "0.1"},    {300000000, "0.3"},    {1000000000, "1"},
    {3000000000, "3"},     {10000000000, "10"},   {30000000000, "30"},
    {100000000000, "100"}, {300000000000, "300"}, {1000000000000, "1000"},
    {INT64_MAX, "+Inf"},
};

static void count_session_times(uint64_t *count, const struct session *session)
{
	const struct group *group = &session->group;
	int64_t duration;
	size_t i = 0;

	count[METRIC_CLIENT_WAIT] += (uint64_t)session->waits.client_for;
	count[METRIC_SERVER_WAIT] += (uint64_t)session->waits.server_for;
	if (group->first == LINE_TIME_NONE)
		return;
	duration = group->last > group->first ? group->last - group->first : 0;
	while (duration > bounds[i].nanoseconds)
		i++;
	count[METRIC_BUCKET + i]++;
	count[METRIC_NANOSECONDS] += (uint64_t)duration;
}

static bool is_version_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '.';
}

/* A log may have any text as a version: other bytes become "_". */
static void count_tls_version(struct session_metrics *metrics,
			      const char *version)
{
	char name[NAME_COUNTS_NAME];

	snprintf(name, sizeof name, "%s", version);
	for (char *c = name; *c; c++)
		if (!is_version_byte(*c))
			*c = '_';
	name_counts_add(&metrics->tls, name, 1);
}

static int count_session_metrics(struct format_run *run,
				 const struct group *group)
{
	struct session_metrics *metrics = run->state;
	const struct session *session = connections_session(group);
	const struct dialogue *said = &session->said;
	uint64_t *count = metrics->count;

	count[METRIC_OUTCOME + session_outcome(session)]++;
	count_session_times(count, session);
	count[METRIC_IN] += said->bytes[DIALOGUE_IN];
	count[METRIC_OUT] += said->bytes[DIALOGUE_OUT];
	count[METRIC_MESSAGES] += said->talk.messages;
	count[METRIC_MESSAGE_BYTES] += said->talk.message_bytes;
	for (size_t i = 0; i < 5; i++)
		count[METRIC_REPLIES + i] += said->talk.replies[i];
	if (*said->tls_version)
		count_tls_version(metrics, said->tls_version);
	else
		count[METRIC_UNSEEN] += said->tls;
	return 0;
}

static void write_family(struct output *output, const char *name,
			 const char *type, const char *help)
{
	char text[256];

	snprintf(text, sizeof text, "# HELP %s %s\n# TYPE %s %s\n", name, help,
		 name, type);
	output_string(output, text);
}

static void write_sample(struct output *output, const char *name,
			 const char *label, const char *value, uint64_t count)
{
	char text[256];

	if (label)
		snprintf(text, sizeof text, "%s{%s=\"%s\"} %" PRIu64 "\n", name,
			 label, value, count);
	else
		snprintf(text, sizeof text, "%s %" PRIu64 "\n", name, count);
	output_string(output, text);
}

/* Writes nanoseconds as seconds, without rounding. */
static void write_metric_seconds(struct output *output, const char *name,
				 uint64_t nanoseconds)
{
	char text[128];

	snprintf(text, sizeof text, "%s %" PRIu64 ".%09" PRIu64 "\n", name,
		 nanoseconds / 1000000000, nanoseconds % 1000000000);
	output_string(output, text);
}

static void write_histogram(struct output *output, const uint64_t *count)
{
	uint64_t sum = 0;

	write_family(output, "rlogsess_session_seconds", "histogram",
		     "Durations of sessions.");
	for (size_t i = 0; i < METRIC_BOUNDS; i++) {
		sum += count[METRIC_BUCKET + i];
		write_sample(output, "rlogsess_session_seconds_bucket", "le",
			     bounds[i].le, sum);
	}
	write_metric_seconds(output, "rlogsess_session_seconds_sum",
			     count[METRIC_NANOSECONDS]);
	write_sample(output, "rlogsess_session_seconds_count", NULL, NULL, sum);
}

static void write_tls_versions(struct output *output,
			       const struct session_metrics *metrics)
{
	static const char name[] = "rlogsess_tls_sessions_total";

	write_family(output, name, "counter", "Sessions with TLS, by version.");
	for (size_t i = 0; i < metrics->tls.rows; i++)
		write_sample(output, name, "version", metrics->tls.row[i].name,
			     metrics->tls.row[i].count);
	write_sample(output, name, "version", "-others", metrics->tls.others);
	write_sample(output, name, "version", "-unseen",
		     metrics->count[METRIC_UNSEEN]);
}

static void write_dialogue_counts(struct output *output, const uint64_t *count)
{
	static const char replies[] = "rlogsess_replies_total";
	static const char bytes[] = "rlogsess_bytes_total";

	write_family(output, bytes, "counter",
		     "Bytes of sessions, to the server and from it.");
	write_sample(output, bytes, "direction", "in", count[METRIC_IN]);
	write_sample(output, bytes, "direction", "out", count[METRIC_OUT]);
	write_family(output, "rlogsess_messages_total", "counter",
		     "Messages that clients sent.");
	write_sample(output, "rlogsess_messages_total", NULL, NULL,
		     count[METRIC_MESSAGES]);
	write_family(output, "rlogsess_message_bytes_total", "counter",
		     "Bytes of these messages.");
	write_sample(output, "rlogsess_message_bytes_total", NULL, NULL,
		     count[METRIC_MESSAGE_BYTES]);
	write_family(output, replies, "counter",
		     "Replies of servers, by class.");
	for (unsigned int i = 0; i < 5; i++) {
		char class[] = {(char)('1' + i), 'x', 'x', 0};

		write_sample(output, replies, "class", class,
			     count[METRIC_REPLIES + i]);
	}
}

static int write_session_metrics(struct format_run *run)
{
	const struct session_metrics *metrics = run->state;
	struct output *output = run->output;

	write_family(output, "rlogsess_sessions_total", "counter",
		     "Sessions that are over, by outcome.");
	for (unsigned int i = 0; i < OUTCOMES; i++)
		write_sample(output, "rlogsess_sessions_total", "outcome",
			     session_outcome_name((enum session_outcome)i),
			     metrics->count[METRIC_OUTCOME + i]);
	write_histogram(output, metrics->count);
	write_family(output, "rlogsess_client_wait_seconds_total", "counter",
		     "Time waited for clients.");
	write_metric_seconds(output, "rlogsess_client_wait_seconds_total",
			     metrics->count[METRIC_CLIENT_WAIT]);
	write_family(output, "rlogsess_server_wait_seconds_total", "counter",
		     "Time waited for servers.");
	write_metric_seconds(output, "rlogsess_server_wait_seconds_total",
			     metrics->count[METRIC_SERVER_WAIT]);
	write_dialogue_counts(output, metrics->count);
	write_tls_versions(output, metrics);
	return 0;
}

/* A line for each counter, in the order of enum metric, and each version. */
static void save_metrics(const struct format_run *run, struct output *output)
{
	const struct session_metrics *metrics = run->state;

	for (size_t i = 0; i < METRICS; i++) {
		output_string(output, "+ metric ");
		output_number(output, i);
		output_string(output, " ");
		output_number(output, metrics->count[i]);
		output_string(output, "\n");
	}
	for (size_t i = 0; i < metrics->tls.rows; i++) {
		output_string(output, "+ tls ");
		output_number(output, metrics->tls.row[i].count);
		output_string(output, " ");
		output_string(output, metrics->tls.row[i].name);
		output_string(output, "\n");
	}
	output_string(output, "+ others ");
	output_number(output, metrics->tls.others);
	output_string(output, "\n");
}

static bool load_metrics(struct format_run *run, struct slice line)
{
	struct session_metrics *metrics = run->state;
	uint64_t n, count;
	char name[NAME_COUNTS_NAME];

	if (slice_prefix(&line, "metric "))
		return slice_number(&line, METRICS - 1, &n) &&
		       slice_prefix(&line, " ") &&
		       slice_number(&line, UINT64_MAX, &metrics->count[n]) &&
		       !line.len;
	if (slice_prefix(&line, "others "))
		return slice_number(&line, UINT64_MAX, &metrics->tls.others) &&
		       !line.len;
	if (!slice_prefix(&line, "tls ") ||
	    !slice_number(&line, UINT64_MAX, &count) ||
	    !slice_prefix(&line, " ") || line.len >= sizeof name)
		return false;
	slice_copy(line, name, sizeof name);
	name_counts_add(&metrics->tls, name, count);
	return true;
}

const struct format format_metrics = {
    .state_size = sizeof(struct session_metrics),
    .group = count_session_metrics,
    .finish = write_session_metrics,
    .save = save_metrics,
    .load = load_metrics,
};
