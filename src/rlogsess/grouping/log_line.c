/*
 * Parsing the lines that a log has about sessions.  A line is parsed by its
 * first bytes: digits begin a record, a name begins a message of a program, a
 * word begins a line of qmail-send or a note.  A line that departs from its
 * form in any place belongs to no session and to no message, so that a broken
 * log gives no wrong facts; a note of unknown form changes nothing.
 *
 * In this order: connections, qmail-send, notes.  Tested by
 * tests/unit/rlogsess/log_line.c, qmail.c and dialogue.c.
 */
#include "rlogsess/grouping/log_line.h"

#include <string.h>

#include "logread/record_line.h"

enum { NAME_MAX_LEN = 64 };

static bool take_pid_number(struct slice *rest, uint32_t *n)
{
	uint64_t value;

	if (!slice_number(rest, INT32_MAX, &value))
		return false;
	*n = (uint32_t)value;
	return true;
}

static struct slice take_next_word(struct slice *rest)
{
	return slice_until(rest, ' ');
}

/* Takes a process ID that is a whole word. */
static bool take_pid_word(struct slice *rest, uint32_t *pid)
{
	struct slice w = take_next_word(rest);

	return take_pid_number(&w, pid) && w.len == 0 && *pid != 0;
}

/* PID < BYTES, PID > BYTES or PID : TEXT (records.5). */
static bool parse_record(struct connection_line *line, struct slice rest)
{
	struct record_line record;

	if (!record_line_parse(&record, rest.at, rest.len) || record.pid == 0 ||
	    record.pid > INT32_MAX)
		return false;
	switch (record.direction) {
	case '<': line->kind = LINE_IN; break;
	case '>': line->kind = LINE_OUT; break;
	default: line->kind = LINE_NOTE; break;
	}
	line->pid = (uint32_t)record.pid;
	line->body = (struct slice){record.payload, record.len};
	line->more = record.more;
	line->eof = record.eof;
	return true;
}

/*
 * HOST:ADDRESS:INFO:PORT (tcpserver) or HOST:INFO:ADDRESS:PORT (tcpsvd).  An
 * address may have colons, host and info have none.
 */
static void parse_remote(struct connection_line *line, struct slice rest,
			 bool info_first)
{
	line->port = slice_cut_last(&rest, ':');
	if (info_first)
		slice_until(&rest, ':');
	else
		slice_cut_last(&rest, ':');
	slice_until(&rest, ':');
	line->peer = rest;
}

static bool parse_addresses(struct connection_line *line, struct slice rest,
			    enum connection_line_kind kind)
{
	bool tcpsvd = kind == LINE_START;
	struct slice local;

	if (!take_pid_word(&rest, &line->pid))
		return false;
	local = take_next_word(&rest);
	/* tcpsvd's own address has two parts, tcpserver's three. */
	if (kind == LINE_DENY && local.len) {
		const char *first = memchr(local.at, ':', local.len);

		tcpsvd = first && memrchr(local.at, ':', local.len) == first;
	}
	line->local = local;
	parse_remote(line, take_next_word(&rest), tcpsvd);
	line->kind = kind == LINE_START ? LINE_OK : kind;
	return true;
}

/* tcpserver prints the status of wait; others an exit code or a signal. */
static void set_outcome(struct connection_line *line, struct slice word,
			uint32_t n)
{
	if (slice_equal(word, "signal")) {
		line->signal = (int)(n & 127);
	} else if (slice_equal(word, "status")) {
		line->signal = (int)(n & 127);
		line->status = (int)(n >> 8);
	} else {
		line->status = (int)n;
	}
}

/* "4711 status 0", "4711 exit 0", "pid 4711 ip 192.0.2.7 exitcode 0". */
static bool parse_end(struct connection_line *line, struct slice rest)
{
	struct slice w;
	uint32_t n;

	slice_prefix(&rest, "pid ");
	if (!take_pid_word(&rest, &line->pid))
		return false;
	line->kind = LINE_END;
	while (rest.len) {
		w = take_next_word(&rest);
		if (slice_equal(w, "status") || slice_equal(w, "exit") ||
		    slice_equal(w, "exitcode") || slice_equal(w, "signal")) {
			if (!take_pid_number(&rest, &n))
				return false;
			set_outcome(line, w, n);
			return true;
		}
	}
	return false;
}

/* "192.0.2.7:4000 pid 4711 count 1/10", or with "_" before the port. */
static bool parse_accept(struct connection_line *line, struct slice rest)
{
	struct slice client = take_next_word(&rest);

	if (!slice_prefix(&rest, "pid ") || !take_pid_word(&rest, &line->pid))
		return false;
	line->port = slice_cut_last(
	    &client, memchr(client.at, '_', client.len) ? '_' : ':');
	line->peer = client;
	line->kind = LINE_START;
	return true;
}

