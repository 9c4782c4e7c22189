/*
 * A batch: the lines between two writes, and which outputs get them.  Lines are
 * formatted once for each form of the script, on a format buffer, and every
 * output gets vectors of its buffer.  The same input, sizes, label and initial
 * state make the same batch again.
 *
 * A batch ends if the intake holds no further line, if a format buffer or a
 * part is full, or if a directory is due for rotation, so that a rotation never
 * lies inside a batch.  It may end within a line, when a directory reaches its
 * size there or the line is longer than the intake; then the next batch begins
 * with the rest, for the outputs that are selected.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "logwrite/batch_part.h"
#include "logwrite/line_format.h"
#include "logwrite/script.h"

struct batch_output {
	struct batch_part part;
	struct format_buffer *buffer;
	bool selected; /* gets the line in progress */
	bool due;      /* for rotation, after this batch */
};

struct batch {
	const struct script *script;
	struct format_buffer *buffers; /* one a form of the script */
	struct line_stamp stamp;       /* of the last line */
	bool midline;                  /* the next byte continues a line */
	bool plain;     /* all lines go to directories, as they are */
	bool shaped;    /* some lines have a prefix or are escaped */
	bool visible;   /* some lines are escaped */
	bool full;      /* the batch ends here */
	bool note;      /* this batch is a note of rlog's */
	size_t scanned; /* bytes of the input, not taken, without newline */
	struct batch_part alerts;
	struct batch_part *statuses; /* the last selected line of each */
	/* One a directory of the script; then, perhaps, standard output. */
	struct batch_output *outputs;
	unsigned int outputs_n;
};

/* What follows the bytes of the input. */
enum batch_more {
	BATCH_MORE, /* more bytes: a partial line waits for them */
	BATCH_FULL, /* nothing before these bytes are taken */
	BATCH_END   /* nothing: a partial line gets its newline */
};

struct batch_input {
	const char *bytes;
	size_t n;
	enum batch_more more;
	struct tain_s now; /* label of the clock reading for this batch */
	bool note;         /* it is a note of rlog's, which every output gets */
};

/* Takes the sizes of the outputs from the script.  Returns 0, or -1 with errno.
 */
int batch_open(struct batch *batch, const struct script *script);

/* Frees the memory of the batch. */
void batch_close(struct batch *batch);

/*
 * Goes on where the last rlog ended: within a line, whose rest goes to the
 * outputs that batch_select selects then, or not.
 */
void batch_continue(struct batch *batch, bool midline);
void batch_select(struct batch *batch, unsigned int output, bool selected);

/*
 * Notes that the file of an output ends within a line, unless it gets the rest
 * of the line in progress.  The next line then begins with a newline, so that
 * it is not taken for the rest: the script that wrote the beginning had another
 * list of outputs, or its logger was killed.
 */
void batch_mark_torn(struct batch *batch, unsigned int output, bool torn);

/* Sets the size of the file of an output, before every batch. */
void batch_set_bytes(struct batch *batch, unsigned int output, uint64_t bytes);

/*
 * Builds the next batch.  Returns the number of the input's bytes that it
 * takes; a batch that takes none may have the newline at the end of a line.
 */
size_t batch_build(struct batch *batch, const struct batch_input *input);

/*
 * Forgets that the bytes which the last batch did not take have no newline: the
 * next input does not begin with them.
 */
void batch_rescan(struct batch *batch);

/* Returns true if no output has anything of the batch. */
bool batch_empty(const struct batch *batch);

/* Returns true if the next byte continues a line that the output gets. */
bool batch_is_within(const struct batch *batch, unsigned int output);

/*
 * Returns true once if the output is due for rotation: after the batch or,
 * where more input is waiting, since its file has no room for the next byte.
 */
bool batch_take_due(struct batch *batch, unsigned int output, bool more);

#endif
