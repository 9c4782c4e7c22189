/*
 * The form stats: counts over all sessions, or over all messages and their
 * deliveries, written at the end of the log.  Peers are counted one by one
 * until their table is three quarters full; later ones are counted together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "rlogsess/format/format.h"
#include "rlogsess/format/histogram.h"
#include "rlogsess/format/name_counts.h"
#include "rlogsess/format/session_charts.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/line_time.h"

enum { PEERS_ROOM = 1 << 16, PEERS_MAX = PEERS_ROOM / 4 * 3, BUSIEST = 10 };

struct peer_count {
	char name[CONNECTIONS_PEER]; /* "" for an unused place */
	uint64_t sessions, bytes;
};

struct session_stats {
	uint64_t sessions, bad, denied, incomplete;
	uint64_t messages, size, in, out;
	uint64_t reply[SMTP_SUMMARY_CODES]; /* sessions that had this reply */
	uint64_t by_signal, exit[256];
	uint64_t tls, tls_unseen;           /* sessions */
	struct name_counts version, cipher; /* of those that were seen */
	int64_t first, last;                /* times of all lines */
	double seconds;                     /* of all sessions */
	size_t peers;                       /* in the table */
	uint64_t other_sessions; /* sessions of peers that are not in it */
	struct peer_count *peer; /* a hash table of PEERS_ROOM */
	struct session_charts charts;
};

struct message_stats {
	uint64_t messages, bytes, bounces, bounced, open;
	uint64_t outcome[2][MAIL_UNKNOWN + 1]; /* local, remote */
	uint64_t delay[HISTOGRAM_STEPS];
};

static const struct histogram_step delays[HISTOGRAM_STEPS] = {
    {1000, "below 1 s"},           {10000, "below 10 s"},
    {60000, "below 1 min"},        {3600000, "below 1 h"},
    {21600000, "below 6 h"},       {86400000, "below 1 day"},
    {INT64_MAX, "1 day and more"},
};

static int begin_session_stats(struct format_run *run)
{
	struct session_stats *stats = run->state;

	stats->first = stats->last = LINE_TIME_NONE;
	stats->peer = calloc(PEERS_ROOM, sizeof *stats->peer);
	return stats->peer ? session_charts_begin(&stats->charts) : -1;
}

static void free_session_stats(void *state)
{
	struct session_stats *stats = state;

	free(stats->peer);
	session_charts_free(&stats->charts);
}

/* Returns the place of this peer, or the unused one for it. */
static struct peer_count *find_peer_count(struct session_stats *stats,
					  const char *name)
{
	uint64_t place = hash_fnv(HASH_FNV, name, strlen(name));

	for (;; place++) {
		struct peer_count *peer = &stats->peer[place % PEERS_ROOM];

		if (!*peer->name || strcmp(peer->name, name) == 0)
			return peer;
	}
}

static void count_peer(struct session_stats *stats,
		       const struct session *session)
{
	struct peer_count *peer = find_peer_count(stats, session->peer);

	if (!*session->peer || (!*peer->name && stats->peers == PEERS_MAX)) {
		stats->other_sessions++;
		return;
	}
	if (!*peer->name) {
		stats->peers++;
		memcpy(peer->name, session->peer, sizeof peer->name);
	}
	peer->sessions++;
	peer->bytes += session->said.bytes[DIALOGUE_IN] +
		       session->said.bytes[DIALOGUE_OUT];
}

static void count_load(struct session_stats *stats, const struct group *group)
{
	int64_t ms;

	if (group->first == LINE_TIME_NONE)
		return;
	if (stats->first == LINE_TIME_NONE || group->first < stats->first)
		stats->first = group->first;
	if (stats->last == LINE_TIME_NONE || group->last > stats->last)
		stats->last = group->last;
	ms = (group->last - group->first) / 1000000;
	if (ms > 0)
		stats->seconds += (double)ms / 1000;
}

