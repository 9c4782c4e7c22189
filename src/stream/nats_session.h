/*
 * A connection to a NATS server with JetStream, whose calls of libnats run in a
 * thread of their own (nats_worker).  For nats_link and nats_feed, whose
 * objects begin with a session.  Needs libnats.
 */
#ifndef NATS_SESSION_H
#define NATS_SESSION_H

#include <nats/nats.h>

#include "stream/nats_inbox.h"
#include "stream/nats_link.h"
#include "stream/nats_worker.h"

/* What a server tells of a stream. */
struct nats_stream_facts {
	int64_t created;      /* ns since 1970 */
	uint64_t first, last; /* sequences */
	size_t largest;       /* bytes of a message, with its headers */
	bool refuses_second;  /* a second message of a subject is refused */
	bool deletes_read;    /* messages that were acknowledged are deleted */
};

struct nats_session {
	struct nats_worker *worker;
	struct stream_url url;
	const struct stream_keys *keys;
	int milliseconds, stop;
	natsConnection *connection;
	jsCtx *js;
	bool unanswered; /* an answer that nobody waits for may come */
	struct nats_inbox *inbox;
	struct nats_stream_facts stream; /* as it was asked last */
	struct stream_fault fault; /* of the last call, kind NONE: it is good */
};

/*
 * Starts the thread of a session, which is zeroed, connects to one of the
 * servers, and asks for the stream.  The inbox keeps `most` messages.  dispose
 * frees the whole object and calls nats_session_clear.  Returns 0; or -1 with
 * *fault: the object is gone then.
 */
int nats_session_open(struct nats_session *session,
		      const struct nats_options *options, size_t most,
		      void (*dispose)(void *), struct stream_fault *fault);

/*
 * Runs call(session) in the thread.  Returns 0; or -1 with *fault:
 * session->fault, or that the call has not ended in time: *session is NULL
 * then, and its object the thread's.  `after_stop` is how long to wait once
 * stop is readable.
 */
int nats_session_run(struct nats_session **session, void (*call)(void *),
		     int after_stop, struct stream_fault *fault);

/*
 * Both halves of nats_session_run, between which the object is the thread's and
 * the caller may do other work: each begin needs one finish.
 */
void nats_session_begin(struct nats_session *session, void (*call)(void *));
int nats_session_finish(struct nats_session **session, int after_stop,
			struct stream_fault *fault);

/* Disposes of the object, and waits for that as long as for any call. */
void nats_session_close(struct nats_session *session);

/* Ends the connection.  A subscription is destroyed after that: libnats 3.4.1
 * may crash otherwise.  In the thread. */
void nats_session_disconnect(struct nats_session *session);

/* Ends the connection and frees what the session has.  In the thread. */
void nats_session_clear(struct nats_session *session);

/*
 * Sets session->fault by the status of a call of libnats and the error code of
 * JetStream's API that it gave, or 0.  Returns true if the call was good.  In
 * the thread.
 */
bool nats_session_check(struct nats_session *session, natsStatus status,
			int code);

/* Asks for the stream; returns false with session->fault.  In the thread. */
bool nats_session_ask_stream(struct nats_session *session);

#endif
