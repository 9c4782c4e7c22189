/* Messages; see message.h. */
#include "rlogread/message.h"

#include <errno.h>
#include <string.h>

#include <skalibs/strerr.h>

#include "label.h"

static void missing(const struct source_notice *n)
{
	char last[LABEL_LEN + 1] = {0}, next[LABEL_LEN + 1] = {0};

	if (!n->labelled) {
		strerr_warnw(n->directory, ": lines are missing: files were "
					   "removed before they were read");
		return;
	}
	label_format(last, &n->last);
	label_format(next, &n->next);
	strerr_warnw(n->directory, ": lines between ", last, " and ", next,
		     " are missing: files were removed before they were read");
}

static void unreadable(const struct source_notice *n)
{
	const char *slash = *n->file ? "/" : "";

	if (strcmp(n->verb, "run") == 0)
		strerr_warnwu("run ", n->program, " for ", n->directory, slash,
			      n->file, ": ", strerror(n->error),
			      "; it is needed to read this file");
	else if (strcmp(n->verb, "unpack") == 0)
		strerr_warnwu("unpack ", n->directory, slash, n->file, ": ",
			      n->program, " failed; what it gave was read");
	else
		strerr_warnwu(n->verb, " ", n->directory, slash, n->file, ": ",
			      strerror(n->error));
}

void message_tell(const struct source_notice *n, bool verbose)
{
	switch (n->event) {
	case SOURCE_MISSING: missing(n); break;
	case SOURCE_UNREADABLE: unreadable(n); break;
	case SOURCE_GONE:
		strerr_warnw(n->directory, " is gone; waiting for it");
		break;
	case SOURCE_BACK: strerr_warnw(n->directory, " is back"); break;
	case SOURCE_LOST_PLACE:
		strerr_warnw(n->directory, ": the place in the cursor is not "
					   "there; beginning with the oldest "
					   "line");
		break;
	case SOURCE_KIND:
		if (verbose)
			strerr_warnw(
			    n->directory, ": ",
			    n->kind == LABEL_LEAP
				? "labels with leap seconds, as s6-log "
				  "writes them"
				: "labels without leap seconds, as "
				  "daemontools writes them");
		break;
	case SOURCE_POLLING:
		if (verbose)
			strerr_warnw("no inotify: looking for new lines five "
				     "times a second");
		break;
	}
}
