/*
 * IMAP (https://www.rfc-editor.org/rfc/rfc9051 and 3501), with LITERAL+ (RFC
 * 7888), SASL-IR (RFC 4959), IDLE (RFC 2177), COMPRESS (RFC 4978) and REPLACE
 * (RFC 8508).
 *
 * Literals of APPEND and REPLACE, and bodies in FETCH responses, are content;
 * other literals are parts of the line that they stand in.
 */
#include <string.h>

#include "recio/dialect/dialect.h"

/* Answers that the client has to wait for. */
enum wait {
	WAIT_NONE,
	WAIT_LITERAL,  /* whether a literal is welcome */
	WAIT_TLS,      /* to STARTTLS */
	WAIT_COMPRESS, /* to COMPRESS */
};

/* Commands from which something follows. */
enum { C_AUTH = 1, C_TLS, C_COMPRESS, C_IDLE, C_DONE };

static const struct grammar_command tagged[] = {
    {"CAPABILITY", 0, ""},
    {"NOOP", 0, ""},
    {"LOGOUT", 0, ""},
    {"STARTTLS", C_TLS, ""},
    {"AUTHENTICATE", C_AUTH, "Mx"},
    {"LOGIN", 0, "mx"},
    {"UNAUTHENTICATE", 0, ""},
    {"ID", 0, "i"},
    {"ENABLE", 0, "g"},
    {"LANGUAGE", 0, "g"},
    {"COMPARATOR", 0, "g"},
    {"NAMESPACE", 0, ""},
    {"SELECT", 0, "ml?"},
    {"EXAMINE", 0, "ml?"},
    {"CREATE", 0, "ml?"},
    {"DELETE", 0, "m"},
    {"RENAME", 0, "mml?"},
    {"SUBSCRIBE", 0, "m"},
    {"UNSUBSCRIBE", 0, "m"},
    {"LIST", 0, "g"},
    {"XLIST", 0, "g"},
    {"LSUB", 0, "g"},
    {"RLIST", 0, "g"},
    {"RLSUB", 0, "g"},
    {"STATUS", 0, "ml"},
    {"APPEND", 0, "mC"},
    {"REPLACE", 0, "smC"},
    {"CHECK", 0, ""},
    {"CLOSE", 0, ""},
    {"UNSELECT", 0, ""},
    {"EXPUNGE", 0, "s?"},
    {"SEARCH", 0, "g"},
    {"ESEARCH", 0, "g"},
    {"SORT", 0, "g"},
    {"THREAD", 0, "g"},
    {"FETCH", 0, "sg"},
    {"STORE", 0, "sg"},
    {"COPY", 0, "sm"},
    {"MOVE", 0, "sm"},
    {"UID", 0, "U"},
    {"IDLE", C_IDLE, ""},
    {"COMPRESS", C_COMPRESS, "w"},
    {"NOTIFY", 0, "g"},
    {"CANCELUPDATE", 0, "g"},
    {"CONVERT", 0, "g"},
    {"GETQUOTA", 0, "m"},
    {"GETQUOTAROOT", 0, "m"},
    {"SETQUOTA", 0, "ml"},
    {"GETACL", 0, "m"},
    {"SETACL", 0, "mmm"},
    {"DELETEACL", 0, "mm"},
    {"LISTRIGHTS", 0, "mm"},
    {"MYRIGHTS", 0, "m"},
    {"GETMETADATA", 0, "g"},
    {"SETMETADATA", 0, "mh"},
    {"GETANNOTATION", 0, "g"},
    {"SETANNOTATION", 0, "h"},
    {"GENURLAUTH", 0, "h"}, /* a URL can hold a key */
    {"URLFETCH", 0, "h"},
    {"RESETKEY", 0, ""},
    {"UIDBATCHES", 0, "g"},
    {"XCLIENT", 0, ""},
    {NULL, 0, NULL},
};

/* Without a tag; some by mistake. */
static const struct grammar_command untagged[] = {
    {"DONE", C_DONE, ""}, {"PROXY", 0, "pa?a?n?n?"},
    {"LOGIN", 0, "mx"},   {"AUTHENTICATE", C_AUTH, "Mx"},
    {NULL, 0, NULL},
};

static const struct grammar rules = {
    .plain = untagged, .tagged = tagged, .strings = true};

/*
 * The items of a FETCH response
 * (https://www.rfc-editor.org/rfc/rfc9051#section-7.5.2), byte by byte, all
 * zero at its beginning. Parts of a message may also come as quoted strings,
 * and only the name of the item before one tells that it is a part: body is set
 * only directly after such a name.
 */
