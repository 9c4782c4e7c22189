/*
 * Parsing the lines that a log has about sessions.  A line is parsed by its
 * first bytes: digits begin a record, a name begins a message of a program
 * (known_form.h), a word begins a line of qmail-send or a note.  A line that
 * departs from its form in any place belongs to no session and to no message,
 * so that a broken log gives no wrong facts; a note of unknown form changes
 * nothing.
 *
 * In this order: connections, qmail-send, notes.  Tested by
 * tests/unit/rlogsess/log_line.c, qmail.c and dialogue.c.
 */
#include "rlogsess/grouping/log_line.h"

#include <string.h>

#include "logread/record_line.h"
#include "rlogsess/grouping/known_form.h"

/* "192.0.2.7:4000", "[2001:db8::7]:4000", or without a port */
static struct slice cut_address(struct slice word, struct slice *port)
{
	const char *bracket = memrchr(word.at, ']', word.len);

	if (!slice_prefix(&word, "[") || !bracket) {
		*port = slice_cut_last(&word, ':');
		return word;
	}
	*port = (struct slice){bracket + 1,
			       (size_t)(word.at + word.len - bracket - 1)};
	slice_prefix(port, ":");
	word.len = (size_t)(bracket - word.at);
	return word;
}

static bool is_address(struct slice word)
{
	static const char bytes[] = "0123456789abcdefABCDEF.:%[]";

	for (size_t i = 0; i < word.len; i++)
		if (!memchr(bytes, word.at[i], sizeof bytes - 1))
			return false;
	return word.len && (memchr(word.at, '.', word.len) ||
			    memchr(word.at, ':', word.len));
}

/* "start PROTO REMOTE to LOCAL PROGRAM"; each address may be missing. */
static void parse_start_note(struct connection_line *line, struct slice rest)
{
	struct slice word;

	if (!slice_prefix(&rest, "start "))
		return;
	slice_until(&rest, ' ');
	word = slice_until(&rest, ' ');
	if (is_address(word))
		line->peer = cut_address(word, &line->port);
	if (!slice_prefix(&rest, "to "))
		return;
	word = slice_until(&rest, ' ');
	if (is_address(word))
		line->local = word;
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
	line->dump = record.dump;
	line->more = record.more;
	line->unmarked = record.unmarked;
	line->eof = record.eof;
	if (line->kind == LINE_NOTE)
		parse_start_note(line, line->body);
	return true;
}

/* True if a line of this form need not be of a connection. */
static bool is_vague(const struct connection_line *line)
{
	return line->kind == LINE_OTHER || line->kind == LINE_MAYBE;
}

/* Parses what follows the first n bytes. */
static void parse_body(struct connection_line *line, size_t n)
{
	struct slice rest = {line->text.at + n, line->text.len - n};
	bool found = false;

	line->form_at = n;
	if (rest.len && *rest.at >= '0' && *rest.at <= '9')
		found = parse_record(line, rest);
	else if (rest.len)
		found = known_form_parse(line, rest);
	if (!found)
		line->kind = LINE_OTHER;
}

/*
 * Parses what follows the first n bytes, perhaps behind a time, which counts if
 * the line has had none before.
 */
static void parse_stamped_body(struct connection_line *line,
			       struct line_time_reader *stamps, size_t n)
{
	int64_t time;
	size_t stamp = line_time_parse(stamps, line->text.at + n,
				       line->text.len - n, &time);

	if (line->time == LINE_TIME_NONE)
		line->time = time;
	parse_body(line, n + stamp);
}

static void parse_prefixed_body(struct connection_line *line,
				const struct line_reader *reader, size_t n)
{
	struct slice rest = {line->text.at + n, line->text.len - n};
	struct connection_line attempt = *line;
	size_t prefix = line_prefix_take(reader->prefix, rest);

	if (!prefix)
		return;
	attempt.kind = LINE_OTHER;
	parse_stamped_body(&attempt, reader->stamps, n + prefix);
	if (attempt.time != LINE_TIME_NONE)
		line->time = attempt.time;
	if (attempt.kind != LINE_OTHER &&
	    (line->kind == LINE_OTHER || !is_vague(&attempt)))
		*line = attempt;
}

