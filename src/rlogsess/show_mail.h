/* How messages and their deliveries are shown. */
#ifndef SHOW_MAIL_H
#define SHOW_MAIL_H

#include "rlogsess/grouping/qmail.h"
#include "rlogsess/histogram.h"
#include "rlogsess/show.h"

struct show_mail_counts {
	uint64_t messages, bytes, bounces, bounced, open;
	uint64_t outcome[2][MAIL_UNKNOWN + 1]; /* local, remote */
	uint64_t delay[HISTOGRAM_STEPS];
};

/* success, deferral, failure, unknown */
const char *show_mail_outcome(enum mail_outcome outcome);

/* One line a delivery; aligned if wide. */
void show_mail_table_head(struct output *out);
void show_mail_table(struct output *out, const struct mail_result *result,
		     bool wide);

/* Keeps a delivery for its message's object. */
void show_mail_json_keep(struct line_spool_store *store,
			 const struct mail_result *result);

/* One object a message. */
int show_mail_json(struct output *out, struct line_spool_store *store,
		   const struct mail *mail);

void show_mail_count(struct show_mail_counts *counts, const struct mail *mail);
void show_mail_count_result(struct show_mail_counts *counts,
			    const struct mail_result *result);
void show_mail_stats(struct output *out, const struct show_mail_counts *counts);

#endif
