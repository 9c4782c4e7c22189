/*
 * IMAP (https://www.rfc-editor.org/rfc/rfc9051 and 3501), with LITERAL+ (RFC
 * 7888), SASL-IR (RFC 4959), IDLE (RFC 2177), COMPRESS (RFC 4978) and REPLACE
 * (RFC 8508).
 *
 * Literals of APPEND and REPLACE, and what a FETCH response holds, are content;
 * other literals are parts of the line that they stand in.
 */
#include "protocol.h"

enum {
	LINE,       /* at first: the client is to say a command */
	ASKED,      /* whether a literal is welcome; no answer yet */
	SECURED,    /* it said STARTTLS, no answer yet */
	COMPRESSED, /* it said COMPRESS, no answer yet */
};

static const struct command_rule rules[] = {
    {.word = 2, .name = "LOGIN", .secret = 4, .loose = true},
    {.word = 2,
     .name = "AUTHENTICATE",
     .secret = 4,
     .loose = true,
     .mechanism = true},
    /* Where the tag was forgotten. */
    {.word = 1, .name = "LOGIN", .secret = 3},
    {.word = 1, .name = "AUTHENTICATE", .secret = 3},
    {0},
};

static const char *const names[] = {"DONE", NULL};

static bool is_append(const struct command *c)
{
	return command_is(c, 2, "APPEND") || command_is(c, 2, "REPLACE") ||
	       (command_is(c, 2, "UID") && command_is(c, 3, "REPLACE"));
}

static void literal(struct protocol *p, struct command *c)
{
	enum span_kind kind = SPAN_SHOW;

	if (c->secret)
		kind = SPAN_SECRET;
	else if (c->word > 3 && is_append(c))
		kind = SPAN_CONTENT;
	p->state.imap.literal = kind;
	p->state.imap.unasked = false;
	if (c->literal.waits)
		p->state.imap.state = ASKED;
	else
		machine_octets(p, RELAY_IN, c->literal.size, kind);
}

static void literal_welcome(struct protocol *p)
{
	machine_octets(p, RELAY_IN, p->command[RELAY_IN].literal.size,
		       p->state.imap.literal);
	p->state.imap.state = LINE;
}

static void command(struct protocol *p, struct command *c)
{
	struct imap *s = &p->state.imap;

	if (command_begins(c, 2, "AUTHENTICATE")) {
		s->untagged = false;
		command_respond(c);
	} else if (command_is(c, 1, "AUTHENTICATE")) {
		/* Without a tag, so that its responses are no commands. */
		c->doubt = c->secret = true;
	} else if (command_is(c, 2, "STARTTLS")) {
		s->state = SECURED;
	} else if (command_is(c, 2, "COMPRESS")) {
		s->state = COMPRESSED;
	} else if (command_is(c, 2, "IDLE")) {
		s->idle = true;
		s->idle_tag = c->tag;
		return;
	} else {
		return;
	}
	s->tag = c->tag;
}

static size_t client(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_IN];
	struct imap *s = &p->state.imap;
	size_t n;

	if (s->state != LINE || machine_waits(p, at, len))
		return 0;
	n = machine_line(p, RELAY_IN, at, len);
	if (!c->ended)
		return n;
	/* A line that is all secret is none that a server knows. */
	if (!c->response && c->word && command_has_literal(c)) {
		literal(p, c);
		return n;
	}
	if (!c->response)
		command(p, c);
	command_next(c);
	return n;
}

static void give_up(struct protocol *p)
{
	if (p->state.imap.state == ASKED) {
		literal_welcome(p);
		p->state.imap.unasked = true;
	} else if (p->state.imap.state == LINE) {
		command_judge_now(&p->command[RELAY_IN]);
	}
	p->state.imap.state = LINE;
}

/* A line with a plus: the server wants to hear more of something. */
static void go_on(struct protocol *p)
{
	struct command *c = &p->command[RELAY_IN];
	struct imap *s = &p->state.imap;

	if (s->state == ASKED) {
		literal_welcome(p);
	} else if (!c->response && !s->idle) {
		s->untagged = true;
		command_respond(c);
	}
}