/* "pid 4711 ip 192.0.2.7" */
static bool parse_access(struct connection_line *line, struct slice rest,
			 enum connection_line_kind kind)
{
	if (!slice_prefix(&rest, "pid ") || !take_pid_word(&rest, &line->pid) ||
	    !slice_prefix(&rest, "ip "))
		return false;
	line->peer = take_next_word(&rest);
	line->kind = kind;
	return true;
}

/* "pid 4711 from 192.0.2.7", "pid 4711 TEXT" */
static bool parse_with_pid(struct connection_line *line, struct slice rest)
{
	struct slice w;

	if (!take_pid_word(&rest, &line->pid))
		return false;
	line->kind = LINE_SAID;
	line->body = rest;
	if (slice_prefix(&rest, "from ")) {
		w = take_next_word(&rest);
		line->kind = LINE_START;
		line->peer = w;
	}
	return true;
}

/* "192.0.2.7 pid 4711: 451 TEXT" */
static bool parse_rejection(struct connection_line *line, struct slice rest)
{
	struct slice client = take_next_word(&rest);

	if (!slice_prefix(&rest, "pid ") ||
	    !take_pid_number(&rest, &line->pid) || line->pid == 0 ||
	    !slice_prefix(&rest, ": "))
		return false;
	line->kind = LINE_SAID;
	line->peer = client;
	line->body = rest;
	return true;
}

static bool parse_maybe(struct connection_line *line, struct slice rest)
{
	if (!take_pid_number(&rest, &line->pid) || line->pid == 0 ||
	    !rest.len || (*rest.at != ' ' && *rest.at != ':'))
		return false;
	line->kind = LINE_MAYBE;
	line->body = rest;
	return true;
}

/* The rest of the line after "NAME: ". */
static bool parse_said(struct connection_line *line, struct slice rest)
{
	if (!slice_prefix(&rest, "info: ") && !slice_prefix(&rest, "warning: "))
		slice_prefix(&rest, "fatal: ");
	if (!rest.len)
		return false;
	if (*rest.at >= '0' && *rest.at <= '9')
		return parse_rejection(line, rest) || parse_maybe(line, rest);
	if (slice_prefix(&rest, "pid "))
		return parse_with_pid(line, rest);
	if (slice_prefix(&rest, "ok "))
		return parse_addresses(line, rest, LINE_OK);
	if (slice_prefix(&rest, "start "))
		return parse_addresses(line, rest, LINE_START);
	if (slice_prefix(&rest, "end "))
		return parse_end(line, rest);
	if (slice_prefix(&rest, "deny "))
		return parse_access(line, rest, LINE_DENY) ||
		       parse_addresses(line, rest, LINE_DENY);
	if (slice_prefix(&rest, "allow "))
		return parse_access(line, rest, LINE_OK) ||
		       parse_accept(line, rest);
	if (slice_prefix(&rest, "accept "))
		return parse_accept(line, rest);
	return parse_rejection(line, rest);
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '/' || c == '@';
}

static bool parse_named(struct connection_line *line, struct slice rest)
{
	size_t n = 0;

	while (n < rest.len && n < NAME_MAX_LEN && is_name_byte(rest.at[n]))
		n++;
	if (n == 0 || rest.len - n < 3)
		return false;
	slice_skip(&rest, n);
	if (slice_prefix(&rest, ": "))
		return parse_said(line, rest);
	if (!slice_prefix(&rest, "[") || !take_pid_number(&rest, &line->pid) ||
	    line->pid == 0 || !slice_prefix(&rest, "]: "))
		return false;
	line->kind = LINE_SAID;
	line->body = rest;
	return true;
}

static void parse_line_body(struct connection_line *line)
{
	struct slice rest = {line->text.at + line->stamp_len,
			     line->text.len - line->stamp_len};
	bool found = false;

	if (rest.len && *rest.at >= '0' && *rest.at <= '9')
		found = parse_record(line, rest);
	else if (rest.len)
		found = parse_named(line, rest);
	if (!found) {
		line->kind = LINE_OTHER;
		line->pid = 0;
	}
}

void log_line_parse_connection(struct connection_line *line,
			       struct line_time_reader *reader,
			       const char *text, size_t len)
{
	*line = (struct connection_line){.text = {text, len}, .peer.at = text};
	line->stamp_len = line_time_parse(reader, text, len, &line->time);
	parse_line_body(line);
	/* recio -t and rlog t: the line has two times, and the first counts. */
	if (line->kind == LINE_OTHER && line->stamp_len) {
		int64_t second;
		size_t n = line_time_parse(reader, text + line->stamp_len,
					   len - line->stamp_len, &second);

		if (n) {
			line->stamp_len += n;
			parse_line_body(line);
		}
	}
}

static bool take_last_number(struct slice rest, uint64_t *n)
{
	return slice_number(&rest, UINT64_MAX, n) && rest.len == 0;
}

