/*
 * Decides which bytes of a session may be recorded: reads the two streams by a
 * dialect, as they come, and gives them to its receiver. The result is the
 * same for every way in which the streams can be split, as long as the order
 * between the two directions is the same.
 *
 * A secret becomes three stars; a message is counted and becomes a note; after
 * a TLS handshake there is nothing more to show.
 *
 * Most bytes are classified at once. Where a client speaks before the server
 * has answered and the answer decides about its kind, its bytes wait, at most
 * HELD_BYTES_MAX of them. If there are more, or no answer can come any more,
 * the dialect decides without it, in favour of hiding. The session itself never
 * waits.
 */
#ifndef PROTOCOL_SESSION_H
#define PROTOCOL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/client_state.h"
#include "recio/dialect/dialect.h"
#include "recio/expected_octets.h"
#include "recio/held_bytes.h"
#include "recio/redactor.h"

enum { SESSION_HELLO = 256 };

struct protocol_session {
	const struct dialect *dialect;
	const struct grammar *grammars[DIALECT_GRAMMARS];
	bool ended[2];   /* the source of this direction ended */
	bool giving_up;  /* no answer can come any more */
	bool inside_tls; /* the bytes are those that TLS protects */
	enum tls_start tls;
	char hello[SESSION_HELLO]; /* TLS_START_LONG: its first bytes */
	bool agreed;    /* on TLS, and neither side has said anything since */
	bool tls_due;   /* the server agreed, and has said nothing since */
	bool hello_due; /* the client's next bytes look like a hello */
	struct line_lexer lexer;       /* of the server's line */
	struct expected_octets octets; /* of the server */
	struct client client;
	struct redactor redactor;
	union {
		max_align_t align;
		unsigned char bytes[DIALECT_STATE];
	} state; /* the dialect's */
	struct held_bytes held;
};

/* Begins a session, whatever the structure holds. It may not be moved. */
void session_begin(struct protocol_session *session,
		   const struct dialect *dialect,
		   const struct redactor_config *config);

/*
 * Reads len bytes of a direction. After the receiver's `tls` has returned true
 * these are the bytes that TLS protects.
 */
void session_data(struct protocol_session *session, enum relay_dir dir,
		  const char *at, size_t len);

/*
 * Returns true if the next bytes of this direction are those of a message of
 * which only the counts are recorded, up to a line with a dot.
 */
bool session_counts(const struct protocol_session *session, enum relay_dir dir);

/* Bytes of a message, no line of which begins with a dot. */
struct session_counts {
	uint64_t bytes, lines; /* the bytes of last among them, not its lines */
	const char *last;      /* the last len bytes, at least one */
	size_t len;
};

/*
 * Takes counts in place of bytes, the first of which is no part of a line's end
 * and no dot. Returns false, and takes nothing, if no such message is read.
 */
bool session_take_counts(struct protocol_session *session, enum relay_dir dir,
			 const struct session_counts *counts);

/*
 * Returns true if both sides agreed on TLS, and neither has said anything
 * since.
 */
bool session_has_agreed(const struct protocol_session *session);

/*
 * TLS has begun, and its clear bytes come next. Gives all that waits, and the
 * note; what the client said after it asked for TLS will have no answers.
 */
void session_begin_tls(struct protocol_session *session, const char *note);

/* The source of this direction ended. */
void session_end(struct protocol_session *session, enum relay_dir dir);

/* The session is over: gives all that waits. */
void session_finish(struct protocol_session *session);

/* Returns true if nothing more of this session is shown. */
bool session_is_opaque(const struct protocol_session *session);

#endif
