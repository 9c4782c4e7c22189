/* Notices; see source_event.h. */
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

static int missing(char text[SOURCE_EVENT_MAX], const struct source_notice *n)
{
	char last[LABEL_LEN + 1] = {0}, next[LABEL_LEN + 1] = {0};

	if (!n->labelled)
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s: lines are missing: files were removed "
				"before they were read",
				n->directory);
	label_format(last, &n->last);
	label_format(next, &n->next);
	return snprintf(text, SOURCE_EVENT_MAX,
			"%s: lines between %s and %s are missing: files were "
			"removed before they were read",
			n->directory, last, next);
}

static int unreadable(char text[SOURCE_EVENT_MAX],
		      const struct source_notice *n)
{
	const char *slash = *n->file ? "/" : "";

	if (strcmp(n->verb, "run") == 0)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to run %s for %s%s%s: %s; it is needed "
				"to read this file",
				n->program, n->directory, slash, n->file,
				strerror(n->error));
	if (strcmp(n->verb, "unpack") == 0)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to unpack %s%s%s: %s failed; what it "
				"gave was read",
				n->directory, slash, n->file, n->program);
	return snprintf(text, SOURCE_EVENT_MAX, "unable to %s %s%s%s: %s",
			n->verb, n->directory, slash, n->file,
			strerror(n->error));
}

static int kind(char text[SOURCE_EVENT_MAX], const struct source_notice *n)
{
	return snprintf(text, SOURCE_EVENT_MAX, "%s: labels %s", n->directory,
			n->kind == LABEL_LEAP
			    ? "with leap seconds, as s6-log writes them"
			    : "without leap seconds, as daemontools writes "
			      "them");
}

static int write_text(char text[SOURCE_EVENT_MAX],
		      const struct source_notice *n)
{
	switch (n->event) {
	case SOURCE_MISSING: return missing(text, n);
	case SOURCE_UNREADABLE: return unreadable(text, n);
	case SOURCE_GONE:
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s is gone; waiting for it", n->directory);
	case SOURCE_BACK:
		return snprintf(text, SOURCE_EVENT_MAX, "%s is back",
				n->directory);
	case SOURCE_LOST_PLACE:
		return snprintf(text, SOURCE_EVENT_MAX,
				"%s: the place in the cursor is not there; "
				"beginning with the oldest line",
				n->directory);
	case SOURCE_KIND: return kind(text, n);
	case SOURCE_POLLING:
		return snprintf(text, SOURCE_EVENT_MAX,
				"no inotify: looking for new lines five times "
				"a second");
	}
	return 0;
}

static size_t fitting(int len)
{
	return len < SOURCE_EVENT_MAX ? (size_t)len : SOURCE_EVENT_MAX - 1;
}

size_t source_event_text(char text[SOURCE_EVENT_MAX],
			 const struct source_notice *n, bool verbose)
{
	if (!verbose && (n->event == SOURCE_KIND || n->event == SOURCE_POLLING))
		return 0;
	return fitting(write_text(text, n));
}

static int write_open(char text[SOURCE_EVENT_MAX],
		      const struct source_options *o, const char *bad,
		      int error)
{
	if (!bad)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to open the log: %s", strerror(error));
	if (error == ESPIPE)
		return snprintf(text, SOURCE_EVENT_MAX,
				"unable to open %s: -c and -n need a log "
				"directory or a file",
				bad);
	if (bad == o->cursor && error == EINVAL)
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
			 const struct source_options *o, const char *bad)
{
	return fitting(write_open(text, o, bad, errno));
}