static void count_dialogue(struct session_stats *stats,
			   const struct dialogue *dialogue)
{
	const struct smtp_summary *summary = &dialogue->talk;

	stats->messages += summary->messages;
	stats->size += summary->message_bytes;
	stats->in += dialogue->bytes[DIALOGUE_IN];
	stats->out += dialogue->bytes[DIALOGUE_OUT];
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		stats->reply[code] += smtp_summary_replied(summary, code);
}

static void count_tls(struct session_stats *stats,
		      const struct dialogue *dialogue)
{
	stats->tls += dialogue->tls;
	stats->tls_unseen += dialogue->tls && !*dialogue->tls_version;
	if (!*dialogue->tls_version)
		return;
	name_counts_add(&stats->version, dialogue->tls_version, 1);
	name_counts_add(&stats->cipher, dialogue->tls_cipher, 1);
}

static int count_session(struct format_run *run, const struct group *group)
{
	struct session_stats *stats = run->state;
	const struct session *session = connections_session(group);

	stats->sessions++;
	stats->bad += connections_ended_badly(session);
	stats->denied += session->denied;
	stats->incomplete +=
	    group->marks || session->said.lost || group->held.left_out;
	if (session->ended && session->signal)
		stats->by_signal++;
	else if (session->ended)
		stats->exit[session->status & 255]++;
	count_dialogue(stats, &session->said);
	count_tls(stats, &session->said);
	count_load(stats, group);
	count_peer(stats, session);
	session_charts_add(&stats->charts, session);
	return 0;
}

static void write_title(struct output *output, const char *title)
{
	output_string(output, "\n");
	output_string(output, title);
	output_string(output, "\n");
}

static void write_load(struct output *output, const struct session_stats *stats,
		       size_t most)
{
	char text[160], first[LINE_TIME_TEXT], last[LINE_TIME_TEXT];
	double span;

	histogram_row(output, "most at one time", most);
	if (stats->first == LINE_TIME_NONE)
		return;
	span = (double)(stats->last - stats->first) / 1e9;
	snprintf(text, sizeof text, "%-20s %12.2f\n", "mean at one time",
		 span > 0 ? stats->seconds / span : 0);
	output_string(output, text);
	line_time_format_local(first, stats->first);
	line_time_format_local(last, stats->last);
	snprintf(text, sizeof text, "from %s to %s\n", first, last);
	output_string(output, text);
}

static void write_exits(struct output *output,
			const struct session_stats *stats)
{
	char name[32];

	write_title(output, "exit status");
	for (size_t i = 0; i < 256; i++)
		if (stats->exit[i]) {
			snprintf(name, sizeof name, "%zu", i);
			histogram_row(output, name, stats->exit[i]);
		}
	if (stats->by_signal)
		histogram_row(output, "a signal", stats->by_signal);
}

static void write_replies(struct output *output,
			  const struct session_stats *stats)
{
	char name[32];

	write_title(output, "sessions with reply");
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (stats->reply[code]) {
			snprintf(name, sizeof name, "%03u", code);
			histogram_row(output, name, stats->reply[code]);
		}
}

static void write_tls(struct output *output, struct session_stats *stats)
{
	if (!stats->tls)
		return;
	write_title(output, "sessions with TLS");
	name_counts_show(output, &stats->version);
	if (stats->tls_unseen)
		histogram_row(output, "not seen", stats->tls_unseen);
	if (!stats->cipher.rows)
		return;
	write_title(output, "ciphers of TLS");
	name_counts_show(output, &stats->cipher);
}

/* By sessions, then bytes, then name. */
static int compare_peers(const void *a, const void *b)
{
	const struct peer_count *p = a, *q = b;

	if (p->sessions != q->sessions)
		return p->sessions < q->sessions ? 1 : -1;
	if (p->bytes != q->bytes)
		return p->bytes < q->bytes ? 1 : -1;
	return strcmp(p->name, q->name);
}

