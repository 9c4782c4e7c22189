/*
 * NNTP (https://www.rfc-editor.org/rfc/rfc3977), with AUTHINFO (RFC 4643),
 * STARTTLS (RFC 4642), streaming (RFC 4644), COMPRESS (RFC 8054) and common
 * commands of RFC 2980.
 *
 * The code of a reply tells whether lines up to a dot follow it, so that no
 * article is shown where commands and replies were counted wrongly: only 211
 * depends on the command. As in SMTP a challenge always makes the client's next
 * line a secret, and 340 and 335 always begin an article.
 */
#include "recio/dialect/dialect.h"
#include "recio/dialect/dot_body.h"
#include "recio/dialect/status_line.h"
#include "recio/pending_replies.h"

/* Replies that the client has to wait for. */
enum wait {
	WAIT_NONE,
	WAIT_SEND, /* of POST or IHAVE */
	WAIT_TLS,
	WAIT_COMPRESS,
};

/* The server is to send, or sends: */
enum reply {
	REPLY_STATUS,
	REPLY_LIST, /* lines up to a dot, which are shown, */
	REPLY_BODY, /* or counted */
};

/* Kinds of replies that are owed. */
enum { OTHER, NUMBERS, AUTH, SEND, TLS, COMPRESS };

/* Commands from which something follows. */
enum {
	C_AUTH = 1,
	C_SEND,
	C_TAKETHIS,
	C_NUMBERS,
	C_TLS,
	C_COMPRESS,
	C_PROXY,
};

static const struct grammar_command commands[] = {
    {"CAPABILITIES", 0, "w?"},
    {"MODE", 0, "w"},
    {"AUTHINFO", 0, "U"},
    {"USER", 0, "u"}, /* after AUTHINFO, as the four below */
    {"PASS", 0, "x"},
    {"SASL", C_AUTH, "Mx"},
    {"SIMPLE", C_AUTH, ""},
    {"GENERIC", C_AUTH, "x"},
    {"STARTTLS", C_TLS, ""},
    {"COMPRESS", C_COMPRESS, "w"},
    {"GROUP", 0, "N"},
    {"LISTGROUP", C_NUMBERS, "N?I?"},
    {"NEXT", 0, ""},
    {"LAST", 0, ""},
    {"STAT", 0, "I?"},
    {"ARTICLE", 0, "I?"},
    {"HEAD", 0, "I?"},
    {"BODY", 0, "I?"},
    {"OVER", 0, "I?"},
    {"XOVER", 0, "I?"},
    {"HDR", 0, "dI?"},
    {"XHDR", 0, "dI?"},
    {"XPAT", 0, "dI"},
    {"LIST", 0, "w?N?"},
    {"NEWGROUPS", 0, "nnw?"},
    {"NEWNEWS", 0, "Nnnw?"},
    {"XGTITLE", 0, "N?"},
    {"DATE", 0, ""},
    {"HELP", 0, ""},
    {"SLAVE", 0, ""},
    {"POST", C_SEND, ""},
    {"IHAVE", C_SEND, "I"},
    {"CHECK", 0, "I"},
    {"TAKETHIS", C_TAKETHIS, "I"},
    {"QUIT", 0, ""},
    {"PROXY", C_PROXY, "pa?a?n?n?"},
    {NULL, 0, NULL},
};

static const struct grammar rules = {.plain = commands};

struct nntp {
	enum wait wait;
	bool greeted;
	bool streaming; /* the server said that it knows TAKETHIS */
	bool bare;      /* the server ends lines with a bare LF */
	enum reply reply;
	struct dot_body body; /* an article of the client */
	struct status_line line;
	struct pending_replies queue;
};
_Static_assert(sizeof(struct nntp) <= DIALECT_STATE, "state is too large");

static void nntp_skip_greeting(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);

	nntp->greeted = true;
}

static void nntp_owe_reply(struct nntp *nntp, unsigned int kind, enum wait wait)
{
	pending_replies_push(&nntp->queue, kind);
	nntp->wait = wait;
}

