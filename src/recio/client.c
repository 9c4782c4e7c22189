/*
 * The client's side of a session; see client.h.  Invariant: between two calls
 * nothing of a line is taken that is not complete, unless rest says so.
 */
#include "recio/client.h"

#include <stdio.h>
#include <string.h>

#include "recio/argument_form.h"
#include "recio/protocol_session.h"

enum { WORD_LITERAL = 255 };

static void is(struct protocol_session *p, enum span_kind kind, const char *at,
	       size_t len)
{
	session_emit(p, RELAY_IN, kind, at, len);
}

/* The length of a line with its newline, 0 if it is not there. */
static size_t whole_line(const char *at, size_t len)
{
	const char *newline =
	    memchr(at, '\n', len < GRAMMAR_LINE ? len : GRAMMAR_LINE);

	return newline ? (size_t)(newline - at) + 1 : 0;
}

/* How much of a line is shown, or hidden, as one; the newline is always. */
static size_t without_newline(const char *at, size_t len)
{
	return len && at[len - 1] == '\n' ? len - 1 : len;
}

/* Bytes of this kind, and a newline that may stand behind them. */
static void is_line(struct protocol_session *p, enum span_kind kind,
		    const char *at, size_t len)
{
	size_t n = without_newline(at, len);

	is(p, kind, at, n);
	is(p, SPAN_SHOW, at + n, len - n);
}

static size_t take_rest(struct protocol_session *p, const char *at, size_t len,
			struct client_line *line)
{
	struct client *c = &p->client;
	const char *newline;
	bool bounded = c->unsure && c->unsure_bytes;

	*line = (struct client_line){.over = false};
	if (bounded && len >= c->unsure_bytes)
		len = (size_t)c->unsure_bytes;
	newline = memchr(at, '\n', len);
	if (newline)
		len = (size_t)(newline - at) + 1;
	if (newline || (bounded && len == c->unsure_bytes)) {
		c->rest = false;
		*line = c->line;
		line->over = true;
	}
	is_line(p, c->rest_kind, at, len);
	return len;
}

void client_hide_rest(struct protocol_session *p)
{
	struct client *c = &p->client;

	c->rest = true;
	c->rest_kind = SPAN_SECRET;
	c->line = (struct client_line){.response = true};
}

/* A lone star cancels an authentication, and base64 knows no star. */
static bool is_cancel(const char *at, size_t len)
{
	size_t n = without_newline(at, len);

	return n && *at == '*' && (n == 1 || (n == 2 && at[1] == '\r'));
}

static void show_content(struct protocol_session *p, const char *at, size_t len)
{
	message_counter_begin(&p->content[RELAY_IN], true);
	is(p, SPAN_CONTENT, at, len);
	message_counter_octets(&p->content[RELAY_IN], at, len);
	session_end_message(p, RELAY_IN, true);
}

/* Shows this part of a line, in which there may be content. */
static void show_part(struct protocol_session *p, const struct grammar_line *g,
		      const char *at, size_t from, size_t to)
{
	if (g->content_to) {
		is(p, SPAN_SHOW, at + from, g->content_from - from);
		show_content(p, at + g->content_from,
			     g->content_to - g->content_from);
		from = g->content_to;
	}
	is(p, SPAN_SHOW, at + from, to - from);
}

/* Shows what the grammar lets through. */
static void show(struct protocol_session *p, const struct grammar_line *g,
		 const char *at, size_t len)
{
	bool all = g->rest == GRAMMAR_ALL || p->secrets;
	size_t from = all ? 0 : g->from, to = all ? len : g->to;

	if (p->muted || p->opaque)
		return;
	if (from)
		echo_remember(&p->echo, at, from, false);
	p->position[RELAY_IN] += from;
	show_part(p, g, at, from, to);
	if (g->rest == GRAMMAR_HIDDEN)
		p->hidden[RELAY_IN] += from;
	is_line(p, g->rest == GRAMMAR_SECRET ? SPAN_SECRET : SPAN_HIDDEN,
		at + to, len - to);
}

/* What may be a literal, a message or anything: it is counted. */
static void count(struct protocol_session *p, const char *at, size_t len)
{
	struct message_counter *content = &p->content[RELAY_IN];

	if (p->client.unsure_secret || p->contents || p->secrets) {
		is_line(p, p->client.unsure_secret ? SPAN_SECRET : SPAN_HIDDEN,
			at, len);
		return;
	}
	if (!content->running)
		message_counter_begin(content, true);
	is(p, SPAN_CONTENT, at, len);
	echo_remember(&p->echo, at, len, false);
	message_counter_octets(content, at, len);
}

