/* The messages of rlogsess about a log, on standard error. */
#ifndef RLOGSESS_MESSAGES_H
#define RLOGSESS_MESSAGES_H

#include <stdbool.h>

#include "rlogsess/report.h"
#include "rlogsess/rlogsess_options.h"

/* Says, by errno, why the state of -k or -K is of no use, and exits 111. */
_Noreturn void
rlogsess_messages_die_of_state(const struct rlogsess_options *options);

/*
 * Says why nothing can be shown, whatever the filter.  Returns false, without a
 * message, if something can, or if --rest asks for the other lines.
 */
bool rlogsess_messages_warn_of_nothing(const struct report *report,
				       const struct rlogsess_options *options);

/*
 * Says what the output of a log that was read to its end lacks: lines that were
 * cut or left out, groups that the filter could not look at or that were ended
 * too early, and with -v the number of lines of no group.
 */
void rlogsess_messages_warn_at_end(const struct report *report,
				   const struct rlogsess_options *options);

#endif
