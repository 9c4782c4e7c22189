/*
 * The meaning of a line of qmail-send's log (qmail-log(5)), one of:
 *
 *   new msg N
 *   info msg N: bytes B from <SENDER> qp P uid U
 *   starting delivery D: msg N to local|remote RECIPIENT
 *   delivery D: success|deferral|failure: TEXT
 *   bounce msg N qp P
 *   triple bounce: discarding bounce/N
 *   end msg N
 *
 * with or without a time before it (line_time.h).
 */
#ifndef QMAIL_LINE_H
#define QMAIL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlogsess/grouping/connection_line.h"

enum queue_kind {
	QUEUE_OTHER,
	QUEUE_NEW,
	QUEUE_INFO,
	QUEUE_STARTING,
	QUEUE_DELIVERY,
	QUEUE_BOUNCE,
	QUEUE_END,
};

struct qmail_line {
	struct slice text; /* the whole line */
	int64_t time;
	enum queue_kind kind;
	uint64_t message;                /* all but DELIVERY, OTHER */
	uint64_t delivery;               /* STARTING, DELIVERY */
	uint64_t bytes;                  /* INFO */
	struct slice from;               /* INFO, without its brackets */
	struct slice channel, recipient; /* STARTING */
	struct slice outcome, why;       /* DELIVERY */
};

/* Parses the len bytes at text; the slices point into them. */
void qmail_line_parse(struct qmail_line *line, struct line_time_reader *reader,
		      const char *text, size_t len);

#endif
