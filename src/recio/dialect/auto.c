/*
 * Finds out the protocol by the server's first line. Until it comes, and for
 * ever if no dialect has such a greeting, all lines are shown as far as they
 * are commands of any protocol.
 */
#include <string.h>

#include "recio/dialect/dialect.h"

enum { CLIENT_SEEN = 1024, SERVER_SEEN = 64 };

/* The bytes read of both sides, for the dialect that is found. */
struct undecided {
	bool overflowed; /* more than can be kept: it stays undecided */
	size_t client_len, server_len;
	char client[CLIENT_SEEN], server[SERVER_SEEN];
};
_Static_assert(sizeof(struct undecided) <= DIALECT_STATE, "state is too large");

static size_t any_client(struct protocol_session *session, const char *at,
			 size_t len)
{
	struct client *client = session_client(session);
	struct client_line line;
	size_t n = client_line(client, at, len, &line);

	if (n && line.literal.there)
		client_octets(client, line.literal.size, line.literal.kind,
			      false);
	else if (n && line.over && !line.response &&
		 grammar_authenticates(line.command))
		client_authenticates(client);
	return n;
}

static bool begins_string(const struct line_lexer *line)
{
	return line_lexer_begins(line, 1, "\"") ||
	       line_lexer_begins(line, 1, "{");
}

static bool is_challenge(const struct line_lexer *line, bool in_auth)
{
	return line_lexer_begins(line, 1, "334") ||
	       line_lexer_is(line, 1, "+") || (in_auth && begins_string(line));
}

/*
 * 334, a plus or a string is a challenge, a star may come between; any other
 * line ends an authentication.
 */
static size_t any_server(struct protocol_session *session, const char *at,
			 size_t len)
{
	const struct line_lexer *line = session_lexer(session);
	struct client *client = session_client(session);
	size_t n = session_line(session, at, len);

	if (!line->ended)
		return n;
	client_octets_named(client);
	if (is_challenge(line, client_in_auth(client)))
		client_challenged(client);
	else if (line->word && !line_lexer_is(line, 1, "*") &&
		 !begins_string(line))
		client_answered(client);
	session_next_line(session);
	return n;
}

static size_t auto_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct undecided *undecided = session_state(session);
	size_t room = sizeof undecided->client - undecided->client_len;
	size_t n = any_client(session, at, len);

	if (n > room || client_octets_left(session_client(session)))
		undecided->overflowed = true;
	if (undecided->overflowed)
		return n;
	memcpy(undecided->client + undecided->client_len, at, n);
	undecided->client_len += n;
	return n;
}

static void become_greeted(struct protocol_session *session)
{
	const struct undecided *state = session_state(session);
	/* The dialect that takes over uses the same state. */
	struct undecided kept = *state;
	struct session_seen seen = {.client = kept.client,
				    .client_len = kept.client_len,
				    .server = kept.server,
				    .server_len = kept.server_len};

	session_become(session, dialect_greeted(session_lexer(session)), &seen);
}

static size_t auto_server(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct undecided *undecided = session_state(session);
	size_t room = sizeof undecided->server - undecided->server_len, n;

	if (undecided->overflowed)
		return any_server(session, at, len);
	n = session_line(session, at, len < room ? len : room);
	memcpy(undecided->server + undecided->server_len, at, n);
	undecided->server_len += n;
	if (session_lexer(session)->ended ||
	    undecided->server_len == sizeof undecided->server)
		become_greeted(session);
	return n;
}

/* It waits for no answer. */
static void auto_give_up(struct protocol_session *session)
{
	(void)session;
}

const struct dialect dialect_any = {
    .name = "any",
    .strings = true,
    .client = any_client,
    .server = any_server,
    .give_up = auto_give_up,
};

const struct dialect dialect_auto = {
    .name = "auto",
    .state_size = sizeof(struct undecided),
    .strings = true,
    .client = auto_client,
    .server = auto_server,
    .give_up = auto_give_up,
};
