/*
 * The sentences of rlogsess.  They are written once for a whole log, so that a
 * hostile peer can't fill standard error.  Tested by tests/sh/rlogsess-*.t.
 */
#include "rlogsess/rlogsess_messages.h"

#include <errno.h>
#include <string.h>

#include <skalibs/strerr.h>
#include <skalibs/types.h>
#include <skalibs/uint64.h>

#include "rlogsess/grouping/qmail.h"

_Noreturn void
rlogsess_messages_die_of_state(const struct rlogsess_options *options)
{
	const char *name =
	    options->state ? options->state : "descriptor 4 or 5";

	if (errno == EXDEV)
		strerr_dief(111, name, " holds ",
			    options->by_message ? "messages" : "sessions",
			    " of other logs than these; name the same logs, or "
			    "give -k the name of a new file");
	if (errno == EINVAL)
		strerr_dief(111, name, " holds no state of ",
			    options->by_message ? "rlogsess -M" : "rlogsess",
			    "; give -k the name of a new file");
	strerr_diefusys(111, "read or write the state in ", name);
}

bool rlogsess_messages_warn_of_nothing(const struct report *report,
				       const struct rlogsess_options *options)
{
	bool by_message = options->by_message;
	const char *noun = by_message ? "no message in " : "no session in ";
	char number[UINT64_FMT];
	uint64_t lines;
	enum report_finding finding = report_find(report, &lines);

	if (finding == REPORT_SOMETHING || options->rest)
		return false;
	number[uint64_fmt(number, lines)] = 0;
	if (finding == REPORT_OTHER)
		strerr_warnw(noun, number,
			     by_message ? " lines, but sessions: try without -M"
					: " lines, but messages of "
					  "qmail-send: try -M");
	else
		strerr_warnw(noun, number, " lines: is it a log of ",
			     by_message ? "qmail-send"
					: "tcpserver, recio or recordio",
			     "? rlogread shows its lines");
	return true;
}

static void warn_of_losses(const struct report *report)
{
	int error = report_trouble(report);

	if (report_cut_lines(report))
		strerr_warnw("lines longer than 65535 bytes were cut");
	if (error)
		strerr_warnw("lines were left out: unable to write to the "
			     "temporary file: ",
			     strerror(error));
}

/* Says which groups of a window -i or --from could not look at. */
static void warn_of_nameless(const struct report *report,
			     const struct rlogsess_options *options)
{
	const struct filter *filter = &options->filter;
	uint64_t groups = report_nameless(report);
	char number[UINT64_FMT];

	if (!options->selection.source.back || !groups ||
	    !(filter->networks || filter->senders))
		return;
	number[uint64_fmt(number, groups)] = 0;
	strerr_warnw(options->by_message ? "messages" : "sessions",
		     " that began before the lines that were read, and whose ",
		     options->by_message ? "sender" : "address",
		     " is not known for that: ", number,
		     "; a longer -t reads from further back");
}

/* A message that was not followed to its end may be stuck. */
static void warn_of_crowd(const struct report *report,
			  const struct rlogsess_options *options)
{
	uint64_t messages = report_crowded(report);
	char number[UINT64_FMT], most[UINT_FMT];

	if (!options->filter.stuck || !messages)
		return;
	number[uint64_fmt(number, messages)] = 0;
	most[uint_fmt(most, QMAIL_MAX)] = 0;
	strerr_warnw(number, " messages may be missing: more than ", most,
		     " were in the queue at one time");
}

static void tell_rest_lines(const struct report *report,
			    const struct rlogsess_options *options)
{
	uint64_t lines = report_rest(report);
	char number[UINT64_FMT];

	if (!options->selection.verbose || !lines)
		return;
	number[uint64_fmt(number, lines)] = 0;
	strerr_warnw("lines of no ",
		     options->by_message ? "message" : "session", ": ", number,
		     "; --rest shows them");
}

void rlogsess_messages_warn_at_end(const struct report *report,
				   const struct rlogsess_options *options)
{
	warn_of_losses(report);
	warn_of_nameless(report, options);
	warn_of_crowd(report, options);
	tell_rest_lines(report, options);
}