struct fetch_items {
	bool quoted, escaped; /* in a quoted string, after a backslash */
	bool bracket;         /* in the section of an item, as in BODY[1.2] */
	bool body;            /* the next string is part of a message */
	size_t len;           /* of the item's name, in upper case: */
	char item[8];
};

struct imap {
	enum wait wait;
	uint64_t tag;  /* of the command whose answer decides something */
	bool untagged; /* a challenge came without one */
	bool idle;
	bool idle_asks; /* the next + is IDLE's */
	bool idle_done; /* the client said DONE */
	uint64_t idle_tag;
	struct line_literal literal; /* the client's last one */
	uint64_t literal_tag;        /* of its command */
	size_t early; /* of the client's line, when the server wanted one */
	bool unasked; /* it was sent before the server wanted it */
	struct {
		bool there, good;
		uint64_t tag;
	} answer;          /* to the client's line, which lacked only its LF */
	unsigned int owed; /* answers that come before that to COMPRESS */
	struct fetch_items fetch;
};
_Static_assert(sizeof(struct imap) <= DIALECT_STATE, "state is too large");

static void imap_take_literal(struct protocol_session *session,
			      const struct client_line *line)
{
	struct imap *imap = session_state(session);
	const struct line_literal *literal = &line->literal;

	imap->literal = *literal;
	imap->literal_tag = line->tag;
	imap->unasked = false;
	if (literal->waits)
		imap->wait = WAIT_LITERAL;
	else
		client_octets(session_client(session), literal->size,
			      literal->kind, false);
}

static void imap_expect_literal(struct protocol_session *session, bool agreed)
{
	struct imap *imap = session_state(session);

	client_octets(session_client(session), imap->literal.size,
		      imap->literal.kind, agreed);
	imap->wait = WAIT_NONE;
	imap->unasked = !agreed;
}

static bool is_untagged(const struct grammar_command *command)
{
	return command >= untagged &&
	       command < untagged + sizeof untagged / sizeof *untagged;
}

static void imap_take_command(struct protocol_session *session,
			      const struct client_line *line)
{
	struct imap *imap = session_state(session);
	struct client *client = session_client(session);

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		/* Without a tag it is refused, and the responses come. */
		if (is_untagged(line->command))
			client_doubt_auth(client);
		else
			client_authenticates(client);
		imap->untagged = false;
		break;
	case C_TLS: imap->wait = WAIT_TLS; break;
	case C_COMPRESS:
		imap->wait = WAIT_COMPRESS;
		imap->owed = client_owed(client) - 1;
		break;
	case C_IDLE:
		imap->idle = imap->idle_asks = true;
		imap->idle_done = false;
		imap->idle_tag = line->tag;
		return;
	case C_DONE: /* the answer is IDLE's */
		imap->idle_done = true;
		client_owe_less(client);
		return;
	default: return;
	}
	imap->tag = line->tag;
}

/* The line has been answered at its CR, as some servers do. */
static void imap_take_answered(struct protocol_session *session,
			       const struct client_line *line)
{
	const struct imap *imap = session_state(session);
	unsigned int command = line->command ? line->command->id : 0;

	client_owe_less(session_client(session));
	if (imap->answer.good && command == C_TLS)
		session_allow_tls(session);
	if (imap->answer.good && command == C_COMPRESS)
		session_make_opaque(session, "compressed");
}

/* A line of the client is over. */
static void imap_end_line(struct protocol_session *session,
			  const struct client_line *line)
{
	struct imap *imap = session_state(session);
	bool answered = imap->answer.there && imap->answer.tag == line->tag;

	imap->answer.there = false;
	if (!line->response && answered)
		imap_take_answered(session, line);
	else if (!line->response)
		imap_take_command(session, line);
}

static void imap_give_up(struct protocol_session *session)
{
	struct imap *imap = session_state(session);

	if (imap->wait == WAIT_LITERAL)
		imap_expect_literal(session, false);
	imap->wait = WAIT_NONE;
}

/* The server asks for more, behind the client's last line. */
static void imap_go_on(struct protocol_session *session)
{
	struct imap *imap = session_state(session);
	struct client *client = session_client(session);
	bool in_auth = client_in_auth(client);

	if (imap->idle_asks && !in_auth) {
		imap->idle_asks = false;
	} else if (imap->wait == WAIT_LITERAL) {
		imap_expect_literal(session, true);
	} else if (in_auth || !imap->idle) {
		imap->untagged = imap->untagged || !in_auth;
		client_challenged(client);
	}
}

