/* Finding pieces, and cutting them; see piece.h. */
#include "rlog/piece.h"

#include <string.h>

static bool fits(const struct batch *batch, const struct piece *piece)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (!stage_fits(&batch->stages[i], piece))
			return false;
	return true;
}

/* A piece with no newline ends where more could not change how it looks. */
static void shorten(const struct batch *batch, struct piece_found *found,
		    size_t len)
{
	size_t open = 0;

	if (batch->visible)
		open = stage_open_end(found->piece.bytes, len);
	found->piece.len = found->taken = len - open;
	found->piece.ends = false;
}

bool piece_find(struct batch *batch, const struct batch_input *input, size_t at,
		struct piece_found *found)
{
	size_t left = input->n - at, scanned = at ? 0 : batch->scanned;
	const char *bytes = input->bytes + at, *newline;
	bool last;

	newline = memchr(bytes + scanned, '\n', left - scanned);
	last = !newline && input->more == BATCH_END;
	batch->scanned = newline ? 0 : left;
	if (!newline && !batch->midline && !(last && left) &&
	    !(input->more == BATCH_FULL && !at))
		return false;
	if (!left && !last)
		return false;
	found->piece.stamp = batch->midline ? NULL : &batch->stamp;
	found->piece.bytes = bytes;
	found->piece.len = newline ? (size_t)(newline - bytes) : left;
	found->piece.ends = newline || last;
	found->taken = found->piece.len + (newline != NULL);
	if (!found->piece.ends)
		shorten(batch, found, left);
	if (!found->piece.ends && !found->piece.len)
		return false;
	if (fits(batch, &found->piece))
		return true;
	if (!batch_empty(batch))
		return false;
	shorten(batch, found,
		STAGE_SIZE - (batch->midline ? 0 : batch->stamp.len));
	return true;
}

void piece_cut(struct batch *batch, struct piece_found *found)
{
	const struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;
	size_t most = found->piece.len, n;
	bool whole = true;
	uint64_t left;
	unsigned int i;

	for (; output < end; output++) {
		left = output->bytes < output->size
			   ? output->size - output->bytes
			   : 0;
		if (!output->selected ||
		    stage_made(output->stage, &found->piece) <= left)
			continue;
		n = stage_measure(output->stage, &found->piece, left);
		most = n < most ? n : most;
		whole = false;
	}
	if (whole)
		return;
	batch->full = true;
	if (batch->visible)
		most = stage_boundary(&found->piece, most);
	found->piece.len = found->taken = most;
	found->piece.ends = false;
	for (i = 0; i < batch->script->forms_n; i++)
		if (batch->stages[i].wanted)
			stage_make(&batch->stages[i], &found->piece);
}
