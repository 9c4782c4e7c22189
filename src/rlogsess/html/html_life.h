/*
 * The life of a message: its deliveries as a list, and a strip that draws them.
 * A delivery is held as a row of its message when it ends.
 */
#ifndef HTML_LIFE_H
#define HTML_LIFE_H

#include "base/output.h"
#include "rlogsess/grouping/qmail.h"

/* The longest text of qmail-send about a delivery that is shown. */
enum { HTML_LIFE_WHY = 4096 };

/* Holds a delivery, whose message is in the table. */
void html_life_hold(struct group_table *table,
		    const struct mail_result *result);

/*
 * Writes a strip as an element svg: its length is the logarithm of the time in
 * the queue, and it shows when deliveries ran.  Returns 0, or -1 with errno
 * set.
 */
int html_life_strip(struct output *output, struct line_spool_store *store,
		    const struct group *group);

/* Writes a list of the deliveries, if there are any; returns likewise. */
int html_life_list(struct output *output, struct line_spool_store *store,
		   const struct group *group);

#endif
