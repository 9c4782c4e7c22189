/* Building batches; see batch.h. */
#include "rlog/batch.h"

#include <stdlib.h>
#include <string.h>

#include "rlog/piece.h"
#include "rlog/room.h"
#include "rlog/select.h"

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

	output->stage = &batch->stages[action->form];
	output->selected = true;
	room_set(batch, output, action);
}

static int open_stages(struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (stage_open(&batch->stages[i], &batch->script->forms[i]) < 0)
			return -1;
	return 0;
}

int batch_open(struct batch *batch, const struct script *script)
{
	unsigned int i;

	memset(batch, 0, sizeof *batch);
	batch->script = script;
	batch->outputs_n = script->directories_n + script->forwards_n;
	batch->stages = calloc(script->forms_n, sizeof *batch->stages);
	batch->statuses =
	    calloc(script->statuses_n + 1, sizeof *batch->statuses);
	batch->outputs = calloc(batch->outputs_n + 1, sizeof *batch->outputs);
	if (!batch->stages || !batch->statuses || !batch->outputs ||
	    open_stages(batch) < 0) {
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

	for (i = 0; batch->stages && i < batch->script->forms_n; i++)
		stage_close(&batch->stages[i]);
	free(batch->stages);
	free(batch->statuses);
	free(batch->outputs);
	batch->stages = NULL;
	batch->statuses = NULL;
	batch->outputs = NULL;
}

bool batch_empty(const struct batch *batch)
{
	unsigned int i;

	for (i = 0; i < batch->script->forms_n; i++)
		if (batch->stages[i].used)
			return false;
	return true;
}

static void clear(struct batch *batch)
{
	unsigned int i;

	batch->full = false;
	batch->begun = false;
	room_look(batch);
	spans_clear(&batch->alerts);
	for (i = 0; i < batch->script->forms_n; i++)
		stage_clear(&batch->stages[i]);
	for (i = 0; i < batch->script->statuses_n; i++)
		batch->statuses[i].line = NULL;
	for (i = 0; i < batch->outputs_n; i++) {
		batch->outputs[i].due = false;
		spans_clear(&batch->outputs[i].spans);
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
static void go_on(struct batch *batch, const struct piece *piece)
{
	struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->outputs_n;

	for (; output < end; output++) {
		if (!output->selected)
			continue;
		if (!output->stage->made)
			stage_make(output->stage, piece);
		output->stage->wanted = true;
	}
}

static void keep(struct batch *batch, const struct piece *piece)
{
	struct stage *stage = batch->stages;
	const struct stage *end = stage + batch->script->forms_n;

	for (; stage < end; stage++) {
		if (stage->wanted)
			stage->used += stage_made(stage, piece);
		stage->made = stage->wanted = false;
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

/* Takes one piece in: answers how many bytes of the intake it was. */
static size_t take(struct batch *batch, const struct batch_input *input,
		   struct piece_found *found)
{
	struct piece *piece = &found->piece;
	bool near;

	if (piece->stamp) {
		if (batch->stamp.len)
			next_stamp(batch, &input->now);
		stage_make(&batch->stages[0], piece);
	}
	if (piece->stamp && !batch->plain)
		select_line(batch, piece);
	else
		go_on(batch, piece);
	near = room_near(batch, piece);
	if (near) {
		select_flush(batch);
		piece_cut(batch, found);
	}
	batch->midline = !piece->ends;
	keep(batch, piece);
	if (near) {
		select_flush(batch);
		room_due(batch, piece->ends);
	}
	if (piece->ends && batch->plain)
		select_all(batch);
	return found->taken;
}

/*
 * Takes lines in as long as nothing is special: they are whole, begin here, fit
 * on the stage and come near no size.  Nearly all do, so this is all the speed
 * there is.  Answers up to where.
 */
static size_t take_lines(struct batch *batch, const struct batch_input *input,
			 size_t at)
{
	const char *line = input->bytes + at, *end = input->bytes + input->n;
	struct piece piece = {.stamp = &batch->stamp, .ends = true};
	struct stage *stage = batch->stages;
	const size_t head = batch->stamp.len;
	const size_t limit =
	    stage->near < STAGE_SIZE ? (size_t)stage->near : STAGE_SIZE;
	const char *newline;
	char *to;

	while (!batch->full &&
	       (newline = memchr(line, '\n', (size_t)(end - line)))) {
		piece.bytes = line;
		piece.len = (size_t)(newline - line);
		stage->len = head + piece.len;
		if (stage->used + stage->len + 1 >= limit)
			break;
		to = stage->bytes + stage->used;
		if (head) {
			next_stamp(batch, &input->now);
			line_stamp_write(&batch->stamp, to);
		}
		memcpy(to + head, line, piece.len + 1);
		line = newline + 1;
		stage->made = true;
		if (batch->plain || select_line(batch, &piece))
			stage->used += stage->len + 1;
	}
	stage->made = stage->wanted = false;
	return (size_t)(line - input->bytes);
}

size_t batch_build(struct batch *batch, const struct batch_input *input)
{
	struct piece_found found;
	size_t at = 0;

	clear(batch);
	batch->note = input->note;
	while (!batch->full) {
		if (!batch->midline && !batch->scanned && !batch->shaped)
			at = take_lines(batch, input, at);
		if (batch->full || !piece_find(batch, input, at, &found))
			break;
		at += take(batch, input, &found);
		batch->scanned = 0;
	}
	select_flush(batch);
	return at;
}
