/*
 * A batch: the lines between two writes, what of them goes where.  The lines
 * are put together once for each form that the script gives them, on a format
 * buffer; every output, a directory or standard output, gets vectors of its
 * buffer.  The same input, sizes, label and state at the start make the same
 * batch again.
 *
 * A batch ends where the intake holds no further line, where a format buffer or
 * the vectors of an action are full, or where a directory is due for rotation:
 * so a rotation never lies inside a batch.  It may end in the middle of a line,
 * if a directory's size is reached there or if the line is longer than the
 * intake; then `midline` and `selected` say for the next batch who gets the
 * rest.
 */
#ifndef BATCH_H
#define BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "rlog/format_buffer.h"
#include "rlog/iovec_list.h"
#include "rlog/line_stamp.h"
#include "rlog/script.h"

/* What comes after the bytes handed in. */
enum batch_more {
	BATCH_MORE, /* more bytes: a partial line waits for them */
	BATCH_FULL, /* no room for more: a partial line that is all begins */
	BATCH_END   /* nothing: a partial line gets its newline */
};

struct batch_output {
	uint64_t size;      /* most bytes of the file */
	uint64_t tolerance; /* due at line ends so near the size */
	uint64_t head;      /* a line begins with so many at least */
	uint64_t least;     /* and goes on with so many */
	struct format_buffer *buffer;
	uint64_t bytes; /* in the file: before the batch, then after it */
	bool selected;  /* gets the line in progress */
	bool torn;      /* the file lacks a newline before the next line */
	bool due;       /* for rotation, after this batch */
	struct iovec_list iovecs;
};

struct batch {
	const struct script *script;
	struct format_buffer *buffers; /* one a form of the script */
	struct line_stamp stamp;       /* of the last line */
	bool midline;                  /* the next byte goes on with a line */
	bool plain;     /* all lines go to directories, as they are */
	bool shaped;    /* some have another form */
	bool visible;   /* and in some of those bytes are escaped */
	bool full;      /* the batch ends here */
	bool begun;     /* this batch has its label */
	bool note;      /* this batch is a note of rlog's */
	size_t scanned; /* bytes handed in, not taken, without newline */
	struct iovec_list alerts;
	struct iovec_list *statuses; /* the last selected line of each */
	/* One a directory of the script; then, perhaps, standard output. */
	struct batch_output *outputs;
	unsigned int outputs_n;
};

struct batch_input {
	const char *bytes;
	size_t n;
	enum batch_more more;
	struct tain_s now; /* label of the clock reading for this batch */
	bool note;         /* it is a note of rlog's: everyone gets it */
};

/* 0, or -1 and errno.  The sizes of the outputs come from the script. */
int batch_open(struct batch *batch, const struct script *script);
void batch_close(struct batch *batch);

/*
 * Builds the next batch; outputs[].bytes must say how big the files are, with
 * the newline of those that are torn.
 * Answers how many of the bytes it takes.  It may have something to write
 * without taking any: the newline at the end.
 */
size_t batch_build(struct batch *batch, const struct batch_input *input);

/* True if nobody has anything of it. */
bool batch_empty(const struct batch *batch);

#endif
