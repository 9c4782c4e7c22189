/*
 * The way to a NATS server.  Each function passes its arguments on; a link is
 * open or NULL, and nothing is tried twice here.
 *
 * Tested by tests/peer/rlogship-nats.t.
 */
#include "rlogship/nats_way.h"

static int connect_nats(void *ctx, struct stream_fault *fault)
{
	struct nats_way *way = ctx;

	if (nats_link_open(&way->link, &way->options, fault) == 0)
		return 0;
	way->link = NULL;
	return -1;
}

static int ask_nats(void *ctx, struct nats_last *last,
		    struct stream_fault *fault)
{
	struct nats_way *way = ctx;

	return nats_link_last(way->link, last, fault);
}

static int send_nats(void *ctx, const struct nats_batch *batch,
		     uint64_t *sequence, struct stream_fault *fault)
{
	struct nats_way *way = ctx;

	*sequence = 0;
	return nats_link_start(way->link, batch, fault);
}

static int await_nats(void *ctx, uint64_t *sequence, struct stream_fault *fault)
{
	struct nats_way *way = ctx;

	return nats_link_answer(way->link, sequence, fault);
}

static size_t nats_room(void *ctx)
{
	const struct nats_way *way = ctx;

	return nats_link_room(way->link);
}

static void close_nats(void *ctx)
{
	struct nats_way *way = ctx;

	nats_link_close(way->link);
	way->link = NULL;
}

const struct ship_link_ops nats_way_ops = {
    .connect = connect_nats,
    .last = ask_nats,
    .send = send_nats,
    .answer = await_nats,
    .room = nats_room,
    .close = close_nats,
};
