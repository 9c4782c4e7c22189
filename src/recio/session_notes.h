/* The texts of recio's notes about a session. */
#ifndef SESSION_NOTES_H
#define SESSION_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "recio/clear_packet.h"
#include "recio/message_counter.h"
#include "relay/preload.h"
#include "relay/relay.h"

enum { NOTE_MAX = 1024 };

/*
 * "start TCP 192.0.2.7:51234 to 192.0.2.25:25 PROGRAM": protocol and addresses
 * from the UCSPI environment, as far as they are there
 * (https://cr.yp.to/proto/ucspi.txt).
 */
void session_notes_start(char text[NOTE_MAX], const char *program);

/* "unable to show PROGRAM its peer: WHY" */
void session_notes_preload(char text[NOTE_MAX], const struct preload *preload,
			   const char *program);

/* "end < N bytes, WHY; > N bytes, WHY; N.NNN seconds" */
void session_notes_end(char text[NOTE_MAX], const struct relay *relay,
		       double seconds);

/* "< N bytes, N lines of message", and ", unfinished" if it has no end */
void session_notes_content(char text[NOTE_MAX], char sign,
			   const struct message_counter *counted, bool whole);

/*
 * "TLS VERSION CIPHER", and the server's name if the client sent one, and
 * ", client SUBJECT" if it has a certificate
 */
void session_notes_tls(char text[NOTE_MAX], const struct tls_facts *facts);

/* "TLS, not seen: WHY"; why has at most len bytes, and ends at a NUL before */
void session_notes_unseen(char text[NOTE_MAX], const char *why, size_t len);

/* "lost N records, N bytes" */
void session_notes_lost(char text[NOTE_MAX], uint64_t records, uint64_t bytes);

/* "recorded N bytes, the rest is left out" */
void session_notes_full(char text[NOTE_MAX], uint64_t bytes);

/* Why the relay gave up, when the peer took nothing any more. */
void session_notes_gave_up(char text[NOTE_MAX], const struct relay *relay);

#endif
