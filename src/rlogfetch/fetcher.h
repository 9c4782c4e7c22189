/*
 * The fetcher: takes the messages of a stream from where the cursor stands, has
 * them stored, and moves the cursor.  It connects anew after any fault, after
 * pauses that grow, and never ends for one.
 */
#ifndef FETCHER_H
#define FETCHER_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogfetch/fetch_cursor.h"
#include "rlogfetch/fetch_store.h"

/* The way to the stream: stream/nats_feed.h, or a script in tests. */
struct fetch_feed_ops {
	int (*open)(void *ctx, const struct nats_feed_from *from,
		    struct nats_feed_stream *stream,
		    struct stream_fault *fault);
	int (*next)(void *ctx, struct nats_message *message,
		    struct stream_fault *fault);
	/* Of an open feed: nats_feed_left, nats_feed_descriptor and
	 * nats_feed_timeout. */
	int (*left)(void *ctx, uint64_t from, uint64_t to,
		    struct stream_fault *fault);
	int (*descriptor)(void *ctx);
	int (*timeout)(void *ctx);
	/* Closes the feed, if it is open. */
	void (*close)(void *ctx);
};

struct fetch_feed {
	const struct fetch_feed_ops *ops;
	void *ctx;
};

enum {
	FETCHER_PAUSE = 100,     /* ms before the first try again... */
	FETCHER_LONGEST = 30000, /* ...and at most, but for the jitter */
	FETCHER_SET_BACK = 1000, /* ms, while STREAM_FAULT_SET_BACK lasts */
	FETCHER_ASKS = 1000 /* ms without a message before the leader is asked
			       for more */
};

struct fetcher {
	struct fetch_feed feed;
	struct fetch_store *store;
	struct fetch_tell tell;
	struct nats_feed_from from; /* without a cursor */
	bool once; /* the messages that the stream has now are enough */
	struct fetch_cursor cursor;
	bool moved; /* the cursor, since fetcher_saved */

	bool open;
	bool reached; /* the stream was reached once */
	bool checks;  /* the next message has to be the cursor's */
	bool held;    /* message is not stored yet */
	struct nats_message message;
	uint64_t pending;  /* messages that the stream has after this one */
	uint64_t next;     /* no earlier sequence is delivered */
	uint64_t until;    /* the stream's last when the feed was opened */
	uint64_t owed;     /* messages that the server had then, less taken */
	struct tain_s ask; /* when the leader is asked for more, if once */

	uint64_t pause; /* ms, of the last fault */
	struct tain_s since, retry;
	bool is_behind; /* the server lacks messages, which is believed then: */
	struct tain_s sure;
	bool faulty; /* since the connection that worked */
	struct tain_s faulty_since;
	bool told[STREAM_FAULT_KINDS]; /* faults, since then */
	struct stream_fault fault;

	uint64_t messages, refused; /* since the start */
	int error;                  /* errno of a failure that ends all */
};

/* Begins at the cursor or, if it has no sequence, at `from`.  The caller sets
 * cursor, from and once. */
void fetcher_init(struct fetcher *fetcher, const struct fetch_feed *feed,
		  struct fetch_store *store, const struct fetch_tell *tell);

enum fetcher_answer {
	FETCHER_FAILED, /* fetcher->error */
	FETCHER_OVER,   /* all is stored, if that is enough */
	FETCHER_MORE,   /* to be called again at once */
	FETCHER_WAITS   /* for the descriptors or the deadline */
};

/* Does what can be done now: one message, or one try to connect. */
enum fetcher_answer fetcher_step(struct fetcher *fetcher,
				 struct tain_s *deadline);

/* Returns the descriptor that has to become readable, or -1. */
int fetcher_descriptor(const struct fetcher *fetcher);

/* Notes that the cursor, as it is, was saved. */
void fetcher_saved(struct fetcher *fetcher);

/* Closes the connection; the store forgets a message in progress. */
void fetcher_close(struct fetcher *fetcher);

#endif
