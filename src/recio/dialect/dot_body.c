/*
 * Messages that end with a dot. Invariant: while state is not DOT_BODY_NONE the
 * session counts a message of the client.
 * Tested by tests/unit/recio/smtp.c and pop3.c.
 */
#include "recio/dialect/dot_body.h"

void dot_body_begin(struct dot_body *body, struct protocol_session *session,
		    bool assumed)
{
	client_sure(session_client(session));
	message_counter_begin(session_message(session, RELAY_IN), true);
	*body = (struct dot_body){.state = DOT_BODY_RUNS, .assumed = assumed};
}

static size_t count_dots(struct protocol_session *session, enum relay_dir dir,
			 const char *at, size_t len,
			 enum message_counter_end *end)
{
	size_t n =
	    message_counter_dots(session_message(session, dir), at, len, end);

	session_emit(session, dir, SPAN_CONTENT, at, n);
	return n;
}

size_t dot_body_take(struct dot_body *body, struct protocol_session *session,
		     const char *at, size_t len, bool *ended)
{
	enum message_counter_end end;
	size_t n = count_dots(session, RELAY_IN, at, len, &end);

	if (body->assumed || body->doubtful)
		client_look_for_commands(session_client(session), at, n);
	if (end == MESSAGE_COUNTER_DOUBT)
		body->state = DOT_BODY_MAY_END;
	*ended = end == MESSAGE_COUNTER_END;
	return n;
}

bool dot_body_counts(const struct dot_body *body)
{
	return body->state == DOT_BODY_RUNS && !body->assumed &&
	       !body->doubtful;
}

void dot_body_end(struct dot_body *body, struct protocol_session *session,
		  bool whole)
{
	const struct message_counter *message =
	    session_message(session, RELAY_IN);
	struct client *client = session_client(session);

	/* Commands again, but not in the middle of a line. */
	if (!message_counter_at_start(message))
		client_hide_rest(client);
	/* Without a dot, a hidden line may have begun an authentication. */
	if (!message->tail)
		client_doubt_auth(client);
	session_end_message(session, RELAY_IN, whole);
	client_octets_named(client);
	*body = (struct dot_body){.state = DOT_BODY_NONE};
}

void dot_body_give_up(struct dot_body *body)
{
	if (body->state != DOT_BODY_MAY_END)
		return;
	body->state = DOT_BODY_RUNS;
	body->doubtful = true;
}

bool dot_body_go_ahead(struct dot_body *body, struct protocol_session *session,
		       bool waits, bool owed)
{
	/* It asks for a message that was assumed: it took the first bytes. */
	if (body->assumed && !body->doubtful)
		client_octets_taken(session_client(session));
	body->assumed = false;
	if (!waits && (owed || body->state != DOT_BODY_NONE))
		return false;
	/*
	 * If no command waits, or commands followed it, the lines may be
	 * commands of a client ahead, which the server carried out.
	 */
	dot_body_begin(body, session,
		       !waits || session_holds_commands(session));
	return true;
}

bool dot_body_is_answered(const struct dot_body *body,
			  const struct pending_replies *queue,
			  unsigned int code)
{
	if (pending_replies_next(queue) >= 0)
		return false;
	return body->state == DOT_BODY_MAY_END ||
	       (body->state == DOT_BODY_RUNS &&
		(body->doubtful || code / 100 == 2));
}

void dot_body_begin_reply(struct protocol_session *session, bool bare)
{
	message_counter_begin(session_message(session, RELAY_OUT), !bare);
}

size_t dot_body_take_reply(struct protocol_session *session, bool bare,
			   const char *at, size_t len, bool *ended)
{
	enum message_counter_end end;
	size_t n = count_dots(session, RELAY_OUT, at, len, &end);

	*ended = end == MESSAGE_COUNTER_END ||
		 (end == MESSAGE_COUNTER_DOUBT && bare);
	if (*ended)
		session_end_message(session, RELAY_OUT, true);
	return n;
}
