/*
 * A machine knows one protocol: it is shown the bytes of both directions and
 * says of each what it is.  One file a machine; protocol.c runs them, and
 * gives them the functions below.
 */
#ifndef RECIO_MACHINE_H
#define RECIO_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "queue.h"
#include "relay.h"

struct protocol;

struct machine {
	const char *name;
	void (*begin)(struct protocol *p);
	/*
	 * Takes some of these bytes, at least one, and gives them to
	 * machine_is.  Returns after each event that may change what is known
	 * of the other direction, the end of a line at the latest.  client may
	 * return 0: it must see more, of either side, first.
	 */
	size_t (*client)(struct protocol *p, const char *at, size_t len);
	size_t (*server)(struct protocol *p, const char *at, size_t len);
	/* client returned 0, but must take something now. */
	void (*give_up)(struct protocol *p);
};

extern const struct machine machine_smtp, machine_lmtp;

struct smtp {
	bool lmtp;
	int state;
	uint64_t left;         /* of a BDAT's octets */
	unsigned int accepted; /* recipients, for LMTP */
	bool doubtful;         /* what may have been the message's end passed */
	bool greeted;
	size_t column; /* in a line of the server */
	unsigned int code;
	bool more; /* the answer has more lines */
	struct queue queue;
};

union machine_state {
	struct smtp smtp;
};

/* These bytes are of this kind. */
void machine_is(struct protocol *p, enum relay_dir dir, enum span_kind kind,
		const char *at, size_t len);

/*
 * Takes bytes up to the end of a line, and says what they are as the line
 * itself knows it.  p->command[dir].ended tells whether that was there.
 */
size_t machine_line(struct protocol *p, enum relay_dir dir, const char *at,
		    size_t len);

/* The content of this direction is over; whole: it came to its end. */
void machine_content_over(struct protocol *p, enum relay_dir dir, bool whole);

/* Both sides agreed on TLS, which the client now begins. */
void machine_tls(struct protocol *p);

/* Nothing more can be shown, for the reason that the note tells. */
void machine_opaque(struct protocol *p, const char *note);

#endif
