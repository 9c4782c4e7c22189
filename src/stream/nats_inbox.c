/*
 * Hands messages and events from libnats' threads to the caller's.  All members
 * are guarded by the lock.  The pipe holds one byte while there is a message or
 * a fault, and none otherwise.  Messages and their bytes are bounded; a server
 * that sends more than it was asked for makes a fault.
 *
 * Tested by tests/peer/nats-link.t and tests/peer/nats-hostile.t.
 */
#include "stream/nats_inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BYTES_MAX = 64 << 20 }; /* of messages, if they are more than one */

struct nats_inbox {
	pthread_mutex_t lock;
	pthread_cond_t change; /* of closed */
	int holders;
	bool closed; /* the connection */
	int wake[2];
	bool awake; /* the pipe has its byte */
	struct stream_fault fault;
	size_t first, n, most;
	size_t bytes;        /* of the messages */
	natsMsg *messages[]; /* ring of `most` */
};

struct nats_inbox *nats_inbox_new(size_t most)
{
	struct nats_inbox *inbox =
	    calloc(1, sizeof *inbox + most * sizeof *inbox->messages);
	pthread_condattr_t monotonic;

	if (!inbox)
		return NULL;
	inbox->most = most;
	inbox->holders = 1;
	if (pipe2(inbox->wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		free(inbox);
		return NULL;
	}
	pthread_mutex_init(&inbox->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&inbox->change, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return inbox;
}

void nats_inbox_hold(struct nats_inbox *inbox)
{
	pthread_mutex_lock(&inbox->lock);
	inbox->holders++;
	pthread_mutex_unlock(&inbox->lock);
}

void nats_inbox_release(struct nats_inbox *inbox)
{
	bool last;

	pthread_mutex_lock(&inbox->lock);
	last = --inbox->holders == 0;
	pthread_mutex_unlock(&inbox->lock);
	if (!last)
		return;
	while (inbox->n)
		natsMsg_Destroy(nats_inbox_take(inbox));
	pthread_cond_destroy(&inbox->change);
	pthread_mutex_destroy(&inbox->lock);
	close(inbox->wake[0]);
	close(inbox->wake[1]);
	free(inbox);
}

static size_t count_bytes(natsMsg *message)
{
	return (size_t)natsMsg_GetDataLength(message);
}

/* Wakes the caller.  With the lock. */
static void wake_caller(struct nats_inbox *inbox)
{
	if (inbox->awake)
		return;
	while (write(inbox->wake[1], "", 1) < 0 && errno == EINTR)
		;
	inbox->awake = true;
}

/* Keeps the first fault; a later one is mostly its consequence. */
static void keep_fault(struct nats_inbox *inbox, enum stream_fault_kind kind,
		       const char *text)
{
	pthread_mutex_lock(&inbox->lock);
	if (inbox->fault.kind == STREAM_FAULT_NONE)
		stream_fault_set(&inbox->fault, kind, text);
	wake_caller(inbox);
	pthread_mutex_unlock(&inbox->lock);
}

void nats_inbox_on_error(natsConnection *connection, natsSubscription *from,
			 natsStatus status, void *closure)
{
	const char *text = NULL;

	(void)from;
	if (status == NATS_SLOW_CONSUMER) {
		keep_fault(closure, STREAM_FAULT_PROTOCOL,
			   "more messages than were asked for");
	} else if (status == NATS_NOT_PERMITTED) {
		natsConnection_GetLastError(connection, &text);
		keep_fault(closure, STREAM_FAULT_NOT_PERMITTED, text);
	}
}

void nats_inbox_on_closed(natsConnection *connection, void *closure)
{
	struct nats_inbox *inbox = closure;
	const char *text = NULL;

	natsConnection_GetLastError(connection, &text);
	keep_fault(inbox, STREAM_FAULT_DISCONNECTED, text);
	pthread_mutex_lock(&inbox->lock);
	inbox->closed = true;
	pthread_cond_signal(&inbox->change);
	pthread_mutex_unlock(&inbox->lock);
	nats_inbox_release(inbox);
}

void nats_inbox_await_closed(struct nats_inbox *inbox, int milliseconds)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&inbox->lock);
	while (!inbox->closed && !error)
		error = pthread_cond_timedwait(&inbox->change, &inbox->lock,
					       &until);
	pthread_mutex_unlock(&inbox->lock);
}

void nats_inbox_on_message(natsConnection *connection, natsSubscription *from,
			   natsMsg *message, void *closure)
{
	struct nats_inbox *inbox = closure;
	bool full;

	(void)connection;
	(void)from;
	pthread_mutex_lock(&inbox->lock);
	full = inbox->n == inbox->most ||
	       (inbox->n && inbox->bytes + count_bytes(message) > BYTES_MAX);
	if (!full) {
		inbox->bytes += count_bytes(message);
		inbox->messages[(inbox->first + inbox->n++) % inbox->most] =
		    message;
		wake_caller(inbox);
	}
	pthread_mutex_unlock(&inbox->lock);
	if (full) {
		natsMsg_Destroy(message);
		keep_fault(inbox, STREAM_FAULT_PROTOCOL,
			   "more messages than were asked for");
	}
}

void nats_inbox_on_complete(void *closure)
{
	nats_inbox_release(closure);
}

int nats_inbox_descriptor(const struct nats_inbox *inbox)
{
	return inbox->wake[0];
}

natsMsg *nats_inbox_take(struct nats_inbox *inbox)
{
	natsMsg *message = NULL;
	char byte;

	pthread_mutex_lock(&inbox->lock);
	if (inbox->n) {
		message = inbox->messages[inbox->first];
		inbox->first = (inbox->first + 1) % inbox->most;
		inbox->n--;
		inbox->bytes -= count_bytes(message);
	}
	if (!inbox->n && inbox->awake &&
	    inbox->fault.kind == STREAM_FAULT_NONE) {
		while (read(inbox->wake[0], &byte, 1) < 0 && errno == EINTR)
			;
		inbox->awake = false;
	}
	pthread_mutex_unlock(&inbox->lock);
	return message;
}

bool nats_inbox_has_fault(struct nats_inbox *inbox, struct stream_fault *fault)
{
	bool has;

	pthread_mutex_lock(&inbox->lock);
	has = inbox->fault.kind != STREAM_FAULT_NONE;
	if (has)
		*fault = inbox->fault;
	pthread_mutex_unlock(&inbox->lock);
	return has;
}
