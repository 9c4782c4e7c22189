/*
 * Sessions out of connections.  A session has two sources: the lines of a
 * server such as tcpserver (its start, addresses and end) and the records of
 * its dialogue, each of which may be missing or late.  A missing start is only
 * a defect in a log in which some session has a start or an end.
 */
#include "rlogsess/grouping/connections.h"

#include "rlogsess/grouping/log_line.h"
#include "rlogsess/grouping/session_outcome.h"

struct connections {
	const struct filter *filter;
	struct connection_line line; /* the one that was parsed last */
	struct line_prefix prefix;
	struct line_reader reader;
	bool starts_seen; /* this log reports the starts of sessions */
	struct grouping_load *load;
};

/* The session of a group, which is its first member. */
static struct session *get_session(struct group *group)
{
	return (struct session *)(void *)group;
}

const struct session *connections_session(const struct group *group)
{
	return (const struct session *)(const void *)group;
}

static void init_connections(void *state,
			     const struct grouping_context *context)
{
	struct connections *connections = state;

	connections->filter = context->filter;
	connections->load = context->load;
}

static void free_connections(void *state)
{
	(void)state;
}

static int64_t parse_connection_line(void *state,
				     struct line_time_reader *stamps,
				     struct slice text)
{
	struct connections *connections = state;

	connections->reader.stamps = stamps;
	connections->reader.prefix = &connections->prefix;
	log_line_parse_connection(&connections->line, &connections->reader,
				  text.at, text.len);
	return connections->line.time;
}

static enum line_membership get_pid(void *state, uint64_t *key)
{
	const struct connections *connections = state;

	*key = connections->line.pid;
	switch (connections->line.kind) {
	case LINE_OTHER: return LINE_OF_NONE;
	case LINE_MAYBE: return LINE_OF_OPEN_GROUP;
	default: return LINE_OF_GROUP;
	}
}

/* A server that reports a start after the program began may do so late. */
static bool is_another_start(const struct session *session,
			     const struct connection_line *line)
{
	const struct group *group = &session->group;

	return session->started || session->ended || session->said.noted_end ||
	       session->said.eof[DIALOGUE_OUT] ||
	       line->time == LINE_TIME_NONE || group->first == LINE_TIME_NONE ||
	       line->time - group->first > GROUPING_SECOND;
}

static bool is_other_name(const char *name, struct slice told)
{
	return *name && told.len && !slice_equal(told, name);
}

/* Lines of a session may follow its end, but none of another peer. */
static bool is_of_another_peer(const struct session *session,
			       const struct connection_line *line)
{
	return session->ended && (is_other_name(session->peer, line->peer) ||
				  is_other_name(session->port, line->port));
}

static bool is_another_session(const void *state, const struct group *group)
{
	const struct connections *connections = state;
	const struct session *session = connections_session(group);
	const struct connection_line *line = &connections->line;

	switch (line->kind) {
	case LINE_START: return is_another_start(session, line);
	case LINE_OK:
	case LINE_DENY:
	case LINE_END: return session->ended;
	default:
		return dialogue_is_another(&session->said, line) ||
		       is_of_another_peer(session, line);
	}
}

static bool is_complete(const struct session *session)
{
	const struct dialogue *dialogue = &session->said;

	if (session->started && !session->ended)
		return false;
	if (dialogue->noted_end ||
	    (dialogue->eof[DIALOGUE_IN] && dialogue->eof[DIALOGUE_OUT]))
		return true;
	if (!session->ended)
		return false;
	if (!dialogue->any || session->denied)
		return true;
	return dialogue->talk.polite && dialogue->eof[DIALOGUE_OUT] &&
	       !dialogue->noted_start;
}

/* True if recio -f records this direction alone, and it has ended. */
static bool is_single_end(const struct dialogue *dialogue, int dir)
{
	return dialogue->eof[dir] && dialogue->bytes[dir] &&
	       !dialogue->heard[!dir];
}

/*
 * True if no more is expected of a session that only its records tell of: it
 * ended behind a QUIT, which may be left out, or with the end of the only
 * recorded direction.
 */