static void nntp_take_command(struct protocol_session *session,
			      const struct client_line *line)
{
	struct nntp *nntp = session_state(session);

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		nntp_owe_reply(nntp, AUTH, WAIT_NONE);
		client_authenticates(session_client(session));
		break;
	case C_SEND: nntp_owe_reply(nntp, SEND, WAIT_SEND); break;
	case C_NUMBERS: nntp_owe_reply(nntp, NUMBERS, WAIT_NONE); break;
	case C_TLS: nntp_owe_reply(nntp, TLS, WAIT_TLS); break;
	case C_COMPRESS: nntp_owe_reply(nntp, COMPRESS, WAIT_COMPRESS); break;
	case C_TAKETHIS: /* the reply comes after the article */
		dot_body_begin(&nntp->body, session, !nntp->streaming);
		break;
	case C_PROXY: break;
	default:
		if (!line->blank)
			nntp_owe_reply(nntp, OTHER, WAIT_NONE);
	}
}

static size_t nntp_take_line(struct protocol_session *session, const char *at,
			     size_t len)
{
	struct nntp *nntp = session_state(session);
	struct client *client = session_client(session);
	struct client_line line;
	size_t n;

	if (!client_in_auth(client) &&
	    !pending_replies_have_room(&nntp->queue, 1))
		return 0;
	n = client_line(client, at, len, &line);
	if (n && line.over && !line.response)
		nntp_take_command(session, &line);
	return n;
}

/* The article ended, and its reply is owed. */
static void end_article(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);
	const struct message_counter *article =
	    session_message(session, RELAY_IN);

	nntp_owe_reply(nntp, OTHER, WAIT_NONE);
	dot_body_end(&nntp->body, session, article->tail || article->bytes);
}

static size_t nntp_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct nntp *nntp = session_state(session);
	bool ended;
	size_t n;

	if (nntp->body.state == DOT_BODY_NONE)
		return nntp->wait ? 0 : nntp_take_line(session, at, len);
	if (nntp->body.state == DOT_BODY_MAY_END ||
	    !pending_replies_have_room(&nntp->queue, 1))
		return 0;
	n = dot_body_take(&nntp->body, session, at, len, &ended);
	if (ended)
		end_article(session);
	return n;
}

static void nntp_give_up(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);

	if (nntp->wait == WAIT_SEND)
		dot_body_begin(&nntp->body, session, true);
	else
		dot_body_give_up(&nntp->body);
	nntp->wait = WAIT_NONE;
}

/* 383 or 350: the client's next line is a secret, whatever was owed. */
static void nntp_take_challenge(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);

	pending_replies_clear(&nntp->queue);
	nntp_owe_reply(nntp, AUTH, WAIT_NONE);
	if (nntp->body.state != DOT_BODY_NONE)
		dot_body_end(&nntp->body, session, false);
	client_challenged(session_client(session));
}

/* 340 or 335: an article comes. */
static void nntp_go_ahead(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);
	bool asked = pending_replies_pop_through(&nntp->queue, SEND);

	if (dot_body_go_ahead(&nntp->body, session, nntp->wait == WAIT_SEND,
			      asked))
		nntp->wait = WAIT_NONE;
}

/* POST or IHAVE is refused; its article may have been taken for granted. */
static void refuse_article(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);

	if (nntp->body.state != DOT_BODY_NONE)
		dot_body_end(&nntp->body, session, false);
	else if (nntp->wait == WAIT_SEND)
		nntp->wait = WAIT_NONE;
}

static void end_wait(struct nntp *nntp, enum wait wait)
{
	if (nntp->wait == wait)
		nntp->wait = WAIT_NONE;
}

/* A reply with this code came to a command that is owed this kind. */
static void nntp_match_reply(struct protocol_session *session,
			     unsigned int kind, unsigned int code)
{
	struct nntp *nntp = session_state(session);

	switch (kind) {
	case AUTH: client_answered(session_client(session)); break;
	case SEND: refuse_article(session); break;
	case TLS:
		end_wait(nntp, WAIT_TLS);
		if (code == 382)
			session_allow_tls(session);
		break;
	case COMPRESS:
		end_wait(nntp, WAIT_COMPRESS);
		if (code == 206)
			session_make_opaque(session, "compressed");
		break;
	default: break;
	}
}

