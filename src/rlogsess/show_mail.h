/* How messages and their deliveries are shown. */
#ifndef RLOGSESS_SHOW_MAIL_H
#define RLOGSESS_SHOW_MAIL_H

#include "mail.h"
#include "out.h"

enum { SHOW_MAIL_DELAYS = 7, SHOW_MAIL_MARKS = 64 };

struct show_mail_counts {
	uint64_t messages, bytes, bounces, bounced, open;
	uint64_t outcome[2][MAIL_UNKNOWN + 1]; /* local, remote */
	uint64_t delay[SHOW_MAIL_DELAYS];
};

/* The names of the marks, with commas between; the length. */
size_t show_mail_marks(char text[SHOW_MAIL_MARKS], const struct mail *mail);

/* success, deferral, failure, unknown */
const char *show_mail_outcome(enum mail_outcome outcome);

/* The lines, and behind them notes of what is missing, and an empty line. */
int show_mail_text(struct out *out, struct held_store *store,
		   const struct mail *mail);

/* One line, with the message's number in this run and its sender in front. */
void show_mail_flat(struct out *out, const struct mail *mail, const char *text,
		    size_t len);
int show_mail_flat_all(struct out *out, struct held_store *store,
		       const struct mail *mail);

/* One line a delivery; aligned if wide. */
void show_mail_table_head(struct out *out);
void show_mail_table(struct out *out, const struct mail_result *result,
		     bool wide);

/* Keeps a delivery for its message's object. */
void show_mail_json_keep(struct held_store *store,
			 const struct mail_result *result);

/* One object a message. */
int show_mail_json(struct out *out, struct held_store *store,
		   const struct mail *mail);

void show_mail_count(struct show_mail_counts *counts, const struct mail *mail);
void show_mail_count_result(struct show_mail_counts *counts,
			    const struct mail_result *result);
void show_mail_stats(struct out *out, const struct show_mail_counts *counts);

#endif
