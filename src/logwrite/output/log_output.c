/*
 * The list of outputs.  Every function asks all of them, also when one has
 * failed: an output never holds up another one.
 */
#include "logwrite/output/log_output.h"

#include <stdlib.h>

void log_output_init(struct log_output *output, const struct output_ops *ops,
		     event_listener *tell, uint64_t drop_after)
{
	output->ops = ops;
	output->part = NULL;
	output->tell = tell;
	output->drop_after = drop_after;
}

void log_output_attach(struct log_output *output, struct batch_part *part)
{
	output->part = part;
}

int log_outputs_open(struct log_outputs *outputs, unsigned int n)
{
	outputs->n = 0;
	outputs->list = calloc(n + 1, sizeof *outputs->list);
	return outputs->list ? 0 : -1;
}

void log_outputs_add(struct log_outputs *outputs, struct log_output *output)
{
	outputs->list[outputs->n++] = output;
}

bool log_outputs_write(const struct log_outputs *outputs, struct turn *turn)
{
	bool written = true;

	for (unsigned int i = 0; i < outputs->n; i++)
		if (!outputs->list[i]->ops->write(outputs->list[i], turn))
			written = false;
	return written;
}

bool log_outputs_rotate(const struct log_outputs *outputs, struct turn *turn)
{
	bool ready = true;

	for (unsigned int i = 0; i < outputs->n; i++) {
		struct log_output *output = outputs->list[i];

		if (output->ops->rotate && !output->ops->rotate(output, turn))
			ready = false;
		if (output->ops->sync)
			output->ops->sync(output, turn);
	}
	return ready;
}

uint64_t log_outputs_drop_after(const struct log_outputs *outputs)
{
	uint64_t longest = 0;

	for (unsigned int i = 0; i < outputs->n; i++) {
		const struct log_output *output = outputs->list[i];

		if (!output->ops->blocked || !output->ops->blocked(output))
			continue;
		if (!output->drop_after)
			return 0;
		if (output->drop_after > longest)
			longest = output->drop_after;
	}
	return longest;
}

int log_outputs_close(struct log_outputs *outputs, bool abandoned)
{
	int r = 0;

	for (unsigned int i = 0; i < outputs->n; i++) {
		struct log_output *output = outputs->list[i];

		if (output->ops->close &&
		    output->ops->close(output, abandoned) < 0)
			r = -1;
	}
	free(outputs->list);
	outputs->list = NULL;
	outputs->n = 0;
	return r;
}
