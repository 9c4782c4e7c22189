/*
 * Runs a dialect over the two streams of a session, and gives it its verbs.
 * Invariants: held bytes come before all that the client says later; a dialect
 * sees each byte once; a dialect keeps its knowledge in its state.
 * Tested by tests/unit/recio/protocol_session.c, smtp.c, imap.c and auto.c.
 */
#include "recio/protocol_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void *session_state(struct protocol_session *session)
{
	return session->state.bytes;
}

const void *session_peek_state(const struct protocol_session *session)
{
	return session->state.bytes;
}

struct client *session_client(struct protocol_session *session)
{
	return &session->client;
}

void session_emit(struct protocol_session *session, enum relay_dir dir,
		  enum span_kind kind, const char *at, size_t len)
{
	redactor_emit(&session->redactor, dir, kind, at, len);
}

const struct line_lexer *session_lexer(const struct protocol_session *session)
{
	return &session->lexer;
}

static enum span_kind classify_shown(struct protocol_session *session,
				     char byte, bool quoted)
{
	(void)session;
	(void)byte;
	(void)quoted;
	return SPAN_SHOW;
}

size_t session_line(struct protocol_session *session, const char *at,
		    size_t len)
{
	return session_line_by(session, at, len, classify_shown);
}

size_t session_line_by(struct protocol_session *session, const char *at,
		       size_t len, session_classify *classify)
{
	struct line_lexer *lexer = &session->lexer;
	enum span_kind kind = SPAN_SHOW, next;
	size_t from = 0, i;
	bool quoted;

	for (i = 0; i < len && !lexer->ended; i++) {
		quoted = lexer->quoted;
		line_lexer_byte(lexer, at[i]);
		next = classify(session, at[i], quoted);
		if (next == kind)
			continue;
		session_emit(session, RELAY_OUT, kind, at + from, i - from);
		from = i;
		kind = next;
	}
	session_emit(session, RELAY_OUT, kind, at + from, i - from);
	return i;
}

enum span_kind session_classify_quoted(struct protocol_session *session,
				       char byte, bool is_message)
{
	struct redactor *redactor = &session->redactor;

	if (is_message)
		redactor_count_message(redactor, RELAY_OUT, &byte, 1);
	else if (redactor->message[RELAY_OUT].running)
		redactor_end_message(redactor, RELAY_OUT, true);
	return is_message ? SPAN_CONTENT : SPAN_SHOW;
}

void session_next_line(struct protocol_session *session)
{
	line_lexer_next(&session->lexer);
}

void session_expect_octets(struct protocol_session *session, uint64_t size,
			   enum span_kind kind)
{
	line_lexer_continue(&session->lexer);
	expected_octets_begin(&session->octets, size, kind);
}

struct message_counter *session_message(struct protocol_session *session,
					enum relay_dir dir)
{
	return &session->redactor.message[dir];
}

void session_end_message(struct protocol_session *session, enum relay_dir dir,
			 bool whole)
{
	redactor_end_message(&session->redactor, dir, whole);
}

bool session_holds_commands(const struct protocol_session *session)
{
	const struct held_bytes *held = &session->held;
	const char *newline = memchr(held->bytes, '\n', held->len);
	size_t len = newline ? (size_t)(newline - held->bytes) : held->len;

	return client_is_command(&session->client, held->bytes, len);
}

size_t session_held_size(const struct protocol_session *session)
{
	const struct held_bytes *held = &session->held;

	if (!held->len || memchr(held->bytes, '\n', held->len) ||
	    !line_literal_loose(held->bytes, held->len).waits)
		return 0;
	return held->len;
}

bool session_cut_line(const struct protocol_session *session,
		      struct client_line *line)
{
	const struct held_bytes *held = &session->held;
	const struct client *client = &session->client;
	struct word name, argument;

	if (!held->len || held->bytes[held->len - 1] != '\r' ||
	    memchr(held->bytes, '\n', held->len) || client_in_auth(client) ||
	    client_octets_left(client) || client->unsure.bytes)
		return false;
	name = command_name_word(held->bytes, held->len, 0);
	argument = command_name_word(held->bytes, held->len, name.to);
	*line = (struct client_line){
	    .blank = name.from == name.to,
	    .alone = argument.from == argument.to,
	    .command =
		command_name_find(session->dialect->rules->plain,
				  held->bytes + name.from, name.to - name.from),
	};
	return true;
}