/*
 * A line with a plus. Dovecot wants a literal when it has read the brace of its
 * size, so that the plus can come before the end of the client's line: it is
 * kept until then.
 */
static void imap_take_plus(struct protocol_session *session)
{
	struct imap *imap = session_state(session);
	size_t early = session_held_size(session);

	if (imap->early || imap->wait || imap->idle ||
	    client_in_auth(session_client(session)))
		early = 0;
	imap->early = early;
	if (!early)
		imap_go_on(session);
}

/* True if blanks are all that is known behind the early part of this line. */
static bool ends_early(const struct imap *imap, const char *at, size_t len)
{
	for (size_t i = imap->early; i < len && at[i] != '\n'; i++)
		if ((unsigned char)at[i] > ' ')
			return false;
	return true;
}

static void go_on_early(struct protocol_session *session)
{
	struct imap *imap = session_state(session);

	if (imap->early)
		imap_go_on(session);
	imap->early = 0;
}

static size_t imap_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	const struct imap *imap = session_state(session);
	struct client_line line;
	size_t n;

	if (imap->wait)
		return 0;
	if (imap->early && !ends_early(imap, at, len))
		go_on_early(session);
	n = client_line(session_client(session), at, len, &line);
	if (n && line.literal.there)
		imap_take_literal(session, &line);
	else if (n && line.over)
		imap_end_line(session, &line);
	if (n)
		go_on_early(session);
	return n;
}

/* The server does not want the literal: a command follows. */
static void imap_drop_literal(struct protocol_session *session)
{
	struct imap *imap = session_state(session);
	struct client *client = session_client(session);

	imap->wait = WAIT_NONE;
	client_begin_line(client);
	client_doubt_auth(client);
}

/*
 * IDLE is over. Without DONE the client's next line ended it, and was not read
 * as a command.
 */
static void end_idle(struct protocol_session *session)
{
	struct imap *imap = session_state(session);

	if (imap->wait == WAIT_LITERAL && !imap->idle_asks && !imap->idle_done)
		imap_drop_literal(session);
	imap->idle = imap->idle_asks = false;
}

/* A command has its answer; it may be the one that had a literal. */
static void decide_literal(struct protocol_session *session,
			   const struct line_lexer *reply)
{
	struct imap *imap = session_state(session);
	struct client *client = session_client(session);

	if (reply->tag != imap->literal_tag) {
		/* No other command is owed an answer: it is to such a line. */
		if (client_owed(client) <= 1)
			client_octets_named(client);
		return;
	}
	if (imap->wait == WAIT_LITERAL) {
		imap_drop_literal(session);
	} else if (client_octets_left(client)) {
		/* Answered before the last octet: the size announced none. */
		client_octets_refused(client);
	} else if (line_lexer_is(reply, 2, "OK")) {
		client_octets_taken(client);
	} else if (line_lexer_is(reply, 2, "BAD") || imap->unasked) {
		client_octets_refused(client);
	} else {
		client_octets_named(client);
	}
}

/* A command has its answer; it may be STARTTLS or COMPRESS. */
static void decide_wait(struct protocol_session *session,
			const struct line_lexer *reply)
{
	struct imap *imap = session_state(session);
	bool good = line_lexer_is(reply, 2, "OK");

	/* It may be to another one, with the same tag perhaps. */
	if (imap->wait == WAIT_COMPRESS && imap->owed) {
		imap->owed--;
		return;
	}
	if ((imap->wait != WAIT_TLS && imap->wait != WAIT_COMPRESS) ||
	    reply->tag != imap->tag)
		return;
	if (good && imap->wait == WAIT_TLS)
		session_allow_tls(session);
	if (good && imap->wait == WAIT_COMPRESS)
		session_make_opaque(session, "compressed");
	imap->wait = WAIT_NONE;
}

/* A line with a tag: the answer to the command with this tag. */
static void imap_take_answer(struct protocol_session *session,
			     const struct line_lexer *reply)
{
	struct imap *imap = session_state(session);
	struct client *client = session_client(session);
	struct client_line line;

	if (!client_owed(client) && session_cut_line(session, &line)) {
		imap->answer.there = true;
		imap->answer.good = line_lexer_is(reply, 2, "OK");
		imap->answer.tag = reply->tag;
	}
	if (imap->idle && reply->tag == imap->idle_tag)
		end_idle(session);
	if (client_in_auth(client) &&
	    (imap->untagged || reply->tag == imap->tag))
		client_answered(client);
	client_tag_answered(client, reply->tag);
	decide_literal(session, reply);
	client_owe_less(client);
	decide_wait(session, reply);
}