void log_line_parse_connection(struct connection_line *line,
			       const struct line_reader *reader,
			       const char *text, size_t len)
{
	size_t n;

	*line = (struct connection_line){.text = {text, len}, .peer.at = text};
	n = line_time_parse(reader->stamps, text, len, &line->time);
	parse_body(line, n);
	/* recio -t and rlog t: the line has two times, and the first counts. */
	if (n && line->kind == LINE_OTHER)
		parse_stamped_body(line, reader->stamps, n);
	if (is_vague(line))
		parse_prefixed_body(line, reader, n);
	else
		line_prefix_deny(reader->prefix);
	if (line->kind == LINE_OTHER)
		line->pid = 0;
}

static bool take_last_number(struct slice rest, uint64_t *n)
{
	return slice_number(&rest, UINT64_MAX, n) && rest.len == 0;
}

/* "qp 27763 uid 46", or without uid */
static void parse_qp(struct qmail_line *line, struct slice rest)
{
	if (!slice_prefix(&rest, "qp ") ||
	    !slice_number(&rest, UINT64_MAX, &line->qp))
		line->qp = 0;
}

/* "12345: bytes 3189 from <alice@example.org> qp 27763 uid 46" */
static bool parse_info(struct qmail_line *line, struct slice rest)
{
	struct slice tail;

	if (!slice_number(&rest, UINT64_MAX, &line->message) ||
	    !slice_prefix(&rest, ": bytes ") ||
	    !slice_number(&rest, UINT64_MAX, &line->bytes) ||
	    !slice_prefix(&rest, " from <"))
		return false;
	/* A sender may have spaces and brackets in it. */
	tail = slice_cut_last(&rest, '>');
	line->from = rest;
	slice_prefix(&tail, " ");
	parse_qp(line, tail);
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

/* "12345 qp 27770" */
static bool parse_bounce(struct qmail_line *line, struct slice rest)
{
	struct slice number = slice_until(&rest, ' ');

	parse_qp(line, rest);
	return parse_message(line, number, QUEUE_BOUNCE);
}

static bool parse_queue_body(struct qmail_line *line, struct slice rest)
{
	slice_prefix(&rest, "qmail-send: ");
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
		return parse_bounce(line, rest);
	if (slice_prefix(&rest, "double bounce: discarding bounce/") ||
	    slice_prefix(&rest, "triple bounce: discarding bounce/"))
		return parse_message(line, rest, QUEUE_BOUNCE);
	return false;
}

void log_line_parse_qmail(struct qmail_line *line,
			  const struct line_reader *reader, const char *text,
			  size_t len)
{
	struct slice rest = {text, len};
	size_t n;

	*line = (struct qmail_line){.text = rest};
	n = line_time_parse(reader->stamps, text, len, &line->time);
	slice_skip(&rest, n);
	if (parse_queue_body(line, rest)) {
		line_prefix_deny(reader->prefix);
		return;
	}
	n = line_prefix_take(reader->prefix, rest);
	slice_skip(&rest, n);
	if (!n || !parse_queue_body(line, rest))
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

/* "VERSION CIPHER", "VERSION CIPHER NAME", or with ", client SUBJECT" */
static void parse_tls_remark(struct remark *remark, struct slice rest)
{
	struct slice words = slice_until(&rest, ',');

	remark->version = slice_until(&words, ' ');
	remark->cipher = slice_until(&words, ' ');
	if (remark->version.len && remark->cipher.len)
		remark->kind = REMARK_INSIDE;
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
	} else if (slice_prefix(&rest, "recorded ")) {
		remark->kind = REMARK_FULL;
	} else if (slice_equal(rest, "TLS")) {
		remark->kind = REMARK_TLS;
	} else if (slice_prefix(&rest, "TLS ")) {
		parse_tls_remark(remark, rest);
	} else if (slice_prefix(&rest, "< ") || slice_prefix(&rest, "> ")) {
		remark->unfinished = has_word(rest, ", unfinished");
		if (has_word(rest, " of message") &&
		    slice_number(&rest, UINT64_MAX, &remark->in))
			remark->kind = REMARK_MESSAGE;
	}
}
