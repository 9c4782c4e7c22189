/* Lines of sessions; see connection_line.h. */
#include "rlogsess/grouping/connection_line.h"

#include <string.h>

#include "logread/record_line.h"

enum { NAME_MAX_LEN = 64 };

static bool number(struct slice *s, uint32_t *n)
{
	uint64_t value;

	if (!slice_number(s, INT32_MAX, &value))
		return false;
	*n = (uint32_t)value;
	return true;
}

static struct slice word(struct slice *s)
{
	return slice_until(s, ' ');
}

/* A process ID as a word of its own, with nothing or more words behind it. */
static bool pid_word(struct slice *s, uint32_t *pid)
{
	struct slice w = word(s);

	return number(&w, pid) && w.len == 0 && *pid != 0;
}

/* PID < BYTES, PID > BYTES or PID : TEXT (records.5). */
static bool parse_record(struct connection_line *l, struct slice s)
{
	struct record_line record;

	if (!record_line_parse(&record, s.at, s.len) || record.pid == 0 ||
	    record.pid > INT32_MAX)
		return false;
	switch (record.direction) {
	case '<': l->kind = LINE_IN; break;
	case '>': l->kind = LINE_OUT; break;
	default: l->kind = LINE_NOTE; break;
	}
	l->pid = (uint32_t)record.pid;
	l->body = (struct slice){record.payload, record.len};
	l->more = record.more;
	l->eof = record.eof;
	return true;
}

/*
 * HOST:ADDRESS:INFO:PORT (tcpserver) or HOST:INFO:ADDRESS:PORT (tcpsvd).  An
 * address may have colons, host and info have none.
 */
static void remote(struct connection_line *l, struct slice s, bool info_first)
{
	l->port = slice_cut_last(&s, ':');
	if (info_first)
		slice_until(&s, ':');
	else
		slice_cut_last(&s, ':');
	slice_until(&s, ':');
	l->peer = s;
}

static bool addresses(struct connection_line *l, struct slice s,
		      enum connection_line_kind kind)
{
	bool tcpsvd = kind == LINE_START;
	struct slice local;

	if (!pid_word(&s, &l->pid))
		return false;
	local = word(&s);
	/* tcpsvd's addresses of its own have two parts, tcpserver's three. */
	if (kind == LINE_DENY && local.len) {
		const char *first = memchr(local.at, ':', local.len);

		tcpsvd = first && memrchr(local.at, ':', local.len) == first;
	}
	l->local = local;
	remote(l, word(&s), tcpsvd);
	l->kind = kind == LINE_START ? LINE_OK : kind;
	return true;
}

/* tcpserver prints what wait gave; the others an exit code or a signal. */
static void outcome(struct connection_line *l, struct slice what, uint32_t n)
{
	if (slice_equal(what, "signal")) {
		l->signal = (int)(n & 127);
	} else if (slice_equal(what, "status")) {
		l->signal = (int)(n & 127);
		l->status = (int)(n >> 8);
	} else {
		l->status = (int)n;
	}
}

/* "4711 status 0", "4711 exit 0", "pid 4711 ip 192.0.2.7 exitcode 0". */
static bool ended(struct connection_line *l, struct slice s)
{
	struct slice w;
	uint32_t n;

	slice_prefix(&s, "pid ");
	if (!pid_word(&s, &l->pid))
		return false;
	l->kind = LINE_END;
	while (s.len) {
		w = word(&s);
		if (slice_equal(w, "status") || slice_equal(w, "exit") ||
		    slice_equal(w, "exitcode") || slice_equal(w, "signal")) {
			if (!number(&s, &n))
				return false;
			outcome(l, w, n);
			return true;
		}
	}
	return false;
}

/* "192.0.2.7:4000 pid 4711 count 1/10", or with "_" in front of the port. */
static bool accepted(struct connection_line *l, struct slice s)
{
	struct slice client = word(&s);

	if (!slice_prefix(&s, "pid ") || !pid_word(&s, &l->pid))
		return false;
	l->port = slice_cut_last(
	    &client, memchr(client.at, '_', client.len) ? '_' : ':');
	l->peer = client;
	l->kind = LINE_START;
	return true;
}

