/* Room; see size_limit.h. */
#include "rlog/size_limit.h"

#include "base/escape.h"

void size_limit_set(const struct batch *batch, struct batch_output *output,
		    const struct action *action)
{
	const bool forward = action->kind == ACTION_FORWARD;

	output->size = forward ? UINT64_MAX : action->settings->size;
	output->least = batch->visible ? ESCAPE_MAX : 1;
	output->head =
	    batch->stamp.len + output->buffer->prefix_len + output->least;
	output->tolerance = action->settings->tolerance;
	if (output->tolerance < output->head - 1)
		output->tolerance = output->head - 1;
}

bool size_limit_lacking(const struct batch *batch,
			const struct batch_output *output)
{
	if (!batch->midline)
		return output->bytes + output->head > output->size;
	return output->selected && output->bytes + output->least > output->size;
}

void size_limit_look(struct batch *batch)
{
	struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;
	uint64_t limit;
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		batch->buffers[i].near = UINT64_MAX;
	for (; output < end; output++) {
		limit = output->size - output->tolerance;
		limit = output->bytes < limit ? limit - output->bytes : 0;
		if (limit < output->buffer->near)
			output->buffer->near = limit;
	}
}

bool size_limit_near(const struct batch *batch, const struct fragment *fragment)
{
	const struct format_buffer *buffer = batch->buffers;
	const struct format_buffer *end = buffer + batch->script->forms_n;

	for (; buffer < end; buffer++)
		if (buffer->wanted &&
		    buffer->used + format_buffer_made(buffer, fragment) >=
			buffer->near)
			return true;
	return false;
}

void size_limit_due(struct batch *batch, bool ends)
{
	struct batch_output *output = batch->outputs;
	struct batch_output *end = output + batch->outputs_n;

	for (; output < end; output++) {
		output->due =
		    output->selected &&
		    (ends ? output->bytes + output->tolerance >= output->size
			  : output->bytes + output->least > output->size);
		if (output->due)
			batch->full = true;
	}
}
