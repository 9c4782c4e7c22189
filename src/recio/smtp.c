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
#include <string.h>

#include "recio/argument_form.h"
#include "recio/protocol_session.h"

enum {
	LINE,    /* at first: the client is to say a command */
	ASKED,   /* it said DATA, no answer yet */
	SECURED, /* it said STARTTLS, no answer yet */
	MESSAGE, /* after DATA */
	DOTTED,  /* a message's end that not all servers take for one */
};

/* The answers that matter. */
enum { OTHER, RECIPIENT, RESET, LHLO, DELIVERED, AUTH, DATA, BDAT, TLS };

/* The commands that matter. */
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

const struct grammar grammar_smtp = {.plain = commands};
static const struct grammar *const grammars[] = {&grammar_smtp, NULL};

static void begin_lmtp(struct protocol_session *p)
{
	p->state.smtp.lmtp = true;
}

/*
 * BDAT SIZE [LAST].  A size in another form, or beyond what all servers can
 * count, is read by some, and by some as another one; and a server that does
 * not announce chunks may know none.
 */
static void chunk(struct protocol_session *p, const struct client_line *line)
{
	struct smtp *s = &p->state.smtp;

	pending_replies_push(&s->queue, BDAT);
	if (!s->chunking || line->args == 0 || line->number > INT32_MAX)
		client_unsure(p, line->number, false);
	else
		client_octets(p, line->number, SPAN_CONTENT, false);
	/* Without LAST, no recipient is told about. */
	if (s->lmtp && line->args == 2)
		pending_replies_push(&s->queue, DELIVERED);
}

/* What answer the command of this line will get, and what follows it. */
static void command(struct protocol_session *p, const struct client_line *line)
{
	struct smtp *s = &p->state.smtp;

	switch (line->command ? line->command->id : 0) {
	case C_AUTH:
		pending_replies_push(&s->queue, AUTH);
		client_authenticates(p);
		break;
	case C_DATA:
		pending_replies_push(&s->queue, DATA);
		s->state = ASKED;
		break;
	case C_TLS:
		pending_replies_push(&s->queue, TLS);
		s->state = SECURED;
		break;
	case C_BDAT: chunk(p, line); break;
	case C_RCPT:
		pending_replies_push(&s->queue, s->lmtp ? RECIPIENT : OTHER);
		break;
	case C_LHLO: pending_replies_push(&s->queue, LHLO); break;
	case C_RESET:
		pending_replies_push(&s->queue, s->lmtp ? RESET : OTHER);
		break;
	case C_PROXY: break;
	default: pending_replies_push(&s->queue, OTHER);
	}
}

static size_t line(struct protocol_session *p, const char *at, size_t len)
{
	struct smtp *s = &p->state.smtp;
	struct client_line line;
	size_t n;

	/* A command of LMTP may owe two kinds of answers. */
	if (p->client.auth == CLIENT_COMMANDS &&
	    s->queue.len + 2 > PENDING_REPLIES_RUNS)
		return 0;
	n = client_line(p, at, len, &line);
	if (n && line.over && !line.response)
		command(p, &line);
	return n;
}

static void message_over(struct protocol_session *p, bool whole)
{
	struct message_counter *content = &p->content[RELAY_IN];
	struct smtp *s = &p->state.smtp;

	/* Commands again, but not in the middle of a line. */
	if (!message_counter_at_start(content))
		client_hide_rest(p);
	/* Without a dot: one that hides in it may have been an AUTH. */
	if (!content->tail)
		p->client.after_auth = true;
	session_end_message(p, RELAY_IN, whole);
	client_octets_named(p);
	s->state = LINE;
	s->doubtful = s->assumed = false;
}

static void message_ended(struct protocol_session *p)
{
	const struct message_counter *content = &p->content[RELAY_IN];
	struct smtp *s = &p->state.smtp;

	pending_replies_push(&s->queue, s->lmtp ? DELIVERED : OTHER);
	/* Without a dot and a byte it was said, hidden, before the 354. */
	message_over(p, content->tail || content->bytes);
}

static size_t message(struct protocol_session *p, const char *at, size_t len)
{
	struct smtp *s = &p->state.smtp;
	enum message_counter_end end;
	size_t n = message_counter_dots(&p->content[RELAY_IN], at, len, &end);

	session_emit(p, RELAY_IN, SPAN_CONTENT, at, n);
	if (s->assumed || s->doubtful)
		client_look_for_commands(p, at, n);
	if (end == MESSAGE_COUNTER_OPEN)
		return n;
	if (end == MESSAGE_COUNTER_DOUBT) {
		s->state = DOTTED;
		return n;
	}
	message_ended(p);
	return n;
}

static size_t client(struct protocol_session *p, const char *at, size_t len)
{
	switch (p->state.smtp.state) {
	case MESSAGE: return message(p, at, len);
	case LINE: return line(p, at, len);
	default: return 0;
	}
}

static void begin_message(struct protocol_session *p)
{
	client_sure(p);
	message_counter_begin(&p->content[RELAY_IN], true);
	p->state.smtp.state = MESSAGE;
}

static void give_up(struct protocol_session *p)
{
	struct smtp *s = &p->state.smtp;

	switch (s->state) {
	case ASKED:
		begin_message(p);
		s->assumed = true;
		break;
	case SECURED: s->state = LINE; break;
	case DOTTED:
		s->state = MESSAGE;
		s->doubtful = true;
		break;
	default: break;
	}
}

/* 334: what comes next from the client is for nobody else. */
static void challenge(struct protocol_session *p)
{
	struct smtp *s = &p->state.smtp;

	pending_replies_clear(&s->queue);
	pending_replies_push(&s->queue, AUTH);
	if (p->octets[RELAY_IN].left)
		client_octets_are_lines(p);
	if (s->state == MESSAGE || s->state == DOTTED)
		message_over(p, false);
	s->state = LINE;
	client_challenged(p);
}