/*
 * The command whose literal comes, or is to come, is over: the literal was not
 * wanted.  One that came unasked is then taken for commands, and so is any that
 * the server did not understand.
 */
static void literal_refused(struct protocol *p, const struct command *reply)
{
	struct command *c = &p->command[RELAY_IN];
	struct imap *s = &p->state.imap;
	bool login;

	if (reply->tag != c->tag)
		return;
	if (s->state == ASKED) {
		login = c->secret_from != 0;
		s->state = LINE;
		command_next(c);
		if (login) {
			machine_hide_held(p);
			c->doubt = true;
		}
	} else if (p->octets[RELAY_IN].left &&
		   (command_is(reply, 2, "BAD") ||
		    (s->unasked && command_is(reply, 2, "NO")))) {
		machine_no_octets(p, RELAY_IN);
	}
}

/* A line with a tag: the answer to the command with this tag. */
static void answer(struct protocol *p, const struct command *reply)
{
	struct command *c = &p->command[RELAY_IN];
	struct imap *s = &p->state.imap;
	bool good = command_is(reply, 2, "OK");

	if (s->idle && reply->tag == s->idle_tag)
		s->idle = false;
	if (c->response && (s->untagged || reply->tag == s->tag))
		command_responded(c);
	literal_refused(p, reply);
	if ((s->state != SECURED && s->state != COMPRESSED) ||
	    reply->tag != s->tag)
		return;
	if (good && s->state == SECURED)
		machine_tls(p);
	if (good && s->state == COMPRESSED)
		machine_opaque(p, "compressed");
	s->state = LINE;
}

static bool is_status(const struct command *c, unsigned int word)
{
	return command_is(c, word, "OK") || command_is(c, word, "NO") ||
	       command_is(c, word, "BAD") || command_is(c, word, "BYE") ||
	       command_is(c, word, "PREAUTH");
}

static enum span_kind judge_fetch(struct protocol *p, enum relay_dir dir,
				  char byte)
{
	bool body = byte != '\n' && fetch_byte(&p->state.imap.fetch, byte);

	command_byte(&p->command[dir], byte);
	return machine_content_byte(p, dir, byte, body) ? SPAN_CONTENT
							: SPAN_SHOW;
}

static bool is_fetch(const struct command *c)
{
	return c->word >= 3 && command_is(c, 1, "*") &&
	       command_is(c, 3, "FETCH");
}

static void line_over(struct protocol *p)
{
	struct command *c = &p->command[RELAY_OUT];
	bool star = command_is(c, 1, "*");

	if (star && !is_status(c, 2) && command_has_literal(c)) {
		machine_octets(p, RELAY_OUT, c->literal.size,
			       is_fetch(c) ? SPAN_CONTENT : SPAN_SHOW);
		return;
	}
	if (command_is(c, 1, "+"))
		go_on(p);
	else if (!star && is_status(c, 2))
		answer(p, c);
	p->state.imap.fetch = (struct fetch){0};
	command_next(c);
}

/* How much of this is a word, with the blank behind it. */
static size_t word_len(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && !command_blank(at[n]))
		n++;
	return n + (n < len);
}

/* The first words of a line tell whether it is a FETCH. */
static size_t server(struct protocol *p, const char *at, size_t len)
{
	struct command *c = &p->command[RELAY_OUT];
	size_t n;

	if (is_fetch(c) && (c->word > 3 || !c->inside))
		n = machine_line_by(p, RELAY_OUT, at, len, judge_fetch);
	else if (c->word > 3)
		n = machine_line(p, RELAY_OUT, at, len);
	else
		n = machine_line(p, RELAY_OUT, at, word_len(at, len));
	if (c->ended)
		line_over(p);
	return n;
}

const struct machine machine_imap = {
    .name = "imap",
    .rules = rules,
    .names = names,
    .strings = true,
    .client = client,
    .server = server,
    .give_up = give_up,
};