void client_sure(struct protocol_session *p)
{
	struct client *c = &p->client;

	if (!c->unsure)
		return;
	session_end_message(p, RELAY_IN, false);
	c->unsure = c->last_unsure = false;
	c->unsure_bytes = 0;
	/* One of the lines may have begun an authentication. */
	c->after_auth = true;
}

void client_unsure(struct protocol_session *p, uint64_t size, bool secret)
{
	struct client *c = &p->client;

	c->unsure_secret = secret || (c->unsure && c->unsure_secret);
	c->unsure = true;
	if (c->unsure_bytes < size)
		c->unsure_bytes = size;
	c->last_unsure = !c->unsure_bytes;
}

/* So many bytes of what is unsure were looked at. */
static void pass_unsure(struct protocol_session *p, const char *at, size_t len)
{
	struct client *c = &p->client;
	bool last = c->last_unsure;

	if (!c->unsure)
		return;
	c->unsure_bytes -= len < c->unsure_bytes ? len : c->unsure_bytes;
	c->last_unsure = !c->unsure_bytes;
	/* Behind a literal its line goes on. */
	last = last || (c->last_unsure && !(*c->grammars)->strings);
	if (last && len && at[len - 1] == '\n')
		client_sure(p);
}

static bool is_blank(const char *at, size_t len)
{
	while (len && (unsigned char)at[len - 1] <= ' ')
		len--;
	return !len;
}

/* The rest of this line is too long to be looked at with it. */
static void go_on_with_rest(struct client *c, const struct grammar_line *g,
			    const struct client_line *line)
{
	c->rest = true;
	c->rest_kind = g->rest == GRAMMAR_SECRET ? SPAN_SECRET : SPAN_HIDDEN;
	c->line = *line;
}

static enum grammar_look look_at(const struct client *c, bool cut)
{
	if (c->doubtful_rest)
		return GRAMMAR_GLUED;
	if (cut)
		return GRAMMAR_CUT;
	return c->after_auth ? GRAMMAR_DOUBT : GRAMMAR_WHOLE;
}

/* Names the commands of lines that the server may have carried out. */
static void name(struct protocol_session *p,
		 const struct spotted_commands *spotted)
{
	char names[SPOTTED_COMMANDS_TEXT], text[SPOTTED_COMMANDS_TEXT + 64];

	if (!spotted->count || p->opaque || p->muted)
		return;
	spotted_commands_text(spotted, names);
	snprintf(text, sizeof text, "< not taken: lines begin with %s", names);
	p->out.note(p->out.ctx, text);
}

/* A server that refuses a size may take what stands behind it for a line. */
static void look_behind_size(struct protocol_session *p, const char *at,
			     size_t len)
{
	const struct grammar *const *grammars = p->client.grammars;
	struct spotted_commands spotted = {.len = 0};
	size_t n = line_literal_behind_size(at, len);

	spotted_commands_scan(&spotted, grammars, at + n, len - n);
	spotted_commands_end(&spotted, grammars);
	name(p, &spotted);
}

/* A command, or what is none. */
static void judge(struct protocol_session *p, const char *at, size_t len,
		  bool cut, struct client_line *line)
{
	struct client *c = &p->client;
	enum grammar_look look = look_at(c, cut);
	bool begins = !c->state.inside;
	struct grammar_line g;

	if (begins)
		c->state = (struct grammar_state){0};
	else if (c->doubtful_rest)
		c->state.rest = GRAMMAR_SECRET;
	g = grammar_judge(c->grammars, &c->state, look, at, len);
	*line = (struct client_line){.command = c->state.command,
				     .args = c->state.args,
				     .number = c->state.number,
				     .tag = c->state.tag,
				     .literal = g.literal,
				     .over = !cut,
				     .alone = !c->state.args &&
					      g.rest == GRAMMAR_ALL,
				     .blank = begins && is_blank(at, len)};
	show(p, &g, at, len);
	if (g.rest != GRAMMAR_ALL && c->state.strings && !p->secrets)
		look_behind_size(p, at + g.to, g.end - g.to);
	c->owed += begins && !line->blank;
	if (c->state.command && begins)
		c->after_auth =
		    grammar_authenticates(c->state.command)
			? g.odd
			: line->alone && grammar_has_secret(c->state.command);
	if (cut)
		go_on_with_rest(c, &g, line);
}

