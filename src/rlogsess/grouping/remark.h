/* The meaning of a note of recio (records.5, Notes). */
#ifndef REMARK_H
#define REMARK_H

#include <stdbool.h>
#include <stdint.h>

#include "rlogsess/slice.h"

enum remark_kind {
	REMARK_OTHER,
	REMARK_START,
	REMARK_END,     /* in, out: bytes, if counted; reset */
	REMARK_MESSAGE, /* in: bytes of a message; unfinished */
	REMARK_TLS,     /* the following bytes are encrypted */
	REMARK_GAVE_UP,
	REMARK_LOST, /* in: number of missing records */
};

struct remark {
	enum remark_kind kind;
	uint64_t in, out;
	bool counted;
	bool unfinished;
	bool reset; /* the connection was reset, or timed out */
};

/* Reads the text of a note, without the process ID. */
void remark_parse(struct remark *remark, struct slice text);

#endif
