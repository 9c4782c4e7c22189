/*
 * The messages of a JetStream stream, in order, from a sequence or a time on,
 * as they were stored and as they arrive.
 *
 * The feed asks the server for some messages at a time, so that it keeps a
 * bounded number of bytes, and a caller that does not ask for more keeps the
 * server from sending.  The server numbers the messages that it sends: one that
 * is lost on the way, comes twice or out of order is STREAM_FAULT_GAP.
 * Messages that the stream does not have any more are no fault; the caller
 * notices them by `follows`.  After any fault the caller closes the feed and
 * opens another one from the sequence behind the last message that it kept.
 *
 * Nothing but nats_feed_open and nats_feed_left waits.  libnats runs threads,
 * as nats_link.h says.
 */
#ifndef NATS_FEED_H
#define NATS_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/nats_link.h"

struct nats_feed;

/* Where a feed begins. */
struct nats_feed_from {
	uint64_t sequence; /* the first sequence of interest; 0: by time */
	int64_t time;      /* ns since 1970; 0 with sequence 0: the oldest */
};

/* The stream when the feed was opened. */
struct nats_feed_stream {
	int64_t created; /* ns since 1970 */
	uint64_t first;  /* sequence of its first message */
	uint64_t last; /* sequence of its last message, also if that is gone */
	uint64_t pending; /* messages that the feed has to deliver, as its
			     server knows, which may be behind its leader */
	uint64_t start;   /* no earlier sequence is delivered */
};

/*
 * A message, which stays until the next call of nats_feed_next or
 * nats_feed_close.  A header that is missing, too long or not printable ASCII
 * is NULL.
 */
struct nats_message {
	uint64_t sequence;
	int64_t time;     /* when the server stored it, ns since 1970 */
	uint64_t pending; /* messages that the stream has behind this one, of
			     the filter's subjects, as that server knows */
	const char *subject;
	const char *bytes;
	size_t len;
	const char *id;    /* Nats-Msg-Id */
	const char *place; /* Rlog-Place */
	const char *name;  /* Rlog-Name */
	const char *form;  /* Rlog-Form */
	uint64_t lines;    /* Rlog-Lines, or 0 */
	bool chained;      /* follows is known */
	uint64_t follows;  /* sequence of the message before it in its subject,
			      by its publisher; 0: the first one */
};

/*
 * Connects, and begins to read the URL's stream; the URL's subject is a filter,
 * or empty for all subjects.  options.milliseconds limits each wait for the
 * server, also later ones.  If stream->last is below from->sequence - 1, the
 * stream has lost messages that it had, and the feed begins at the given
 * sequence all the same: the caller compares them, and `created`.  Returns 0
 * with *feed and *stream, or -1 with *fault: STREAM_FAULT_UNFIT_STREAM if
 * reading would delete messages.
 */
int nats_feed_open(struct nats_feed **feed, const struct nats_options *options,
		   const struct nats_feed_from *from,
		   struct nats_feed_stream *stream, struct stream_fault *fault);

/*
 * Returns a descriptor that is readable while nats_feed_next may have something
 * to tell: for poll.
 */
int nats_feed_descriptor(const struct nats_feed *feed);

/* Returns the milliseconds after which nats_feed_next is to be called again,
 * even if the descriptor is not readable. */
int nats_feed_timeout(const struct nats_feed *feed);

/*
 * Takes the next message.  Returns 1 with *message, 0 if there is none yet, or
 * -1 with *fault.  Never waits.
 */
int nats_feed_next(struct nats_feed *feed, struct nats_message *message,
		   struct stream_fault *fault);

/*
 * Asks the stream's leader for messages that the feed still has to deliver, of
 * sequences from `from` to `to`.  In a cluster the feed comes from any server
 * of the stream, which may have fewer messages than the leader.  Returns 1 if
 * there is one, 0 if there is none, or -1 with *fault.
 */
int nats_feed_left(struct nats_feed *feed, uint64_t from, uint64_t to,
		   struct stream_fault *fault);

/* Closes the connection; NULL is no feed.  Ends after `milliseconds`. */
void nats_feed_close(struct nats_feed *feed);

#endif
