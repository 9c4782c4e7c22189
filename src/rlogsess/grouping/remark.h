/* What a note of recio says (records.5, Notes). */
#ifndef REMARK_H
#define REMARK_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/slice.h"

enum remark_kind {
	REMARK_OTHER,
	REMARK_START,
	REMARK_END,     /* in, out: bytes each way, if counted; reset */
	REMARK_MESSAGE, /* in: bytes of a message, either way; unfinished */
	REMARK_TLS,     /* what comes now can't be read */
	REMARK_GAVE_UP,
	REMARK_LOST, /* in: records that are missing */
};

struct remark {
	enum remark_kind kind;
	uint64_t in, out;
	bool counted;
	bool unfinished;
	bool reset; /* the connection went away, or the peer timed out */
};

void remark_parse(struct remark *note, struct slice text);

#endif
