/*
 * Paths of mails: from a fact down its links.  A step that the logs do not tell
 * is a remark in its place.  Tested by tests/sh/rlogsess-trace.t.
 */
#include "rlogsess/trace/trace_chain.h"

#include <stdio.h>
#include <string.h>

static void add_trace_remark(struct trace_chain *chain,
			     enum trace_remark_kind kind, size_t fact)
{
	if (chain->remarks < TRACE_CHAIN_MAX)
		chain->remark[chain->remarks++] =
		    (struct trace_remark){kind, fact};
}

/* Adds a step; false if it is there already, or the path is full. */
static bool add_step(struct trace_chain *chain, size_t fact, size_t parent)
{
	for (size_t i = 0; i < chain->steps; i++)
		if (chain->step[i].fact == fact)
			return false;
	if (chain->steps == TRACE_CHAIN_MAX) {
		add_trace_remark(chain, TRACE_CUT, fact);
		return false;
	}
	chain->step[chain->steps++] = (struct trace_step){fact, parent};
	return true;
}

static const struct mail_fact *get_fact(const struct trace_chain *chain,
					size_t fact)
{
	return &chain->links->fact[fact];
}

/* Adds the message that a mail or bounce has become, or a remark. */
static void follow_link(struct trace_chain *chain, size_t from, size_t parent,
			enum trace_remark_kind none,
			enum trace_remark_kind several)
{
	size_t to;

	switch (mail_links_side(chain->links, from, &to)) {
	case LINK_FOUND:
		add_step(chain, to, parent == SIZE_MAX ? to : parent);
		break;
	case LINK_NONE: add_trace_remark(chain, none, from); break;
	case LINK_AMBIGUOUS: add_trace_remark(chain, several, from); break;
	}
}

static void follow_sent(struct trace_chain *chain, size_t fact)
{
	const struct smtp_mail *mail = &get_fact(chain, fact)->mail;

	if (!mail->reply_len || (mail->sent && !mail->replied))
		add_trace_remark(chain, TRACE_NO_REPLY, fact);
	else if (*mail->reply < '4' && !mail->accepted)
		add_trace_remark(chain, TRACE_GIVEN_UP, fact);
	else if (!mail->accepted)
		add_trace_remark(chain, TRACE_REFUSED, fact);
	else if (!mail->qp)
		add_trace_remark(chain, TRACE_NO_QP, fact);
	else
		follow_link(chain, fact, SIZE_MAX, TRACE_NO_MESSAGE,
			    TRACE_MESSAGES);
}

static void follow_bounces(struct trace_chain *chain, size_t message)
{
	size_t bounce = SIZE_MAX;

	while (mail_links_bounce(chain->links, message, &bounce))
		if (get_fact(chain, bounce)->mail.replied)
			follow_link(chain, bounce, message, TRACE_NO_BOUNCE,
				    TRACE_BOUNCES);
}

/* A path that begins in the queue: its session is not known. */
static void explain_beginning(struct trace_chain *chain, size_t message)
{
	size_t other;

	if (!get_fact(chain, message)->mail.qp)
		add_trace_remark(chain, TRACE_NO_INFO, message);
	else if (mail_links_side(chain->links, message, &other) ==
		 LINK_AMBIGUOUS)
		add_trace_remark(chain, TRACE_SESSIONS, message);
	else
		add_trace_remark(chain, TRACE_NO_SESSION, message);
}

void trace_chain_find(struct trace_chain *chain, const struct mail_links *links,
		      size_t root)
{
	enum mail_fact_kind kind = links->fact[root].kind;

	*chain = (struct trace_chain){.links = links};
	if (kind == FACT_BOUNCE) {
		follow_link(chain, root, SIZE_MAX, TRACE_NO_BOUNCE,
			    TRACE_BOUNCES);
	} else {
		add_step(chain, root, root);
		if (kind == FACT_SENT)
			follow_sent(chain, root);
		else
			explain_beginning(chain, root);
	}
	for (size_t i = 0; i < chain->steps; i++)
		if (get_fact(chain, chain->step[i].fact)->kind == FACT_QUEUED)
			follow_bounces(chain, chain->step[i].fact);
}

size_t trace_chain_explain(char text[TRACE_CHAIN_REMARK],
			   const struct trace_chain *chain, size_t n)
{
	static const char *const forms[] = {
	    [TRACE_REFUSED] = "the server did not accept it: ",
	    [TRACE_GIVEN_UP] =
		"the log does not tell that its message was sent, after: ",
	    [TRACE_NO_REPLY] = "the log has no reply of the server to it",
	    [TRACE_NO_QP] = "no message of qmail-send can be found by the "
			    "server's reply, which names no qp: ",
	    [TRACE_NO_MESSAGE] =
		"no message from its sender is in the queue up to an hour "
		"after its reply with qp ",
	    [TRACE_MESSAGES] = "it may be any of several messages with qp ",
	    [TRACE_NO_INFO] =
		"the log lacks the line of its message that tells its qp",
	    [TRACE_NO_SESSION] =
		"a local program may have sent it: no session that fits has a "
		"reply with qp ",
	    [TRACE_SESSIONS] =
		"its message may be of any of several mails with qp ",
	    [TRACE_NO_BOUNCE] =
		"no message that fits is the bounce, which has qp ",
	    [TRACE_BOUNCES] =
		"its bounce may be any of several messages with qp ",
	    [TRACE_CUT] = "its further bounces are left out",
	};
	const struct trace_remark *remark = &chain->remark[n];
	const struct smtp_mail *mail = &get_fact(chain, remark->fact)->mail;
	const char *form = forms[remark->kind];
	size_t len = strlen(form);

	memcpy(text, form, len + 1);
	if (len < 2 || form[len - 1] != ' ')
		return len;
	if (form[len - 2] == ':') {
		memcpy(text + len, mail->reply, mail->reply_len);
		len += mail->reply_len;
		text[len] = 0;
		return len;
	}
	return len + (size_t)snprintf(text + len, TRACE_CHAIN_REMARK - len,
				      "%llu", (unsigned long long)mail->qp);
}
