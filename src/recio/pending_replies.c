/* The answers that are owed; see pending_replies.h. */
#include "recio/pending_replies.h"

static unsigned int place(const struct pending_replies *q, unsigned int n)
{
	return (q->first + n) % PENDING_REPLIES_RUNS;
}

bool pending_replies_have_room(const struct pending_replies *q, unsigned int n)
{
	return q->len + n <= PENDING_REPLIES_RUNS;
}

void pending_replies_push(struct pending_replies *q, unsigned int kind)
{
	unsigned int last = place(q, q->len + PENDING_REPLIES_RUNS - 1);

	if (q->len && q->run[last].kind == kind &&
	    q->run[last].count < UINT32_MAX) {
		q->run[last].count++;
		return;
	}
	last = place(q, q->len++);
	q->run[last].kind = kind;
	q->run[last].count = 1;
}

int pending_replies_next(const struct pending_replies *q)
{
	return q->len ? (int)q->run[q->first].kind : -1;
}

bool pending_replies_other_after(const struct pending_replies *q)
{
	return q->len > 1;
}

static void drop_run(struct pending_replies *q)
{
	q->first = place(q, 1);
	q->len--;
}

void pending_replies_pop(struct pending_replies *q)
{
	if (q->len && --q->run[q->first].count == 0)
		drop_run(q);
}

void pending_replies_clear(struct pending_replies *q)
{
	q->len = 0;
}

bool pending_replies_pop_through(struct pending_replies *q, unsigned int kind)
{
	while (q->len && q->run[q->first].kind != kind)
		drop_run(q);
	if (!q->len)
		return false;
	pending_replies_pop(q);
	return true;
}
