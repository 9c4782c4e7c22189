/*
 * The next lines of a log, in a form, as the bytes of one message: as many as
 * there are, up to a size.  A line that is too long for a message of its own is
 * taken in pieces.
 */
#ifndef SHIP_BATCH_H
#define SHIP_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "logread/source.h"
#include "rlogship/ship_form.h"

/* Its members are for ship_batch.c; others read the first group. */
struct ship_batch {
	char *bytes;
	size_t len;            /* 0: there are no lines */
	uint64_t lines;        /* lines, pieces and records of missing lines */
	uint64_t stored;       /* bytes of the log that they stand for */
	uint64_t gaps;         /* places before which lines are missing */
	char id[SHIP_ID_MAX];  /* of the first of them */
	struct position after; /* position after the last of them */
	enum label_kind kind;  /* of its label */

	const struct log_name *origin;
	const struct ship_form *form;
	size_t size;         /* room of bytes */
	struct output *text; /* of one line */
	struct utc_formatter times;
	char line_id[SHIP_ID_MAX]; /* of a line: HOST/NAME/ stays */
	size_t names;              /* bytes of HOST/NAME/ */
	char members[SHIP_MEMBERS_MAX];
	size_t members_len;
	bool gap;  /* lines before the next one are missing */
	bool held; /* `line` was read, and bytes of it are left */
	struct source_line line;
	size_t used;            /* bytes of `line` that were taken */
	bool labelled;          /* `previous` is known */
	struct tain_s previous; /* label of the line before */
};

/*
 * Makes an empty batch of at most `size` bytes.  Origin and form must stay.
 * Returns 0, or -1 with errno ENOMEM.
 */
int ship_batch_init(struct ship_batch *batch, const struct log_name *origin,
		    const struct ship_form *form, size_t size);

/* Frees the memory; also of a batch that is all zero. */
void ship_batch_free(struct ship_batch *batch);

/*
 * Forgets all lines.  The source of the next ones was opened at this position,
 * or at the oldest line if it is NULL.
 */
void ship_batch_restart(struct ship_batch *batch, const struct position *start);

/* Lines are missing before the line that the source gives next. */
void ship_batch_mark_gap(struct ship_batch *batch);

/*
 * Adds lines of the source until there are none for now, or the batch has
 * `most` bytes.  The source must be read by nobody else.  Returns 1 if the
 * batch has lines, 0 if not, or -1 with errno set: EMSGSIZE if `most` is too
 * small for any line.
 */
int ship_batch_fill(struct ship_batch *batch, struct source *source,
		    size_t most);

/* Empties the batch, whose lines were sent. */
void ship_batch_clear(struct ship_batch *batch);

#endif
