/*
 * The tap that records a session: turns what goes through the relay into
 * records and hands them to the log.
 */
#ifndef RECIO_RECORDER_H
#define RECIO_RECORDER_H

#include <stdbool.h>

#include "record.h"
#include "relay.h"
#include "sink.h"

struct recorder {
	struct record_form form;
	bool show[2]; /* by enum relay_dir */
	struct tain_s last_label;
	struct sink sink;
};

/*
 * Records both directions as form says, which is copied; log -1: a log that
 * always fails; drop: see sink.h.
 */
void recorder_init(struct recorder *r, const struct record_form *form, int log,
		   bool drop);

struct relay_tap recorder_tap(struct recorder *r);

/* Records a note, at once. */
void recorder_note(struct recorder *r, const char *text);

#endif
