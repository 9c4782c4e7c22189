/*
 * nats_link and nats_feed of a program that was built without libnats: opening
 * one is a fault that says so, and no other function is ever called.
 *
 * Tested by tests/sh/no-libnats.t.
 */
#include "stream/nats_feed.h"
#include "stream/nats_link.h"

static int refuse_nats(struct stream_fault *fault)
{
	stream_fault_set(fault, STREAM_FAULT_NO_LIBRARY,
			 "libnats, for nats://");
	return -1;
}

int nats_link_open(struct nats_link **link, const struct nats_options *options,
		   struct stream_fault *fault)
{
	(void)link;
	(void)options;
	return refuse_nats(fault);
}

int nats_link_last(struct nats_link *link, struct nats_last *last,
		   struct stream_fault *fault)
{
	(void)link;
	(void)last;
	return refuse_nats(fault);
}

int nats_link_send(struct nats_link *link, const struct nats_batch *batch,
		   uint64_t *sequence, struct stream_fault *fault)
{
	(void)link;
	(void)batch;
	(void)sequence;
	return refuse_nats(fault);
}

int nats_link_start(struct nats_link *link, const struct nats_batch *batch,
		    struct stream_fault *fault)
{
	(void)link;
	(void)batch;
	return refuse_nats(fault);
}

int nats_link_answer(struct nats_link *link, uint64_t *sequence,
		     struct stream_fault *fault)
{
	(void)link;
	(void)sequence;
	return refuse_nats(fault);
}

size_t nats_link_room(const struct nats_link *link)
{
	(void)link;
	return 0;
}

void nats_link_close(struct nats_link *link)
{
	(void)link;
}

int nats_feed_open(struct nats_feed **feed, const struct nats_options *options,
		   const struct nats_feed_from *from,
		   struct nats_feed_stream *stream, struct stream_fault *fault)
{
	(void)feed;
	(void)options;
	(void)from;
	(void)stream;
	return refuse_nats(fault);
}

int nats_feed_descriptor(const struct nats_feed *feed)
{
	(void)feed;
	return -1;
}

int nats_feed_timeout(const struct nats_feed *feed)
{
	(void)feed;
	return 0;
}

int nats_feed_next(struct nats_feed *feed, struct nats_message *message,
		   struct stream_fault *fault)
{
	(void)feed;
	(void)message;
	return refuse_nats(fault);
}

int nats_feed_left(struct nats_feed *feed, uint64_t from, uint64_t to,
		   struct stream_fault *fault)
{
	(void)feed;
	(void)from;
	(void)to;
	return refuse_nats(fault);
}

void nats_feed_close(struct nats_feed *feed)
{
	(void)feed;
}
