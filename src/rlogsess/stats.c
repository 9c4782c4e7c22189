/*
 * Counts over sessions; see stats.h.  Peers are counted one by one until the
 * table is three quarters full; those that come then are counted together.
 */
#include "rlogsess/stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "rlogsess/filter.h"
#include "rlogsess/line_time.h"
#include "rlogsess/log_text.h"

enum { PEERS_MAX = STATS_PEERS / 4 * 3, BUSIEST = 10 };

static const struct histogram_step duration[HISTOGRAM_STEPS] = {
    {100, "below 0.1 s"},        {1000, "below 1 s"},
    {10000, "below 10 s"},       {60000, "below 1 min"},
    {600000, "below 10 min"},    {3600000, "below 1 h"},
    {INT64_MAX, "1 h and more"},
};

int stats_init(struct stats *s)
{
	memset(s, 0, sizeof *s);
	s->first = s->last = LINE_TIME_NONE;
	s->peer = calloc(STATS_PEERS, sizeof *s->peer);
	return s->peer ? 0 : -1;
}

void stats_free(struct stats *s)
{
	free(s->peer);
	s->peer = NULL;
}

/* The place of this peer, or the one where it would be. */
static struct stats_peer *find(struct stats *s, const char *name)
{
	uint64_t hash = hash_fnv(HASH_FNV, name, strlen(name));
	struct stats_peer *p;

	for (;; hash++) {
		p = &s->peer[hash % STATS_PEERS];
		if (!*p->name || strcmp(p->name, name) == 0)
			return p;
	}
}

static void add_peer(struct stats *s, const struct session *one)
{
	struct stats_peer *p;

	if (!*one->peer) {
		s->peerless++;
		return;
	}
	p = find(s, one->peer);
	if (!*p->name) {
		if (s->peers == PEERS_MAX) {
			s->peerless++;
			return;
		}
		s->peers++;
		memcpy(p->name, one->peer, sizeof p->name);
	}
	p->sessions++;
	p->bytes += one->said.bytes[0] + one->said.bytes[1];
}

static void add_times(struct stats *s, const struct group *g)
{
	int64_t ms;

	if (g->first == LINE_TIME_NONE)
		return;
	if (s->first == LINE_TIME_NONE || g->first < s->first)
		s->first = g->first;
	if (s->last == LINE_TIME_NONE || g->last > s->last)
		s->last = g->last;
	ms = (g->last - g->first) / 1000000;
	if (ms > 0)
		s->seconds += (double)ms / 1000;
	histogram_add(s->duration, duration, ms);
}

void stats_add(struct stats *s, const struct session *one)
{
	const struct dialogue *d = &one->said;

	s->sessions++;
	s->bad += filter_is_bad(one);
	s->denied += one->denied;
	s->cut += one->group.marks != 0;
	s->messages += d->talk.messages;
	s->size += d->talk.message_bytes;
	s->in += d->bytes[DIALOGUE_IN];
	s->out += d->bytes[DIALOGUE_OUT];
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		s->reply[code] += smtp_summary_replied(&d->talk, code);
	if (one->ended && one->signal)
		s->by_signal++;
	else if (one->ended)
		s->exit[one->status & 255]++;
	add_times(s, &one->group);
	add_peer(s, one);
}

static void head(struct output *o, const char *text)
{
	output_string(o, "\n");
	output_string(o, text);
	output_string(o, "\n");
}

static void show_times(struct output *o, const struct stats *s, size_t most)
{
	char text[160], first[LINE_TIME_TEXT], last[LINE_TIME_TEXT];
	double span;

	histogram_row(o, "most at one time", most);
	if (s->first == LINE_TIME_NONE)
		return;
	span = (double)(s->last - s->first) / 1e9;
	snprintf(text, sizeof text, "%-20s %12.2f\n", "mean at one time",
		 span > 0 ? s->seconds / span : 0);
	output_string(o, text);
	line_time_format_local(first, s->first);
	line_time_format_local(last, s->last);
	snprintf(text, sizeof text, "from %s to %s\n", first, last);
	output_string(o, text);
	head(o, "duration");
	histogram_show(o, s->duration, duration);
}

static void show_exits(struct output *o, const struct stats *s)
{
	char name[32];

	head(o, "exit status");
	for (int i = 0; i < 256; i++)
		if (s->exit[i]) {
			snprintf(name, sizeof name, "%d", i);
			histogram_row(o, name, s->exit[i]);
		}
	if (s->by_signal)
		histogram_row(o, "a signal", s->by_signal);
}

static void show_replies(struct output *o, const struct stats *s)
{
	char name[32];

	head(o, "sessions with reply");
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (s->reply[code]) {
			snprintf(name, sizeof name, "%03u", code);
			histogram_row(o, name, s->reply[code]);
		}
}

static int busier(const void *a, const void *b)
{
	const struct stats_peer *p = a, *q = b;

	if (p->sessions != q->sessions)
		return p->sessions < q->sessions ? 1 : -1;
	if (p->bytes != q->bytes)
		return p->bytes < q->bytes ? 1 : -1;
	return strcmp(p->name, q->name);
}

/* The table is of no use as one afterwards. */
static void show_peers(struct output *o, struct stats *s)
{
	char text[64];

	qsort(s->peer, STATS_PEERS, sizeof *s->peer, busier);
	head(o, "busiest peers: sessions, bytes");
	for (size_t i = 0; i < BUSIEST && i < s->peers; i++) {
		const struct stats_peer *p = &s->peer[i];

		snprintf(text, sizeof text, "%12llu %12llu\n",
			 (unsigned long long)p->sessions,
			 (unsigned long long)p->bytes);
		log_text_field(o, p->name, strlen(p->name));
		for (size_t n = strlen(p->name); n < 20; n++)
			output_string(o, " ");
		output_string(o, " ");
		output_string(o, text);
	}
}

void stats_show(struct output *o, struct stats *s, size_t most)
{
	histogram_row(o, "sessions", s->sessions);
	histogram_row(o, "ended badly", s->bad);
	histogram_row(o, "denied", s->denied);
	histogram_row(o, "not whole", s->cut);
	histogram_row(o, "peers", s->peers);
	if (s->peerless)
		histogram_row(o, "of other peers", s->peerless);
	histogram_row(o, "messages", s->messages);
	histogram_row(o, "bytes of messages", s->size);
	histogram_row(o, "bytes in", s->in);
	histogram_row(o, "bytes out", s->out);
	show_times(o, s, most);
	show_exits(o, s);
	show_replies(o, s);
	show_peers(o, s);
}