static bool has_last_record(const struct session *session)
{
	const struct dialogue *dialogue = &session->said;

	if (session->started || dialogue->noted_start)
		return false;
	if (dialogue->talk.polite || dialogue->full)
		return dialogue->eof[DIALOGUE_OUT] ||
		       !dialogue->heard[DIALOGUE_OUT];
	return is_single_end(dialogue, DIALOGUE_IN) ||
	       is_single_end(dialogue, DIALOGUE_OUT);
}

static enum group_phase session_phase(const struct group *group)
{
	const struct session *session = connections_session(group);

	if (is_complete(session))
		return GROUP_COMPLETE;
	return session->ended || has_last_record(session) ? GROUP_ENDED
							  : GROUP_RUNNING;
}

static void count_running(struct connections *connections,
			  struct session *session)
{
	struct grouping_load *load = connections->load;

	session->running = true;
	load->running++;
	if (!load->outside && load->running > load->most)
		load->most = load->running;
}

static void stop_running(struct connections *connections,
			 struct session *session)
{
	connections->load->running -= session->running;
	session->running = false;
}

/* The first name that a log gives stays. */
static void keep_name(char *to, size_t size, struct slice from)
{
	if (from.len && !*to)
		slice_copy(from, to, size);
}

static void learn_names(struct session *session,
			const struct connection_line *line)
{
	keep_name(session->peer, sizeof session->peer, line->peer);
	keep_name(session->port, sizeof session->port, line->port);
	keep_name(session->local, sizeof session->local, line->local);
}

static void learn_line(struct connections *connections, struct session *session,
		       const struct connection_line *line)
{
	switch (line->kind) {
	case LINE_START:
		session->started = true;
		connections->starts_seen = true;
		break;
	case LINE_DENY: session->denied = true; break;
	case LINE_END:
		session->ended = true;
		/* A server that reports ends reports starts, too. */
		connections->starts_seen = true;
		session->status = line->status;
		session->signal = line->signal;
		break;
	case LINE_SAID: /* by rblsmtpd, which itself talks to the client */
		dialogue_take_said(&session->said, line->body);
		break;
	default:
		dialogue_take(&session->said, line);
		if (session->said.noted_start)
			connections->starts_seen = true;
	}
}

static int take_connection_line(void *state, struct group *group, bool again)
{
	struct connections *connections = state;
	struct session *session = get_session(group);
	const struct connection_line *line = &connections->line;

	(void)again;
	if (group->lines == 1)
		count_running(connections, session);
	session->reader = &connections->reader;
	learn_names(session, line);
	learn_line(connections, session, line);
	session_waits_take(&session->waits, line);
	if (session_phase(group) != GROUP_RUNNING)
		stop_running(connections, session);
	if (!session->matches)
		session->matches = filter_text(connections->filter,
					       line->text.at, line->text.len);
	return 0;
}

static bool lacks_server_start(const void *state, const struct group *group)
{
	const struct connections *connections = state;
	const struct session *session = connections_session(group);

	return connections->starts_seen && !session->started &&
	       !session->said.noted_start;
}

static bool lacks_server_end(const struct group *group)
{
	const struct dialogue *dialogue = &connections_session(group)->said;

	return group->list == GROUP_RUNNING ||
	       (group->list == GROUP_ENDED && dialogue->any &&
		dialogue->heard[DIALOGUE_OUT] && !dialogue->eof[DIALOGUE_OUT]);
}

static int close_session(void *state, struct group *group, bool again)
{
	(void)again;
	stop_running(state, get_session(group));
	return 0;
}

bool connections_ended_badly(const struct session *session)
{
	const struct dialogue *dialogue = &session->said;

	if (session->ended && (session->status || session->signal))
		return true;
	if (dialogue->reset)
		return true;
	/* recio -f out does not record a QUIT. */
	if (dialogue->heard[DIALOGUE_OUT] && !dialogue->heard[DIALOGUE_IN])
		return false;
	/* A session that continues after the log may still send QUIT. */
	return dialogue->talk.expects_quit && !dialogue->talk.polite &&
	       (dialogue->eof[DIALOGUE_OUT] ||
		!(session->group.marks & GROUP_OPEN));
}

static bool has_reply(const struct session *session,
		      const struct filter *filter)
{
	for (unsigned int code = 0; code < SMTP_SUMMARY_CODES; code++)
		if (smtp_summary_replied(&session->said.talk, code) &&
		    filter_reply(filter, code))
			return true;
	return false;
}

