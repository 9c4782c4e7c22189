/* Lines of qmail-send; see qmail_line.h. */
#include "rlogsess/grouping/qmail_line.h"

static bool last_number(struct slice s, uint64_t *n)
{
	return slice_number(&s, UINT64_MAX, n) && s.len == 0;
}

/* "12345: bytes 3189 from <alice@example.org> qp 27763 uid 46" */
static bool info(struct qmail_line *q, struct slice s)
{
	if (!slice_number(&s, UINT64_MAX, &q->message) ||
	    !slice_prefix(&s, ": bytes ") ||
	    !slice_number(&s, UINT64_MAX, &q->bytes) ||
	    !slice_prefix(&s, " from <"))
		return false;
	/* A sender may have spaces and brackets in it. */
	slice_cut_last(&s, '>');
	q->from = s;
	q->kind = QUEUE_INFO;
	return true;
}

/* "1: msg 12345 to local bob@example.net" */
static bool starting(struct qmail_line *q, struct slice s)
{
	if (!slice_number(&s, UINT64_MAX, &q->delivery) ||
	    !slice_prefix(&s, ": msg ") ||
	    !slice_number(&s, UINT64_MAX, &q->message) ||
	    !slice_prefix(&s, " to "))
		return false;
	q->channel = slice_until(&s, ' ');
	q->recipient = s;
	q->kind = QUEUE_STARTING;
	return true;
}

/* "1: success: did_1+0+0/" */
static bool delivery(struct qmail_line *q, struct slice s)
{
	if (!slice_number(&s, UINT64_MAX, &q->delivery) ||
	    !slice_prefix(&s, ": "))
		return false;
	q->outcome = slice_until(&s, ':');
	slice_prefix(&s, " ");
	q->why = s;
	q->kind = QUEUE_DELIVERY;
	return true;
}

static bool of_message(struct qmail_line *q, struct slice s,
		       enum queue_kind kind)
{
	if (!last_number(s, &q->message))
		return false;
	q->kind = kind;
	return true;
}

static bool parse(struct qmail_line *q, struct slice s)
{
	if (slice_prefix(&s, "delivery "))
		return delivery(q, s);
	if (slice_prefix(&s, "starting delivery "))
		return starting(q, s);
	if (slice_prefix(&s, "info msg "))
		return info(q, s);
	if (slice_prefix(&s, "new msg "))
		return of_message(q, s, QUEUE_NEW);
	if (slice_prefix(&s, "end msg "))
		return of_message(q, s, QUEUE_END);
	if (slice_prefix(&s, "bounce msg "))
		return of_message(q, slice_until(&s, ' '), QUEUE_BOUNCE);
	if (slice_prefix(&s, "triple bounce: discarding bounce/"))
		return of_message(q, s, QUEUE_BOUNCE);
	return false;
}

void qmail_line_parse(struct qmail_line *q, struct line_time_reader *reader,
		      const char *text, size_t len)
{
	struct slice s = {text, len};
	size_t n;

	*q = (struct qmail_line){.text = s};
	n = line_time_parse(reader, text, len, &q->time);
	s.at += n;
	s.len -= n;
	slice_prefix(&s, "qmail-send: ");
	if (!parse(q, s))
		q->kind = QUEUE_OTHER;
}
