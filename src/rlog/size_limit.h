/*
 * Room: how far the files that get a batch are from their sizes, and which are
 * due for rotation after it.  A part of batch.h.
 */
#ifndef SIZE_LIMIT_H
#define SIZE_LIMIT_H

#include "rlog/batch.h"

/* Sets the sizes of the output, which has its buffer, as its action has them.
 */
void size_limit_set(const struct batch *batch, struct batch_output *output,
		    const struct action *action);

/*
 * True if the output has no room for the next byte, with what comes before it:
 * it must be rotated first.  So may be a file that was left with another size.
 */
bool size_limit_lacking(const struct batch *batch,
			const struct batch_output *output);

/*
 * A batch begins: finds how many bytes there may be on each buffer before an
 * output can be due, or full.
 */
void size_limit_look(struct batch *batch);

/* True if an output perhaps is, with this fragment, which somebody wants. */
bool size_limit_near(const struct batch *batch,
		     const struct fragment *fragment);

/*
 * Marks the outputs that are due for rotation, after a line (ends) or where one
 * was cut; then the batch is full.
 */
void size_limit_due(struct batch *batch, bool ends);

#endif
