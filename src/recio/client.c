/*
 * A client's side of a session: takes lines as they become complete, classifies
 * them by the grammars and by the state of an authentication, and gives the
 * dialect the result of each. Invariant: between two calls no part of an
 * incomplete line has been taken, unless rest says so. Tested by
 * tests/unit/recio/smtp.c, pop3.c, imap.c and sieve.c.
 */
#include "recio/client_state.h"

#include <string.h>

static void emit_client(struct client *client, enum span_kind kind,
			const char *at, size_t len)
{
	redactor_emit(client->redactor, RELAY_IN, kind, at, len);
}

/* How much of a line is shown, or hidden, as one; the newline is always. */
static size_t without_newline(const char *at, size_t len)
{
	return len && at[len - 1] == '\n' ? len - 1 : len;
}

/* Emits bytes of this kind, and the newline that may follow them as shown. */
static void emit_line(struct client *client, enum span_kind kind,
		      const char *at, size_t len)
{
	size_t n = without_newline(at, len);

	emit_client(client, kind, at, n);
	emit_client(client, SPAN_SHOW, at + n, len - n);
}

static size_t take_rest(struct client *client, const char *at, size_t len,
			struct client_line *line)
{
	uint64_t bytes = client->unsure.bytes;
	const char *newline;

	*line = (struct client_line){.over = false};
	if (bytes && len >= bytes)
		len = (size_t)bytes;
	newline = memchr(at, '\n', len);
	if (newline)
		len = (size_t)(newline - at) + 1;
	if (newline || len == bytes) {
		client->rest = false;
		*line = client->line;
		line->over = true;
	}
	emit_line(client, client->rest_kind, at, len);
	return len;
}

void client_hide_rest(struct client *client)
{
	client->rest = true;
	client->rest_kind = SPAN_SECRET;
	client->line = (struct client_line){.response = true};
}

void client_begin_line(struct client *client)
{
	client->state = (struct grammar_state){0};
}

/* A lone star cancels an authentication, and base64 knows no star. */
static bool is_cancel(const char *at, size_t len)
{
	size_t n = without_newline(at, len);

	return n && *at == '*' && (n == 1 || (n == 2 && at[1] == '\r'));
}

static void emit_message(struct client *client, const char *at, size_t len)
{
	message_counter_begin(&client->redactor->message[RELAY_IN], true);
	emit_client(client, SPAN_CONTENT, at, len);
	redactor_count_message(client->redactor, RELAY_IN, at, len);
	redactor_end_message(client->redactor, RELAY_IN, true);
}

/* Shows this part of a line, within which a message may stand. */
static void show_part(struct client *client, const struct grammar_line *judged,
		      const char *at, size_t from, size_t to)
{
	if (judged->content_to) {
		emit_client(client, SPAN_SHOW, at + from,
			    judged->content_from - from);
		emit_message(client, at + judged->content_from,
			     judged->content_to - judged->content_from);
		from = judged->content_to;
	}
	emit_client(client, SPAN_SHOW, at + from, to - from);
}

/* Shows the part of a line that the grammar lets through. */
static void show_judged(struct client *client,
			const struct grammar_line *judged, const char *at,
			size_t len)
{
	struct redactor *redactor = client->redactor;
	bool all = judged->rest == GRAMMAR_ALL || redactor->config.secrets;
	size_t from = all ? 0 : judged->from, to = all ? len : judged->to;

	if (redactor_is_silent(redactor))
		return;
	redactor_leave_out(redactor, at, from);
	show_part(client, judged, at, from, to);
	if (judged->rest == GRAMMAR_HIDDEN)
		redactor_count_left_out(redactor, from);
	emit_line(client,
		  judged->rest == GRAMMAR_SECRET ? SPAN_SECRET : SPAN_HIDDEN,
		  at + to, len - to);
}