static bool imap_is_status(const struct line_lexer *line, unsigned int word)
{
	return line_lexer_is(line, word, "OK") ||
	       line_lexer_is(line, word, "NO") ||
	       line_lexer_is(line, word, "BAD") ||
	       line_lexer_is(line, word, "BYE") ||
	       line_lexer_is(line, word, "PREAUTH");
}

static bool is_body(const struct fetch_items *items)
{
	return (items->len >= 5 && memcmp(items->item, "BODY[", 5) == 0) ||
	       (items->len >= 7 && memcmp(items->item, "BINARY[", 7) == 0) ||
	       (items->len >= 6 && memcmp(items->item, "RFC822", 6) == 0);
}

static void add_item_byte(struct fetch_items *items, char byte)
{
	if (byte >= 'a' && byte <= 'z')
		byte = (char)(byte - 'a' + 'A');
	if (items->len < sizeof items->item)
		items->item[items->len] = byte;
	items->len++;
	if (byte == '[')
		items->bracket = true;
	else if (byte == ']')
		items->bracket = false;
}

static void end_item(struct fetch_items *items, char byte)
{
	items->body = byte == ' ' && is_body(items);
	items->len = 0;
}

/* True if this byte lies in a quoted string that is part of a message. */
static bool take_item_byte(struct fetch_items *items, char byte)
{
	if (items->quoted) {
		items->quoted = items->escaped || byte != '"';
		items->escaped = !items->escaped && byte == '\\';
		if (!items->quoted && !items->bracket)
			items->len = 0;
		return items->quoted && items->body;
	}
	if (byte == '"')
		items->quoted = true;
	else if (!items->bracket && (byte == ' ' || byte == '(' || byte == ')'))
		end_item(items, byte);
	else
		add_item_byte(items, byte);
	return false;
}

static enum span_kind classify_fetch(struct protocol_session *session,
				     char byte, bool quoted)
{
	struct imap *imap = session_state(session);
	bool body = byte != '\n' && take_item_byte(&imap->fetch, byte);

	(void)quoted;
	return session_classify_quoted(session, byte, body);
}

static bool imap_is_fetch(const struct line_lexer *line)
{
	return line->word >= 3 && line_lexer_is(line, 1, "*") &&
	       line_lexer_is(line, 3, "FETCH");
}

static void imap_take_line(struct protocol_session *session,
			   const struct line_lexer *line)
{
	struct imap *imap = session_state(session);
	bool star = line_lexer_is(line, 1, "*");

	if (star && !imap_is_status(line, 2) && line_lexer_has_literal(line)) {
		session_expect_octets(session, line->literal.size,
				      imap_is_fetch(line) ? SPAN_CONTENT
							  : SPAN_SHOW);
		return;
	}
	if (line_lexer_is(line, 1, "+"))
		imap_take_plus(session);
	else if (!star && imap_is_status(line, 2))
		imap_take_answer(session, line);
	imap->fetch = (struct fetch_items){0};
	session_next_line(session);
}

/* Returns the length of the first word, with the blank after it. */
static size_t measure_word(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && !line_lexer_blank(at[n]))
		n++;
	return n + (n < len);
}

/* The first words of a line tell whether it is a FETCH. */
static size_t imap_server(struct protocol_session *session, const char *at,
			  size_t len)
{
	const struct line_lexer *line = session_lexer(session);
	size_t n;

	if (imap_is_fetch(line) && (line->word > 3 || !line->inside))
		n = session_line_by(session, at, len, classify_fetch);
	else if (line->word > 3)
		n = session_line(session, at, len);
	else
		n = session_line(session, at, measure_word(at, len));
	if (line->ended)
		imap_take_line(session, line);
	return n;
}

static bool imap_greeting_matches(const struct line_lexer *line)
{
	return line_lexer_is(line, 1, "*") || line_lexer_is(line, 2, "OK");
}

const struct dialect dialect_imap = {
    .name = "imap",
    .greeting_matches = imap_greeting_matches,
    .state_size = sizeof(struct imap),
    .rules = &rules,
    .strings = true,
    .client = imap_client,
    .server = imap_server,
    .give_up = imap_give_up,
};
