/*
 * The path of one mail: its SMTP session, its message in the queue, the bounce
 * of that, and so on; and remarks about what the logs do not tell of it.
 */
#ifndef TRACE_CHAIN_H
#define TRACE_CHAIN_H

#include "rlogsess/trace/mail_links.h"

enum {
	TRACE_CHAIN_MAX = 16,     /* steps, and remarks */
	TRACE_CHAIN_REMARK = 320, /* bytes of a remark with its NUL */
};

/* A session or message of the path. */
struct trace_step {
	size_t fact;   /* SENT or QUEUED */
	size_t parent; /* the message that this one is the bounce of, or self */
};

enum trace_remark_kind {
	TRACE_REFUSED,
	TRACE_GIVEN_UP,
	TRACE_NO_REPLY,
	TRACE_NO_QP,
	TRACE_NO_MESSAGE,
	TRACE_MESSAGES,
	TRACE_NO_INFO,
	TRACE_NO_SESSION,
	TRACE_SESSIONS,
	TRACE_NO_BOUNCE,
	TRACE_BOUNCES,
	TRACE_CUT,
};

struct trace_remark {
	enum trace_remark_kind kind;
	size_t fact;
};

struct trace_chain {
	const struct mail_links *links;
	size_t steps, remarks;
	struct trace_step step[TRACE_CHAIN_MAX];
	struct trace_remark remark[TRACE_CHAIN_MAX];
};

/* Finds the path of the mail that begins with this fact. */
void trace_chain_find(struct trace_chain *chain, const struct mail_links *links,
		      size_t root);

/*
 * Writes the nth remark as a sentence, and a NUL; it may hold bytes of a peer.
 * Returns its length.
 */
size_t trace_chain_explain(char text[TRACE_CHAIN_REMARK],
			   const struct trace_chain *chain, size_t n);

#endif