/* Counts bytes that may be a literal, a message or anything. */
static void count_unsure(struct client *client, const char *at, size_t len)
{
	struct redactor *redactor = client->redactor;
	bool secret = client->unsure.secret;

	if (secret || redactor->config.contents || redactor->config.secrets) {
		emit_line(client, secret ? SPAN_SECRET : SPAN_HIDDEN, at, len);
		return;
	}
	redactor_count_message(redactor, RELAY_IN, at, len);
	emit_client(client, SPAN_CONTENT, at, len);
	echo_remember(&redactor->echo, at, len, false);
}

void client_sure(struct client *client)
{
	if (!client->unsure.running)
		return;
	redactor_end_message(client->redactor, RELAY_IN, false);
	unsure_lines_end(&client->unsure);
	/* One of the lines may have begun an authentication. */
	client_doubt_auth(client);
}

void client_unsure(struct client *client, uint64_t size, bool secret)
{
	unsure_lines_begin(&client->unsure, size, secret);
}

/* Takes bytes out of a range that is unsure, and ends it with the last one. */
static void pass_unsure(struct client *client, const char *at, size_t len)
{
	if (unsure_lines_pass(&client->unsure, at, len,
			      (*client->grammars)->strings))
		client_sure(client);
}

static bool is_blank_line(const char *at, size_t len)
{
	while (len && (unsigned char)at[len - 1] <= ' ')
		len--;
	return !len;
}

/* The rest of this line is too long to be judged with it. */
static void expect_rest(struct client *client,
			const struct grammar_line *judged,
			const struct client_line *line)
{
	client->rest = true;
	client->rest_kind =
	    judged->rest == GRAMMAR_SECRET ? SPAN_SECRET : SPAN_HIDDEN;
	client->line = *line;
}

static enum grammar_look choose_look(const struct client *client, bool cut)
{
	if (client->doubtful_rest)
		return GRAMMAR_GLUED;
	if (cut)
		return GRAMMAR_CUT;
	return client->auth.after ? GRAMMAR_DOUBT : GRAMMAR_WHOLE;
}

/* Judges a line that is not a response: a known command, or another one. */
static void judge_line(struct client *client, const char *at, size_t len,
		       bool cut, struct client_line *line)
{
	enum grammar_look look = choose_look(client, cut);
	struct grammar_state *state = &client->state;
	bool begins = !state->inside;
	struct grammar_line judged;

	if (begins)
		client_begin_line(client);
	else if (client->doubtful_rest)
		state->rest = GRAMMAR_SECRET;
	judged = grammar_judge(client->grammars, state, look, at, len);
	*line = (struct client_line){.command = state->command,
				     .args = state->args,
				     .number = state->number,
				     .tag = state->tag,
				     .literal = judged.literal,
				     .over = !cut,
				     .alone = !state->args &&
					      judged.rest == GRAMMAR_ALL,
				     .blank = begins && is_blank_line(at, len)};
	show_judged(client, &judged, at, len);
	if (judged.rest != GRAMMAR_ALL && state->strings &&
	    !client->redactor->config.secrets)
		announced_octets_look_behind(&client->octets, at + judged.to,
					     judged.end - judged.to);
	client->owed += begins && !line->blank;
	if (state->command && begins)
		auth_exchange_set_after(
		    &client->auth, line->alone &&
				       grammar_has_secret(state->command) &&
				       !grammar_authenticates(state->command));
	if (cut)
		expect_rest(client, &judged, line);
}

/* Finds a command from this offset on, where octets may end. */
static struct grammar_line judge_from(struct client *client, const char *at,
				      size_t len, size_t from)
{
	struct grammar_line judged;

	client_begin_line(client);
	judged = grammar_judge(client->grammars, &client->state,
			       from ? GRAMMAR_GLUED : GRAMMAR_VERBS, at + from,
			       len - from);
	judged.from += from;
	judged.to += from;
	judged.end += from;
	/* The bytes before a command that is shown whole are hidden. */
	if (from && judged.rest == GRAMMAR_ALL)
		judged.rest = GRAMMAR_HIDDEN;
	return judged;
}

