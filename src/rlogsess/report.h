/*
 * From the lines of a log to what is shown of its sessions, or messages: puts
 * them together, asks the filter, and hands what passes to the form that was
 * asked for.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/output.h"
#include "rlogsess/grouping/connections.h"
#include "rlogsess/grouping/qmail.h"
#include "rlogsess/rlogsess_options.h"
#include "rlogsess/show_mail.h"
#include "rlogsess/stats.h"

struct report {
	const struct rlogsess_options *options;
	struct sessions sessions; /* one of both is in use */
	struct mails mails;
	struct line_time_reader stamps;
	struct output out;
	struct stats stats;
	struct show_mail_counts counts;
	bool wide;            /* for a terminal */
	bool restoring;       /* what was shown is not shown again */
	bool late;            /* flat lines come when all of one is known */
	bool hold;            /* flat lines wait until all is known */
	FILE *waiting;        /* these lines */
	unsigned char *taken; /* bit N: session N passes */
	size_t taken_room;    /* bytes */
	uint64_t cut;         /* lines that were too long */
};

/* NULL with errno without memory; terminal: for people, and safe for one. */
struct report *report_new(const struct rlogsess_options *options,
			  bool terminal);
void report_free(struct report *report);

/*
 * Takes one line without its newline.  Returns 0, or -1 with errno;
 * output_error of report->out tells if the output has failed.
 */
int report_line(struct report *report, const char *text, size_t len);

/* It is now, also if no line comes.  Returns 0, or -1 with errno. */
int report_pass(struct report *report, int64_t now);

/* Why lines were left out, an errno; 0 if none were. */
int report_trouble(const struct report *report);

/* The log is over.  With carry, open sessions stay open, and are not shown. */
int report_finish(struct report *report, bool carry);

/* What is carried over of one that was open. */
struct report_open {
	uint64_t key, number, left_out;
};

/* The lines that come now are one's.  When they have come: true if so. */
void report_restore(struct report *report, const struct report_open *one);
bool report_restored(struct report *report, const struct report_open *one);

/* Numbers go on behind this one, and time passes again. */
void report_number(struct report *report, uint64_t number);

/* What is open, and where its lines are. */
struct group_table *report_book(struct report *report,
				struct line_spool_store **store);

/* For report.c: the events of messages. */
struct mail_events report_mail_events(struct report *report);

#endif
