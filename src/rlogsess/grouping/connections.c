/* Sessions; see connections.h. */
#include "rlogsess/grouping/connections.h"

#include <string.h>

void sessions_init(struct sessions *s, const struct session_events *events)
{
	memset(s, 0, sizeof *s);
	group_table_init(&s->book, sizeof(struct session));
	line_spool_store_init(&s->store);
	s->events = *events;
	s->now = LINE_TIME_NONE;
}

void sessions_free(struct sessions *s)
{
	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		while (s->book.list[i].head)
			group_table_close(&s->book, &s->store,
					  s->book.list[i].head);
	group_table_free(&s->book);
	line_spool_store_free(&s->store);
}

/* The session of a group, of which it is the first member. */
static struct session *of(struct group *g)
{
	return (struct session *)(void *)g;
}

static void stopped(struct sessions *s, struct session *one)
{
	s->running -= one->running;
	one->running = false;
}

static int over(struct sessions *s, struct session *one, unsigned int mark)
{
	int r;

	stopped(s, one);
	if (!one->started && !one->said.noted_start && s->starts_seen)
		mark |= GROUP_NO_START;
	one->group.marks |= mark;
	r = s->events.over(s->events.ctx, one);
	group_table_close(&s->book, &s->store, &one->group);
	return r;
}

/* Nothing more is expected of it. */
static bool is_complete(const struct session *one)
{
	const struct dialogue *d = &one->said;

	if (one->started && !one->ended)
		return false;
	if (d->noted_end || (d->eof[DIALOGUE_IN] && d->eof[DIALOGUE_OUT]))
		return true;
	if (!one->ended)
		return false;
	if (!d->any || one->denied)
		return true;
	return d->talk.polite && d->eof[DIALOGUE_OUT] && !d->noted_start;
}

static int list_of(const struct session *one)
{
	if (is_complete(one))
		return SESSION_COMPLETE;
	return one->ended ? SESSION_ENDED : SESSION_RUNNING;
}

static bool has_passed(const struct sessions *s, const struct group *g,
		       int64_t limit)
{
	if (g->last == LINE_TIME_NONE || s->now == LINE_TIME_NONE)
		return limit == SESSION_LINGER &&
		       s->lines - g->last_line >= SESSION_LINES;
	return s->now > g->last && s->now - g->last > limit;
}

/* Those that have waited long enough. */
static int expire(struct sessions *s)
{
	const int64_t limit[GROUP_TABLE_LISTS] = {
	    [SESSION_RUNNING] = s->quiet,
	    [SESSION_ENDED] = SESSION_AFTER_END,
	    [SESSION_COMPLETE] = SESSION_LINGER,
	};
	struct group *g;

	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		while ((g = s->book.list[i].head) && has_passed(s, g, limit[i]))
			if (over(s, of(g),
				 i == SESSION_RUNNING ? GROUP_QUIET : 0) < 0)
				return -1;
	return 0;
}

static int make_room(struct sessions *s)
{
	for (int i = GROUP_TABLE_LISTS - 1; s->book.count >= SESSION_MAX; i--) {
		struct group *g = s->book.list[i].head;

		if (g)
			return over(s, of(g),
				    i == SESSION_RUNNING ? GROUP_CROWDED : 0);
	}
	return 0;
}

/*
 * True if the line begins another session than the open one of its process ID.
 * A server that starts the program first and tells of it then may come after
 * the first records.
 */
static bool is_another(const struct session *one,
		       const struct connection_line *l)
{
	switch (l->kind) {
	case LINE_START:
		return one->started || one->ended ||
		       one->said.eof[DIALOGUE_OUT] ||
		       l->time == LINE_TIME_NONE ||
		       one->group.first == LINE_TIME_NONE ||
		       l->time - one->group.first > SESSION_SECOND;
	case LINE_END: return one->ended;
	default: return dialogue_is_another(&one->said, l);
	}
}

static struct session *find(struct sessions *s, const struct connection_line *l)
{
	struct group *g = group_table_find(&s->book, l->pid);

	return g ? of(g) : NULL;
}

static struct session *open_one(struct sessions *s,
				const struct connection_line *l)
{
	struct group *g;

	if (make_room(s) < 0 || !(g = group_table_open(&s->book, l->pid)))
		return NULL;
	g->first = l->time;
	of(g)->running = true;
	if (++s->running > s->most)
		s->most = s->running;
	return of(g);
}

/* What is known first stays. */
static void note(char *to, size_t size, struct slice from)
{
	if (from.len && !*to)
		slice_copy(from, to, size);
}

static void learn(struct sessions *s, struct session *one,
		  const struct connection_line *l)
{
	note(one->peer, sizeof one->peer, l->peer);
	note(one->port, sizeof one->port, l->port);
	note(one->local, sizeof one->local, l->local);
	switch (l->kind) {
	case LINE_START:
		one->started = true;
		s->starts_seen = true;
		break;
	case LINE_DENY: one->denied = true; break;
	case LINE_END:
		one->ended = true;
		s->starts_seen = true; /* who tells of ends, tells of starts */
		one->status = l->status;
		one->signal = l->signal;
		break;
	case LINE_SAID: /* rblsmtpd's, which talks to the client itself */
		smtp_summary_said(&one->said.talk, l->body.at, l->body.len);
		break;
	default:
		dialogue_take(&one->said, l);
		if (one->said.noted_start)
			s->starts_seen = true;
	}
}

/* Adds the line to its session. */
static int add(struct sessions *s, struct session *one,
	       const struct connection_line *l)
{
	struct group *g = &one->group;

	group_table_line(g, l->time, s->lines);
	learn(s, one, l);
	group_table_move(&s->book, g, list_of(one));
	if (g->list != SESSION_RUNNING)
		stopped(s, one);
	if (s->keep)
		line_spool_add(&s->store, &g->held, l->text.at, l->text.len);
	return s->events.line ? s->events.line(s->events.ctx, one, l) : 0;
}

int sessions_take(struct sessions *s, const struct connection_line *l)
{
	struct session *one;

	s->lines++;
	if (l->time != LINE_TIME_NONE)
		s->now = l->time;
	if (!s->restoring && expire(s) < 0)
		return -1;
	if (l->kind == LINE_OTHER)
		return 0;
	one = find(s, l);
	if (!one && l->kind == LINE_MAYBE)
		return 0;
	if (one && is_another(one, l)) {
		if (over(s, one,
			 one->group.list == SESSION_RUNNING ? GROUP_NO_END
							    : 0) < 0)
			return -1;
		one = NULL;
	}
	if (!one && !(one = open_one(s, l)))
		return -1;
	return add(s, one, l);
}

int sessions_pass(struct sessions *s, int64_t now)
{
	if (s->now == LINE_TIME_NONE || now < s->now)
		return 0;
	s->now = now;
	return expire(s);
}

/* True if more of it would surely have come. */
static bool goes_on(const struct session *one)
{
	const struct dialogue *d = &one->said;

	return one->group.list == SESSION_RUNNING ||
	       (one->group.list == SESSION_ENDED && d->any &&
		!d->eof[DIALOGUE_OUT]);
}

int sessions_finish(struct sessions *s)
{
	struct group *g;

	while ((g = group_table_quietest(&s->book)))
		if (over(s, of(g), goes_on(of(g)) ? GROUP_OPEN : 0) < 0)
			return -1;
	return 0;
}
