/*
 * Where a client is in an authentication: which of its lines are responses, and
 * so secrets.
 */
#ifndef AUTH_EXCHANGE_H
#define AUTH_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

enum auth_state {
	AUTH_NONE,     /* commands come */
	AUTH_WAITS,    /* the answer tells whether a response comes */
	AUTH_RESPONDS, /* one response comes: a secret */
	AUTH_BLIND,    /* the client does not wait: all may be responses */
};

struct auth_exchange {
	enum auth_state state;
	/*
	 * After an authentication its responses may still come, or the answer
	 * was to something else: a line that is not a known command is a secret
	 * until one comes.
	 */
	bool after;
	bool cut_response; /* a response is not complete, but the answer came */
};

/* A command began an authentication. */
void auth_exchange_begin(struct auth_exchange *auth);

/* The server asks for a response. */
void auth_exchange_challenge(struct auth_exchange *auth);

/* A response was complete. */
void auth_exchange_respond(struct auth_exchange *auth);

/* The server ended it; held: bytes of the client wait to be read. */
void auth_exchange_answer(struct auth_exchange *auth, bool held);

/* No answer will come. */
void auth_exchange_give_up(struct auth_exchange *auth);

/* A line that is not a known command may be a response from now on, or not. */
void auth_exchange_set_after(struct auth_exchange *auth, bool after);

/* The rest of a response that was cut has come. */
void auth_exchange_close_response(struct auth_exchange *auth);

/*
 * Another reading of the session begins, which doubts the client's lines if the
 * one before did, or was within an authentication.
 */
void auth_exchange_inherit(struct auth_exchange *auth,
			   const struct auth_exchange *before);

#endif
