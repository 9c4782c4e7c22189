/*
 * The tap that records a session: turns what goes through the relay into
 * records and hands them to the log.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>

#include "recio/coalescer.h"
#include "recio/protocol_session.h"
#include "recio/record.h"
#include "recio/sink.h"
#include "relay/relay.h"

struct recorder {
	struct record_form form;
	bool show[2];  /* by enum relay_dir */
	bool chosen;   /* protocol says what may be recorded */
	bool lines;    /* put together what is no whole line */
	bool outgoing; /* the program is the client, for the protocol */
	bool full;     /* the limit is reached, and nothing more is recorded */
	uint64_t limit, recorded; /* bytes of payload */
	uint64_t position[2];     /* how much was shown to us, as it came */
	struct tain_s last_label;
	struct coalescer packet;
	struct sink sink;
	struct protocol_session protocol;
	char joined[COALESCER_MAX]; /* the packet's */
};

/*
 * Records both directions as form says, which is copied; log -1: a log that
 * always fails; drop: see sink.h.  show, lines, outgoing and limit can be
 * changed before the session begins.
 */
void recorder_init(struct recorder *r, const struct record_form *form, int log,
		   bool drop);

/*
 * Records only what dialect lets pass, and secrets or contents, such as
 * messages, too if they are to be shown.
 */
void recorder_choose(struct recorder *r, const struct dialect *dialect,
		     bool secrets, bool contents);

struct relay_tap recorder_tap(struct recorder *r);

/*
 * True if nothing that is still to come in this direction will be recorded, so
 * that it need not be shown.  Once true it stays so.
 */
bool recorder_is_blind(const struct recorder *r, enum relay_dir dir);

/* Records a note, at once. */
void recorder_note(struct recorder *r, const char *text);

/* No more will come: records what was kept back. */
void recorder_finish(struct recorder *r);

#endif
