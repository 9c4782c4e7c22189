/*
 * Events: what the modules of rlog have to tell the user.  They print nothing;
 * main.c hands them a listener.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdint.h>

#include "logwrite/failure.h"

enum event_kind {
	EVENT_TROUBLE,           /* failure: it is tried again until it works */
	EVENT_WORKS_AGAIN,       /* name works again, after seconds */
	EVENT_FAILED,            /* failure, at the end: not tried again */
	EVENT_OUTPUT_OVER,       /* failure: the output gets no more lines */
	EVENT_SYNC_REPEATED,     /* a failed sync of name/current is made up */
	EVENT_DISK_FULL,         /* name keeps its newest number archives */
	EVENT_PROCESSOR_FAILED,  /* with status, on name/file */
	EVENT_PROCESSOR_SLOW,    /* it has been running for seconds */
	EVENT_ARCHIVE_STUCK,     /* failure: an archive can't be removed */
	EVENT_INPUT_PAUSED,      /* no input is read until all is written */
	EVENT_INPUT_RESUMED,     /* it is read again, after seconds */
	EVENT_OVERFLOW_BEGINS,   /* input is dropped */
	EVENT_OVERFLOW_ENDS,     /* input is no longer dropped */
	EVENT_RING_LEFT,         /* the ring in name can't be moved: errno */
	EVENT_RING_MISSING,      /* name/file can't be made: errno */
	EVENT_RING_OTHER,        /* name/file is of another version */
	EVENT_RING_DAMAGED,      /* name/file was renamed to .bad */
	EVENT_RING_LOST,         /* of number bytes the last lost are missing */
	EVENT_RING_UNSYNCED,     /* the ring can't be synced: errno */
	EVENT_MACHINE_CRASHED,   /* lines may be doubled */
	EVENT_CURRENT_UNKNOWN,   /* name/current is not the file of the ring */
	EVENT_CURRENT_TRUNCATED, /* its last number bytes were removed */
};

/* Members that the kind does not name are 0. */
struct event {
	enum event_kind kind;
	const char *name; /* of a log directory */
	const char *file; /* in it, or alone if name is "" */
	const struct failure *failure;
	long seconds;
	int status; /* as from waitpid */
	uint64_t number;
	uint64_t lost; /* bytes */
};

typedef void event_listener(const struct event *event);

#endif
