/*
 * Sends packets about recorded TLS sessions to the relay. No function waits,
 * changes errno, or copies clear bytes. A packet for which the channel has no
 * room is dropped and counted; the counts are in each later packet.
 */
#ifndef CLEAR_SENDER_H
#define CLEAR_SENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "companion/tls/recorded_session.h"

enum clear_dir {
	CLEAR_IN,  /* the program took the bytes */
	CLEAR_OUT, /* the program gave them */
};

/* Sends n clear bytes; nothing if n is 0, or if the relay needs none. */
void clear_sender_data(const struct recorded_session *session,
		       enum clear_dir dir, const void *data, size_t n);

/*
 * Sends the counts that wait for more. To be called where the program took no
 * bytes: it may be about to end.
 */
void clear_sender_settle(void);

/*
 * Sends n clear bytes that the program gave by the file of fd, from offset on.
 */
void clear_sender_file(const struct recorded_session *session, int fd,
		       off_t offset, size_t n);

/*
 * True if the last hello that was sent is that of the session with this random,
 * so that it is recorded, and its by_descriptor is set as it was then. If not,
 * that member is undefined.
 */
bool clear_sender_has_greeted(struct recorded_session *session);

/*
 * Sends that the handshake of session has begun and not ended, unless that was
 * the last one sent.
 */
void clear_sender_begun(const struct recorded_session *session);

/* What is told of a session whose handshake has ended. NULL: unknown. */
struct clear_hello {
	const char *version, *cipher, *server_name, *client_subject;
};

/* Sends the hello of session. */
void clear_sender_hello(const struct recorded_session *session,
			const struct clear_hello *hello);

/* Sends why nothing can be seen. */
void clear_sender_trouble(const char *why);

/* Sends that library lacks the function, so that nothing can be seen. */
void clear_sender_lacks(const char *library, const char *function);

#endif
