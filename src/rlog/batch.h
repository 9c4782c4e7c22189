/*
 * A batch: the lines between two writes, what of them goes where.  The lines
 * are copied once, with their labels, into a stage that all directories share;
 * every directory gets spans of it.  The same bytes, sizes, label and state at
 * the start make the same batch again.
 *
 * A batch ends where the intake holds no further line, where the stage or the
 * spans of an action are full, or where a directory is due for rotation: so a
 * rotation never lies inside a batch.  It may end in the middle of a line, if a
 * directory's size is reached there or if the line is longer than the intake;
 * then `midline` and `selected` say for the next batch who gets the rest.
 */
#ifndef RLOG_BATCH_H
#define RLOG_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "label.h"
#include "rlog/script.h"
#include "rlog/spans.h"

enum {
	BATCH_STAGE = 262144,
	BATCH_MATCH = 1000,    /* patterns see so much of a line */
	BATCH_ALERT = 200,     /* and an alert shows so much */
	BATCH_STATUS = 1000,   /* and a status file */
	BATCH_TOLERANCE = 2000 /* rotate at line ends so near the size */
};

/* What comes after the bytes handed in. */
enum batch_more {
	BATCH_MORE, /* more bytes: a partial line waits for them */
	BATCH_FULL, /* no room for more: a partial line that is all begins */
	BATCH_END   /* nothing: a partial line gets its newline */
};

struct batch_output {
	uint64_t size;  /* most bytes of the file */
	uint64_t bytes; /* in the file: before the batch, then after it */
	bool selected;  /* gets the line in progress */
	bool due;       /* for rotation, after this batch */
	struct spans spans;
};

struct batch_status {
	const char *line; /* the last selected one, NULL: none */
	size_t len;
};

struct batch {
	const struct script *script;
	char *stage;
	size_t used;
	size_t flushed;      /* of the stage, in the spans of the outputs */
	uint64_t near;       /* stage bytes from which a size may be reached */
	bool midline;        /* the next byte goes on with a line */
	bool plain;          /* the script's actions are directories only */
	bool full;           /* the batch ends here */
	bool begun;          /* this batch has its label */
	size_t scanned;      /* bytes handed in, not taken, without newline */
	struct tain_s label; /* of the last line */
	char stamp[LABEL_LEN + 1];
	struct spans alerts;
	struct batch_status *statuses;
	struct batch_output *outputs; /* one a directory of the script */
};

struct batch_input {
	const char *bytes;
	size_t n;
	enum batch_more more;
	struct tain_s now; /* label of the clock reading for this batch */
};

/* 0, or -1 and errno.  The sizes of the outputs come from the script. */
int batch_open(struct batch *batch, const struct script *script);
void batch_close(struct batch *batch);

/*
 * Builds the next batch; outputs[].bytes must say how big the files are.
 * Answers how many of the bytes it takes.  It may have something to write
 * without taking any: the newline at the end.
 */
size_t batch_build(struct batch *batch, const struct batch_input *input);

#endif
