/*
 * A ring of runs, each of equal replies. Invariant: neighbours differ in kind,
 * unless a count would overflow.
 */
#include "recio/pending_replies.h"

static unsigned int place(const struct pending_replies *replies, unsigned int n)
{
	return (replies->first + n) % PENDING_REPLIES_RUNS;
}

bool pending_replies_have_room(const struct pending_replies *replies,
			       unsigned int n)
{
	return replies->len + n <= PENDING_REPLIES_RUNS;
}

void pending_replies_push(struct pending_replies *replies, unsigned int kind)
{
	unsigned int last =
	    place(replies, replies->len + PENDING_REPLIES_RUNS - 1);

	if (replies->len && replies->run[last].kind == kind &&
	    replies->run[last].count < UINT32_MAX) {
		replies->run[last].count++;
		return;
	}
	last = place(replies, replies->len++);
	replies->run[last].kind = kind;
	replies->run[last].count = 1;
}

int pending_replies_next(const struct pending_replies *replies)
{
	return replies->len ? (int)replies->run[replies->first].kind : -1;
}

bool pending_replies_other_after(const struct pending_replies *replies)
{
	return replies->len > 1;
}

static void drop_run(struct pending_replies *replies)
{
	replies->first = place(replies, 1);
	replies->len--;
}

void pending_replies_pop(struct pending_replies *replies)
{
	if (replies->len && --replies->run[replies->first].count == 0)
		drop_run(replies);
}

void pending_replies_clear(struct pending_replies *replies)
{
	replies->len = 0;
}

bool pending_replies_pop_through(struct pending_replies *replies,
				 unsigned int kind)
{
	while (replies->len && replies->run[replies->first].kind != kind)
		drop_run(replies);
	if (!replies->len)
		return false;
	pending_replies_pop(replies);
	return true;
}
