/*
 * The tap that records a session: turns the bytes of the relay into
 * records for the log.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>

#include "recio/clear_receiver.h"
#include "recio/coalescer.h"
#include "recio/protocol_session.h"
#include "recio/record.h"
#include "recio/sink.h"
#include "relay/relay.h"

struct recorder {
	struct record_form form;
	bool show[2];  /* by enum relay_dir */
	bool chosen;   /* the dialect decides about each byte */
	bool lines;    /* join bytes to whole lines */
	bool outgoing; /* the program is the client, for the protocol */
	bool full;     /* the limit is reached, and nothing more is recorded */
	bool follows;  /* the dialect has to see all bytes, recorded or not */
	uint64_t limit, recorded; /* bytes of payload */
	uint64_t position[2];     /* bytes seen, by enum relay_dir */
	struct tain_s last_label;
	struct coalescer packet;
	struct sink sink;
	/* Ends of the session around TLS, to be recorded after its last byte */
	enum relay_dir ends[2];
	size_t n_ends;
	struct protocol_session protocol;
	char joined[COALESCER_MAX]; /* the packet's */
	bool looks_inside;          /* of TLS, by this receiver: */
	struct clear_receiver clear;
	struct tain_s next_drain; /* while clear_receiver_counts */
};

/*
 * Records both directions in this form, which is copied. log -1 is a log that
 * always fails; drop is that of sink.h. The caller may set show, lines,
 * outgoing and limit before the session begins.
 */
void recorder_init(struct recorder *recorder, const struct record_form *form,
		   int log, bool drop);

/*
 * Records the session as the dialect reads it: secrets and messages are hidden,
 * unless secrets or contents is set.
 */
void recorder_choose(struct recorder *recorder, const struct dialect *dialect,
		     bool secrets, bool contents);

/*
 * Records the bytes that TLS protects, in place of those on the wire, as they
 * arrive on the channel. The session must be chosen; fd, pid and unloadable are
 * those of clear_receiver_init.
 */
void recorder_look_inside(struct recorder *recorder, int fd, pid_t pid,
			  const char *unloadable);

/* Returns the tap for the relay; recorder must outlive it. */
struct relay_tap recorder_tap(struct recorder *recorder);

/*
 * Returns true if no later bytes of this direction will be recorded, so that
 * the tap need not see them. Once true it stays so.
 */
bool recorder_is_blind(const struct recorder *recorder, enum relay_dir dir);

/*
 * The relay has ended before the program. Waits until the program has handed
 * over the rest of what TLS protects, for at most this number of seconds.
 */
void recorder_wait_inside(struct recorder *recorder, unsigned int seconds);

/*
 * The dialect sees all bytes from now on, or until follows is false, even if no
 * more are recorded.
 */
void recorder_follow(struct recorder *recorder, bool follows);

/* session_has_agreed and session_begin_tls, for the dialect of this record. */
bool recorder_has_agreed(const struct recorder *recorder);
void recorder_begin_tls(struct recorder *recorder, const char *note);

/* Writes a note to the log, at once. */
void recorder_note(struct recorder *recorder, const char *text);

/* The session is over: records all bytes that were kept back. */
void recorder_finish(struct recorder *recorder);

#endif