/* A command where the octets, if they are some, are over. */
static struct grammar_line look_behind(struct client *c, const char *at,
				       size_t len, size_t from)
{
	struct grammar_line g;

	c->state = (struct grammar_state){0};
	g = grammar_judge(c->grammars, &c->state,
			  from ? GRAMMAR_GLUED : GRAMMAR_VERBS, at + from,
			  len - from);
	g.from += from;
	g.to += from;
	g.end += from;
	/* What stands in front of a command that is shown whole is hidden. */
	if (from && g.rest == GRAMMAR_ALL)
		g.rest = GRAMMAR_HIDDEN;
	return g;
}

/* What may be lines: nothing follows from them. */
static void judge_unsure(struct protocol_session *p, const char *at, size_t len,
			 bool cut, struct client_line *line)
{
	struct client *c = &p->client;
	struct grammar_line g = look_behind(c, at, len, 0);
	bool over = c->unsure_bytes && c->unsure_bytes < len;
	size_t end = over ? (size_t)c->unsure_bytes : len;

	if (c->state.command)
		spotted_commands_scan(&c->spotted, c->grammars, at + end,
				      len - end);
	else if (over)
		g = look_behind(c, at, len, end);
	*line = (struct client_line){.literal = g.literal, .response = true};
	if (c->state.command) {
		session_end_message(p, RELAY_IN, false);
		c->unsure_tag = c->state.tag;
		c->owed++;
		show(p, &g, at, len);
		client_octets_named(p);
	} else {
		count(p, at, len);
	}
	if (cut)
		go_on_with_rest(c, &g, line);
}

/* A literal that the server may read differently, or not as one. */
static void doubt_literal(struct protocol_session *p, struct client_line *line)
{
	struct client *c = &p->client;

	if (!line->literal.there || (line->literal.sure && !c->unsure))
		return;
	line->literal.there = c->state.inside = false;
	client_unsure(p, line->literal.size, line->literal.kind == SPAN_SECRET);
}

static void respond(struct protocol_session *p, const char *at, size_t len,
		    bool cut, struct client_line *line)
{
	struct client *c = &p->client;
	struct grammar_state none = {0};
	struct grammar_line g;

	*line = (struct client_line){.response = true, .over = !cut};
	c->cut_response = false;
	/* A literal is the response, and comes next. */
	if (c->auth == CLIENT_RESPONDS &&
	    !((*c->grammars)->strings && line_literal_loose(at, len).there))
		c->auth = CLIENT_WAITS;
	if (cut) {
		is(p, SPAN_SECRET, at, len);
		client_hide_rest(p);
		return;
	}
	if (is_cancel(at, len)) {
		is(p, SPAN_SHOW, at, len);
		return;
	}
	g = grammar_judge(c->grammars, &none, GRAMMAR_RESPONSE, at, len);
	show(p, &g, at, len);
	c->owed += none.command != NULL;
}

/* An answer tells whether what was hidden was commands, or what comes is. */
static bool waits_for_answer(const struct client *c)
{
	if (c->cut_response)
		return false;
	return c->auth == CLIENT_WAITS ||
	       (c->spotted.count && !c->state.inside && !c->unsure &&
		c->auth == CLIENT_COMMANDS);
}

/* Octets that are a line for the server go on behind what we took for them. */
static void scan_rest(struct client *c, const char *at, size_t len)
{
	if (!c->cut_octets)
		return;
	c->cut_octets = false;
	c->doubtful_rest =
	    spotted_commands_rest(&c->spotted, c->grammars, at, len);
}

size_t client_line(struct protocol_session *p, const char *at, size_t len,
		   struct client_line *line)
{
	struct client *c = &p->client;
	size_t n;
	bool cut;

	if (c->rest) {
		n = take_rest(p, at, len, line);
		pass_unsure(p, at, n);
		return n;
	}
	if (!c->state.inside && session_may_be_hello(p, at, len))
		return 0;
	n = whole_line(at, len);
	c->partial = !n && len < GRAMMAR_LINE && !c->ended;
	if (c->partial)
		return 0;
	cut = !n && len >= GRAMMAR_LINE;
	if (!n)
		n = cut ? GRAMMAR_LINE : len;
	scan_rest(c, at, n);
	if (waits_for_answer(c))
		return 0;
	if (c->auth != CLIENT_COMMANDS || c->cut_response)
		respond(p, at, n, cut, line);
	else if (c->unsure)
		judge_unsure(p, at, n, cut, line);
	else
		judge(p, at, n, cut, line);
	c->doubtful_rest = false;
	pass_unsure(p, at, n);
	doubt_literal(p, line);
	return n;
}

void client_authenticates(struct protocol_session *p)
{
	p->client.auth = CLIENT_WAITS;
}

