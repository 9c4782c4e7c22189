/*
 * Room: how far the files that get a batch are from their sizes, and which are
 * due for rotation after it.  A part of batch.h.
 */
#ifndef ROOM_H
#define ROOM_H

#include "rlog/batch.h"

/* Sets the sizes of the output, which has its stage, as its action has them. */
void room_set(const struct batch *batch, struct batch_output *output,
	      const struct action *action);

/*
 * True if the output has no room for the next byte, with what comes before it:
 * it must be rotated first.  So may be a file that was left with another size.
 */
bool room_lacking(const struct batch *batch, const struct batch_output *output);

/*
 * A batch begins: finds how many bytes there may be on each stage before an
 * output can be due, or full.
 */
void room_look(struct batch *batch);

/* True if an output perhaps is, with this piece, which somebody wants. */
bool room_near(const struct batch *batch, const struct piece *piece);

/*
 * Marks the outputs that are due for rotation, after a line (ends) or where one
 * was cut; then the batch is full.
 */
void room_due(struct batch *batch, bool ends);

#endif
