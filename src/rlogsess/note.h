/* What a note of recio says (records.5, Notes). */
#ifndef RLOGSESS_NOTE_H
#define RLOGSESS_NOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

enum note_kind {
	NOTE_OTHER,
	NOTE_START,
	NOTE_END,     /* in, out: bytes each way, if counted; reset */
	NOTE_MESSAGE, /* in: bytes of a message, either way; unfinished */
	NOTE_TLS,     /* what comes now can't be read */
	NOTE_GAVE_UP,
	NOTE_LOST, /* in: records that are missing */
};

struct note {
	enum note_kind kind;
	uint64_t in, out;
	bool counted;
	bool unfinished;
	bool reset; /* the connection went away, or the peer timed out */
};

void note_parse(struct note *note, struct span text);

#endif
