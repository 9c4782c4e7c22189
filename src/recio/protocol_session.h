/*
 * What of a session may be recorded: knows the protocol that the two sides
 * speak, is fed what they say, as it comes, and gives back what may be shown.
 * It gives the same for every way in which the streams can be split, as long
 * as the order between the two directions is the same.
 *
 * A secret becomes three stars; content, such as a message, is counted and
 * becomes a note; behind a TLS handshake there is nothing more to show.
 *
 * Most bytes are judged at once.  Where a client speaks before the server has
 * answered and the answer decides what that was, its bytes wait here, at most
 * SESSION_HOLD of them.  If there are more, or no answer can come any
 * more, the dialect decides without it, and the doubt goes to what is not
 * shown.  The session itself never waits.
 */
#ifndef PROTOCOL_SESSION_H
#define PROTOCOL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/client.h"
#include "recio/dialect.h"
#include "recio/echo.h"
#include "recio/line_lexer.h"
#include "recio/message_counter.h"
#include "relay/relay.h"

enum { SESSION_HOLD = 16384 };

/* Who is given what may be recorded, in order. */
struct session_out {
	void *ctx;
	void (*show)(void *ctx, enum relay_dir dir, const char *at, size_t len);
	/* This direction ended, and all of it was given. */
	void (*end)(void *ctx, enum relay_dir dir);
	/* Instead of content that was not shown; whole: it had its end. */
	void (*content)(void *ctx, enum relay_dir dir,
			const struct message_counter *counted, bool whole);
	/* Something about the session. */
	void (*note)(void *ctx, const char *text);
};

enum session_tls {
	SESSION_TLS_NO,
	SESSION_TLS_FIRST, /* it can begin, until a client has an answer */
	SESSION_TLS_MAY,   /* it can begin: both sides agreed */
	SESSION_TLS_HELLO, /* the client began; the server has to join in */
};

struct protocol_session {
	const struct dialect *dialect;
	struct session_out out;
	bool secrets; /* show them */
	bool contents;
	bool opaque;        /* nothing more will be shown */
	bool muted;         /* this was shown before */
	bool hiding[2];     /* in a secret; by enum relay_dir */
	uint64_t hidden[2]; /* bytes that are counted, not shown yet */
	bool in_word[2];    /* the last byte shown is no blank */
	bool ended[2];      /* the source ended */
	/*
	 * How much of each direction is judged; while something is shown, where
	 * that stands.
	 */
	uint64_t position[2];
	bool giving_up; /* no answer can come any more */
	enum session_tls tls;
	struct client client;
	struct line_lexer command; /* the line that the server is in */
	struct message_counter content[2];
	struct echo echo; /* of what is hidden */
	struct {
		uint64_t left; /* of octets that are no lines */
		enum span_kind kind;
	} octets[2];
	union dialect_state state;
	size_t held;
	char hold[SESSION_HOLD]; /* what the client said too early */
};

/*
 * The protocol of this name, or NULL.  DIALECT_NAMES is what there is, for
 * messages.
 */
#define DIALECT_NAMES "smtp, lmtp, pop3, imap, sieve or auto"
const struct dialect *dialect_named(const char *name);

/* p is all zero but for out, secrets and contents. */
void session_begin(struct protocol_session *p, const struct dialect *dialect);

/* These bytes came, len of them. */
void session_data(struct protocol_session *p, enum relay_dir dir,
		  const char *at, size_t len);

/* The source of this direction ended. */
void session_end(struct protocol_session *p, enum relay_dir dir);

/* The session is over: gives what is left. */
void session_finish(struct protocol_session *p);

#endif