/* There is no TLS inside of TLS. */
void session_allow_tls(struct protocol_session *session)
{
	if (session->inside_tls)
		return;
	session->tls = TLS_START_AGREED;
	session->agreed = session->tls_due = true;
}

bool session_has_agreed(const struct protocol_session *session)
{
	return session->agreed && !session_is_opaque(session);
}

void session_make_opaque(struct protocol_session *session, const char *note)
{
	redactor_make_opaque(&session->redactor, note);
	held_bytes_drop(&session->held, session->held.len);
}

bool session_is_opaque(const struct protocol_session *session)
{
	return session->redactor.opaque;
}

/* Reads bytes of the client. Returns how many could be classified. */
static size_t read_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	struct client *client = &session->client;

	return client_octets_left(client)
		   ? client_take_octets(client, at, len)
		   : session->dialect->client(session, at, len);
}

/* Returns true if these bytes of the client wait as a hello. */
static bool holds_due_hello(struct protocol_session *session, const char *at,
			    size_t len)
{
	session->hello_due =
	    session->hello_due && held_bytes_hold_hello(&session->tls, at, len);
	return session->hello_due;
}

/* Reads bytes of the client until it must wait. */
static size_t read_client_ahead(struct protocol_session *session,
				const char *at, size_t len)
{
	size_t done = 0, n;

	while (done < len && !session_is_opaque(session) &&
	       session->tls != TLS_START_HELLO) {
		client_set_whole(&session->client);
		if (holds_due_hello(session, at + done, len - done))
			break;
		n = read_client(session, at + done, len - done);
		if (!n)
			break;
		done += n;
	}
	return session_is_opaque(session) ? len : done;
}

static void read_held(struct protocol_session *session)
{
	struct held_bytes *held = &session->held;

	held_bytes_drop(held,
			read_client_ahead(session, held->bytes, held->len));
}

static void start_dialect(struct protocol_session *session,
			  const struct dialect *dialect)
{
	session->dialect = dialect;
	dialect_list_grammars(dialect, session->grammars);
	session->lexer = (struct line_lexer){.strings = dialect->strings};
	line_lexer_next(&session->lexer);
	client_restart(&session->client, session->grammars);
	redactor_set_grammars(&session->redactor, session->grammars);
	memset(&session->state, 0, dialect->state_size);
	if (dialect->begin)
		dialect->begin(session);
}

/*
 * The bytes that TLS protects follow: the dialect begins anew. A server that
 * has greeted does not greet again.
 */
static void enter_tls(struct protocol_session *session)
{
	struct client before = session->client;
	bool greeted = session->redactor.position[RELAY_OUT] > 0;

	client_init(&session->client, &session->redactor, &session->held,
		    &session->tls);
	expected_octets_init(&session->octets, &session->redactor, RELAY_OUT);
	start_dialect(session, session->dialect);
	client_inherit(&session->client, &before);
	if (greeted && session->dialect->skip_greeting)
		session->dialect->skip_greeting(session);
	session->inside_tls = true;
	session->agreed = session->tls_due = session->hello_due = false;
	session->tls = TLS_START_NEVER;
}

/*
 * The dialect has lost count of the answers. The rules that hide secrets
 * without counting go on, so that no client can end the record by talking too
 * much.
 */
static void lose_track(struct protocol_session *session)
{
	struct redactor *redactor = &session->redactor;
	struct client before = session->client;
	char text[128];

	/* The end of a reply is not known any more, that of octets is. */
	if (!session->octets.left)
		redactor_end_message(redactor, RELAY_OUT, false);
	snprintf(text, sizeof text,
		 "lost track behind < %" PRIu64 " bytes, > %" PRIu64
		 " bytes: too many answers are owed",
		 redactor->position[RELAY_IN], redactor->position[RELAY_OUT]);
	redactor_note(redactor, text);
	start_dialect(session, &dialect_any);
	client_inherit(&session->client, &before);
	read_held(session);
}

