/*
 * The first reading of the logs of --trace: the facts about all mails in the
 * sessions and messages of all logs, each of which may have both.
 */
#ifndef TRACE_SCAN_H
#define TRACE_SCAN_H

#include "rlogsess/trace/mail_facts.h"
#include "rlogsess/trace/mail_links.h"
#include "rlogsess/trace/trace_groupers.h"

struct trace_scan {
	const struct mail_query *query;
	struct mail_facts facts;
	struct trace_groupers groupers;
	struct session_bytes bytes; /* of the session that has ended */
	struct smtp_mails mails;
	struct mail_fact fact; /* the one that is being composed */
	struct mail_span span; /* the times of the logs */
	bool failed;           /* a fact was not stored; errno is in error */
	int error;
	uint64_t mail_count; /* in sessions or in the queue */
	uint64_t unrecorded; /* accepted in sessions, without their message */
	uint64_t left_out;   /* sessions and messages that are not held whole */
};

/*
 * Begins a zeroed scan of this number of logs, which its groupers name, choose
 * and finish; the query must stay.  Returns 0, or -1 with errno set;
 * trace_scan_free releases the scan in both cases.
 */
int trace_scan_init(struct trace_scan *scan, const struct mail_query *query,
		    size_t logs, int64_t quiet);

void trace_scan_free(struct trace_scan *scan);

/*
 * Takes a line without its newline; inside: it is in the window.  Returns 0, or
 * -1 with errno set.
 */
int trace_scan_line(struct trace_scan *scan, const char *text, size_t len,
		    bool inside);

#endif
