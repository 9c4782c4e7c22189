/*
 * Authentication as all protocols have it: a command, challenges and responses,
 * an answer. Invariant: once an authentication has begun, doubt stays in after
 * until a known command comes.
 * Tested by tests/unit/recio/auth_exchange.c, smtp.c, pop3.c, imap.c and
 * sieve.c.
 */
#include "recio/auth_exchange.h"

void auth_exchange_begin(struct auth_exchange *auth)
{
	auth->state = AUTH_WAITS;
}

void auth_exchange_challenge(struct auth_exchange *auth)
{
	auth->state = AUTH_RESPONDS;
}

void auth_exchange_respond(struct auth_exchange *auth)
{
	if (auth->state == AUTH_RESPONDS)
		auth->state = AUTH_WAITS;
}

void auth_exchange_answer(struct auth_exchange *auth, bool held)
{
	if (auth->state == AUTH_NONE)
		return;
	auth->after = true;
	auth->cut_response = auth->state != AUTH_WAITS && held;
	auth->state = AUTH_NONE;
}

void auth_exchange_give_up(struct auth_exchange *auth)
{
	if (auth->state == AUTH_WAITS)
		auth->state = AUTH_BLIND;
}

void auth_exchange_set_after(struct auth_exchange *auth, bool after)
{
	auth->after = after;
}

void auth_exchange_close_response(struct auth_exchange *auth)
{
	auth->cut_response = false;
}

void auth_exchange_inherit(struct auth_exchange *auth,
			   const struct auth_exchange *before)
{
	auth->after =
	    auth->after || before->after || before->state != AUTH_NONE;
}
