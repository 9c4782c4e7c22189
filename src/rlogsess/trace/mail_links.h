/*
 * Which message in the queue a mail has become, and which message a bounce has:
 * they share a qp, the process ID of the qmail-queue that took the mail.  Since
 * process IDs are used again, a message belongs to a mail only if
 *
 * - it has the mail's sender, a bounce the one that qmail-send gives it;
 * - it was logged while the mail was sent, or at most MAIL_LINKS_PROMPT before
 *   or after, and no other message and mail of this qp were; or
 * - it was logged at most MAIL_LINKS_SPAN after the mail, in a log that begins
 *   before the mail ends, and no other message or mail of this qp is possible.
 *
 * Otherwise there is no link, and enum mail_link says so.
 */
#ifndef MAIL_LINKS_H
#define MAIL_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/trace/mail_facts.h"

#define MAIL_LINKS_SPAN (INT64_C(3600) * 1000000000)
#define MAIL_LINKS_PROMPT (INT64_C(10) * 1000000000)

enum {
	MAIL_LINKS_MAX = 16384,  /* facts in memory */
	MAIL_LINKS_ROOTS = 1000, /* mails that are shown */
};

enum mail_link {
	LINK_NONE,      /* there is no other side */
	LINK_AMBIGUOUS, /* there are several */
	LINK_FOUND,
};

/* The times of logs; LINE_TIME_NONE if there are none. */
struct mail_span {
	int64_t *begins;     /* of each log: its first time */
	int64_t first, last; /* of the lines in the window, in all logs */
};

struct mail_links {
	struct mail_fact *fact; /* sorted by qp */
	size_t count, room;
	struct group_name *name; /* of facts, sorted */
	size_t names;
	const struct mail_span *span;
	bool full; /* more facts would have been needed */
	size_t roots;
	size_t root[MAIL_LINKS_ROOTS]; /* facts, in the order of time */
	bool more;                     /* there were more roots */
};

/*
 * Finds the facts that match and whose session or message is in the window, at
 * least in part, and all facts that may be linked to them; the span must stay.
 * Returns 0, or -1 with errno set; mail_links_free releases the struct in both
 * cases.
 */
int mail_links_find(struct mail_links *links, struct mail_facts *facts,
		    const struct mail_span *span);

void mail_links_free(struct mail_links *links);

/*
 * Finds the message that a mail or bounce has become, or the mail or bounce
 * that has become a message: its fact in *other.
 */
enum mail_link mail_links_side(const struct mail_links *links, size_t at,
			       size_t *other);

/*
 * Finds the next fact behind *at that is the bounce of a message; *at is
 * SIZE_MAX at first.
 */
bool mail_links_bounce(const struct mail_links *links, size_t message,
		       size_t *at);

#endif
