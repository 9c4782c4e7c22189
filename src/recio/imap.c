/*
 * IMAP (https://www.rfc-editor.org/rfc/rfc9051 and 3501), with LITERAL+ (RFC
 * 7888), SASL-IR (RFC 4959), IDLE (RFC 2177), COMPRESS (RFC 4978) and REPLACE
 * (RFC 8508).
 *
 * Literals of APPEND and REPLACE, and what a FETCH response holds, are content;
 * other literals are parts of the line that they stand in.
 */
#include "recio/protocol_session.h"

enum {
	LINE,       /* at first: the client is to say a command */
	ASKED,      /* whether a literal is welcome; no answer yet */
	SECURED,    /* it said STARTTLS, no answer yet */
	COMPRESSED, /* it said COMPRESS, no answer yet */
};

/* The commands that matter. */
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
    {"GENURLAUTH", 0, "h"}, /* a URL can hold what gives access */
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

const struct grammar grammar_imap = {
    .plain = untagged, .tagged = tagged, .strings = true};
static const struct grammar *const grammars[] = {&grammar_imap, NULL};

static void literal(struct protocol_session *p, const struct client_line *line)
{
	struct imap *s = &p->state.imap;

	s->literal = line->literal;
	s->literal_tag = line->tag;
	s->unasked = false;
	if (line->literal.waits)
		s->state = ASKED;
	else
		client_octets(p, line->literal.size, line->literal.kind, false);
}

static void literal_welcome(struct protocol_session *p, bool agreed)
{
	struct imap *s = &p->state.imap;

	client_octets(p, s->literal.size, s->literal.kind, agreed);
	s->state = LINE;
	s->unasked = !agreed;
}

static void command(struct protocol_session *p, const struct client_line *line)
{
	struct imap *s = &p->state.imap;

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		/* Without a tag it is refused, and the responses come. */
		if (line->command >= untagged &&
		    line->command <
			untagged + sizeof untagged / sizeof *untagged)
			p->client.after_auth = true;
		else
			client_authenticates(p);
		s->untagged = false;
		break;
	case C_TLS: s->state = SECURED; break;
	case C_COMPRESS:
		s->state = COMPRESSED;
		s->owed = p->client.owed - 1;
		break;
	case C_IDLE:
		s->idle = s->idle_asks = true;
		s->idle_done = false;
		s->idle_tag = line->tag;
		return;
	case C_DONE: /* the answer is IDLE's */
		s->idle_done = true;
		p->client.owed--;
		return;
	default: return;
	}
	s->tag = line->tag;
}

static size_t client(struct protocol_session *p, const char *at, size_t len)
{
	struct client_line line;
	size_t n;

	if (p->state.imap.state != LINE)
		return 0;
	n = client_line(p, at, len, &line);
	if (n && line.literal.there)
		literal(p, &line);
	else if (n && line.over && !line.response)
		command(p, &line);
	return n;
}

static void give_up(struct protocol_session *p)
{
	if (p->state.imap.state == ASKED)
		literal_welcome(p, false);
	p->state.imap.state = LINE;
}

/* A line with a plus: the server wants to hear more of something. */
static void go_on(struct protocol_session *p)
{
	struct imap *s = &p->state.imap;
	bool asked = p->client.auth != CLIENT_COMMANDS;

	if (s->idle_asks && !asked) {
		s->idle_asks = false;
	} else if (s->state == ASKED) {
		literal_welcome(p, true);
	} else if (asked || !s->idle) {
		s->untagged = s->untagged || !asked;
		client_challenged(p);
	}
}

/* What follows is a command again. */
static void literal_unwanted(struct protocol_session *p)
{
	p->state.imap.state = LINE;
	p->client.state = (struct grammar_state){0};
	p->client.after_auth = true;
}

/*
 * IDLE is over.  Without DONE it was the next line that ended it, and was not
 * looked at.
 */
static void idle_answered(struct protocol_session *p)
{
	struct imap *s = &p->state.imap;

	if (s->state == ASKED && !s->idle_asks && !s->idle_done)
		literal_unwanted(p);
	s->idle = s->idle_asks = false;
}