/* 354; unless it is late, and its message has been taken for granted. */
static void go_ahead(struct protocol_session *p)
{
	struct smtp *s = &p->state.smtp;
	bool asked = pending_replies_pop_through(&s->queue, DATA);

	if (s->assumed && !s->doubtful)
		client_octets_taken(p);
	s->assumed = false;
	if (s->state == ASKED || (!asked && s->state == LINE))
		begin_message(p);
}

/* Other than the last one; that one's LAST is no command of its own. */
static bool chunks_owed(const struct smtp *s)
{
	return s->queue.len > 1 ||
	       (s->queue.len == 1 &&
		pending_replies_next(&s->queue) != DELIVERED);
}

static void chunk_answered(struct protocol_session *p, unsigned int code)
{
	bool good = code / 100 == 2, current = !chunks_owed(&p->state.smtp);

	if (!current && !good)
		client_octets_named(p);
	else if (!current)
		return;
	else if (code == 500 || code == 502) /* unknown here */
		client_octets_are_lines(p);
	else if (!good || p->octets[RELAY_IN].left)
		client_octets_refused(p);
	else
		client_octets_taken(p);
}

/* An answer of this code came to a command of this kind. */
static void matched(struct protocol_session *p, unsigned int kind,
		    unsigned int code)
{
	struct smtp *s = &p->state.smtp;
	bool good = code >= 200 && code < 300;

	switch (kind) {
	case AUTH: client_answered(p); break;
	case DATA:
		if (s->state == ASKED)
			s->state = LINE;
		else if (s->state == MESSAGE || s->state == DOTTED)
			message_over(p, false);
		break;
	case BDAT: chunk_answered(p, code); break;
	case TLS:
		if (good)
			session_allow_tls(p);
		if (s->state == SECURED)
			s->state = LINE;
		break;
	case RECIPIENT: s->accepted += good; break;
	case LHLO:
		s->lmtp = s->lmtp || good;
		if (good)
			s->accepted = 0;
		break;
	case RESET:
		if (good)
			s->accepted = 0;
		break;
	default: break;
	}
}

/* An answer that is owed; LMTP owes as many as there are recipients. */
static void next_answer(struct protocol_session *p, unsigned int code)
{
	struct smtp *s = &p->state.smtp;
	int kind = pending_replies_next(&s->queue);

	/* 2xx is another command's: there are more answers than we counted. */
	if (kind < 0 || (kind == DATA && code / 100 == 2))
		return;
	if (kind == DELIVERED && s->accepted > 1) {
		s->accepted--;
		return;
	}
	if (kind == DELIVERED)
		s->accepted = 0;
	pending_replies_pop(&s->queue);
	matched(p, (unsigned int)kind, code);
}

static bool about_auth(unsigned int code)
{
	return code == 235 || code == 432 || code == 534 || code == 535 ||
	       code == 538;
}

/*
 * An answer that is not owed: the server has seen the message's end.  A bad one
 * may also come in the middle of a message, of which it has had enough.
 */
static bool ends_message(const struct smtp *s, unsigned int code)
{
	if (pending_replies_next(&s->queue) >= 0)
		return false;
	return s->state == DOTTED ||
	       (s->state == MESSAGE && (s->doubtful || code / 100 == 2));
}

static void answer(struct protocol_session *p, unsigned int code)
{
	struct smtp *s = &p->state.smtp;
	bool first = !s->greeted;

	s->greeted = true;
	if (code == 334)
		challenge(p);
	else if (code == 354)
		go_ahead(p);
	else if (s->state == SECURED && code == 220 &&
		 pending_replies_pop_through(&s->queue, TLS))
		matched(p, TLS, code);
	else if (first && code == 220)
		return;
	else if (about_auth(code) && p->client.auth != CLIENT_COMMANDS &&
		 pending_replies_pop_through(&s->queue, AUTH))
		matched(p, AUTH, code);
	else {
		if (ends_message(s, code))
			message_ended(p);
		next_answer(p, code);
	}
}

/* The code of a line that is an answer's last one, otherwise 0. */
static unsigned int last_code(const struct status_line *line)
{
	unsigned int code = 0;

	for (int i = 0; i < 3; i++) {
		if (line->start[i] < '0' || line->start[i] > '9')
			return 0;
		code = code * 10 + (unsigned int)(line->start[i] - '0');
	}
	return code >= 100 && line->start[3] != '-' ? code : 0;
}

/* 250-CHUNKING, as an answer to EHLO has it. */
static bool announces_chunking(const struct status_line *line)
{
	static const char name[] = "CHUNKING";
	size_t len = sizeof name - 1;

	return memcmp(line->start, "250", 3) == 0 &&
	       line->len - line->cr == 4 + len &&
	       argument_form_is(line->start + 4, len, name);
}

static size_t server(struct protocol_session *p, const char *at, size_t len)
{
	struct status_line *line = &p->state.smtp.line;
	size_t n = session_status(p, line, at, len);
	unsigned int code = line->ended ? last_code(line) : 0;

	if (line->ended && announces_chunking(line))
		p->state.smtp.chunking = true;
	if (code)
		answer(p, code);
	return n;
}

const struct dialect dialect_smtp = {
    .name = "smtp",
    .grammars = grammars,
    .client = client,
    .server = server,
    .give_up = give_up,
};

const struct dialect dialect_lmtp = {
    .name = "lmtp",
    .grammars = grammars,
    .begin = begin_lmtp,
    .client = client,
    .server = server,
    .give_up = give_up,
};
