/*
 * The table of known forms, and their parsers.  A parser takes the whole line
 * or nothing: a line that departs from its form in any place has another form
 * or none.  Text of a peer stands behind the process ID in all forms but
 * those of qlog, whose process ID is the last word: a peer that writes such a
 * line into its own text changes no session but its own.  The forms are those
 * that the sources of the programs print.
 * Tested by tests/unit/rlogsess/log_line.c.
 */
#include "rlogsess/grouping/known_form.h"

#include <string.h>

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

static bool parse_tcpserver_addresses(struct connection_line *line,
				      struct slice rest)
{
	if (!take_pid_word(&rest, &line->pid))
		return false;
	line->local = take_next_word(&rest);
	parse_remote(line, take_next_word(&rest), false);
	return true;
}

static bool parse_tcpsvd_addresses(struct connection_line *line,
				   struct slice rest)
{
	if (!take_pid_word(&rest, &line->pid))
		return false;
	line->local = take_next_word(&rest);
	parse_remote(line, take_next_word(&rest), true);
	return true;
}

/* tcpsvd's own address has two parts, tcpserver's three. */
static bool parse_tcpsvd_denial(struct connection_line *line, struct slice rest)
{
	const char *first;

	if (!parse_tcpsvd_addresses(line, rest) || !line->local.len)
		return false;
	first = memchr(line->local.at, ':', line->local.len);
	return first && memrchr(line->local.at, ':', line->local.len) == first;
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
	return true;
}

/* "4711 ip 192.0.2.7" */
static bool parse_access(struct connection_line *line, struct slice rest)
{
	if (!take_pid_word(&rest, &line->pid) || !slice_prefix(&rest, "ip "))
		return false;
	line->peer = take_next_word(&rest);
	return true;
}

/* "4711 from 192.0.2.7 TEXT" */
static bool parse_text_from(struct connection_line *line, struct slice rest)
{
	if (!take_pid_word(&rest, &line->pid) || !slice_prefix(&rest, "from "))
		return false;
	line->peer = take_next_word(&rest);
	line->body = rest;
	return true;
}

/* "4711 from 192.0.2.7", and no more but spaces */
static bool parse_start(struct connection_line *line, struct slice rest)
{
	if (!parse_text_from(line, rest))
		return false;
	while (slice_prefix(&line->body, " "))
		;
	return line->body.len == 0;
}

/* "4711 TEXT" */
static bool parse_text(struct connection_line *line, struct slice rest)
{
	if (!take_pid_word(&rest, &line->pid))
		return false;
	line->body = rest;
	return true;
}

static bool take_pid_before(struct connection_line *line, struct slice *rest,
			    const char *end)
{
	return take_pid_number(rest, &line->pid) && line->pid != 0 &&
	       slice_prefix(rest, end);
}

/* "192.0.2.7 pid 4711: 451 TEXT" */
static bool parse_rejection(struct connection_line *line, struct slice rest)
{
	struct slice client = take_next_word(&rest);

	if (!slice_prefix(&rest, "pid ") || !take_pid_before(line, &rest, ": "))
		return false;
	line->peer = client;
	line->body = rest;
	return true;
}

/* "4711 TEXT", "4711: TEXT" */
static bool parse_maybe(struct connection_line *line, struct slice rest)
{
	if (!take_pid_number(&rest, &line->pid) || line->pid == 0 ||
	    !rest.len || (*rest.at != ' ' && *rest.at != ':'))
		return false;
	line->body = rest;
	return true;
}

/* "4711]: TEXT" */
static bool parse_bracketed(struct connection_line *line, struct slice rest)
{
	if (!take_pid_before(line, &rest, "]: "))
		return false;
	line->body = rest;
	return true;
}

/* "result=accepted code=250 ... qp=4720 pid=4711": the last word counts */
static bool parse_qlog(struct connection_line *line, struct slice rest)
{
	struct slice last;

	line->body = rest;
	last = slice_cut_last(&rest, ' ');
	return slice_prefix(&last, "pid=") &&
	       take_pid_number(&last, &line->pid) && last.len == 0 &&
	       line->pid != 0;
}

