/*
 * The sentences for events of a source.  A sentence begins with the directory
 * or with "unable to"; the program's name before it is for the caller to print.
 *
 * Tested by tests/sh/rlogread-usage.t and tests/sh/rlogread-follow.t.
 */
#include "logread/source_event.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/label.h"

void source_event_tell(const struct source_options *options,
		       const struct source_notice *notice)
{
	if (options->tell)
		options->tell(options->ctx, notice);
}

static int write_missing(char text[SOURCE_EVENT_MAX],
			 const struct source_notice *notice)
{
	char last[LABEL_LEN + 1] = {0}, next[LABEL_LEN + 1] = {0};

	if (!notice->labelled)
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s: lines are missing: files were removed "
				"before they were read",
				notice->directory);
	label_format(last, &notice->last);
	label_format(next, &notice->next);
	return snprintf(text, SOURCE_EVENT_MAX,
			"%s: lines between %s and %s are missing: files were "
			"removed before they were read",
			notice->directory, last, next);
}

static int write_unreadable(char text[SOURCE_EVENT_MAX],
			    const struct source_notice *notice)
{
	const char *slash = *notice->file ? "/" : "";

	if (strcmp(notice->verb, "run") == 0)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to run %s for %s%s%s: %s; it is needed "
				"to read this file",
				notice->program, notice->directory, slash,
				notice->file, strerror(notice->error));
	if (strcmp(notice->verb, "unpack") == 0)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to unpack %s%s%s: %s failed; what it "
				"gave was read",
				notice->directory, slash, notice->file,
				notice->program);
	return snprintf(text, SOURCE_EVENT_MAX, "unable to %s %s%s%s: %s",
			notice->verb, notice->directory, slash, notice->file,
			strcmp(notice->verb, "use") == 0
			    ? "it is not a regular file"
			    : strerror(notice->error));
}

static int write_kind(char text[SOURCE_EVENT_MAX],
		      const struct source_notice *notice)
{
	return snprintf(text, SOURCE_EVENT_MAX, "%s: labels %s",
			notice->directory,
			notice->kind == LABEL_LEAP
			    ? "with leap seconds, as s6-log writes them"
			    : "without leap seconds, as daemontools writes "
			      "them");
}

static int write_event(char text[SOURCE_EVENT_MAX],
		       const struct source_notice *notice)
{
	switch (notice->event) {
	case SOURCE_MISSING: return write_missing(text, notice);
	case SOURCE_UNREADABLE: return write_unreadable(text, notice);
	case SOURCE_GONE:
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s is gone; waiting for it",
				notice->directory);
	case SOURCE_BACK:
		return snprintf(text, SOURCE_EVENT_MAX, "%s is back",
				notice->directory);
	case SOURCE_LOST_PLACE:
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s: the place in the cursor is not there; "
				"beginning with the oldest line",
				notice->directory);
	case SOURCE_KIND: return write_kind(text, notice);
	case SOURCE_UNSTAMPED:
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s: no line begins with a time, so -S and -U "
				"can not choose lines",
				strcmp(notice->directory, "-") == 0
				    ? "standard input"
				    : notice->directory);
	case SOURCE_POLLING:
		return snprintf(text, SOURCE_EVENT_MAX,
				"no inotify: looking for new lines five times "
				"a second");
	}
	return 0;
}

/* Returns the length of a sentence that snprintf may have cut. */
static size_t limit_sentence(int len)
{
	return len < SOURCE_EVENT_MAX ? (size_t)len : SOURCE_EVENT_MAX - 1;
}

size_t source_event_text(char text[SOURCE_EVENT_MAX],
			 const struct source_notice *notice, bool verbose)
{
	if (!verbose &&
	    (notice->event == SOURCE_KIND || notice->event == SOURCE_POLLING))
		return 0;
	return limit_sentence(write_event(text, notice));
}

static int write_open_failure(char text[SOURCE_EVENT_MAX],
			      const struct source_options *options,
			      const char *bad, int error)
{
	if (!bad)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to open the log: %s", strerror(error));
	if (error == ESPIPE)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to open %s: -c and -n need a log "
				"directory or a file",
				bad);
	if (bad == options->cursor && error == EINVAL)
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s is not a cursor file; give -c the name of "
				"a new file",
				bad);
	if (error == ENOENT && access(bad, F_OK) == 0)
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s holds no log: neither current nor "
				"archives, here or in log/main",
				bad);
	return snprintf(text, SOURCE_EVENT_MAX, "unable to open %s: %s", bad,
			strerror(error));
}

size_t source_event_open(char text[SOURCE_EVENT_MAX],
			 const struct source_options *options, const char *bad)
{
	return limit_sentence(write_open_failure(text, options, bad, errno));
}