/* Judges a possible line: the dialect learns nothing from it. */
static void judge_unsure(struct client *client, const char *at, size_t len,
			 bool cut, struct client_line *line)
{
	struct grammar_line judged = judge_from(client, at, len, 0);
	uint64_t bytes = client->unsure.bytes;
	bool over = bytes && bytes < len;
	size_t end = over ? (size_t)bytes : len;

	if (client->state.command)
		announced_octets_spot(&client->octets, at + end, len - end);
	else if (over)
		judged = judge_from(client, at, len, end);
	*line =
	    (struct client_line){.literal = judged.literal, .response = true};
	if (client->state.command) {
		redactor_end_message(client->redactor, RELAY_IN, false);
		unsure_lines_set_tag(&client->unsure, client->state.tag);
		client->owed++;
		show_judged(client, &judged, at, len);
		client_octets_named(client);
	} else {
		count_unsure(client, at, len);
	}
	if (cut)
		expect_rest(client, &judged, line);
}

/* A literal that the server may read differently, or not as one. */
static void doubt_literal(struct client *client, struct client_line *line)
{
	const struct line_literal *literal = &line->literal;

	if (!literal->there || literal->sure)
		return;
	line->literal.there = client->state.inside = false;
	client_unsure(client, literal->size, literal->kind == SPAN_SECRET);
}

static void judge_auth_line(struct client *client, const char *at, size_t len,
			    bool cut, struct client_line *line)
{
	struct grammar_state none = {0};
	struct grammar_line judged;

	*line = (struct client_line){.response = true, .over = !cut};
	auth_exchange_close_response(&client->auth);
	/* A literal is the response, and comes next. */
	if (!((*client->grammars)->strings &&
	      line_literal_loose(at, len).there))
		auth_exchange_respond(&client->auth);
	if (cut) {
		emit_client(client, SPAN_SECRET, at, len);
		client_hide_rest(client);
		return;
	}
	if (is_cancel(at, len)) {
		emit_client(client, SPAN_SHOW, at, len);
		return;
	}
	judged =
	    grammar_judge(client->grammars, &none, GRAMMAR_RESPONSE, at, len);
	show_judged(client, &judged, at, len);
	client->owed += none.command != NULL;
}

/* An answer decides whether hidden bytes were commands, or the next are. */
static bool waits_for_answer(const struct client *client)
{
	const struct auth_exchange *auth = &client->auth;

	return auth->state == AUTH_WAITS ||
	       (client->octets.spotted.count && !client->state.inside &&
		!client->unsure.running && auth->state == AUTH_NONE);
}

/* A line that began in octets goes on after the end that was announced. */
static void scan_rest(struct client *client, const char *at, size_t len)
{
	if (client->octets.cut)
		client->doubtful_rest =
		    announced_octets_scan_rest(&client->octets, at, len);
}

/* Returns how many bytes are judged at once, 0 if more must come first. */
static size_t measure_line(struct client *client, const char *at, size_t len,
			   bool *cut)
{
	size_t n = grammar_line_length(at, len);

	client->partial = !n && len < GRAMMAR_LINE && !client->ended;
	*cut = !n && len >= GRAMMAR_LINE;
	if (n || client->partial)
		return n;
	return *cut ? GRAMMAR_LINE : len;
}

size_t client_line(struct client *client, const char *at, size_t len,
		   struct client_line *line)
{
	size_t n;
	bool cut;

	if (client->rest) {
		n = take_rest(client, at, len, line);
		pass_unsure(client, at, n);
		return n;
	}
	if (!client->state.inside && client_holds_hello(client, at, len))
		return 0;
	n = measure_line(client, at, len, &cut);
	if (!n)
		return 0;
	scan_rest(client, at, n);
	if (waits_for_answer(client))
		return 0;
	if (client_in_auth(client) || client->auth.cut_response)
		judge_auth_line(client, at, n, cut, line);
	else if (client->unsure.running)
		judge_unsure(client, at, n, cut, line);
	else
		judge_line(client, at, n, cut, line);
	client->doubtful_rest = false;
	pass_unsure(client, at, n);
	doubt_literal(client, line);
	return n;
}

