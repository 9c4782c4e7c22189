/* Lines of sessions; see line.h. */
#include "line.h"

#include <string.h>

enum { NAME_MAX_LEN = 64, WORDS_MAX = 12 };

/* Takes a decimal number; false if there is none or it has no room. */
static bool number(struct line_span *s, uint32_t *n)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < s->len && s->at[i] >= '0' && s->at[i] <= '9'; i++) {
		value = value * 10 + (uint64_t)(s->at[i] - '0');
		if (value > INT32_MAX)
			return false;
	}
	*n = (uint32_t)value;
	s->at += i;
	s->len -= i;
	return i > 0;
}

static bool prefix(struct line_span *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || memcmp(s->at, word, n) != 0)
		return false;
	s->at += n;
	s->len -= n;
	return true;
}

static bool equal(struct line_span s, const char *word)
{
	return prefix(&s, word) && s.len == 0;
}

/* The bytes up to the next space, which is taken too. */
static struct line_span word(struct line_span *s)
{
	const char *space = memchr(s->at, ' ', s->len);
	struct line_span w = {s->at, s->len};

	if (space)
		w.len = (size_t)(space - s->at);
	s->at += w.len + (space != NULL);
	s->len -= w.len + (space != NULL);
	return w;
}

/* A process ID as a word of its own, with nothing or more words behind it. */
static bool pid_word(struct line_span *s, uint32_t *pid)
{
	struct line_span w = word(s);

	return number(&w, pid) && w.len == 0 && *pid != 0;
}

/* " < BYTES", " > BYTES", " : TEXT", of which the first space is taken. */
static bool record(struct line *l, struct line_span s)
{
	if (s.len < 2 || s.at[1] != ' ' || l->pid == 0)
		return false;
	switch (s.at[0]) {
	case '<': l->kind = LINE_IN; break;
	case '>': l->kind = LINE_OUT; break;
	case ':': l->kind = LINE_NOTE; break;
	default: return false;
	}
	l->body = (struct line_span){s.at + 2, s.len - 2};
	if (l->kind == LINE_NOTE)
		return true;
	l->eof = equal(l->body, "[EOF]");
	if (l->body.len && !l->eof) {
		l->more = l->body.at[l->body.len - 1] == '+';
		l->body.len--;
	}
	return true;
}

/* Cuts what stands behind the last c off *s; an empty span if there is none. */
static struct line_span cut_last(struct line_span *s, char c)
{
	const char *at = memrchr(s->at, c, s->len);
	struct line_span tail = {s->at, 0};

	if (at) {
		tail.at = at + 1;
		tail.len = s->len - (size_t)(at + 1 - s->at);
		s->len = (size_t)(at - s->at);
	}
	return tail;
}

/*
 * HOST:ADDRESS:INFO:PORT (tcpserver) or HOST:INFO:ADDRESS:PORT (tcpsvd).  An
 * address may have colons, host and info have none.
 */
static void remote(struct line *l, struct line_span s, bool info_first)
{
	const char *colon;

	l->port = cut_last(&s, ':');
	if (!info_first)
		cut_last(&s, ':');
	for (int skip = info_first ? 2 : 1; skip; skip--) {
		colon = memchr(s.at, ':', s.len);
		if (!colon)
			return;
		s.len -= (size_t)(colon + 1 - s.at);
		s.at = colon + 1;
	}
	l->peer = s;
}

