/*
 * Facts about all mails of a log, in a temporary file without a name: memory
 * does not grow with the log.
 */
#ifndef MAIL_FACTS_H
#define MAIL_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "rlogsess/group_table.h"
#include "rlogsess/trace/smtp_mails.h"

/*
 * The name of a group that stays the same when the log is read again.  Numbers
 * of groups name only those without a time: the oldest lines of a log may have
 * been removed since.
 */
struct group_name {
	bool messages; /* a message of qmail-send, else a session */
	size_t log;
	uint64_t key, number; /* number: 0 where first is known */
	int64_t first;
};

enum mail_fact_kind {
	FACT_SENT,   /* a client has sent the mail in an SMTP session */
	FACT_QUEUED, /* qmail-send has a message in its queue */
	FACT_BOUNCE, /* qmail-send has sent a bounce of that message */
};

struct mail_fact {
	enum mail_fact_kind kind;
	struct group_name group; /* BOUNCE: the message that bounced */
	int64_t last;            /* the time of the group's last line */
	uint64_t number;         /* of the fact, from 0 */
	/*
	 * SENT: what the session tells of it.  QUEUED: matches, qp, its sender,
	 * and in begin and end the time of its line "info".  BOUNCE: the qp of
	 * the bounce and the time of its line; replied is false if it was
	 * discarded.
	 */
	struct smtp_mail mail;
};

struct mail_facts {
	FILE *file;
	uint64_t count;
};

/* Makes an empty store.  Returns 0, or -1 with errno set. */
int mail_facts_init(struct mail_facts *facts);

/* Closes the file, also after mail_facts_init has failed. */
void mail_facts_free(struct mail_facts *facts);

/* Adds a fact, and gives it its number.  Returns 0, or -1 with errno set. */
int mail_facts_add(struct mail_facts *facts, struct mail_fact *fact);

/*
 * Passes all facts to visit, in the order in which they were added.  Returns 0;
 * or -1 with errno set if they can't be read back, or visit returned -1.
 */
int mail_facts_each(struct mail_facts *facts,
		    int (*visit)(void *ctx, const struct mail_fact *fact),
		    void *ctx);

/* Returns the name of a group of the log of this number. */
struct group_name mail_facts_name(const struct group *group, size_t log,
				  bool messages);

/* Orders names, for qsort: less than, equal to or greater than 0. */
int mail_facts_compare(const struct group_name *a, const struct group_name *b);

#endif
