/*
 * SMTP (https://www.rfc-editor.org/rfc/rfc5321), with AUTH (RFC 4954), STARTTLS
 * (RFC 3207), CHUNKING (RFC 3030) and PIPELINING (RFC 2920), and LMTP (RFC
 * 2033).
 *
 * Which answer belongs to which command is known by counting, which a server
 * with habits of its own can upset.  So what must not be missed does not hang
 * on it: 334 always makes the client's next lines secrets, and 354 always
 * begins a message.  All that a client says between AUTH and its answer is a
 * secret.
 */
#include "recio/dialect/dialect.h"
#include "recio/dialect/dot_body.h"
#include "recio/dialect/status_line.h"
#include "recio/pending_replies.h"

/* Replies that the client has to wait for. */
enum wait {
	WAIT_NONE,
	WAIT_DATA, /* of DATA */
	WAIT_TLS,  /* of STARTTLS */
};

/* Kinds of replies that are owed. */
enum { OTHER, RECIPIENT, RESET, LHLO, DELIVERED, AUTH, DATA, BDAT, TLS };

/* Commands from which something follows. */
enum { C_AUTH = 1, C_DATA, C_BDAT, C_TLS, C_RCPT, C_LHLO, C_RESET, C_PROXY };

static const struct grammar_command commands[] = {
    {"EHLO", 0, "d?"},
    {"HELO", 0, "d?"},
    {"LHLO", C_LHLO, "d?"},
    {"MAIL", C_RESET, "FP"},
    {"RCPT", C_RCPT, "TP"},
    {"DATA", C_DATA, ""},
    {"BDAT", C_BDAT, "nw?"},
    {"RSET", C_RESET, ""},
    {"NOOP", 0, ""},
    {"QUIT", 0, ""},
    {"HELP", 0, "w?"},
    {"VRFY", 0, "uw?"},
    {"EXPN", 0, "uw?"},
    {"SEND", C_RESET, "F"},
    {"SOML", C_RESET, "F"},
    {"SAML", C_RESET, "F"},
    {"TURN", 0, ""},
    {"ETRN", 0, "u"},
    {"ATRN", 0, "u?"},
    {"BURL", 0, ""},
    {"STARTTLS", C_TLS, ""},
    {"AUTH", C_AUTH, "Mx"},
    {"PASS", 0, "x"}, /* as in FTP */
    {"XCLIENT", 0, "A"},
    {"XFORWARD", 0, "A"},
    {"PROXY", C_PROXY, "pa?a?n?n?"},
    {NULL, 0, NULL},
};

static const struct grammar rules = {.plain = commands};

struct smtp {
	enum wait wait;
	bool lmtp;
	unsigned int accepted; /* recipients, for LMTP */
	bool greeted;
	bool chunking; /* the server said that it knows BDAT */
	bool early;    /* the reply to the client's next line is owed already */
	struct dot_body body;
	struct status_line line;
	struct pending_replies queue;
};
_Static_assert(sizeof(struct smtp) <= DIALECT_STATE, "state is too large");

static void begin_lmtp(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);

	smtp->lmtp = true;
}

static void smtp_skip_greeting(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);

	smtp->greeted = true;
}

/*
 * BDAT SIZE [LAST]. A size in another form, or beyond what all servers can
 * count, is read by some, and by some as another one; and a server that does
 * not announce chunks may know none.
 */
static void expect_chunk(struct protocol_session *session,
			 const struct client_line *line)
{
	struct smtp *smtp = session_state(session);
	struct client *client = session_client(session);

	pending_replies_push(&smtp->queue, BDAT);
	if (!smtp->chunking || line->args == 0 || line->number > INT32_MAX)
		client_unsure(client, line->number, false);
	else
		client_octets(client, line->number, SPAN_CONTENT, false);
	/* Without LAST, there are no replies for recipients. */
	if (smtp->lmtp && line->args == 2)
		pending_replies_push(&smtp->queue, DELIVERED);
}

/* Returns the reply that a command is owed. */
static unsigned int smtp_reply_to(const struct smtp *smtp, unsigned int command)
{
	switch (command) {
	case C_AUTH: return AUTH;
	case C_DATA: return DATA;
	case C_TLS: return TLS;
	case C_RCPT: return smtp->lmtp ? RECIPIENT : OTHER;
	case C_LHLO: return LHLO;
	case C_RESET: return smtp->lmtp ? RESET : OTHER;
	default: return OTHER;
	}
}

/*
 * Some servers answer a line at its CR. A message needs the whole line, so that
 * the reply to DATA or BDAT is taken as one that nothing is known of.
 */
