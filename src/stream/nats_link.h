/*
 * A connection to a NATS server that publishes to subjects of one JetStream
 * stream, one message at a time.
 *
 * Every call ends after `milliseconds` (opening: for each server), also while
 * the server hangs, and as soon as `stop` is readable.  After a fault the link
 * is of no more use: close it, and open another; but not after an answer of the
 * server, a fault with a code, and not after STREAM_FAULT_TOO_LARGE.  libnats
 * runs threads, in which all signals are blocked; it makes the process ignore
 * SIGPIPE, which programs that it executes would inherit.  Its descriptors are
 * closed on exec, and none is opened but within nats_link_open.
 */
#ifndef NATS_LINK_H
#define NATS_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/stream_fault.h"
#include "stream/stream_keys.h"
#include "stream/stream_url.h"

enum {
	NATS_PLACE_MAX = 112, /* header Rlog-Place, with the NUL */
	NATS_ID_MAX = 184,    /* header Nats-Msg-Id */
	NATS_NAME_MAX = 132,  /* header Rlog-Name */
	NATS_FORM_MAX = 12,   /* header Rlog-Form */
	NATS_LAST_WAIT = 2000 /* ms that a send waits once stop is readable */
};

struct nats_link;

struct nats_options {
	const struct stream_url *url;
	const struct stream_keys *keys; /* they stay to the program's end */
	int milliseconds;               /* of each call, at least 1 */
	int stop; /* a descriptor that ends waits, or -1 */
};

/* The last message of the subject, and its stream. */
struct nats_last {
	bool found;                 /* the subject has a message */
	uint64_t sequence;          /* of the message; 0 without one */
	char place[NATS_PLACE_MAX]; /* its Rlog-Place, or empty */
	char name[NATS_NAME_MAX];   /* its Rlog-Name, or empty */
	uint64_t stream_last;       /* last sequence of the stream */
	int64_t created;     /* time of the stream's creation, ns since 1970 */
	bool refuses_second; /* a second message of a subject is refused */
};

/* One message.  The strings are printable ASCII and shorter than NATS_*_MAX. */
struct nats_batch {
	const char *bytes;
	size_t len;
	const char *subject; /* NULL: the URL's */
	const char *id;      /* Nats-Msg-Id */
	const char *place;   /* Rlog-Place, or NULL */
	const char *name;    /* Rlog-Name: HOST/NAME */
	const char *form;    /* Rlog-Form: json, raw or sessions */
	uint64_t lines;      /* Rlog-Lines */
	bool expects_last; /* refuse it if last_sequence is not the last one */
	uint64_t last_sequence; /* of the subject; 0: it has no message */
};

/*
 * Connects to a server of the URL, from a random one on, and asks for the
 * stream.  Returns 0 with *link, or -1 with *fault: of the last server.
 */
int nats_link_open(struct nats_link **link, const struct nats_options *options,
		   struct stream_fault *fault);

/*
 * Asks the stream's leader for the last message of the URL's subject.  Returns
 * 0 with *last, or -1 with *fault.
 */
int nats_link_last(struct nats_link *link, struct nats_last *last,
		   struct stream_fault *fault);

/*
 * Publishes a message and waits for the server's acknowledgement, of a stream
 * of the URL's name.  Returns 0 with the sequence of the stored message; or -1
 * with *fault: the message may then be stored or not, and may be stored later.
 * After STREAM_FAULT_TOO_LARGE by size alone nothing was sent.
 */
int nats_link_send(struct nats_link *link, const struct nats_batch *batch,
		   uint64_t *sequence, struct stream_fault *fault);

/*
 * Both halves of nats_link_send.  Starting waits for nothing: it returns 0, or
 * -1 with *fault, and nothing was sent then.  The batch is copied.  After a
 * success nats_link_answer comes next; nats_link_room may be called before.
 */
int nats_link_start(struct nats_link *link, const struct nats_batch *batch,
		    struct stream_fault *fault);
int nats_link_answer(struct nats_link *link, uint64_t *sequence,
		     struct stream_fault *fault);

/* Returns how many bytes a batch may have: less than server and stream take, by
 * what its headers need at most. */
size_t nats_link_room(const struct nats_link *link);

/*
 * Closes the connection; NULL is no link.  Ends after `milliseconds`, and waits
 * for the answer of a batch before that.
 */
void nats_link_close(struct nats_link *link);

#endif
