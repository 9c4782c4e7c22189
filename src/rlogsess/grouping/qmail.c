/* Messages; see qmail.h. */
#include "rlogsess/grouping/qmail.h"

#include <string.h>

void mails_init(struct mails *m, const struct mail_events *events)
{
	memset(m, 0, sizeof *m);
	group_table_init(&m->book, sizeof(struct mail));
	group_table_init(&m->deliveries, sizeof(struct mail_delivery));
	line_spool_store_init(&m->store);
	m->events = *events;
	m->now = LINE_TIME_NONE;
}

/* Of a group, which is the first member of what it belongs to. */
static struct mail *mail_of(struct group *g)
{
	return (struct mail *)(void *)g;
}

static struct mail_delivery *delivery_of(struct group *g)
{
	return (struct mail_delivery *)(void *)g;
}

static void forget(struct mails *m, struct mail *one)
{
	while (one->deliveries) {
		struct mail_delivery *d = one->deliveries;

		one->deliveries = d->next;
		group_table_close(&m->deliveries, &m->store, &d->group);
	}
	line_spool_clear(&m->store, &one->rows);
	group_table_close(&m->book, &m->store, &one->group);
}

void mails_free(struct mails *m)
{
	while (m->book.list[0].head)
		forget(m, mail_of(m->book.list[0].head));
	group_table_free(&m->book);
	group_table_free(&m->deliveries);
	line_spool_store_free(&m->store);
}

static void unlink_delivery(struct mail_delivery *d)
{
	struct mail_delivery **at = &d->mail->deliveries;

	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
}

/* Tells of the end of a delivery, and forgets it. */
static int result(struct mails *m, struct mail_delivery *d,
		  enum mail_outcome outcome, const struct qmail_line *l)
{
	struct mail_result r = {
	    .mail = d->mail,
	    .delivery = d,
	    .outcome = outcome,
	    .time = l ? l->time : LINE_TIME_NONE,
	    .why = {"", 0},
	    .line = l,
	};
	int answer;

	if (l)
		r.why = l->why;
	d->mail->count[outcome]++;
	answer = m->events.result(m->events.ctx, &r);
	unlink_delivery(d);
	group_table_close(&m->deliveries, &m->store, &d->group);
	return answer;
}

static int over(struct mails *m, struct mail *one, unsigned int mark)
{
	int r = 0;

	if (!one->started)
		mark |= GROUP_NO_START;
	one->group.marks |= mark;
	while (r == 0 && one->deliveries)
		r = result(m, one->deliveries, MAIL_UNKNOWN, NULL);
	if (r == 0)
		r = m->events.over(m->events.ctx, one);
	forget(m, one);
	return r;
}

static int expire(struct mails *m)
{
	struct group *g;

	while ((g = m->book.list[0].head) && g->last != LINE_TIME_NONE &&
	       m->now != LINE_TIME_NONE && m->now > g->last &&
	       m->now - g->last > m->quiet)
		if (over(m, mail_of(g), GROUP_QUIET) < 0)
			return -1;
	return 0;
}

static struct mail *find(struct mails *m, uint64_t number)
{
	struct group *g = group_table_find(&m->book, number);

	return g ? mail_of(g) : NULL;
}

static struct mail *open_one(struct mails *m, const struct qmail_line *l)
{
	struct group *g;

	if (m->book.count >= MAIL_MAX &&
	    over(m, mail_of(m->book.list[0].head), GROUP_CROWDED) < 0)
		return NULL;
	g = group_table_open(&m->book, l->message);
	if (!g)
		return NULL;
	g->first = l->time;
	mail_of(g)->started = l->kind == QUEUE_NEW;
	return mail_of(g);
}

/* A number that is still in use: what had it was lost with a qmail-send. */
static int starting(struct mails *m, struct mail *one,
		    const struct qmail_line *l)
{
	struct group *g = group_table_find(&m->deliveries, l->delivery);
	struct mail_delivery *d;

	/* Two messages that come back may each have had this number once. */
	if (m->restoring)
		g = NULL;
	if (!g && m->deliveries.count >= MAIL_DELIVERIES_MAX)
		g = m->deliveries.list[0].head;
	if (g && result(m, delivery_of(g), MAIL_UNKNOWN, NULL) < 0)
		return -1;
	g = group_table_open(&m->deliveries, l->delivery);
	if (!g)
		return -1;
	g->first = l->time;
	d = delivery_of(g);
	d->mail = one;
	d->next = one->deliveries;
	one->deliveries = d;
	slice_copy(l->channel, d->channel, sizeof d->channel);
	slice_copy(l->recipient, d->recipient, sizeof d->recipient);
	m->events.starting(m->events.ctx, d);
	return 0;
}

static enum mail_outcome outcome(struct slice word)
{
	if (slice_equal(word, "success"))
		return MAIL_SUCCESS;
	if (slice_equal(word, "deferral"))
		return MAIL_DEFERRAL;
	if (slice_equal(word, "failure"))
		return MAIL_FAILURE;
	return MAIL_UNKNOWN;
}

static int add(struct mails *m, struct mail *one, const struct qmail_line *l)
{
	struct group *g = &one->group;

	group_table_line(g, l->time, m->lines);
	group_table_move(&m->book, g, 0);
	if (m->keep)
		line_spool_add(&m->store, &g->held, l->text.at, l->text.len);
	return m->events.line(m->events.ctx, one, l);
}

/* The end of a delivery: its line has no message number. */
static int ended(struct mails *m, const struct qmail_line *l)
{
	struct group *g = group_table_find(&m->deliveries, l->delivery);
	struct mail_result stray = {.outcome = outcome(l->outcome),
				    .time = l->time,
				    .why = l->why,
				    .line = l};

	if (!g)
		return m->events.result(m->events.ctx, &stray);
	if (add(m, delivery_of(g)->mail, l) < 0)
		return -1;
	return result(m, delivery_of(g), outcome(l->outcome), l);
}

static int learn(struct mails *m, struct mail *one, const struct qmail_line *l)
{
	switch (l->kind) {
	case QUEUE_INFO:
		one->bytes = l->bytes;
		slice_copy(l->from, one->from, sizeof one->from);
		if (!*one->from)
			strcpy(one->from, "<>");
		return 0;
	case QUEUE_STARTING: return starting(m, one, l);
	case QUEUE_BOUNCE: one->bounced = true; return 0;
	case QUEUE_END: return over(m, one, 0);
	default: return 0;
	}
}

int mails_take(struct mails *m, const struct qmail_line *l)
{
	struct mail *one;

	m->lines++;
	if (l->time != LINE_TIME_NONE)
		m->now = l->time;
	if (!m->restoring && expire(m) < 0)
		return -1;
	if (l->kind == QUEUE_OTHER)
		return 0;
	if (l->kind == QUEUE_DELIVERY)
		return ended(m, l);
	one = find(m, l->message);
	if (one && l->kind == QUEUE_NEW) {
		if (over(m, one, GROUP_NO_END) < 0)
			return -1;
		one = NULL;
	}
	if (!one && !(one = open_one(m, l)))
		return -1;
	if (add(m, one, l) < 0)
		return -1;
	return learn(m, one, l);
}

int mails_finish(struct mails *m)
{
	struct group *g;

	while ((g = m->book.list[0].head))
		if (over(m, mail_of(g), GROUP_OPEN) < 0)
			return -1;
	return 0;
}