static void smtp_owe_early(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);
	struct client_line line;
	unsigned int command;

	if (smtp->early || !smtp->greeted || smtp->wait ||
	    smtp->body.state != DOT_BODY_NONE ||
	    pending_replies_next(&smtp->queue) >= 0 ||
	    !session_cut_line(session, &line))
		return;
	command = line.command ? line.command->id : 0;
	if (command == C_PROXY || command == C_BDAT || command == C_DATA)
		return;
	pending_replies_push(&smtp->queue, smtp_reply_to(smtp, command));
	smtp->early = true;
}

static void smtp_take_command(struct protocol_session *session,
			      const struct client_line *line, bool early)
{
	struct smtp *smtp = session_state(session);
	unsigned int command = line->command ? line->command->id : 0;

	if (command == C_PROXY)
		return;
	if (command == C_BDAT) {
		expect_chunk(session, line);
		return;
	}
	if (!early)
		pending_replies_push(&smtp->queue,
				     smtp_reply_to(smtp, command));
	else if (pending_replies_next(&smtp->queue) < 0)
		return;
	if (command == C_AUTH)
		client_authenticates(session_client(session));
	else if (command == C_DATA)
		smtp->wait = WAIT_DATA;
	else if (command == C_TLS)
		smtp->wait = WAIT_TLS;
}

static size_t smtp_take_line(struct protocol_session *session, const char *at,
			     size_t len)
{
	struct smtp *smtp = session_state(session);
	struct client *client = session_client(session);
	struct client_line line;
	bool early = smtp->early;
	size_t n;

	/* A command of LMTP may owe two kinds of replies. */
	if (!client_in_auth(client) &&
	    !pending_replies_have_room(&smtp->queue, 2))
		return 0;
	n = client_line(client, at, len, &line);
	if (!n || !line.over)
		return n;
	smtp->early = false;
	if (!line.response)
		smtp_take_command(session, &line, early);
	return n;
}

/* The message ended, and its reply is owed. */
static void smtp_end_message(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);
	const struct message_counter *message =
	    session_message(session, RELAY_IN);

	pending_replies_push(&smtp->queue, smtp->lmtp ? DELIVERED : OTHER);
	/* Without a dot and a byte it was sent, hidden, before the 354. */
	dot_body_end(&smtp->body, session, message->tail || message->bytes);
}

static size_t smtp_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct smtp *smtp = session_state(session);
	bool ended;
	size_t n;

	if (smtp->body.state == DOT_BODY_NONE)
		return smtp->wait ? 0 : smtp_take_line(session, at, len);
	if (smtp->body.state == DOT_BODY_MAY_END)
		return 0;
	n = dot_body_take(&smtp->body, session, at, len, &ended);
	if (ended)
		smtp_end_message(session);
	return n;
}

static bool smtp_counts(const struct protocol_session *session,
			enum relay_dir dir)
{
	const struct smtp *smtp = session_peek_state(session);

	return dir == RELAY_IN && dot_body_counts(&smtp->body);
}

static void smtp_give_up(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);

	if (smtp->wait == WAIT_DATA)
		dot_body_begin(&smtp->body, session, true);
	else
		dot_body_give_up(&smtp->body);
	smtp->wait = WAIT_NONE;
}

/* 334: the client's next line is a secret, whatever was owed. */
static void smtp_take_challenge(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);
	struct client *client = session_client(session);

	pending_replies_clear(&smtp->queue);
	pending_replies_push(&smtp->queue, AUTH);
	if (client_octets_left(client))
		client_octets_are_lines(client);
	if (smtp->body.state != DOT_BODY_NONE)
		dot_body_end(&smtp->body, session, false);
	smtp->wait = WAIT_NONE;
	client_challenged(client);
}

/* 354: a message comes. */
static void smtp_go_ahead(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);
	bool asked = pending_replies_pop_through(&smtp->queue, DATA);

	if (dot_body_go_ahead(&smtp->body, session, smtp->wait == WAIT_DATA,
			      asked))
		smtp->wait = WAIT_NONE;
}

/* A reply is owed to an earlier chunk; that to LAST is not one of its own. */
static bool owes_chunks(const struct smtp *smtp)
{
	int next = pending_replies_next(&smtp->queue);

	return next >= 0 &&
	       (next != DELIVERED || pending_replies_other_after(&smtp->queue));
}

static void take_chunk_reply(struct protocol_session *session,
			     unsigned int code)
{
	struct client *client = session_client(session);
	bool good = code / 100 == 2;
	bool current = !owes_chunks(session_state(session));

	if (!current && !good)
		client_octets_named(client);
	else if (!current)
		return;
	else if (code == 500 || code == 502) /* unknown to the server */
		client_octets_are_lines(client);
	else if (!good || client_octets_left(client))
		client_octets_refused(client);
	else
		client_octets_taken(client);
}

