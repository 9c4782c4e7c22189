/*
 * Outcomes of sessions.  They are ordered by how much they explain: a program
 * that was killed is bad whichever replies it had given.
 */
#include "rlogsess/grouping/session_outcome.h"

static bool was_refused(const struct smtp_summary *summary)
{
	for (unsigned int code = 400; code < SMTP_SUMMARY_CODES; code++)
		if (smtp_summary_replied(summary, code))
			return true;
	return false;
}

enum session_outcome session_outcome(const struct session *session)
{
	if (session->denied)
		return OUTCOME_DENIED;
	if (connections_ended_badly(session))
		return OUTCOME_BAD;
	if (session->group.marks & GROUP_OPEN)
		return OUTCOME_OPEN;
	return was_refused(&session->said.talk) ? OUTCOME_REFUSED
						: OUTCOME_FINE;
}

const char *session_outcome_name(enum session_outcome outcome)
{
	static const char *const names[OUTCOMES] = {
	    "denied", "bad", "open", "refused", "fine",
	};

	return names[outcome];
}
