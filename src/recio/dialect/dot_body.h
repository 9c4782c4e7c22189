/*
 * A message up to a line with a dot, as SMTP, POP3 and NNTP have it. Servers
 * differ in which bare newlines around the dot they accept, so that the end of
 * a client's message can be in doubt until an answer shows it.
 */
#ifndef DOT_BODY_H
#define DOT_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "recio/pending_replies.h"
#include "recio/session_handle.h"

enum dot_body_state {
	DOT_BODY_NONE,
	DOT_BODY_RUNS,
	DOT_BODY_MAY_END, /* at an end that not all servers take for one */
};

/* A message of the client. */
struct dot_body {
	enum dot_body_state state;
	bool doubtful; /* a dot that may have been its end was passed */
	bool assumed;  /* the server did not ask for it */
};

/* Begins a message; assumed: commands in it may be carried out. */
void dot_body_begin(struct dot_body *body, struct protocol_session *session,
		    bool assumed);

/*
 * Takes bytes of the message. Returns how many. *ended: it ended, and the
 * caller has to call dot_body_end.
 */
size_t dot_body_take(struct dot_body *body, struct protocol_session *session,
		     const char *at, size_t len, bool *ended);

/*
 * Returns true if the bytes of a message of the client are only counted, up to
 * a line with a dot.
 */
bool dot_body_counts(const struct dot_body *body);

/* Commands follow; whole: the message had its end. */
void dot_body_end(struct dot_body *body, struct protocol_session *session,
		  bool whole);

/* No answer will tell whether the dot was the end: the message goes on. */
void dot_body_give_up(struct dot_body *body);

/*
 * The server asks for a message: begins it, unless it was begun before. waits:
 * the client waits for this; owed: a command was owed it. Returns false if no
 * message begins.
 */
bool dot_body_go_ahead(struct dot_body *body, struct protocol_session *session,
		       bool waits, bool owed);

/*
 * Returns true if a reply with this code, which is not one of queue, answers
 * the message: the server has seen its end, or took its lines for commands. A
 * bad one may also come within a message of which the server has had enough.
 */
bool dot_body_is_answered(const struct dot_body *body,
			  const struct pending_replies *queue,
			  unsigned int code);

/* Begins a message of the server; bare: it ends lines with a bare newline. */
void dot_body_begin_reply(struct protocol_session *session, bool bare);

/* Takes bytes of it, and returns how many. *ended: it is over. */
size_t dot_body_take_reply(struct protocol_session *session, bool bare,
			   const char *at, size_t len, bool *ended);

#endif
