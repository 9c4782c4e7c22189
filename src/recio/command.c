/* Lines of commands; see command.h. */
#include "command.h"

#include <string.h>

enum { COMMAND_LOOK = 64 }; /* bytes of a line, when in doubt */

enum {
	LITERAL_NONE,
	LITERAL_OPEN,
	LITERAL_DIGIT,
	LITERAL_PLUS,
	LITERAL_CLOSED
};

static char upper(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static bool digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static void literal_digit(struct command_literal *l, char byte)
{
	unsigned int n = (unsigned int)(byte - '0');

	l->size =
	    l->size > (UINT64_MAX - n) / 10 ? UINT64_MAX : l->size * 10 + n;
	l->state = LITERAL_DIGIT;
}

static void literal_byte(struct command_literal *l, char byte)
{
	if (byte == '{')
		*l = (struct command_literal){.state = LITERAL_OPEN,
					      .waits = true};
	else if (digit(byte) &&
		 (l->state == LITERAL_OPEN || l->state == LITERAL_DIGIT))
		literal_digit(l, byte);
	else if ((byte == '+' || byte == '-') && l->state == LITERAL_DIGIT) {
		l->state = LITERAL_PLUS;
		l->waits = false;
	} else if (byte == '}' &&
		   (l->state == LITERAL_DIGIT || l->state == LITERAL_PLUS))
		l->state = LITERAL_CLOSED;
	else if (byte != '\r' || l->state != LITERAL_CLOSED)
		l->state = LITERAL_NONE;
}

bool command_begins(const struct command *c, unsigned int n, const char *name)
{
	size_t len = strlen(name);

	return c->len[n - 1] >= len && memcmp(c->text[n - 1], name, len) == 0;
}

bool command_is(const struct command *c, unsigned int n, const char *name)
{
	return c->len[n - 1] == strlen(name) && command_begins(c, n, name);
}

static void hide_from(struct command *c, const struct command_rule *rule,
		      unsigned int word)
{
	if (!c->secret_from || word < c->secret_from)
		c->secret_from = word;
	c->mechanism = rule->mechanism;
}

static void end_word(struct command *c)
{
	const struct command_rule *rule = c->rules;

	if (!c->inside)
		return;
	c->inside = c->quoted = c->escaped = false;
	for (; rule && rule->name; rule++) {
		if (rule->word != c->word)
			continue;
		if (command_is(c, c->word, rule->name))
			hide_from(c, rule, rule->secret);
		else if (rule->loose && command_begins(c, c->word, rule->name))
			hide_from(c, rule, rule->secret - 1);
	}
}

static void begin_word(struct command *c, char byte)
{
	c->inside = true;
	c->word++;
	c->quoted = c->strings && byte == '"';
	if (c->word <= COMMAND_WORDS)
		c->len[c->word - 1] = 0;
}

static void add(struct command *c, char byte)
{
	size_t *len;

	if (c->word == 1)
		c->tag = (c->tag ^ (unsigned char)byte) * 0x100000001b3;
	if (c->word > COMMAND_WORDS)
		return;
	len = &c->len[c->word - 1];
	if (*len < COMMAND_WORD_MAX)
		c->text[c->word - 1][*len] = upper(byte);
	++*len;
}

/* A command's name with the secret right behind it, as in PASSsecret. */
static bool runs_into_secret(const struct command *c)
{
	const struct command_rule *rule = c->rules;

	/* No name is so long, and no text is kept. */
	if (c->len[c->word - 1] > COMMAND_WORD_MAX)
		return false;
	for (; rule && rule->name; rule++)
		if (rule->loose && rule->word == c->word &&
		    rule->secret == c->word + 1 &&
		    c->len[c->word - 1] == strlen(rule->name) &&
		    command_begins(c, c->word, rule->name))
			return true;
	return false;
}

static bool no_mechanism(const struct command *c, char byte)
{
	return c->mechanism && c->word <= COMMAND_WORDS &&
	       (c->len[c->word - 1] >= COMMAND_WORD_MAX ||
		!(digit(byte) || (upper(byte) >= 'A' && upper(byte) <= 'Z') ||
		  byte == '-' || byte == '_' || (c->strings && byte == '"')));
}

static bool begins_secret(struct command *c, char byte)
{
	if (c->secret_from)
		return c->word >= c->secret_from || no_mechanism(c, byte);
	return c->word <= COMMAND_WORDS && runs_into_secret(c);
}

static enum span_kind secret(struct command *c)
{
	c->secret = true;
	return SPAN_SECRET;
}

/*
 * A blank in front of a secret may lie in a quoted word, or behind one whose
 * quote was forgotten: all that follows is hidden.
 */
static enum span_kind quoted_byte(struct command *c, char byte)
{
	if (c->secret_from && (command_blank(byte) || no_mechanism(c, byte)))
		return secret(c);
	add(c, byte);
	if (c->escaped)
		c->escaped = false;
	else if (byte == '\\')
		c->escaped = true;
	else if (byte == '"')
		end_word(c);
	return SPAN_SHOW;
}

/* A lone star cancels an authentication, and base64 knows no star. */
static enum span_kind response_byte(struct command *c, char byte)
{
	if (c->cancelled && byte == '\r')
		return SPAN_SHOW;
	if (c->word || byte != '*')
		return secret(c);
	c->word = 1;
	c->cancelled = true;
	return SPAN_SHOW;
}

enum span_kind command_byte(struct command *c, char byte)
{
	c->begun = true;
	if (byte == '\n') {
		end_word(c);
		c->ended = true;
		return SPAN_SHOW;
	}
	if (byte == '{' || c->literal.state != LITERAL_NONE)
		literal_byte(&c->literal, byte);
	if (c->secret)
		return SPAN_SECRET;
	if (c->response)
		return response_byte(c, byte);
	if (c->quoted)
		return quoted_byte(c, byte);
	if (command_blank(byte)) {
		end_word(c);
		return SPAN_SHOW;
	}
	if (!c->inside)
		begin_word(c, byte);
	if (begins_secret(c, byte))
		return secret(c);
	add(c, byte);
	return SPAN_SHOW;
}

void command_next(struct command *c)
{
	if (!c->secret && c->word)
		c->doubt = false;
	c->begun = c->ended = c->secret = c->inside = false;
	c->quoted = c->escaped = c->cancelled = c->mechanism = false;
	c->word = c->secret_from = 0;
	memset(c->len, 0, sizeof c->len);
	c->tag = 0xcbf29ce484222325;
	c->literal.state = LITERAL_NONE;
}

void command_continue(struct command *c)
{
	c->ended = c->inside = c->quoted = c->escaped = false;
	c->literal.state = LITERAL_NONE;
}

bool command_has_literal(const struct command *c)
{
	return c->strings && c->literal.state == LITERAL_CLOSED;
}

bool command_at_start(const struct command *c)
{
	return !c->begun && !c->secret;
}

void command_respond(struct command *c)
{
	if (!command_at_start(c))
		c->secret = true;
	c->response = true;
}

void command_responded(struct command *c)
{
	c->doubt = c->doubt || c->response;
	c->response = false;
}

static bool is_name(const struct command *c, const char *at, size_t len)
{
	const char *const *name = c->names;
	size_t i;

	for (; name && *name; name++) {
		for (i = 0; i < len && upper(at[i]) == (*name)[i]; i++)
			;
		if (i == len && !(*name)[i])
			return true;
	}
	return false;
}

/* No more of a line is looked at than what tells its first two words. */
bool command_waits(struct command *c, const char *at, size_t len)
{
	const char *end = at + (len < COMMAND_LOOK ? len : COMMAND_LOOK);
	const char *word;
	size_t word_len;

	if (!c->doubt || c->response || !command_at_start(c))
		return false;
	while (at < end && command_blank(*at) && *at != '\n')
		at++;
	for (word = at; at < end && !command_blank(*at); at++)
		;
	word_len = (size_t)(at - word);
	while (at < end && command_blank(*at) && *at != '\n')
		at++;
	if (at == end && len < COMMAND_LOOK)
		return true;
	if (at == end)
		c->secret = true;
	else if (*at == '\n' || (c->strings && *at == '{'))
		c->secret = word_len && !is_name(c, word, word_len);
	return false;
}

void command_judge_now(struct command *c)
{
	c->secret = c->secret || c->doubt;
}
