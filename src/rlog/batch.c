/* Building batches; see batch.h. */
#include "rlog/batch.h"

#include <stdlib.h>
#include <string.h>

#include "rlog/fragment.h"
#include "rlog/select.h"
#include "rlog/size_limit.h"

/* In a plain script all directories get all lines: nothing to find out. */
static void look_at_script(struct batch *batch)
{
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;
	unsigned int i;

	batch->plain = true;
	for (; action < end; action++) {
		if (action->form)
			batch->shaped = true;
		if (action->kind != ACTION_DIRECTORY)
			batch->plain = false;
	}
	if (batch->shaped)
		batch->plain = false;
	for (i = 0; i < batch->script->forms_n; i++)
		if (batch->script->forms[i].visible)
			batch->visible = true;
}

static void set_output(struct batch *batch, const struct action *action)
{
	bool forward = action->kind == ACTION_FORWARD;
	struct batch_output *output =
	    &batch->outputs[forward ? batch->script->directories_n
				    : action->index];

	output->buffer = &batch->buffers[action->form];
	output->selected = true;
	size_limit_set(batch, output, action);
}

static int open_buffers(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (format_buffer_open(&batch->buffers[i],
				       &batch->script->forms[i]) < 0)
			return -1;
	return 0;
}

int batch_open(struct batch *batch, const struct script *script)
{
	unsigned int i;

	memset(batch, 0, sizeof *batch);
	batch->script = script;
	batch->outputs_n = script->directories_n + script->forwards_n;
	batch->buffers = calloc(script->forms_n, sizeof *batch->buffers);
	batch->statuses =
	    calloc(script->statuses_n + 1, sizeof *batch->statuses);
	batch->outputs = calloc(batch->outputs_n + 1, sizeof *batch->outputs);
	if (!batch->buffers || !batch->statuses || !batch->outputs ||
	    open_buffers(batch) < 0) {
		batch_close(batch);
		return -1;
	}
	line_stamp_init(&batch->stamp, script->stamp);
	look_at_script(batch);
	for (i = 0; i < script->actions_n; i++)
		if (script->actions[i].kind == ACTION_DIRECTORY ||
		    script->actions[i].kind == ACTION_FORWARD)
			set_output(batch, &script->actions[i]);
	return 0;
}

void batch_close(struct batch *batch)
{
	unsigned int i;

	for (i = 0; batch->buffers && i < batch->script->forms_n; i++)
		format_buffer_close(&batch->buffers[i]);
	free(batch->buffers);
	free(batch->statuses);
	free(batch->outputs);
	batch->buffers = NULL;
	batch->statuses = NULL;
	batch->outputs = NULL;
}

bool batch_empty(const struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (batch->buffers[i].used)
			return false;
	return true;
}

static void clear(struct batch *batch)
{
	unsigned int i;

	batch->full = false;
	batch->begun = false;
	size_limit_look(batch);
	iovec_list_clear(&batch->alerts);
	for (i = 0; i < batch->script->forms_n; i++)
		format_buffer_clear(&batch->buffers[i]);
	for (i = 0; i < batch->script->statuses_n; i++)
		iovec_list_clear(&batch->statuses[i]);
	for (i = 0; i < batch->outputs_n; i++) {
		batch->outputs[i].due = false;
		iovec_list_clear(&batch->outputs[i].iovecs);
	}
}

static void next_stamp(struct batch *batch, const struct tain_s *now)
{
	if (batch->begun)
		line_stamp_next(&batch->stamp);
	else
		line_stamp_set(&batch->stamp, now);
	batch->begun = true;
}

/* The rest of a line goes to those who have its beginning. */
static void go_on(struct batch *batch, const struct fragment *fragment)
{
	struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;

	for (; output < end; output++) {
		if (!output->selected)
			continue;
		if (!output->buffer->made)
			format_buffer_make(output->buffer, fragment);
		output->buffer->wanted = true;
	}
}

static void keep(struct batch *batch, const struct fragment *fragment)
{
	struct format_buffer *buffer = batch->buffers;
	const struct format_buffer *end = buffer + batch->script->forms_n;

	for (; buffer < end; buffer++) {
		if (buffer->wanted)
			buffer->used += format_buffer_made(buffer, fragment);
		buffer->made = buffer->wanted = false;
	}
}

/*
 * In a plain script no line looks for who gets it.  A line that another script
 * began may have left some out.
 */
static void select_all(struct batch *batch)
{
	struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;

	for (; output < end; output++) {
		if (output->selected)
			continue;
		select_flush(batch);
		output->selected = true;
	}
}

/* Takes one fragment in: answers how many bytes of the intake it was. */
static size_t take(struct batch *batch, const struct batch_input *input,
		   struct fragment_found *found)
{
	struct fragment *fragment = &found->fragment;
	bool near;

	if (fragment->stamp) {
		if (batch->stamp.len)
			next_stamp(batch, &input->now);
		format_buffer_make(&batch->buffers[0], fragment);
	}
	if (fragment->stamp && !batch->plain)
		select_line(batch, fragment);
	else
		go_on(batch, fragment);
	near = size_limit_near(batch, fragment);
	if (near) {
		select_flush(batch);
		fragment_cut(batch, found);
	}
	batch->midline = !fragment->ends;
	keep(batch, fragment);
	if (near) {
		select_flush(batch);
		size_limit_due(batch, fragment->ends);
	}
	if (fragment->ends && batch->plain)
		select_all(batch);
	return found->taken;
}

/*
 * Takes lines in as long as nothing is special: they are whole, begin here, fit
 * on the buffer and come near no size.  Nearly all do, so this is all the speed
 * there is.  Answers up to where.
 */
static size_t take_lines(struct batch *batch, const struct batch_input *input,
			 size_t at)
{
	const char *line = input->bytes + at, *end = input->bytes + input->n;
	struct fragment fragment = {.stamp = &batch->stamp, .ends = true};
	struct format_buffer *buffer = batch->buffers;
	const size_t head = batch->stamp.len;
	const size_t limit = buffer->near < FORMAT_BUFFER_SIZE
				 ? (size_t)buffer->near
				 : FORMAT_BUFFER_SIZE;
	const char *newline;
	char *to;

	while (!batch->full &&
	       (newline = memchr(line, '\n', (size_t)(end - line)))) {
		fragment.bytes = line;
		fragment.len = (size_t)(newline - line);
		buffer->len = head + fragment.len;
		if (buffer->used + buffer->len + 1 >= limit)
			break;
		to = buffer->bytes + buffer->used;
		if (head) {
			next_stamp(batch, &input->now);
			line_stamp_write(&batch->stamp, to);
		}
		memcpy(to + head, line, fragment.len + 1);
		line = newline + 1;
		buffer->made = true;
		if (batch->plain || select_line(batch, &fragment))
			buffer->used += buffer->len + 1;
	}
	buffer->made = buffer->wanted = false;
	return (size_t)(line - input->bytes);
}

size_t batch_build(struct batch *batch, const struct batch_input *input)
{
	struct fragment_found found;
	size_t at = 0;

	clear(batch);
	batch->note = input->note;
	while (!batch->full) {
		if (!batch->midline && !batch->scanned && !batch->shaped)
			at = take_lines(batch, input, at);
		if (batch->full || !fragment_find(batch, input, at, &found))
			break;
		at += take(batch, input, &found);
		batch->scanned = 0;
	}
	select_flush(batch);
	return at;
}
