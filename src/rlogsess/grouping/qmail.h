/*
 * Messages out of the lines of qmail-send's log.  All lines with the same
 * message number belong to one message, until its end or until a new one gets
 * the number; a delivery has a number of its own, which is used again too.
 */
#ifndef QMAIL_H
#define QMAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/group_table.h"
#include "rlogsess/grouping/qmail_line.h"

enum {
	MAIL_MAX = 32768,           /* messages in the queue at one time */
	MAIL_DELIVERIES_MAX = 4096, /* deliveries at one time */
	MAIL_ADDRESS = 256,
};

#define MAIL_SECOND INT64_C(1000000000)

enum mail_outcome {
	MAIL_SUCCESS,
	MAIL_DEFERRAL,
	MAIL_FAILURE,
	MAIL_UNKNOWN, /* it never came */
};

struct mail_delivery {
	struct group group; /* key: its number; first: when it began */
	struct mail *mail;
	struct mail_delivery *next; /* of the same message */
	bool matches;               /* its recipient is looked for */
	char channel[8];            /* local, remote */
	char recipient[MAIL_ADDRESS];
};

struct mail {
	struct group group;
	bool started;
	bool bounced; /* the sender is told */
	bool matches; /* one of its recipients is looked for */
	uint64_t bytes;
	uint64_t count[MAIL_UNKNOWN + 1]; /* deliveries by outcome */
	char from[MAIL_ADDRESS];
	struct mail_delivery *deliveries; /* that go on */
	struct line_spool rows;           /* for whom it may concern */
};

/* The end of a delivery. */
struct mail_result {
	struct mail *mail;              /* NULL if its beginning was not seen */
	struct mail_delivery *delivery; /* NULL likewise */
	enum mail_outcome outcome;
	int64_t time;     /* LINE_TIME_NONE for one that is unknown */
	struct slice why; /* qmail's words */
	const struct qmail_line *line; /* NULL for one that is unknown */
};

/* Who is told; each returns 0, or -1 with errno, which ends all. */
struct mail_events {
	void *ctx;
	void (*starting)(void *ctx, struct mail_delivery *delivery);
	int (*line)(void *ctx, struct mail *mail, const struct qmail_line *l);
	int (*result)(void *ctx, const struct mail_result *result);
	int (*over)(void *ctx, struct mail *mail);
};

struct mails {
	struct group_table book, deliveries;
	struct line_spool_store store;
	struct mail_events events;
	int64_t quiet;  /* nanoseconds */
	bool keep;      /* the lines */
	bool restoring; /* lines come a message at a time: no time passes */
	int64_t now;
	uint64_t lines;
};

void mails_init(struct mails *mails, const struct mail_events *events);
void mails_free(struct mails *mails);

/* Takes a line that was parsed.  Returns 0, or -1 with errno. */
int mails_take(struct mails *mails, const struct qmail_line *line);

/* The log is over, and so are all messages.  Returns 0, or -1 with errno. */
int mails_finish(struct mails *mails);

#endif
