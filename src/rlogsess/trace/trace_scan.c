/*
 * Facts out of lines.  Every line is given to both groupings; a session or
 * message is examined when it is over, out of the lines that it holds.  Tested
 * by tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_scan.h"

#include <errno.h>
#include <stdlib.h>

#include "rlogsess/grouping/qmail.h"
#include "rlogsess/trace/queue_reply.h"

static void add_trace_fact(struct trace_scan *scan, struct mail_fact *fact)
{
	if (mail_facts_add(&scan->facts, fact) == 0 || scan->failed)
		return;
	scan->failed = true;
	scan->error = errno;
}

/* Returns 0, or -1 with the errno of a fact that was not stored. */
static int check_scan(const struct trace_scan *scan)
{
	if (!scan->failed)
		return 0;
	errno = scan->error;
	return -1;
}

static struct mail_fact make_fact(enum mail_fact_kind kind,
				  const struct trace_scan *scan,
				  const struct group *group)
{
	return (struct mail_fact){
	    .kind = kind,
	    .group = mail_facts_name(group,
				     trace_groupers_log(&scan->groupers, group),
				     kind != FACT_SENT),
	    .last = group->last};
}

static void take_sent_mail(void *ctx, const struct smtp_mail *mail)
{
	struct trace_scan *scan = ctx;

	scan->fact.mail = *mail;
	scan->mail_count++;
	scan->unrecorded += mail->accepted && !mail->recorded;
	add_trace_fact(scan, &scan->fact);
}

static void take_session_part(void *ctx, const struct session_part *part)
{
	smtp_mails_take(ctx, part);
}

static int scan_session(void *ctx, struct group *group)
{
	struct trace_scan *scan = ctx;

	scan->left_out += group->held.left_out != 0;
	scan->fact = make_fact(FACT_SENT, scan, group);
	if (session_bytes_examine(&scan->bytes, connections_session(group),
				  &scan->groupers.sessions.store) < 0)
		return -1;
	smtp_mails_init(&scan->mails, scan->query, take_sent_mail, scan);
	if (session_bytes_each(&scan->bytes, take_session_part, &scan->mails) <
	    0)
		return -1;
	smtp_mails_finish(&scan->mails);
	return check_scan(scan);
}

/* A message that is being examined. */
struct message_scan {
	struct trace_scan *scan;
	struct mail_fact fact;
	struct line_time_reader stamps;
	struct line_prefix prefix;
};

static void take_info(struct message_scan *message,
		      const struct qmail_line *line)
{
	struct smtp_mail *mail = &message->fact.mail;

	mail->has_sender = true;
	mail->sender = mail_query_hash(line->from);
	mail->qp = line->qp;
	mail->begin = mail->end = line->time;
	mail->matches |= mail_query_address(message->scan->query, line->from) ||
			 mail_query_qp(message->scan->query, line->qp);
}

static void take_bounce(const struct message_scan *message,
			const struct qmail_line *line)
{
	struct mail_fact bounce = message->fact;

	bounce.kind = FACT_BOUNCE;
	bounce.mail = (struct smtp_mail){
	    .matches = mail_query_qp(message->scan->query, line->qp),
	    .replied = line->qp != 0,
	    .has_sender = message->fact.mail.has_sender,
	    .sender = message->fact.mail.sender,
	    .qp = line->qp,
	    .begin = line->time,
	    .end = line->time,
	};
	add_trace_fact(message->scan, &bounce);
}

static void take_message_line(void *ctx, const char *text, size_t len)
{
	struct message_scan *message = ctx;
	const struct mail_query *query = message->scan->query;
	struct line_reader reader = {&message->stamps, &message->prefix};
	bool *matches = &message->fact.mail.matches;
	struct qmail_line line;

	log_line_parse_qmail(&line, &reader, text, len);
	switch (line.kind) {
	case QUEUE_INFO: take_info(message, &line); break;
	case QUEUE_STARTING:
		*matches |= mail_query_address(query, line.recipient);
		break;
	case QUEUE_DELIVERY:
		*matches |=
		    mail_query_id(query, queue_reply_id(line.why, "_/"));
		break;
	case QUEUE_BOUNCE: take_bounce(message, &line); break;
	default: break;
	}
}

static int scan_message(void *ctx, struct group *group)
{
	struct trace_scan *scan = ctx;
	const struct mail *mail = qmail_mail(group);
	struct message_scan message = {
	    .scan = scan,
	    .fact = make_fact(FACT_QUEUED, scan, group),
	    .stamps = *mail->reader->stamps,
	    .prefix = *mail->reader->prefix,
	};

	scan->left_out += group->held.left_out != 0;
	message.fact.mail.begin = message.fact.mail.end = group->first;
	message.fact.mail.matches = mail_query_message(scan->query, group->key);
	if (line_spool_each_line(&scan->groupers.messages.store, &group->held,
				 take_message_line, &message) < 0)
		return -1;
	scan->mail_count++;
	add_trace_fact(scan, &message.fact);
	return check_scan(scan);
}

int trace_scan_init(struct trace_scan *scan, const struct mail_query *query,
		    size_t logs, int64_t quiet)
{
	const struct trace_events events = {scan, scan_session, scan_message,
					    NULL};

	scan->query = query;
	if (trace_groupers_init(&scan->groupers, &events, logs, quiet) < 0)
		return -1;
	scan->span.first = scan->span.last = LINE_TIME_NONE;
	scan->span.begins = calloc(logs, sizeof *scan->span.begins);
	if (!scan->span.begins)
		return -1;
	for (size_t i = 0; i < logs; i++)
		scan->span.begins[i] = LINE_TIME_NONE;
	return mail_facts_init(&scan->facts);
}

void trace_scan_free(struct trace_scan *scan)
{
	trace_groupers_free(&scan->groupers);
	mail_facts_free(&scan->facts);
	free(scan->span.begins);
	scan->span.begins = NULL;
}

static void note_time(struct mail_span *span, size_t log, int64_t now,
		      bool inside)
{
	if (span->begins[log] == LINE_TIME_NONE)
		span->begins[log] = now;
	if (!inside || now == LINE_TIME_NONE)
		return;
	if (span->first == LINE_TIME_NONE || now < span->first)
		span->first = now;
	if (now > span->last)
		span->last = now;
}

int trace_scan_line(struct trace_scan *scan, const char *text, size_t len,
		    bool inside)
{
	const struct grouper *sessions = &scan->groupers.sessions;

	if (trace_groupers_line(&scan->groupers, text, len) < 0)
		return -1;
	note_time(&scan->span, (size_t)(sessions->log - sessions->logs),
		  sessions->log->now, inside);
	return 0;
}
