/* Events of a source that a user is told of, and the sentences for them. */
#ifndef SOURCE_EVENT_H
#define SOURCE_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/label.h"
#include "logread/source_options.h"

enum source_event {
	SOURCE_MISSING,    /* archives were removed before they were read */
	SOURCE_UNREADABLE, /* a file was left out, or the rest of it */
	SOURCE_GONE,       /* a followed directory is gone */
	SOURCE_BACK,       /* it has come back */
	SOURCE_LOST_PLACE, /* the log no longer holds the saved position */
	SOURCE_KIND,       /* the kind of the labels was found out */
	SOURCE_UNSTAMPED,  /* no line has a stamp, and there is a window */
	SOURCE_POLLING,    /* without inotify the directories are polled */
};

struct source_notice {
	enum source_event event;
	const char *directory; /* path of it, or of a single file */
	const char *file;      /* UNREADABLE: name in the directory, or "" */
	const char *verb; /* UNREADABLE: "read", "unpack", "run", or "use" for
			   * a file that is not regular */
	const char *program;  /* UNREADABLE: that unpacks it, or NULL */
	int error;            /* UNREADABLE: errno */
	bool labelled;        /* MISSING: last and next are known */
	struct tain_s last;   /* MISSING: label of the line before the gap */
	struct tain_s next;   /* MISSING: label of the line after it */
	enum label_kind kind; /* KIND: of the labels in the directory */
};

enum { SOURCE_EVENT_MAX = 8192 }; /* bytes of a sentence with its NUL */

/* Calls options->tell with the notice, if there is such a function. */
void source_event_tell(const struct source_options *options,
		       const struct source_notice *notice);

/*
 * Writes the sentence for a notice, cut if it is too long.  Returns its length,
 * or 0 if the event is for verbose programs only and verbose is false.
 */
size_t source_event_text(char text[SOURCE_EVENT_MAX],
			 const struct source_notice *notice, bool verbose);

/*
 * Writes the sentence for a source_open that failed with errno and this `bad`,
 * cut if it is too long.  Returns its length.
 */
size_t source_event_open(char text[SOURCE_EVENT_MAX],
			 const struct source_options *options, const char *bad);

#endif
