/*
 * The state of shipping: connect, ask the server for the place behind the last
 * lines that it has, and send one batch after the other from there.  The next
 * batch gathers while one is in flight.
 *
 * Whatever is not a plain success, a broken connection as well as an answer
 * that says "stored already", closes the connection.  The next one asks for the
 * place anew, since the server alone knows what it has stored.
 */
#ifndef SHIPPER_H
#define SHIPPER_H

#include <stdbool.h>
#include <stdint.h>

#include "logread/source.h"
#include "rlogship/ship_batch.h"
#include "rlogship/ship_cursor.h"
#include "rlogship/ship_link.h"

enum {
	SHIPPER_PAUSE_FIRST = 100, /* ms before the first try after a fault */
	SHIPPER_PAUSE_MOST = 30000,
	SHIPPER_PAUSE_SET_BACK = 1000, /* while STREAM_FAULT_SET_BACK lasts */
};

/* Events that a user is told of. */
enum shipper_event {
	SHIPPER_TROUBLE,    /* `fault` is the first of its kind */
	SHIPPER_CONTINUES,  /* lines are taken again after trouble */
	SHIPPER_BEHIND,     /* the server has lost lines: `has`, `had` */
	SHIPPER_NEW_STREAM, /* the stream is another one, or was reset */
};

struct shipper_notice {
	enum shipper_event event;
	const struct stream_fault *fault; /* TROUBLE */
	/* BEHIND: places in the server and in the cursor. */
	const struct position *has, *had;
};

struct shipper_options {
	struct ship_link link;
	const struct log_name *origin;
	const struct ship_form *form;
	size_t size; /* bytes of a batch, at most */
	/* The log; `start`, `tell` and `ctx` are set by the shipper. */
	struct source_options source;
	void (*tell)(void *ctx, const struct shipper_notice *notice);
	void (*tell_source)(void *ctx, const struct source_notice *notice);
	void *ctx;
	unsigned int seed; /* of the pauses' jitter */
};

/* What was done since the beginning. */
struct shipper_counts {
	uint64_t lines, bytes; /* acknowledged: lines, bytes of the log */
	uint64_t batches;
	uint64_t resyncs; /* connections after the first one */
	uint64_t again;   /* times that the server was behind */
	uint64_t missing; /* gaps of the log before acknowledged lines */
};

/* The batch that was sent last.  Its bytes are needed no more. */
struct sent_batch {
	bool unknown; /* the server has not said that it is stored */
	struct position after;
	enum label_kind kind;
	uint64_t lines, stored, gaps;
};

/* What the caller has to do after a step. */
enum shipper_next {
	SHIPPER_STEP,   /* nothing: call it again */
	SHIPPER_WAIT,   /* wait for lines of shipper_source */
	SHIPPER_PAUSE,  /* wait until *milliseconds are over */
	SHIPPER_OVER,   /* all lines are acknowledged; nothing is followed */
	SHIPPER_FAILED, /* errno: the log can't be read; `bad`, or NULL */
};

/* Its members are for shipper.c; others read the first group. */
struct shipper {
	struct shipper_counts counts;
	struct ship_cursor cursor; /* set before the first step */
	bool synced;               /* the server was asked once */
	bool connected;
	bool labelled;       /* `label` is known */
	struct tain_s label; /* of the last acknowledged line */
	enum label_kind kind;
	struct stream_fault last_fault;
	const char *bad; /* see SHIPPER_FAILED */

	struct shipper_options options;
	struct source *source;
	struct position start;
	struct ship_batch batch; /* the next one */
	struct sent_batch sent;
	bool in_flight;    /* the answer for `sent` is to be waited for */
	uint64_t sequence; /* of the subject's last message, 0: none */
	int64_t created;
	uint64_t tries; /* that failed since the last success */
	bool told[STREAM_FAULT_KINDS];
	int64_t retry;  /* not before this time */
	bool is_behind; /* the server lacks lines, as it first said then: */
	int64_t behind_since;
};

/* Prepares shipping.  Returns 0, or -1 with errno ENOMEM. */
int shipper_init(struct shipper *shipper,
		 const struct shipper_options *options);

/*
 * Does the next thing, at the time `now` in milliseconds of a monotonic clock:
 * waits for nothing but the calls of the link.
 */
enum shipper_next shipper_step(struct shipper *shipper, int64_t now,
			       int *milliseconds);

/* The open source after SHIPPER_WAIT. */
struct source *shipper_source(struct shipper *shipper);

/*
 * Waits for the answer for the batch in flight, if there is one, so that the
 * cursor and counts are right at the end.
 */
void shipper_finish(struct shipper *shipper);

/* Closes the connection and the log, and frees the memory. */
void shipper_close(struct shipper *shipper);

#endif