/* The command that had a literal is over, and so may be what we wait for. */
static void literal_answered(struct protocol_session *p,
			     const struct line_lexer *reply)
{
	struct imap *s = &p->state.imap;

	if (reply->tag != s->literal_tag) {
		/* Nobody else is owed an answer: one of those lines is. */
		if (p->client.owed <= 1)
			client_octets_named(p);
		return;
	}
	if (s->state == ASKED) {
		literal_unwanted(p);
	} else if (line_lexer_is(reply, 2, "OK")) {
		client_octets_taken(p);
	} else if (line_lexer_is(reply, 2, "BAD") || s->unasked) {
		client_octets_refused(p);
	} else {
		client_octets_named(p);
	}
}

/* A line with a tag: the answer to the command with this tag. */
static void answer(struct protocol_session *p, const struct line_lexer *reply)
{
	struct client *c = &p->client;
	struct imap *s = &p->state.imap;
	bool good = line_lexer_is(reply, 2, "OK");

	if (s->idle && reply->tag == s->idle_tag)
		idle_answered(p);
	if (c->auth != CLIENT_COMMANDS && (s->untagged || reply->tag == s->tag))
		client_answered(p);
	if (c->unsure && reply->tag == c->unsure_tag)
		client_sure(p);
	literal_answered(p, reply);
	c->owed -= c->owed > 0;
	/* Another one's, with the same tag perhaps. */
	if (s->state == COMPRESSED && s->owed) {
		s->owed--;
		return;
	}
	if ((s->state != SECURED && s->state != COMPRESSED) ||
	    reply->tag != s->tag)
		return;
	if (good && s->state == SECURED)
		session_allow_tls(p);
	if (good && s->state == COMPRESSED)
		session_make_opaque(p, "compressed");
	s->state = LINE;
}

static bool is_status(const struct line_lexer *c, unsigned int word)
{
	return line_lexer_is(c, word, "OK") || line_lexer_is(c, word, "NO") ||
	       line_lexer_is(c, word, "BAD") || line_lexer_is(c, word, "BYE") ||
	       line_lexer_is(c, word, "PREAUTH");
}

static enum span_kind judge_fetch(struct protocol_session *p, char byte)
{
	bool body = byte != '\n' && fetch_byte(&p->state.imap.fetch, byte);

	line_lexer_byte(&p->command, byte);
	return session_emit_quoted(p, byte, body) ? SPAN_CONTENT : SPAN_SHOW;
}

static bool is_fetch(const struct line_lexer *c)
{
	return c->word >= 3 && line_lexer_is(c, 1, "*") &&
	       line_lexer_is(c, 3, "FETCH");
}

static void line_over(struct protocol_session *p)
{
	struct line_lexer *c = &p->command;
	bool star = line_lexer_is(c, 1, "*");

	if (star && !is_status(c, 2) && line_lexer_has_literal(c)) {
		session_expect_octets(p, RELAY_OUT, c->literal.size,
				      is_fetch(c) ? SPAN_CONTENT : SPAN_SHOW);
		return;
	}
	if (line_lexer_is(c, 1, "+"))
		go_on(p);
	else if (!star && is_status(c, 2))
		answer(p, c);
	p->state.imap.fetch = (struct fetch){0};
	line_lexer_next(c);
}

/* How much of this is a word, with the blank behind it. */
static size_t word_len(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && !line_lexer_blank(at[n]))
		n++;
	return n + (n < len);
}

/* The first words of a line tell whether it is a FETCH. */
static size_t server(struct protocol_session *p, const char *at, size_t len)
{
	struct line_lexer *c = &p->command;
	size_t n;

	if (is_fetch(c) && (c->word > 3 || !c->inside))
		n = session_line_by(p, at, len, judge_fetch);
	else if (c->word > 3)
		n = session_line(p, at, len);
	else
		n = session_line(p, at, word_len(at, len));
	if (c->ended)
		line_over(p);
	return n;
}

const struct dialect dialect_imap = {
    .name = "imap",
    .grammars = grammars,
    .strings = true,
    .client = client,
    .server = server,
    .give_up = give_up,
};