/* "12345: bytes 3189 from <alice@example.org> qp 27763 uid 46" */
static bool parse_info(struct qmail_line *line, struct slice rest)
{
	if (!slice_number(&rest, UINT64_MAX, &line->message) ||
	    !slice_prefix(&rest, ": bytes ") ||
	    !slice_number(&rest, UINT64_MAX, &line->bytes) ||
	    !slice_prefix(&rest, " from <"))
		return false;
	/* A sender may have spaces and brackets in it. */
	slice_cut_last(&rest, '>');
	line->from = rest;
	line->kind = QUEUE_INFO;
	return true;
}

/* "1: msg 12345 to local bob@example.net" */
static bool parse_starting(struct qmail_line *line, struct slice rest)
{
	if (!slice_number(&rest, UINT64_MAX, &line->delivery) ||
	    !slice_prefix(&rest, ": msg ") ||
	    !slice_number(&rest, UINT64_MAX, &line->message) ||
	    !slice_prefix(&rest, " to "))
		return false;
	line->channel = slice_until(&rest, ' ');
	line->recipient = rest;
	line->kind = QUEUE_STARTING;
	return true;
}

/* "1: success: did_1+0+0/" */
static bool parse_delivery(struct qmail_line *line, struct slice rest)
{
	if (!slice_number(&rest, UINT64_MAX, &line->delivery) ||
	    !slice_prefix(&rest, ": "))
		return false;
	line->outcome = slice_until(&rest, ':');
	slice_prefix(&rest, " ");
	line->why = rest;
	line->kind = QUEUE_DELIVERY;
	return true;
}

static bool parse_message(struct qmail_line *line, struct slice rest,
			  enum queue_kind kind)
{
	if (!take_last_number(rest, &line->message))
		return false;
	line->kind = kind;
	return true;
}

static bool parse_queue_text(struct qmail_line *line, struct slice rest)
{
	if (slice_prefix(&rest, "delivery "))
		return parse_delivery(line, rest);
	if (slice_prefix(&rest, "starting delivery "))
		return parse_starting(line, rest);
	if (slice_prefix(&rest, "info msg "))
		return parse_info(line, rest);
	if (slice_prefix(&rest, "new msg "))
		return parse_message(line, rest, QUEUE_NEW);
	if (slice_prefix(&rest, "end msg "))
		return parse_message(line, rest, QUEUE_END);
	if (slice_prefix(&rest, "bounce msg "))
		return parse_message(line, slice_until(&rest, ' '),
				     QUEUE_BOUNCE);
	if (slice_prefix(&rest, "triple bounce: discarding bounce/"))
		return parse_message(line, rest, QUEUE_BOUNCE);
	return false;
}

void log_line_parse_qmail(struct qmail_line *line,
			  struct line_time_reader *reader, const char *text,
			  size_t len)
{
	struct slice rest = {text, len};
	size_t n;

	*line = (struct qmail_line){.text = rest};
	n = line_time_parse(reader, text, len, &line->time);
	slice_skip(&rest, n);
	slice_prefix(&rest, "qmail-send: ");
	if (!parse_queue_text(line, rest))
		line->kind = QUEUE_OTHER;
}

/* Removes all bytes up to the end of the word; false if it is absent. */
static bool skip_past(struct slice *rest, const char *word)
{
	size_t n = strlen(word);
	const char *at =
	    rest->len ? memmem(rest->at, rest->len, word, n) : NULL;

	if (!at)
		return false;
	rest->len -= (size_t)(at + n - rest->at);
	rest->at = at + n;
	return true;
}

static bool has_word(struct slice rest, const char *word)
{
	return skip_past(&rest, word);
}

/* "N bytes, REASON; > N bytes, REASON; N.NNN seconds" */
static void parse_end_remark(struct remark *remark, struct slice rest)
{
	remark->kind = REMARK_END;
	remark->reset =
	    has_word(rest, ", reset") || has_word(rest, ", timed out");
	remark->counted = slice_number(&rest, UINT64_MAX, &remark->in) &&
			  skip_past(&rest, "; > ") &&
			  slice_number(&rest, UINT64_MAX, &remark->out);
}

void log_line_parse_note(struct remark *remark, struct slice rest)
{
	*remark = (struct remark){.kind = REMARK_OTHER};
	if (slice_prefix(&rest, "start ")) {
		remark->kind = REMARK_START;
	} else if (slice_prefix(&rest, "end < ")) {
		parse_end_remark(remark, rest);
	} else if (slice_prefix(&rest, "gave up: ")) {
		remark->kind = REMARK_GAVE_UP;
	} else if (slice_prefix(&rest, "lost ")) {
		if (slice_number(&rest, UINT64_MAX, &remark->in))
			remark->kind = REMARK_LOST;
	} else if (slice_equal(rest, "TLS")) {
		remark->kind = REMARK_TLS;
	} else if (slice_prefix(&rest, "< ") || slice_prefix(&rest, "> ")) {
		remark->unfinished = has_word(rest, ", unfinished");
		if (has_word(rest, " of message") &&
		    slice_number(&rest, UINT64_MAX, &remark->in))
			remark->kind = REMARK_MESSAGE;
	}
}