static void write_peer(struct output *output, const struct peer_count *peer)
{
	char text[64];

	output_field(output, peer->name, strlen(peer->name));
	for (size_t n = strlen(peer->name); n < 20; n++)
		output_string(output, " ");
	snprintf(text, sizeof text, " %12llu %12llu\n",
		 (unsigned long long)peer->sessions,
		 (unsigned long long)peer->bytes);
	output_string(output, text);
}

/* Sorts the table, which finds no peer any more afterwards. */
static void write_busiest(struct output *output, struct session_stats *stats)
{
	qsort(stats->peer, PEERS_ROOM, sizeof *stats->peer, compare_peers);
	write_title(output, "busiest peers: sessions, bytes");
	for (size_t i = 0; i < BUSIEST && i < stats->peers; i++)
		write_peer(output, &stats->peer[i]);
}

static int write_session_stats(struct format_run *run)
{
	struct session_stats *stats = run->state;
	struct output *output = run->output;

	histogram_row(output, "sessions", stats->sessions);
	histogram_row(output, "ended badly", stats->bad);
	histogram_row(output, "denied", stats->denied);
	histogram_row(output, "not whole", stats->incomplete);
	histogram_row(output, "peers", stats->peers);
	if (stats->other_sessions)
		histogram_row(output, "of other peers", stats->other_sessions);
	histogram_row(output, "messages", stats->messages);
	histogram_row(output, "bytes of messages", stats->size);
	histogram_row(output, "bytes in", stats->in);
	histogram_row(output, "bytes out", stats->out);
	write_load(output, stats, run->options.grouper->load.most);
	write_exits(output, stats);
	write_replies(output, stats);
	write_tls(output, stats);
	write_busiest(output, stats);
	session_charts_show(&stats->charts, output, &run->options.screen);
	return 0;
}

static int count_message(struct format_run *run, const struct group *group)
{
	struct message_stats *stats = run->state;
	const struct mail *mail = qmail_mail(group);

	stats->messages++;
	stats->bytes += mail->bytes;
	stats->bounces += strcmp(mail->from, "<>") == 0;
	stats->bounced += mail->bounced;
	stats->open += (group->marks & GROUP_OPEN) != 0;
	return 0;
}

static int count_delivery(struct format_run *run,
			  const struct mail_result *result)
{
	struct message_stats *stats = run->state;
	const struct mail_delivery *delivery = result->delivery;
	int64_t queued;

	if (!delivery)
		return 0;
	stats->outcome[strcmp(delivery->channel, "remote") == 0]
		      [result->outcome]++;
	queued = result->mail->group.first;
	if (result->outcome == MAIL_SUCCESS && result->mail->started &&
	    result->time != LINE_TIME_NONE && queued != LINE_TIME_NONE)
		histogram_add(stats->delay, delays,
			      (result->time - queued) / 1000000);
	return 0;
}

static int write_message_stats(struct format_run *run)
{
	static const char *const channel[] = {"local", "remote"};
	const struct message_stats *stats = run->state;
	struct output *output = run->output;
	char name[32];

	histogram_row(output, "messages", stats->messages);
	histogram_row(output, "bytes", stats->bytes);
	histogram_row(output, "bounces", stats->bounces);
	histogram_row(output, "that bounced", stats->bounced);
	histogram_row(output, "still in the queue", stats->open);
	write_title(output, "deliveries");
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k <= MAIL_UNKNOWN; k++) {
			snprintf(name, sizeof name, "%s %s", channel[i],
				 qmail_outcome((enum mail_outcome)k));
			histogram_row(output, name, stats->outcome[i][k]);
		}
	write_title(output, "from the queue to success");
	histogram_show(output, stats->delay, delays);
	return 0;
}

const struct format format_session_stats = {
    .state_size = sizeof(struct session_stats),
    .begin = begin_session_stats,
    .group = count_session,
    .finish = write_session_stats,
    .free = free_session_stats,
};

const struct format format_message_stats = {
    .state_size = sizeof(struct message_stats),
    .group = count_message,
    .result = count_delivery,
    .finish = write_message_stats,
};
