/*
 * Pieces: what of the input is taken at once, a line or, where it is long or a
 * file is nearly full, a part of one.  A part of batch.h.
 */
#ifndef FRAGMENT_H
#define FRAGMENT_H

#include "rlog/batch.h"

struct fragment_found {
	struct fragment fragment;
	size_t taken; /* bytes of the intake, with a newline that is there */
};

/* Finds the fragment at `at`: false if the batch must end before it. */
bool fragment_find(struct batch *batch, const struct batch_input *input,
		   size_t at, struct fragment_found *found);

/*
 * A fragment that is made goes no further than the fullest of the files that
 * get it, but at least one byte past the stamp: a stamp is never cut.
 */
void fragment_cut(struct batch *batch, struct fragment_found *found);

#endif
