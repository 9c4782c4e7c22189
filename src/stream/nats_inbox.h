/*
 * What the threads of libnats tell the caller's thread about one connection:
 * messages of its subscription, errors, and its end.  A descriptor is readable
 * while there is something to take.
 *
 * The threads may call after the connection was closed.  So the inbox is held
 * by its maker, by the connection and by the subscription, and freed by the
 * last of them that lets go of it.  Needs libnats.
 */
#ifndef NATS_INBOX_H
#define NATS_INBOX_H

#include <stdbool.h>
#include <stddef.h>

#include <nats/nats.h>

#include "stream/stream_fault.h"

struct nats_inbox;

/* Returns an inbox that keeps that many messages at most; NULL without memory
 * or descriptors. */
struct nats_inbox *nats_inbox_new(size_t most);

/* One more holds the inbox, and one less. */
void nats_inbox_hold(struct nats_inbox *inbox);
void nats_inbox_release(struct nats_inbox *inbox);

/* Callbacks of libnats, whose closure is the inbox.  The second one ends the
 * connection's hold, the last one the subscription's. */
void nats_inbox_on_error(natsConnection *connection, natsSubscription *from,
			 natsStatus status, void *closure);
void nats_inbox_on_closed(natsConnection *connection, void *closure);
void nats_inbox_on_message(natsConnection *connection, natsSubscription *from,
			   natsMsg *message, void *closure);
void nats_inbox_on_complete(void *closure);

/* Waits until the connection is closed, as nats_inbox_on_closed tells; so many
 * milliseconds at most. */
void nats_inbox_await_closed(struct nats_inbox *inbox, int milliseconds);

/* Returns a descriptor for poll. */
int nats_inbox_descriptor(const struct nats_inbox *inbox);

/* Takes the oldest message, which the caller destroys; NULL if there is none.
 */
natsMsg *nats_inbox_take(struct nats_inbox *inbox);

/*
 * True with *fault if the connection was closed, the server has refused
 * something that was sent, or more messages came than were asked for.
 */
bool nats_inbox_has_fault(struct nats_inbox *inbox, struct stream_fault *fault);

#endif
