/*
 * A stage: where the lines of a batch are put together, in one form, before
 * they are written.  A batch has one for each form of its script; the first is
 * that of plain lines, with their stamps, which patterns see too.
 *
 *      0            flushed            used        used + len
 *      | spans have it | somebody has it | being made |
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlog/line_stamp.h"
#include "rlog/script.h"

enum { STAGE_SIZE = 262144 };

struct stage {
	const char *prefix;
	size_t prefix_len;
	bool visible; /* unsafe bytes are escaped */
	char *bytes;
	size_t size;
	size_t used;
	size_t flushed;
	uint64_t near; /* bytes from which an output may reach its size */
	size_t len;    /* of the line being made, without its newline */
	bool made;     /* it is there */
	bool wanted;   /* somebody has it */
};

/* A line, or the part of one that can be taken now. */
struct piece {
	const struct line_stamp *stamp; /* NULL: it goes on with a line */
	const char *bytes;              /* in the intake */
	size_t len;
	bool ends; /* with its newline */
};

/* 0, or -1 and errno. */
int stage_open(struct stage *stage, const struct form *form);
void stage_close(struct stage *stage);

/* Nothing is on it. */
void stage_clear(struct stage *stage);

/* True if the piece has room, whatever it becomes. */
bool stage_fits(const struct stage *stage, const struct piece *piece);

/* Makes the piece behind what is used.  It must fit. */
void stage_make(struct stage *stage, const struct piece *piece);

/* The bytes that were made, with the newline. */
static inline size_t stage_made(const struct stage *stage,
				const struct piece *piece)
{
	return stage->len + piece->ends;
}

/*
 * How many of the piece's bytes fit, without a newline, into `left` bytes; at
 * least one character, and a stamp whole, even if there is no room.
 */
size_t stage_measure(const struct stage *stage, const struct piece *piece,
		     uint64_t left);

/*
 * The bytes at the end that may look otherwise when more is known: half a
 * character, or a CR before a newline.
 */
size_t stage_open_end(const char *bytes, size_t len);

/*
 * Where to cut the piece in two so that the halves look as the whole does: the
 * last place up to n > 0, but not 0.
 */
size_t stage_boundary(const struct piece *piece, size_t n);

#endif