static bool addresses(struct line *l, struct line_span s, enum line_kind kind)
{
	bool tcpsvd = kind == LINE_START;
	struct line_span local;

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
static void outcome(struct line *l, struct line_span what, uint32_t n)
{
	if (equal(what, "signal")) {
		l->signal = (int)(n & 127);
	} else if (equal(what, "status")) {
		l->signal = (int)(n & 127);
		l->status = (int)(n >> 8);
	} else {
		l->status = (int)n;
	}
}

/* "4711 status 0", "4711 exit 0", "pid 4711 ip 192.0.2.7 exitcode 0". */
static bool ended(struct line *l, struct line_span s)
{
	struct line_span w;
	uint32_t n;

	prefix(&s, "pid ");
	if (!pid_word(&s, &l->pid))
		return false;
	l->kind = LINE_END;
	while (s.len) {
		w = word(&s);
		if (equal(w, "status") || equal(w, "exit") ||
		    equal(w, "exitcode") || equal(w, "signal")) {
			if (!number(&s, &n))
				return false;
			outcome(l, w, n);
			return true;
		}
	}
	return false;
}

/* "192.0.2.7:4000 pid 4711 count 1/10", or with "_" in front of the port. */
static bool accepted(struct line *l, struct line_span s)
{
	struct line_span client = word(&s);

	if (!prefix(&s, "pid ") || !pid_word(&s, &l->pid))
		return false;
	l->port =
	    cut_last(&client, memchr(client.at, '_', client.len) ? '_' : ':');
	l->peer = client;
	l->kind = LINE_START;
	return true;
}

/* "pid 4711 ip 192.0.2.7" */
static bool access_check(struct line *l, struct line_span s,
			 enum line_kind kind)
{
	if (!prefix(&s, "pid ") || !pid_word(&s, &l->pid) || !prefix(&s, "ip "))
		return false;
	l->peer = word(&s);
	l->kind = kind;
	return true;
}

/* "pid 4711 from 192.0.2.7", "pid 4711 TEXT" */
static bool with_pid(struct line *l, struct line_span s)
{
	struct line_span w;

	if (!pid_word(&s, &l->pid))
		return false;
	l->kind = LINE_SAID;
	l->body = s;
	if (prefix(&s, "from ")) {
		w = word(&s);
		l->kind = LINE_START;
		l->peer = w;
	}
	return true;
}

/* "192.0.2.7 pid 4711: 451 TEXT" */
static bool rejected(struct line *l, struct line_span s)
{
	struct line_span client = word(&s);

	if (!prefix(&s, "pid ") || !number(&s, &l->pid) || l->pid == 0 ||
	    !prefix(&s, ": "))
		return false;
	l->kind = LINE_SAID;
	l->peer = client;
	l->body = s;
	return true;
}

static bool maybe(struct line *l, struct line_span s)
{
	if (!number(&s, &l->pid) || l->pid == 0 || !s.len ||
	    (*s.at != ' ' && *s.at != ':'))
		return false;
	l->kind = LINE_MAYBE;
	l->body = s;
	return true;
}

/* What stands behind "NAME: ". */
static bool said(struct line *l, struct line_span s)
{
	if (!prefix(&s, "info: ") && !prefix(&s, "warning: "))
		prefix(&s, "fatal: ");
	if (!s.len)
		return false;
	if (*s.at >= '0' && *s.at <= '9')
		return rejected(l, s) || maybe(l, s);
	if (prefix(&s, "pid "))
		return with_pid(l, s);
	if (prefix(&s, "ok "))
		return addresses(l, s, LINE_OK);
	if (prefix(&s, "start "))
		return addresses(l, s, LINE_START);
	if (prefix(&s, "end "))
		return ended(l, s);
	if (prefix(&s, "deny "))
		return access_check(l, s, LINE_DENY) ||
		       addresses(l, s, LINE_DENY);
	if (prefix(&s, "allow "))
		return access_check(l, s, LINE_OK) || accepted(l, s);
	if (prefix(&s, "accept "))
		return accepted(l, s);
	return rejected(l, s);
}

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '/' || c == '@';
}

static bool named(struct line *l, struct line_span s)
{
	size_t n = 0;

	while (n < s.len && n < NAME_MAX_LEN && in_name(s.at[n]))
		n++;
	if (n == 0 || s.len - n < 3)
		return false;
	s.at += n;
	s.len -= n;
	if (prefix(&s, ": "))
		return said(l, s);
	if (!prefix(&s, "[") || !number(&s, &l->pid) || l->pid == 0 ||
	    !prefix(&s, "]: "))
		return false;
	l->kind = LINE_SAID;
	l->body = s;
	return true;
}

void line_parse_body(struct line *l)
{
	struct line_span s = {l->text.at + l->stamp_len,
			      l->text.len - l->stamp_len};
	bool found = false;

	if (s.len && *s.at >= '0' && *s.at <= '9')
		found = number(&s, &l->pid) && prefix(&s, " ") && record(l, s);
	else if (s.len)
		found = named(l, s);
	if (!found) {
		l->kind = LINE_OTHER;
		l->pid = 0;
	}
}

void line_parse(struct line *l, struct stamp_reader *reader, const char *text,
		size_t len)
{
	*l = (struct line){.text = {text, len}, .peer.at = text};
	l->stamp_len = stamp_scan(reader, text, len, &l->time);
	line_parse_body(l);
	/* recio -t behind rlog t: two stamps, of which the first is told. */
	if (l->kind == LINE_OTHER && l->stamp_len) {
		int64_t second;
		size_t n = stamp_scan(reader, text + l->stamp_len,
				      len - l->stamp_len, &second);

		if (n) {
			l->stamp_len += n;
			line_parse_body(l);
		}
	}
}
