/*
 * Shows all bytes, and knows no protocol: only where TLS may begin. That is at
 * the first byte of any packet of the client, since a client that has no answer
 * yet can't begin it. Tested by
 * tests/sh/recio-clear.t.
 */
#include "recio/dialect/dialect.h"

static void plain_begin(struct protocol_session *session)
{
	session_allow_tls(session);
}

/* A hello waits for its answer; bytes that only resemble one are shown then. */
static size_t plain_client(struct protocol_session *session, const char *at,
			   size_t len)
{
	if (client_holds_hello(session_client(session), at, len))
		return 0;
	session_emit(session, RELAY_IN, SPAN_SHOW, at, len);
	session_allow_tls(session);
	return len;
}

static size_t plain_server(struct protocol_session *session, const char *at,
			   size_t len)
{
	session_emit(session, RELAY_OUT, SPAN_SHOW, at, len);
	return len;
}

/* The session gives up a hello itself. */
static void plain_give_up(struct protocol_session *session)
{
	(void)session;
}

const struct dialect dialect_plain = {
    .name = "plain",
    .begin = plain_begin,
    .client = plain_client,
    .server = plain_server,
    .give_up = plain_give_up,
};
