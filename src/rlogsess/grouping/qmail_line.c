/*
 * Lines of qmail-send.  A line that departs from its form in any place belongs
 * to no message, so that a broken log gives no wrong facts.  Tested by
 * tests/unit/rlogsess/qmail.c.
 */
#include "rlogsess/grouping/qmail_line.h"

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

void qmail_line_parse(struct qmail_line *line, struct line_time_reader *reader,
		      const char *text, size_t len)
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
