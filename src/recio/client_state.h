/* The state of client.h, for the session that holds it. */
#ifndef CLIENT_STATE_H
#define CLIENT_STATE_H

#include "recio/announced_octets.h"
#include "recio/auth_exchange.h"
#include "recio/client.h"
#include "recio/held_bytes.h"
#include "recio/redactor.h"
#include "recio/unsure_lines.h"

struct client {
	struct redactor *redactor;
	const struct held_bytes *held;
	enum tls_start *tls;
	const struct grammar *const *grammars;
	struct grammar_state state;
	struct auth_exchange auth;
	struct announced_octets octets;
	struct unsure_lines unsure;
	bool doubtful_rest; /* the rest of a line that octets may have begun */
	bool rest;          /* the rest of a line comes, of this kind: */
	enum span_kind rest_kind;
	struct client_line line; /* to which that rest belongs */
	unsigned int owed;       /* commands without an answer */
	bool ended;              /* no more will come */
	bool partial; /* the held bytes only wait for more of their line */
};

/* Begins a client, whatever the structure holds. All pointers must outlive it.
 */
void client_init(struct client *client, struct redactor *redactor,
		 const struct held_bytes *held, enum tls_start *tls);

/* Reads lines by grammars from now on, and forgets all that came before. */
void client_restart(struct client *client,
		    const struct grammar *const *grammars);

/* Doubts lines as the reading before a restart did, if it did. */
void client_inherit(struct client *client, const struct client *before);

/* No more bytes will come. */
void client_end(struct client *client);

/* More bytes will come, at the beginning of a line. */
void client_continue(struct client *client);

/* Nothing is known to be partial, until client_line finds it so. */
void client_set_whole(struct client *client);

#endif
