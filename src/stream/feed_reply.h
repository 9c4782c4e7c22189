/*
 * The subject for acknowledgements that a JetStream server gives with a
 * message, which tells where the message stands in its stream and among those
 * that were sent:
 *
 *   $JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.NUMBER.TIME.PENDING
 *   $JS.ACK.DOMAIN.ACCOUNT.STREAM.CONSUMER....PENDING[.TOKEN]
 */
#ifndef FEED_REPLY_H
#define FEED_REPLY_H

#include <stdbool.h>
#include <stdint.h>

struct feed_reply {
	uint64_t delivered; /* how many times it was sent, from 1 on */
	uint64_t sequence;  /* in its stream */
	uint64_t number;    /* among the messages that were sent, from 1 on */
	int64_t time;       /* when it was stored, ns since 1970 */
	uint64_t pending;   /* messages behind it */
};

/*
 * Reads a reply subject.  False if it is another one, or of another stream or
 * consumer.
 */
bool feed_reply_parse(struct feed_reply *reply, const char *text,
		      const char *stream, const char *consumer);

#endif