static void smtp_take_data_reply(struct protocol_session *session)
{
	struct smtp *smtp = session_state(session);

	if (smtp->body.state != DOT_BODY_NONE)
		dot_body_end(&smtp->body, session, false);
	else if (smtp->wait == WAIT_DATA)
		smtp->wait = WAIT_NONE;
}

static void smtp_take_tls_reply(struct protocol_session *session, bool good)
{
	struct smtp *smtp = session_state(session);

	if (good)
		session_allow_tls(session);
	if (smtp->wait == WAIT_TLS)
		smtp->wait = WAIT_NONE;
}

/* A reply with this code came to a command that is owed this kind. */
static void smtp_match_reply(struct protocol_session *session,
			     unsigned int kind, unsigned int code)
{
	struct smtp *smtp = session_state(session);
	bool good = code / 100 == 2;

	switch (kind) {
	case AUTH: client_answered(session_client(session)); break;
	case DATA: smtp_take_data_reply(session); break;
	case BDAT: take_chunk_reply(session, code); break;
	case TLS: smtp_take_tls_reply(session, good); break;
	case RECIPIENT: smtp->accepted += good; break;
	case LHLO:
		smtp->lmtp = smtp->lmtp || good;
		if (good)
			smtp->accepted = 0;
		break;
	case RESET:
		if (good)
			smtp->accepted = 0;
		break;
	default: break;
	}
}

/* Takes the reply that is owed; LMTP owes one for each recipient. */
static void smtp_take_owed_reply(struct protocol_session *session,
				 unsigned int code)
{
	struct smtp *smtp = session_state(session);
	int kind = pending_replies_next(&smtp->queue);

	/* A 2xx is to another command: more are owed than were counted. */
	if (kind < 0 || (kind == DATA && code / 100 == 2))
		return;
	if (kind == DELIVERED && smtp->accepted > 1) {
		smtp->accepted--;
		return;
	}
	if (kind == DELIVERED)
		smtp->accepted = 0;
	pending_replies_pop(&smtp->queue);
	smtp_match_reply(session, (unsigned int)kind, code);
}

static bool smtp_is_about_auth(unsigned int code)
{
	return code == 235 || code == 432 || code == 534 || code == 535 ||
	       code == 538;
}

static void smtp_take_reply(struct protocol_session *session, unsigned int code)
{
	struct smtp *smtp = session_state(session);
	bool first = !smtp->greeted;

	smtp->greeted = true;
	if (code == 334)
		smtp_take_challenge(session);
	else if (code == 354)
		smtp_go_ahead(session);
	else if (smtp->wait == WAIT_TLS && code == 220 &&
		 pending_replies_pop_through(&smtp->queue, TLS))
		smtp_match_reply(session, TLS, code);
	else if (first && code == 220)
		return;
	else if (smtp_is_about_auth(code) &&
		 client_in_auth(session_client(session)) &&
		 pending_replies_pop_through(&smtp->queue, AUTH))
		smtp_match_reply(session, AUTH, code);
	else {
		if (dot_body_is_answered(&smtp->body, &smtp->queue, code))
			smtp_end_message(session);
		smtp_take_owed_reply(session, code);
	}
}

static size_t smtp_server(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct smtp *smtp = session_state(session);
	struct status_line *line = &smtp->line;
	size_t n;
	unsigned int code;

	smtp_owe_early(session);
	n = status_line_take(line, session, at, len);
	code = line->ended ? status_line_code(line) : 0;

	/* As a line of the reply to EHLO: 250-CHUNKING. */
	if (code == 250 && status_line_is(line, 4, "CHUNKING"))
		smtp->chunking = true;
	/* A dash after the code: more lines of the reply follow. */
	if (code && line->start[3] != '-')
		smtp_take_reply(session, code);
	return n;
}

/* Three digits of a reply, alone or before a dash. */
static bool smtp_greeting_matches(const struct line_lexer *line)
{
	const char *code = line->text[0];

	return line->len[0] >= 3 && code[0] >= '2' && code[0] <= '5' &&
	       code[1] >= '0' && code[1] <= '5' && code[2] >= '0' &&
	       code[2] <= '9' && (line->len[0] == 3 || code[3] == '-');
}

const struct dialect dialect_smtp = {
    .name = "smtp",
    .greeting_matches = smtp_greeting_matches,
    .state_size = sizeof(struct smtp),
    .rules = &rules,
    .skip_greeting = smtp_skip_greeting,
    .client = smtp_client,
    .server = smtp_server,
    .counts = smtp_counts,
    .give_up = smtp_give_up,
};

const struct dialect dialect_lmtp = {
    .name = "lmtp",
    .state_size = sizeof(struct smtp),
    .rules = &rules,
    .begin = begin_lmtp,
    .skip_greeting = smtp_skip_greeting,
    .client = smtp_client,
    .server = smtp_server,
    .counts = smtp_counts,
    .give_up = smtp_give_up,
};
