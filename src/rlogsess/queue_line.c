/* Lines of qmail-send; see queue_line.h. */
#include "queue_line.h"

static bool last_number(struct span s, uint64_t *n)
{
	return span_number(&s, UINT64_MAX, n) && s.len == 0;
}

/* "12345: bytes 3189 from <alice@example.org> qp 27763 uid 46" */
static bool info(struct queue_line *q, struct span s)
{
	if (!span_number(&s, UINT64_MAX, &q->message) ||
	    !span_prefix(&s, ": bytes ") ||
	    !span_number(&s, UINT64_MAX, &q->bytes) ||
	    !span_prefix(&s, " from <"))
		return false;
	/* A sender may have spaces and brackets in it. */
	span_cut_last(&s, '>');
	q->from = s;
	q->kind = QUEUE_INFO;
	return true;
}

/* "1: msg 12345 to local bob@example.net" */
static bool starting(struct queue_line *q, struct span s)
{
	if (!span_number(&s, UINT64_MAX, &q->delivery) ||
	    !span_prefix(&s, ": msg ") ||
	    !span_number(&s, UINT64_MAX, &q->message) ||
	    !span_prefix(&s, " to "))
		return false;
	q->channel = span_until(&s, ' ');
	q->recipient = s;
	q->kind = QUEUE_STARTING;
	return true;
}

/* "1: success: did_1+0+0/" */
static bool delivery(struct queue_line *q, struct span s)
{
	if (!span_number(&s, UINT64_MAX, &q->delivery) ||
	    !span_prefix(&s, ": "))
		return false;
	q->outcome = span_until(&s, ':');
	span_prefix(&s, " ");
	q->why = s;
	q->kind = QUEUE_DELIVERY;
	return true;
}

static bool of_message(struct queue_line *q, struct span s,
		       enum queue_kind kind)
{
	if (!last_number(s, &q->message))
		return false;
	q->kind = kind;
	return true;
}

static bool parse(struct queue_line *q, struct span s)
{
	if (span_prefix(&s, "delivery "))
		return delivery(q, s);
	if (span_prefix(&s, "starting delivery "))
		return starting(q, s);
	if (span_prefix(&s, "info msg "))
		return info(q, s);
	if (span_prefix(&s, "new msg "))
		return of_message(q, s, QUEUE_NEW);
	if (span_prefix(&s, "end msg "))
		return of_message(q, s, QUEUE_END);
	if (span_prefix(&s, "bounce msg "))
		return of_message(q, span_until(&s, ' '), QUEUE_BOUNCE);
	if (span_prefix(&s, "triple bounce: discarding bounce/"))
		return of_message(q, s, QUEUE_BOUNCE);
	return false;
}

void queue_line_parse(struct queue_line *q, struct stamp_reader *reader,
		      const char *text, size_t len)
{
	struct span s = {text, len};
	size_t n;

	*q = (struct queue_line){.text = s};
	n = stamp_scan(reader, text, len, &q->time);
	s.at += n;
	s.len -= n;
	span_prefix(&s, "qmail-send: ");
	if (!parse(q, s))
		q->kind = QUEUE_OTHER;
}
