/*
 * Waits of a session.  A server that speaks twice has no question to answer:
 * what it says then is the rest of a reply, or its timeout, and the wait is for
 * the client.  The same holds for a client that sends a message.
 */
#include "rlogsess/grouping/session_waits.h"

bool session_waits_for_server(const struct session_waits *waits,
			      enum connection_line_kind kind)
{
	return kind == LINE_OUT && !waits->answered;
}

int64_t session_waits_take(struct session_waits *waits,
			   const struct connection_line *line)
{
	bool record = line->kind == LINE_IN || line->kind == LINE_OUT;
	int64_t wait;

	if (line->time == LINE_TIME_NONE || (waits->begun && !record))
		return 0;
	wait = waits->begun && line->time > waits->last
		   ? line->time - waits->last
		   : 0;
	waits->begun = true;
	waits->last = line->time;
	if (!record)
		return 0;
	waits->known = true;
	if (session_waits_for_server(waits, line->kind))
		waits->server_for += wait;
	else
		waits->client_for += wait;
	waits->answered = line->kind == LINE_OUT;
	return wait;
}