bool client_holds_hello(struct client *client, const char *at, size_t len)
{
	return held_bytes_hold_hello(client->tls, at, len);
}

void client_authenticates(struct client *client)
{
	auth_exchange_begin(&client->auth);
}

void client_challenged(struct client *client)
{
	client_octets_named(client);
	client_sure(client);
	auth_exchange_challenge(&client->auth);
	client_begin_line(client);
}

void client_answered(struct client *client)
{
	auth_exchange_answer(&client->auth, client->held->len > 0);
}

bool client_in_auth(const struct client *client)
{
	return client->auth.state != AUTH_NONE;
}

void client_doubt_auth(struct client *client)
{
	auth_exchange_set_after(&client->auth, true);
}

unsigned int client_owed(const struct client *client)
{
	return client->owed;
}

void client_owe_less(struct client *client)
{
	client->owed -= client->owed > 0;
}

void client_tag_answered(struct client *client, uint64_t tag)
{
	if (client->unsure.running && tag == client->unsure.tag)
		client_sure(client);
}

void client_give_up(struct client *client)
{
	client_octets_named(client);
	auth_exchange_give_up(&client->auth);
}

void client_octets(struct client *client, uint64_t size, enum span_kind kind,
		   bool agreed)
{
	announced_octets_begin(&client->octets, size, kind, agreed,
			       client->state.inside);
}

uint64_t client_octets_left(const struct client *client)
{
	return client->octets.expected.left;
}

bool client_is_command(const struct client *client, const char *at, size_t len)
{
	size_t from, to;

	return command_name_spot(client->grammars, at, len, &from, &to) &&
	       (to == len || at[to] != ':');
}

void client_look_for_commands(struct client *client, const char *at, size_t len)
{
	announced_octets_scan(&client->octets, at, len);
}

size_t client_take_octets(struct client *client, const char *at, size_t len)
{
	client->partial =
	    announced_octets_need_more(&client->octets, at, len, client->ended);
	if (client->partial)
		return 0;
	return announced_octets_take(&client->octets, at, len,
				     client->state.inside);
}

void client_octets_taken(struct client *client)
{
	announced_octets_taken(&client->octets);
	client->doubtful_rest = false;
}

void client_octets_named(struct client *client)
{
	announced_octets_name(&client->octets);
}

void client_octets_refused(struct client *client)
{
	bool secret = client->octets.expected.kind == SPAN_SECRET, in_line;
	uint64_t left = announced_octets_refuse(&client->octets, &in_line);

	if (!left)
		return;
	client_begin_line(client);
	if (in_line)
		client_hide_rest(client);
	client_unsure(client, left, secret);
}

void client_octets_are_lines(struct client *client)
{
	client_octets_refused(client);
	client_sure(client);
	client_doubt_auth(client);
}

void client_finish(struct client *client)
{
	client_octets_named(client);
}

void client_init(struct client *client, struct redactor *redactor,
		 const struct held_bytes *held, enum tls_start *tls)
{
	*client =
	    (struct client){.redactor = redactor, .held = held, .tls = tls};
}

void client_restart(struct client *client,
		    const struct grammar *const *grammars)
{
	*client = (struct client){.redactor = client->redactor,
				  .held = client->held,
				  .tls = client->tls,
				  .grammars = grammars,
				  .ended = client->ended};
	announced_octets_init(&client->octets, client->redactor, grammars);
}

void client_inherit(struct client *client, const struct client *before)
{
	auth_exchange_inherit(&client->auth, &before->auth);
}

void client_end(struct client *client)
{
	client->ended = true;
}

void client_continue(struct client *client)
{
	client->ended = client->rest = false;
	client_begin_line(client);
}

void client_set_whole(struct client *client)
{
	client->partial = false;
}