/*
 * There is no room to hold more, or no answer can come. A hello that is so
 * long, or has no answer, is none.
 */
static void give_up_waiting(struct protocol_session *session)
{
	bool hello = session->tls == TLS_START_HELLO;
	size_t before = session->held.len;

	session->tls = TLS_START_NEVER;
	if (hello && before == HELD_BYTES_MAX) {
		session->tls = TLS_START_LONG;
		memcpy(session->hello, session->held.bytes, SESSION_HELLO);
	}
	if (!hello) {
		client_give_up(&session->client);
		session->dialect->give_up(session);
	}
	read_held(session);
	if (session->held.len == before && !hello)
		lose_track(session);
}

/* The held bytes of a line are all that there will be of it. */
static void end_lines(struct protocol_session *session)
{
	client_end(&session->client);
	read_held(session);
}

static bool must_give_up(const struct protocol_session *session)
{
	size_t held = session->held.len;

	return held == HELD_BYTES_MAX ||
	       (held && session->giving_up && !session->client.partial);
}

static void end_answers(struct protocol_session *session)
{
	session->giving_up = true;
	read_held(session);
	while (session->held.len && !session->client.partial)
		give_up_waiting(session);
}

/*
 * The server agreed on TLS, and the client begins it. What it said before, be
 * it half a line or a command whose answer decides about the next bytes, has no
 * answer any more, and does not keep the hello from being found.
 */
static void expect_hello(struct protocol_session *session)
{
	end_lines(session);
	end_answers(session);
	session->giving_up = false;
	session->tls = TLS_START_AGREED;
	client_continue(&session->client);
	session->hello_due = true;
}

static void client_data(struct protocol_session *session, const char *at,
			size_t len)
{
	size_t n;

	if (session->tls_due && session->tls == TLS_START_AGREED &&
	    !session->hello_due && len && *at == 0x16)
		expect_hello(session);
	session->agreed = session->agreed && !len;
	while (len && !session_is_opaque(session)) {
		n = session->held.len ? 0 : read_client_ahead(session, at, len);
		at += n;
		len -= n;
		if (!len || session_is_opaque(session))
			return;
		n = held_bytes_add(&session->held, at, len);
		at += n;
		len -= n;
		read_held(session);
		if (must_give_up(session))
			give_up_waiting(session);
	}
}

/* The client's hello of len bytes has its answer. */
static void begin_tls(struct protocol_session *session, const char *hello,
		      size_t len)
{
	struct held_bytes *held = &session->held;
	bool inside;

	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		redactor_end_message(&session->redactor, dir, false);
	inside = redactor_begin_tls(&session->redactor, hello, len);
	held_bytes_drop(held, held->len);
	if (inside)
		enter_tls(session);
}

/*
 * The first bytes of the server after a hello, or after the client's first.
 * Returns true if they are TLS.
 */
static bool begins_tls(struct protocol_session *session, char byte)
{
	const struct held_bytes *held = &session->held;
	bool is_long = session->tls == TLS_START_LONG;

	if (held_bytes_answer_hello(&session->tls, byte)) {
		begin_tls(session, is_long ? session->hello : held->bytes,
			  is_long ? SESSION_HELLO : held->len);
		return true;
	}
	if (session->tls == TLS_START_FIRST &&
	    session->redactor.position[RELAY_IN])
		session->tls = TLS_START_NEVER;
	return false;
}

static void server_data(struct protocol_session *session, const char *at,
			size_t len)
{
	size_t n;

	if (len && begins_tls(session, *at))
		return;
	while (len && !session_is_opaque(session)) {
		session->agreed = session->tls_due = false;
		n = session->octets.left
			? expected_octets_take(&session->octets, at, len)
			: session->dialect->server(session, at, len);
		at += n;
		len -= n;
		/* Not within a line, so that splits make no difference. */
		if (session->held.len && !session->redactor.muted &&
		    at[-1] == '\n')
			read_held(session);
	}
}

