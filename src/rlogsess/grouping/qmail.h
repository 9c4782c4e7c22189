/*
 * The grouping of qmail-send's log: all lines with the same message number
 * belong to one message, until its end or until a new message gets the number.
 * A delivery of a message has a number of its own, which is used again, too.
 */
#ifndef QMAIL_H
#define QMAIL_H

#include "rlogsess/grouping/grouping.h"
#include "rlogsess/grouping/log_line.h"

enum {
	QMAIL_MAX = 32768,           /* messages in the queue at one time */
	QMAIL_DELIVERIES_MAX = 4096, /* deliveries at one time */
	QMAIL_ADDRESS = 256,
	QMAIL_REASON = 256,
};

enum mail_outcome {
	MAIL_SUCCESS,
	MAIL_DEFERRAL,
	MAIL_FAILURE,
	MAIL_UNKNOWN, /* the log has no end of the delivery */
};

struct mail_delivery {
	struct group group; /* key: its number; first: when it began */
	struct mail *mail;
	struct mail_delivery *next; /* of the same message */
	bool matches;               /* the filter looks for its recipient */
	bool inside;                /* it began in the window */
	char channel[8];            /* local, remote */
	char recipient[QMAIL_ADDRESS];
};

struct mail {
	struct group group; /* key: the message number */
	bool started;
	bool ended;
	bool bounced; /* qmail-send has told the sender */
	bool matches; /* the filter looks for one of its recipients */
	uint64_t bytes;
	uint64_t qp; /* process ID of the qmail-queue that took it, or 0 */
	uint64_t count[MAIL_UNKNOWN + 1]; /* ended deliveries by outcome */
	int64_t log_end; /* the last time in its log when it was over */
	char from[QMAIL_ADDRESS];
	char deferred[QMAIL_ADDRESS];     /* the recipient deferred last */
	char reason[QMAIL_REASON];        /* of that deferral */
	struct mail_delivery *deliveries; /* that have not ended */
	const struct line_reader *reader; /* of its log, to parse lines again */
};

/* The end of a delivery. */
struct mail_result {
	struct mail *mail;              /* NULL if its start was not seen */
	struct mail_delivery *delivery; /* NULL if its start was not seen */
	enum mail_outcome outcome;
	int64_t time;     /* LINE_TIME_NONE if the outcome is unknown */
	struct slice why; /* qmail-send's reason */
	bool again;       /* an earlier run has reported it */
	bool outside;     /* it neither began nor ended in the window */
};

/* Returns the message of a group of this grouping. */
const struct mail *qmail_mail(const struct group *group);

/*
 * Returns the end of the log at which a message, which is over, was still in
 * the queue; LINE_TIME_NONE if it was not, or the times are unknown.
 */
int64_t qmail_queued_until(const struct mail *mail);

/* Returns success, deferral, failure or unknown. */
const char *qmail_outcome(enum mail_outcome outcome);

/* Lists the facts of a delivery whose start was seen. */
void qmail_list_result(const struct mail_result *result, struct fields *fields);

#endif
