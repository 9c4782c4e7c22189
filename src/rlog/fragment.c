/* Finding fragments, and cutting them; see fragment.h. */
#include "rlog/fragment.h"

#include <string.h>

static bool fits(const struct batch *batch, const struct fragment *fragment)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (!format_buffer_fits(&batch->buffers[i], fragment))
			return false;
	return true;
}

/* A fragment with no newline ends where more could not change how it looks. */
static void shorten(const struct batch *batch, struct fragment_found *found,
		    size_t len)
{
	size_t open = 0;

	if (batch->visible)
		open = format_buffer_open_end(found->fragment.bytes, len);
	found->fragment.len = found->taken = len - open;
	found->fragment.ends = false;
}

bool fragment_find(struct batch *batch, const struct batch_input *input,
		   size_t at, struct fragment_found *found)
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
	found->fragment.stamp = batch->midline ? NULL : &batch->stamp;
	found->fragment.bytes = bytes;
	found->fragment.len = newline ? (size_t)(newline - bytes) : left;
	found->fragment.ends = newline || last;
	found->taken = found->fragment.len + (newline != NULL);
	if (!found->fragment.ends)
		shorten(batch, found, left);
	if (!found->fragment.ends && !found->fragment.len)
		return false;
	if (fits(batch, &found->fragment))
		return true;
	if (!batch_empty(batch))
		return false;
	shorten(batch, found,
		FORMAT_BUFFER_SIZE - (batch->midline ? 0 : batch->stamp.len));
	return true;
}

void fragment_cut(struct batch *batch, struct fragment_found *found)
{
	const struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;
	size_t most = found->fragment.len, n;
	bool whole = true;
	uint64_t left;
	unsigned int i;

	for (; output < end; output++) {
		left = output->bytes < output->size
			   ? output->size - output->bytes
			   : 0;
		if (!output->selected ||
		    format_buffer_made(output->buffer, &found->fragment) <=
			left)
			continue;
		n = format_buffer_measure(output->buffer, &found->fragment,
					  left);
		most = n < most ? n : most;
		whole = false;
	}
	if (whole)
		return;
	batch->full = true;
	if (batch->visible)
		most = format_buffer_boundary(&found->fragment, most);
	found->fragment.len = found->taken = most;
	found->fragment.ends = false;
	for (i = 0; i < batch->script->forms_n; i++)
		if (batch->buffers[i].wanted)
			format_buffer_make(&batch->buffers[i],
					   &found->fragment);
}