void session_begin(struct protocol_session *session,
		   const struct dialect *dialect,
		   const struct redactor_config *config)
{
	memset(session, 0, offsetof(struct protocol_session, held.bytes));
	redactor_init(&session->redactor, config, &session->held);
	client_init(&session->client, &session->redactor, &session->held,
		    &session->tls);
	expected_octets_init(&session->octets, &session->redactor, RELAY_OUT);
	session->tls = TLS_START_FIRST;
	start_dialect(session, dialect);
}

/* Reads bytes that were recorded before, so that none of them may wait. */
static void replay_client(struct protocol_session *session, const char *at,
			  size_t len)
{
	size_t n = 1, before;

	for (; len; at += n, len -= n) {
		before = n;
		n = read_client(session, at, len);
		if (!n && !before)
			break;
		if (!n) {
			client_give_up(&session->client);
			session->dialect->give_up(session);
		}
	}
}

void session_become(struct protocol_session *session,
		    const struct dialect *dialect,
		    const struct session_seen *seen)
{
	struct client before = session->client;

	start_dialect(session, dialect);
	redactor_mute(&session->redactor, true);
	replay_client(session, seen->client, seen->client_len);
	server_data(session, seen->server, seen->server_len);
	redactor_mute(&session->redactor, false);
	client_inherit(&session->client, &before);
}

/* Returns true if an answer decides about the client's last bytes. */
static bool is_undecided(const struct protocol_session *session)
{
	return session->held.len || (session->redactor.message[RELAY_IN].tail &&
				     !session->giving_up);
}

/* Gives the last bytes of a direction, and its end. */
static void close_direction(struct protocol_session *session,
			    enum relay_dir dir)
{
	const struct redactor_out *out = &session->redactor.config.out;

	if (!session->ended[dir] || (dir == RELAY_IN && is_undecided(session)))
		return;
	session->ended[dir] = false;
	redactor_show_hidden(&session->redactor, dir);
	redactor_end_message(&session->redactor, dir, false);
	out->end(out->ctx, dir);
}

void session_data(struct protocol_session *session, enum relay_dir dir,
		  const char *at, size_t len)
{
	if (dir == RELAY_IN) {
		client_data(session, at, len);
	} else {
		server_data(session, at, len);
		close_direction(session, RELAY_IN);
	}
}

bool session_counts(const struct protocol_session *session, enum relay_dir dir)
{
	const struct redactor *redactor = &session->redactor;
	const struct dialect *dialect = session->dialect;
	bool expects =
	    dir == RELAY_IN
		? session->held.len || client_octets_left(&session->client)
		: session->octets.left;

	return dialect->counts && dialect->counts(session, dir) && !expects &&
	       redactor->message[dir].running && !redactor->config.contents &&
	       !session_is_opaque(session);
}

bool session_take_counts(struct protocol_session *session, enum relay_dir dir,
			 const struct session_counts *counts)
{
	struct redactor *redactor = &session->redactor;
	uint64_t n = counts->bytes - counts->len;

	if (!session_counts(session, dir) ||
	    !message_counter_skip(&redactor->message[dir], n, counts->lines))
		return false;
	redactor_skip_content(redactor, dir, n);
	session_data(session, dir, counts->last, counts->len);
	return true;
}

void session_end(struct protocol_session *session, enum relay_dir dir)
{
	session->ended[dir] = true;
	if (dir == RELAY_OUT)
		end_answers(session);
	else
		end_lines(session);
	close_direction(session, RELAY_IN);
	close_direction(session, RELAY_OUT);
}

void session_begin_tls(struct protocol_session *session, const char *note)
{
	struct redactor *redactor = &session->redactor;

	if (session_is_opaque(session))
		return;
	end_lines(session);
	end_answers(session);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++)
		redactor_end_message(redactor, dir, false);
	redactor_note(redactor, note);
	session->giving_up = false;
	enter_tls(session);
}

void session_finish(struct protocol_session *session)
{
	end_lines(session);
	end_answers(session);
	client_finish(&session->client);
	for (int dir = RELAY_IN; dir <= RELAY_OUT; dir++) {
		close_direction(session, dir);
		redactor_end_message(&session->redactor, dir, false);
	}
	explicit_bzero(&session->redactor.echo, sizeof session->redactor.echo);
}
