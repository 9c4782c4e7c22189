/* The answers that are owed; see queue.h. */
#include "recio/queue.h"

static unsigned int place(const struct queue *q, unsigned int n)
{
	return (q->first + n) % QUEUE_RUNS;
}

bool queue_has_room(const struct queue *q)
{
	return q->len < QUEUE_RUNS;
}

void queue_push(struct queue *q, unsigned int kind)
{
	unsigned int last = place(q, q->len + QUEUE_RUNS - 1);

	if (q->len && q->run[last].kind == kind &&
	    q->run[last].count < UINT32_MAX) {
		q->run[last].count++;
		return;
	}
	last = place(q, q->len++);
	q->run[last].kind = kind;
	q->run[last].count = 1;
}

int queue_next(const struct queue *q)
{
	return q->len ? (int)q->run[q->first].kind : -1;
}

static void drop_run(struct queue *q)
{
	q->first = place(q, 1);
	q->len--;
}

void queue_pop(struct queue *q)
{
	if (q->len && --q->run[q->first].count == 0)
		drop_run(q);
}

void queue_clear(struct queue *q)
{
	q->len = 0;
}

bool queue_pop_through(struct queue *q, unsigned int kind)
{
	while (q->len && q->run[q->first].kind != kind)
		drop_run(q);
	if (!q->len)
		return false;
	queue_pop(q);
	return true;
}
