/*
 * Pieces: what of the input is taken at once, a line or, where it is long or a
 * file is nearly full, a part of one.  A part of batch.h.
 */
#ifndef PIECE_H
#define PIECE_H

#include "rlog/batch.h"

struct piece_found {
	struct piece piece;
	size_t taken; /* bytes of the intake, with a newline that is there */
};

/* Finds the piece at `at`: false if the batch must end before it. */
bool piece_find(struct batch *batch, const struct batch_input *input, size_t at,
		struct piece_found *found);

/*
 * A piece that is made goes no further than the fullest of the files that get
 * it, but at least one byte past the stamp: a stamp is never cut.
 */
void piece_cut(struct batch *batch, struct piece_found *found);

#endif