static bool is_session_wanted(const struct group *group,
			      const struct filter *filter)
{
	const struct session *session = connections_session(group);

	if (!filter_pid(filter, group->key) ||
	    !filter_address(filter, session->peer))
		return false;
	if (filter->replies && !has_reply(session, filter))
		return false;
	if (filter->texts && !session->matches)
		return false;
	return !filter->bad || connections_ended_badly(session);
}

static const char *get_session_peer(const struct group *group)
{
	return connections_session(group)->peer;
}

static void list_said(const struct dialogue *dialogue, struct fields *fields)
{
	const struct smtp_summary *summary = &dialogue->talk;
	const char *helo = string_list_next(&summary->helo, NULL);

	fields_number(fields, "in", dialogue->bytes[DIALOGUE_IN]);
	fields_number(fields, "out", dialogue->bytes[DIALOGUE_OUT]);
	fields_string(fields, "helo", helo ? helo : "");
	fields_strings(fields, "user", &summary->login.user);
	fields_strings(fields, "from", &summary->from);
	fields_strings(fields, "recipients", &summary->rcpt);
	fields_number(fields, "recipient_count", summary->rcpt.count);
	fields_number(fields, "messages", summary->messages);
	fields_number(fields, "size", summary->message_bytes);
	fields_text(fields, "reply",
		    (struct slice){summary->reply, summary->reply_len});
	fields_codes(fields, "replies", summary->codes, SMTP_SUMMARY_CODES);
	fields_string(fields, "tls", dialogue->tls_version);
	fields_string(fields, "cipher", dialogue->tls_cipher);
}

/* Nothing is known of the waits of a session without times. */
static void list_waits(const struct session_waits *waits, struct fields *fields)
{
	int64_t none = waits->known ? 0 : LINE_TIME_NONE;

	fields_seconds(fields, "client_seconds", none, waits->client_for);
	fields_seconds(fields, "server_seconds", none, waits->server_for);
}

static void list_session_fields(const struct group *group,
				struct fields *fields)
{
	const struct session *session = connections_session(group);

	fields_number(fields, "session", group->number);
	fields_number(fields, "pid", group->key);
	fields_time(fields, "start", group->first);
	fields_time(fields, "end", group->last);
	fields_seconds(fields, "seconds", group->first, group->last);
	fields_string(fields, "peer", session->peer);
	fields_string(fields, "port", session->port);
	fields_string(fields, "local", session->local);
	list_said(&session->said, fields);
	list_waits(&session->waits, fields);
	fields_string(fields, "outcome",
		      session_outcome_name(session_outcome(session)));
	fields_number(fields, "exit", (uint64_t)session->status);
	fields_if(fields, session->ended && !session->signal);
	fields_number(fields, "signal", (uint64_t)session->signal);
	fields_if(fields, session->ended && session->signal);
	fields_flag(fields, "denied", session->denied);
	fields_marks(fields, group, session->said.lost || group->held.left_out);
	fields_held(fields, group, NULL);
}

const struct grouping grouping_connections = {
    .name = "sessions",
    .noun = "session of",
    .remark = {"it began before the lines that were read",
	       "it goes on behind this log", "its process ID was used again",
	       "nothing more was said for the quiet time",
	       "too many sessions were open to wait for it"},
    .limits = {.groups = CONNECTIONS_MAX,
	       .quiet = 3600,
	       .patience = {[GROUP_ENDED] = {90 * GROUPING_SECOND, 0},
			    [GROUP_COMPLETE] = {2 * GROUPING_SECOND,
						CONNECTIONS_LINES}}},
    .spans = true,
    .state_size = sizeof(struct connections),
    .group_size = sizeof(struct session),
    .init = init_connections,
    .free = free_connections,
    .parse_line = parse_connection_line,
    .key = get_pid,
    .is_another = is_another_session,
    .take_line = take_connection_line,
    .is_over = session_phase,
    .lacks_start = lacks_server_start,
    .lacks_end = lacks_server_end,
    .close = close_session,
    .is_wanted = is_session_wanted,
    .peer = get_session_peer,
    .list_fields = list_session_fields,
};
