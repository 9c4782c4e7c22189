/*
 * Waits of a session.  A server that speaks twice has no question to answer:
 * what it says then is the rest of a reply, or its timeout, and the wait is for
 * the client.  The same holds for a client that sends a message.  recio -p
 * writes a note in place of a message, when it has passed its end: the note
 * stands for a record of that direction.
 */
#include "rlogsess/grouping/session_waits.h"

/* Returns LINE_IN or LINE_OUT for what a side has sent, else LINE_OTHER. */
static enum connection_line_kind find_sender(const struct connection_line *line)
{
	struct remark remark;

	if (line->kind == LINE_IN || line->kind == LINE_OUT)
		return line->kind;
	if (line->kind != LINE_NOTE)
		return LINE_OTHER;
	log_line_parse_note(&remark, line->body);
	if (remark.kind != REMARK_MESSAGE || remark.unfinished)
		return LINE_OTHER;
	return line->body.at[0] == '<' ? LINE_IN : LINE_OUT;
}

bool session_waits_for_server(const struct session_waits *waits,
			      const struct connection_line *line)
{
	return !waits->answered && find_sender(line) == LINE_OUT;
}

int64_t session_waits_take(struct session_waits *waits,
			   const struct connection_line *line)
{
	enum connection_line_kind sender = find_sender(line);
	int64_t wait;

	if (line->time == LINE_TIME_NONE ||
	    (waits->begun && sender == LINE_OTHER))
		return 0;
	wait = waits->begun && line->time > waits->last
		   ? line->time - waits->last
		   : 0;
	waits->begun = true;
	waits->last = line->time;
	if (sender == LINE_OTHER)
		return 0;
	waits->known = true;
	if (sender == LINE_OUT && !waits->answered)
		waits->server_for += wait;
	else
		waits->client_for += wait;
	waits->answered = sender == LINE_OUT;
	return wait;
}
