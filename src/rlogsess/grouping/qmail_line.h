/*
 * What one line of qmail-send's log says (qmail-log(5)):
 *
 *   new msg N
 *   info msg N: bytes B from <SENDER> qp P uid U
 *   starting delivery D: msg N to local|remote RECIPIENT
 *   delivery D: success|deferral|failure: TEXT
 *   bounce msg N qp P
 *   triple bounce: discarding bounce/N
 *   end msg N
 *
 * with a stamp (line_time.h) in front or without one.
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
	uint64_t message;                /* but for DELIVERY */
	uint64_t delivery;               /* STARTING, DELIVERY */
	uint64_t bytes;                  /* INFO */
	struct slice from;               /* INFO, without its brackets */
	struct slice channel, recipient; /* STARTING */
	struct slice outcome, why;       /* DELIVERY */
};

void qmail_line_parse(struct qmail_line *line, struct line_time_reader *reader,
		      const char *text, size_t len);

#endif
