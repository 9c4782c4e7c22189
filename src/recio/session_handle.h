/*
 * A dialect's handle of its session: the verbs by which it classifies the bytes
 * of both directions.
 */
#ifndef SESSION_HANDLE_H
#define SESSION_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "recio/client.h"
#include "recio/line_lexer.h"
#include "recio/message_counter.h"
#include "relay/relay.h"

struct dialect;
struct protocol_session;

/* Returns the dialect's state: state_size bytes, all zero at first. */
void *session_state(struct protocol_session *session);
const void *session_peek_state(const struct protocol_session *session);

/* Returns the client's side. */
struct client *session_client(struct protocol_session *session);

/* Passes on bytes that were classified as kind. */
void session_emit(struct protocol_session *session, enum relay_dir dir,
		  enum span_kind kind, const char *at, size_t len);

/* Returns the line that the server is in; its last byte may have ended it. */
const struct line_lexer *session_lexer(const struct protocol_session *session);

/*
 * Takes and shows bytes of the server up to the end of a line, for
 * session_lexer. Returns how many.
 */
size_t session_line(struct protocol_session *session, const char *at,
		    size_t len);

/*
 * Takes bytes as session_line does, each as the kind that classify returns for
 * it. It is called after session_lexer has seen the byte; quoted: the byte came
 * within a quoted word.
 */
typedef enum span_kind session_classify(struct protocol_session *session,
					char byte, bool quoted);
size_t session_line_by(struct protocol_session *session, const char *at,
		       size_t len, session_classify *classify);

/*
 * For a classify: this byte is part of a message in a quoted string, or is not,
 * and then that message is over. Returns the byte's kind.
 */
enum span_kind session_classify_quoted(struct protocol_session *session,
				       char byte, bool is_message);

/* The server's line is done with; the next byte begins another one. */
void session_next_line(struct protocol_session *session);

/*
 * The server's next size bytes are not lines, but all of this kind; after them
 * the line goes on. For the client's there is client_octets.
 */
void session_expect_octets(struct protocol_session *session, uint64_t size,
			   enum span_kind kind);

/* Returns the message that is counted in this direction. */
struct message_counter *session_message(struct protocol_session *session,
					enum relay_dir dir);

/* Ends the message of this direction; whole: its end was seen. */
void session_end_message(struct protocol_session *session, enum relay_dir dir,
			 bool whole);

/*
 * Returns true if client's bytes wait for an answer of the server, and begin
 * with a command.
 */
bool session_holds_commands(const struct protocol_session *session);

/*
 * Returns the number of bytes that the client has sent of an incomplete line,
 * if they end with the size of a literal that waits for the server; or 0.
 */
size_t session_held_size(const struct protocol_session *session);

/*
 * Returns true if the client's line lacks only its LF, and sets command, blank
 * and alone of *line to what it will be. Some servers answer at the CR, and
 * may send all of the reply before the LF comes.
 */
bool session_cut_line(const struct protocol_session *session,
		      struct client_line *line);

/* Both sides agreed on TLS, which the client now begins. */
void session_allow_tls(struct protocol_session *session);

/* Nothing more can be shown, for the reason in the note. */
void session_make_opaque(struct protocol_session *session, const char *note);

/*
 * Another dialect takes over. It reads the bytes of both sides that were seen,
 * the client's first, which are not recorded again.
 */
struct session_seen {
	const char *client, *server;
	size_t client_len, server_len;
};
void session_become(struct protocol_session *session,
		    const struct dialect *dialect,
		    const struct session_seen *seen);

#endif