/* Returns the kind of lines that follow this code. */
static enum reply follow_code(const struct nntp *nntp, unsigned int code)
{
	switch (code) {
	case 100: /* HELP */
	case 101: /* CAPABILITIES */ return REPLY_LIST;
	case 211: /* GROUP has none */
		return pending_replies_next(&nntp->queue) == NUMBERS
			   ? REPLY_BODY
			   : REPLY_STATUS;
	case 215: /* LIST */
	case 220: /* ARTICLE */
	case 221: /* HEAD, XHDR */
	case 222: /* BODY */
	case 224: /* OVER */
	case 225: /* HDR */
	case 230: /* NEWNEWS */
	case 231: /* NEWGROUPS */
	case 282: /* XGTITLE */ return REPLY_BODY;
	default: return REPLY_STATUS;
	}
}

static void nntp_take_owed_reply(struct protocol_session *session,
				 unsigned int code)
{
	struct nntp *nntp = session_state(session);
	int kind;

	if (dot_body_is_answered(&nntp->body, &nntp->queue, code))
		end_article(session);
	kind = pending_replies_next(&nntp->queue);
	nntp->reply = follow_code(nntp, code);
	if (nntp->reply == REPLY_BODY)
		dot_body_begin_reply(session, nntp->bare);
	/* A 2xx is to another command: more are owed than were counted. */
	if (kind < 0 || (kind == SEND && code / 100 == 2))
		return;
	pending_replies_pop(&nntp->queue);
	nntp_match_reply(session, (unsigned int)kind, code);
}

static bool nntp_is_about_auth(unsigned int code)
{
	return code == 281 || code == 283 || code == 481 || code == 482;
}

static void nntp_take_reply(struct protocol_session *session, unsigned int code)
{
	struct nntp *nntp = session_state(session);
	struct client *client = session_client(session);
	bool first = !nntp->greeted;

	nntp->greeted = true;
	if (first)
		return;
	if (code == 383 || code == 350) {
		nntp_take_challenge(session);
	} else if (code == 340 || code == 335) {
		nntp_go_ahead(session);
	} else if (nntp_is_about_auth(code) && client_in_auth(client) &&
		   pending_replies_pop_through(&nntp->queue, AUTH)) {
		nntp_match_reply(session, AUTH, code);
	} else {
		/* Some clients send a password without its command. */
		if (code == 381)
			client_doubt_auth(client);
		nntp->streaming = nntp->streaming || code == 203;
		nntp_take_owed_reply(session, code);
	}
}

/* A line of the server is complete. */
static void nntp_take_server_line(struct protocol_session *session)
{
	struct nntp *nntp = session_state(session);
	const struct status_line *line = &nntp->line;
	unsigned int code = status_line_code(line);

	if (line->len)
		nntp->bare = !line->cr;
	if (nntp->reply == REPLY_LIST) {
		if (status_line_is(line, 0, "STREAMING"))
			nntp->streaming = true;
		if (status_line_is(line, 0, "."))
			nntp->reply = REPLY_STATUS;
	} else if (code) {
		nntp_take_reply(session, code);
	}
}

static size_t nntp_take_body(struct protocol_session *session, const char *at,
			     size_t len)
{
	struct nntp *nntp = session_state(session);
	bool ended;
	size_t n = dot_body_take_reply(session, nntp->bare, at, len, &ended);

	if (ended)
		nntp->reply = REPLY_STATUS;
	return n;
}

static size_t nntp_server(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct nntp *nntp = session_state(session);
	size_t n;

	if (nntp->reply == REPLY_BODY)
		return nntp_take_body(session, at, len);
	n = status_line_take(&nntp->line, session, at, len);
	if (nntp->line.ended)
		nntp_take_server_line(session);
	return n;
}

static bool nntp_counts(const struct protocol_session *session,
			enum relay_dir dir)
{
	const struct nntp *nntp = session_peek_state(session);

	return dir == RELAY_IN ? dot_body_counts(&nntp->body)
			       : nntp->reply == REPLY_BODY;
}

/* Servers of SMTP begin with 220, so that no other code of theirs is taken. */
static bool nntp_greeting_matches(const struct line_lexer *line)
{
	return line_lexer_is(line, 1, "200") || line_lexer_is(line, 1, "201");
}

const struct dialect dialect_nntp = {
    .name = "nntp",
    .greeting_matches = nntp_greeting_matches,
    .state_size = sizeof(struct nntp),
    .rules = &rules,
    .skip_greeting = nntp_skip_greeting,
    .client = nntp_client,
    .server = nntp_server,
    .counts = nntp_counts,
    .give_up = nntp_give_up,
};