/* The first form that fits counts. */
static const struct known_form forms[] = {
    {"NAME: pid PID from ADDRESS", "tcpserver: pid 4711 from 192.0.2.7",
     "tcpserver, sslserver, tcpsvd", LINE_START, "pid ", parse_start},
    {"NAME: pid PID from ADDRESS TEXT",
     "qmail-smtpd: pid 4711 from 192.0.2.7 HELO <a> MAIL from <b> RCPT <c>",
     "qmail-smtpd of indimail", LINE_SAID, "pid ", parse_text_from},
    {"NAME: pid PID TEXT",
     "qmail-smtpd: pid 4711 Accept::RCPT::Rcpthosts_Rcptto P:ESMTP "
     "S:192.0.2.7:client.example.org H:a F:<b> T:<c>",
     "qmail-smtpd of s/qmail and SPAMCONTROL", LINE_SAID, "pid ", parse_text},
    {"NAME: ok PID LOCAL REMOTE",
     "tcpserver: ok 4711 mx:192.0.2.25:25 client.example.org:192.0.2.7::4000",
     "tcpserver, sslserver", LINE_OK, "ok ", parse_tcpserver_addresses},
    {"NAME: start PID LOCAL REMOTE",
     "tcpsvd: info: start 4711 mx:192.0.2.25 "
     "client.example.org::192.0.2.7:4000",
     "tcpsvd", LINE_OK, "start ", parse_tcpsvd_addresses},
    {"NAME: allow pid PID ip ADDRESS",
     "s6-tcpserver-access: info: allow pid 4711 ip 192.0.2.7",
     "s6-tcpserver-access", LINE_OK, "allow pid ", parse_access},
    {"NAME: deny pid PID ip ADDRESS",
     "s6-tcpserver-access: info: deny pid 4711 ip 192.0.2.7",
     "s6-tcpserver-access", LINE_DENY, "deny pid ", parse_access},
    {"NAME: deny PID LOCAL REMOTE TEXT",
     "tcpsvd: info: deny 4711 :192.0.2.25 ::192.0.2.7:4000 rules/192.0.2.7",
     "tcpsvd", LINE_DENY, "deny ", parse_tcpsvd_denial},
    {"NAME: deny PID LOCAL REMOTE",
     "tcpserver: deny 4711 mx:192.0.2.25:25 :192.0.2.7::4000",
     "tcpserver, sslserver", LINE_DENY, "deny ", parse_tcpserver_addresses},
    {"NAME: allow ADDRESS:PORT pid PID count N",
     "s6-tcpserver4d: info: allow 192.0.2.7:4000 pid 4711 count 1/40",
     "s6-tcpserver4d, s6-tcpserver6d, s6-ipcserverd", LINE_START, "allow ",
     parse_accept},
    {"NAME: accept ADDRESS_PORT pid PID count N",
     "s6-tcpserverd: info: accept 192.0.2.7_4000 pid 4711 count 1/40",
     "s6-tcpserverd", LINE_START, "accept ", parse_accept},
    {"NAME: end PID status N", "tcpserver: end 4711 status 0",
     "tcpserver, sslserver", LINE_END, "end ", parse_end},
    {"NAME: end PID exit N", "tcpsvd: info: end 4711 exit 0", "tcpsvd",
     LINE_END, "end ", parse_end},
    {"NAME: end pid PID ip ADDRESS exitcode N",
     "s6-tcpserver4d: info: end pid 4711 ip 192.0.2.7 exitcode 0",
     "s6-tcpserver4d, s6-tcpserver6d, s6-tcpserverd, s6-ipcserverd", LINE_END,
     "end ", parse_end},
    {"NAME: end pid PID ip ADDRESS signal N",
     "s6-tcpserver4d: info: end pid 4711 ip 192.0.2.7 signal 15",
     "s6-tcpserver4d, s6-tcpserver6d, s6-tcpserverd, s6-ipcserverd", LINE_END,
     "end ", parse_end},
    {"NAME: ADDRESS pid PID: TEXT",
     "rblsmtpd: 192.0.2.7 pid 4711: 451 try again later", "rblsmtpd", LINE_SAID,
     "", parse_rejection},
    {"NAME[PID]: TEXT",
     "qmail-smtpd[4711]: Received-SPF: pass (mx: permitted) "
     "client-ip=192.0.2.7",
     "qmail-smtpd with patches, jgreylist, spamdyke", LINE_SAID, "[",
     parse_bracketed},
    {"qlogenvelope: TEXT pid=PID",
     "qlogenvelope: result=accepted code=250 reason=rcptto detail= helo=a "
     "mailfrom=b rcptto=c relay=no qp= pid=4711",
     "qmail-smtpd with the qlog patch", LINE_SAID, "result=", parse_qlog},
    {"qlogreceived: TEXT pid=PID",
     "qlogreceived: result=accepted code=250 reason=queueaccept detail= "
     "helo=a mailfrom=b rcptto=c relay=no qp=4720 pid=4711",
     "qmail-smtpd with the qlog patch", LINE_SAID, "result=", parse_qlog},
    {"NAME: PID TEXT", "some-program: 4711 is waiting",
     "other programs: only while a session has this number", LINE_MAYBE, "",
     parse_maybe},
};

const struct known_form *known_form_get(size_t index)
{
	return index < sizeof forms / sizeof *forms ? forms + index : NULL;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
	       c == '/' || c == '@';
}

static size_t get_name_length(struct slice text)
{
	size_t n = 0;

	while (n < text.len && n < NAME_MAX_LEN && is_name_byte(text.at[n]))
		n++;
	return n;
}

/* Forms without NAME begin with the one name that they are for. */
static bool has_name(const struct known_form *form, struct slice name)
{
	return strncmp(form->form, "NAME", 4) == 0 ||
	       (strncmp(form->form, name.at, name.len) == 0 &&
		form->form[name.len] == ':');
}

static bool parse_form(struct connection_line *line,
		       const struct known_form *form, struct slice rest)
{
	struct connection_line attempt;

	if (!slice_prefix(&rest, form->word))
		return false;
	attempt = *line;
	if (!form->parse(&attempt, rest))
		return false;
	*line = attempt;
	line->kind = form->kind;
	return true;
}

bool known_form_parse(struct connection_line *line, struct slice text)
{
	struct slice rest = text, name = {text.at, get_name_length(text)};
	bool colon;

	if (!name.len)
		return false;
	slice_skip(&rest, name.len);
	colon = slice_prefix(&rest, ": ");
	if (colon && !slice_prefix(&rest, "info: ") &&
	    !slice_prefix(&rest, "warning: "))
		slice_prefix(&rest, "fatal: ");
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (colon == (*forms[i].word != '[') &&
		    has_name(&forms[i], name) &&
		    parse_form(line, &forms[i], rest))
			return true;
	return false;
}