/* "pid 4711 ip 192.0.2.7" */
static bool access_check(struct connection_line *l, struct slice s,
			 enum connection_line_kind kind)
{
	if (!slice_prefix(&s, "pid ") || !pid_word(&s, &l->pid) ||
	    !slice_prefix(&s, "ip "))
		return false;
	l->peer = word(&s);
	l->kind = kind;
	return true;
}

/* "pid 4711 from 192.0.2.7", "pid 4711 TEXT" */
static bool with_pid(struct connection_line *l, struct slice s)
{
	struct slice w;

	if (!pid_word(&s, &l->pid))
		return false;
	l->kind = LINE_SAID;
	l->body = s;
	if (slice_prefix(&s, "from ")) {
		w = word(&s);
		l->kind = LINE_START;
		l->peer = w;
	}
	return true;
}

/* "192.0.2.7 pid 4711: 451 TEXT" */
static bool rejected(struct connection_line *l, struct slice s)
{
	struct slice client = word(&s);

	if (!slice_prefix(&s, "pid ") || !number(&s, &l->pid) || l->pid == 0 ||
	    !slice_prefix(&s, ": "))
		return false;
	l->kind = LINE_SAID;
	l->peer = client;
	l->body = s;
	return true;
}

static bool maybe(struct connection_line *l, struct slice s)
{
	if (!number(&s, &l->pid) || l->pid == 0 || !s.len ||
	    (*s.at != ' ' && *s.at != ':'))
		return false;
	l->kind = LINE_MAYBE;
	l->body = s;
	return true;
}

/* What stands behind "NAME: ". */
static bool said(struct connection_line *l, struct slice s)
{
	if (!slice_prefix(&s, "info: ") && !slice_prefix(&s, "warning: "))
		slice_prefix(&s, "fatal: ");
	if (!s.len)
		return false;
	if (*s.at >= '0' && *s.at <= '9')
		return rejected(l, s) || maybe(l, s);
	if (slice_prefix(&s, "pid "))
		return with_pid(l, s);
	if (slice_prefix(&s, "ok "))
		return addresses(l, s, LINE_OK);
	if (slice_prefix(&s, "start "))
		return addresses(l, s, LINE_START);
	if (slice_prefix(&s, "end "))
		return ended(l, s);
	if (slice_prefix(&s, "deny "))
		return access_check(l, s, LINE_DENY) ||
		       addresses(l, s, LINE_DENY);
	if (slice_prefix(&s, "allow "))
		return access_check(l, s, LINE_OK) || accepted(l, s);
	if (slice_prefix(&s, "accept "))
		return accepted(l, s);
	return rejected(l, s);
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '/' || c == '@';
}

static bool named(struct connection_line *l, struct slice s)
{
	size_t n = 0;

	while (n < s.len && n < NAME_MAX_LEN && in_name(s.at[n]))
		n++;
	if (n == 0 || s.len - n < 3)
		return false;
	s.at += n;
	s.len -= n;
	if (slice_prefix(&s, ": "))
		return said(l, s);
	if (!slice_prefix(&s, "[") || !number(&s, &l->pid) || l->pid == 0 ||
	    !slice_prefix(&s, "]: "))
		return false;
	l->kind = LINE_SAID;
	l->body = s;
	return true;
}

static void parse_body(struct connection_line *l)
{
	struct slice s = {l->text.at + l->stamp_len,
			  l->text.len - l->stamp_len};
	bool found = false;

	if (s.len && *s.at >= '0' && *s.at <= '9')
		found = parse_record(l, s);
	else if (s.len)
		found = named(l, s);
	if (!found) {
		l->kind = LINE_OTHER;
		l->pid = 0;
	}
}

void connection_line_parse(struct connection_line *l,
			   struct line_time_reader *reader, const char *text,
			   size_t len)
{
	*l = (struct connection_line){.text = {text, len}, .peer.at = text};
	l->stamp_len = line_time_parse(reader, text, len, &l->time);
	parse_body(l);
	/* recio -t behind rlog t: two stamps, of which the first is told. */
	if (l->kind == LINE_OTHER && l->stamp_len) {
		int64_t second;
		size_t n = line_time_parse(reader, text + l->stamp_len,
					   len - l->stamp_len, &second);

		if (n) {
			l->stamp_len += n;
			parse_body(l);
		}
	}
}