void client_challenged(struct protocol_session *p)
{
	client_octets_named(p);
	client_sure(p);
	p->client.auth = CLIENT_RESPONDS;
	p->client.state = (struct grammar_state){0};
}

void client_answered(struct protocol_session *p)
{
	struct client *c = &p->client;

	if (c->auth == CLIENT_COMMANDS)
		return;
	c->after_auth = true;
	c->cut_response =
	    c->cut_response || (c->auth != CLIENT_WAITS && p->held);
	c->auth = CLIENT_COMMANDS;
}

void client_give_up(struct protocol_session *p)
{
	client_octets_named(p);
	if (p->client.auth == CLIENT_WAITS)
		p->client.auth = CLIENT_BLIND;
}

void client_octets(struct protocol_session *p, uint64_t size,
		   enum span_kind kind, bool agreed)
{
	struct client *c = &p->client;

	if (kind == SPAN_SHOW && size > WORD_LITERAL)
		kind = SPAN_HIDDEN;
	c->octets_agreed = agreed;
	c->cut_octets = !size && !agreed && c->state.inside;
	session_expect_octets(p, RELAY_IN, size, kind);
}

/* A short argument is shown if it is a word: then it is no command either. */
static bool is_word(struct protocol_session *p, const char *at, size_t len)
{
	struct client *c = &p->client;
	size_t left = (size_t)p->octets[RELAY_IN].left;

	c->partial = len < left && !c->ended;
	if (!c->partial && !argument_form_is_word(at, len < left ? len : left))
		p->octets[RELAY_IN].kind = SPAN_HIDDEN;
	return !c->partial;
}

void client_look_for_commands(struct protocol_session *p, const char *at,
			      size_t len)
{
	struct client *c = &p->client;

	spotted_commands_scan(&c->spotted, c->grammars, at, len);
	echo_keep_octets(&p->echo, at, len);
}

size_t client_take_octets(struct protocol_session *p, const char *at,
			  size_t len)
{
	struct client *c = &p->client;

	c->partial = false;
	if (p->octets[RELAY_IN].kind == SPAN_SHOW && !is_word(p, at, len))
		return 0;
	len = session_take_octets(p, RELAY_IN, at, len);
	if (!c->octets_agreed)
		client_look_for_commands(p, at, len);
	c->cut_octets = !p->octets[RELAY_IN].left &&
			((!c->octets_agreed && c->state.inside) ||
			 !spotted_commands_at_start(&c->spotted));
	return len;
}

void client_octets_taken(struct protocol_session *p)
{
	p->client.spotted = (struct spotted_commands){.len = 0};
	p->client.cut_octets = p->client.doubtful_rest = false;
	echo_drop_octets(&p->echo);
}

void client_octets_named(struct protocol_session *p)
{
	struct client *c = &p->client;

	spotted_commands_end(&c->spotted, c->grammars);
	c->cut_octets = false;
	name(p, &c->spotted);
	if (c->spotted.count && !p->secrets)
		echo_remember_octets(p);
	echo_drop_octets(&p->echo);
	c->spotted = (struct spotted_commands){.len = 0};
}

void client_octets_refused(struct protocol_session *p)
{
	uint64_t left = p->octets[RELAY_IN].left;
	bool secret = p->octets[RELAY_IN].kind == SPAN_SECRET;
	bool in_line = left && !spotted_commands_at_start(&p->client.spotted);

	p->octets[RELAY_IN].left = 0;
	session_end_message(p, RELAY_IN, false);
	client_octets_named(p);
	if (!left)
		return;
	p->client.state = (struct grammar_state){0};
	if (in_line)
		client_hide_rest(p);
	client_unsure(p, left, secret);
}

void client_octets_are_lines(struct protocol_session *p)
{
	client_octets_refused(p);
	client_sure(p);
	p->client.after_auth = true;
}

void client_remember_lines(const struct client *c, struct hidden_text *h,
			   const char *at, size_t left)
{
	size_t n;
	struct grammar_state none;
	struct grammar_line g;

	for (; left; at += n, left -= n) {
		n = whole_line(at, left);
		if (!n)
			n = left < GRAMMAR_LINE ? left : GRAMMAR_LINE;
		none = (struct grammar_state){0};
		g = grammar_judge(c->grammars, &none, GRAMMAR_DOUBT, at, n);
		if (g.rest == GRAMMAR_ALL)
			continue;
		hidden_text_add(h, at, g.from, false);
		hidden_text_break(h, false);
		hidden_text_add(h, at + g.to, n - g.to, false);
		hidden_text_break(h, false);
	}
}

void client_finish(struct protocol_session *p)
{
	client_octets_named(p);
	client_sure(p);
}
