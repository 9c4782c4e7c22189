/* Building batches; see batch.h. */
#include "rlog/batch.h"

#include <stdlib.h>
#include <string.h>

#include "rlog/pattern.h"

/* A line, or what of it can be taken now, on the stage. */
struct piece {
	const char *bytes; /* in the intake */
	size_t len;
	size_t head;  /* bytes of the stamp in front */
	size_t total; /* head, bytes, newline */
	size_t taken; /* bytes of the intake, with a newline that is there */
	bool ends;    /* with its newline */
};

/* In a plain script all directories get all lines: nothing to find out. */
static void set_outputs(struct batch *batch)
{
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;

	batch->plain = true;
	for (; action < end; action++) {
		if (action->kind != ACTION_DIRECTORY) {
			batch->plain = false;
			continue;
		}
		batch->outputs[action->index].size = action->settings->size;
		batch->outputs[action->index].selected = true;
	}
}

int batch_open(struct batch *batch, const struct script *script)
{
	memset(batch, 0, sizeof *batch);
	batch->script = script;
	batch->stage = malloc(BATCH_STAGE);
	batch->statuses =
	    calloc(script->statuses_n + 1, sizeof *batch->statuses);
	batch->outputs =
	    calloc(script->directories_n + 1, sizeof *batch->outputs);
	if (!batch->stage || !batch->statuses || !batch->outputs) {
		batch_close(batch);
		return -1;
	}
	set_outputs(batch);
	return 0;
}

void batch_close(struct batch *batch)
{
	free(batch->stage);
	free(batch->statuses);
	free(batch->outputs);
	batch->stage = NULL;
	batch->statuses = NULL;
	batch->outputs = NULL;
}

/* Below so many bytes of stage no output can be due, or full. */
static uint64_t find_near(const struct batch *batch)
{
	const struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->script->directories_n;
	uint64_t near = UINT64_MAX, limit;

	for (; output < end; output++) {
		limit = output->size - BATCH_TOLERANCE;
		limit = output->bytes < limit ? limit - output->bytes : 0;
		if (limit < near)
			near = limit;
	}
	return near;
}

static void clear(struct batch *batch)
{
	unsigned int i;

	batch->used = batch->flushed = 0;
	batch->full = false;
	batch->begun = false;
	batch->near = find_near(batch);
	spans_clear(&batch->alerts);
	for (i = 0; i < batch->script->statuses_n; i++)
		batch->statuses[i].line = NULL;
	for (i = 0; i < batch->script->directories_n; i++) {
		batch->outputs[i].due = false;
		spans_clear(&batch->outputs[i].spans);
	}
}

/* Formatting a whole label for every line would be a third of all the work. */
static void next_stamp(struct batch *batch, const struct tain_s *now)
{
	if (batch->begun && (batch->label.nano + 1) % 256 &&
	    batch->label.nano < 999999999) {
		batch->label.nano++;
		return;
	}
	label_advance(&batch->label, batch->begun ? &batch->label : now);
	label_format(batch->stamp, &batch->label);
	batch->stamp[LABEL_LEN] = ' ';
	batch->begun = true;
}

/* The last two digits change with every line, the others seldom. */
static void put_stamp(const struct batch *batch, char *to)
{
	memcpy(to, batch->stamp, sizeof batch->stamp);
	to[LABEL_LEN - 2] = "0123456789abcdef"[batch->label.nano >> 4 & 15];
	to[LABEL_LEN - 1] = "0123456789abcdef"[batch->label.nano & 15];
}

/* Finds the next piece: false if the batch must end before it. */
static bool find(struct batch *batch, const struct batch_input *input,
		 size_t at, struct piece *piece)
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
	piece->bytes = bytes;
	piece->len = newline ? (size_t)(newline - bytes) : left;
	piece->head =
	    batch->script->stamp && !batch->midline ? sizeof batch->stamp : 0;
	piece->ends = newline || last;
	piece->total = piece->head + piece->len + piece->ends;
	piece->taken = piece->len + (newline != NULL);
	if (piece->total <= BATCH_STAGE - batch->used)
		return true;
	piece->len = BATCH_STAGE - piece->head;
	piece->total = BATCH_STAGE;
	piece->taken = piece->len;
	piece->ends = false;
	return !batch->used;
}

static void put_on_stage(struct batch *batch, const struct piece *piece)
{
	char *to = batch->stage + batch->used;

	if (piece->head)
		put_stamp(batch, to);
	memcpy(to + piece->head, piece->bytes, piece->len);
	if (piece->ends)
		to[piece->total - 1] = '\n';
}

static void alert(struct batch *batch, const char *line, size_t len)
{
	if (len <= BATCH_ALERT) {
		spans_add(&batch->alerts, line, len + 1);
	} else {
		spans_add(&batch->alerts, line, BATCH_ALERT);
		spans_add(&batch->alerts, "...\n", 4);
	}
	if (spans_full(&batch->alerts))
		batch->full = true;
}

/* The lines since the last change of who gets them become a span. */
static void flush(struct batch *batch)
{
	struct batch_output *output = batch->outputs;
	struct batch_output *end = output + batch->script->directories_n;
	size_t len = batch->used - batch->flushed;

	if (!len)
		return;
	for (; output < end; output++) {
		if (!output->selected)
			continue;
		spans_add(&output->spans, batch->stage + batch->flushed, len);
		output->bytes += len;
		if (spans_full(&output->spans))
			batch->full = true;
	}
	batch->flushed = batch->used;
}

static void select_output(struct batch *batch, unsigned int index,
			  bool selected)
{
	struct batch_output *output = &batch->outputs[index];

	if (output->selected == selected)
		return;
	flush(batch);
	output->selected = selected;
}

/*
 * Walks the line on the stage, of len bytes before the newline, through the
 * script: true if anyone has it selected.
 */
static bool run_script(struct batch *batch, size_t len)
{
	const char *line = batch->stage + batch->used;
	bool selected = true, taken = false;
	struct pattern_line seen;
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;

	pattern_line_set(&seen, line, len < BATCH_MATCH ? len : BATCH_MATCH);
	for (; action < end; action++) {
		/* Only a pattern that could change something is tried. */
		if (action->kind ==
		    (selected ? ACTION_DESELECT : ACTION_SELECT)) {
			if (action->expression
				? expression_match(action->expression, line,
						   len)
				: pattern_match(&action->pattern, &seen))
				selected = !selected;
			continue;
		}
		switch (action->kind) {
		case ACTION_SELECT:
		case ACTION_DESELECT:
		case ACTION_REST:
		case ACTION_FORWARD: break;
		case ACTION_ALERT:
			if (selected)
				alert(batch, line, len);
			taken = taken || selected;
			break;
		case ACTION_STATUS:
			if (selected) {
				batch->statuses[action->index].line = line;
				batch->statuses[action->index].len = len;
			}
			taken = taken || selected;
			break;
		case ACTION_DIRECTORY:
			select_output(batch, action->index, selected);
			taken = taken || selected;
			break;
		}
	}
	return taken;
}

/*
 * A piece goes no further than the fullest of the files that get it, but at
 * least one byte past the stamp: a stamp is never cut.
 */
static void cut(const struct batch *batch, struct piece *piece)
{
	const struct batch_output *output = batch->outputs;
	const struct batch_output *end = output + batch->script->directories_n;
	size_t most = piece->total;
	uint64_t left;

	for (; output < end; output++) {
		left = output->bytes < output->size
			   ? output->size - output->bytes
			   : 0;
		if (output->selected && left < most)
			most = (size_t)left;
	}
	if (most <= piece->head)
		most = piece->head + 1;
	if (most >= piece->total)
		return;
	piece->ends = false;
	piece->total = most;
	piece->taken = most - piece->head;
}

static void mark_due(struct batch *batch, bool ends)
{
	struct batch_output *output = batch->outputs;
	struct batch_output *end = output + batch->script->directories_n;
	uint64_t tolerance = ends ? BATCH_TOLERANCE : 0;

	for (; output < end; output++) {
		output->due = output->selected &&
			      output->bytes >= output->size - tolerance;
		if (output->due)
			batch->full = true;
	}
}

/* Takes one piece in: answers how many bytes of the intake it was. */
static size_t take(struct batch *batch, const struct batch_input *input,
		   struct piece *piece)
{
	bool near = batch->used + piece->total >= batch->near;
	bool kept = true;

	if (piece->head)
		next_stamp(batch, &input->now);
	put_on_stage(batch, piece);
	if (!batch->midline && !batch->plain)
		kept = run_script(batch, piece->head + piece->len);
	if (near) {
		flush(batch);
		cut(batch, piece);
	}
	batch->midline = !piece->ends;
	if (kept)
		batch->used += piece->total;
	if (near) {
		flush(batch);
		mark_due(batch, piece->ends);
	}
	return piece->taken;
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
	const size_t head = batch->script->stamp ? sizeof batch->stamp : 0;
	uint64_t limit = BATCH_STAGE;
	const char *newline;
	size_t len;
	char *to;

	if (batch->near < limit)
		limit = batch->near;
	while (!batch->full &&
	       (newline = memchr(line, '\n', (size_t)(end - line)))) {
		len = (size_t)(newline - line);
		if (batch->used + head + len + 1 >= limit)
			break;
		to = batch->stage + batch->used;
		if (head) {
			next_stamp(batch, &input->now);
			put_stamp(batch, to);
		}
		memcpy(to + head, line, len + 1);
		line = newline + 1;
		if (batch->plain || run_script(batch, head + len))
			batch->used += head + len + 1;
	}
	return (size_t)(line - input->bytes);
}

size_t batch_build(struct batch *batch, const struct batch_input *input)
{
	struct piece piece;
	size_t at = 0;

	clear(batch);
	while (!batch->full) {
		if (!batch->midline && !batch->scanned)
			at = take_lines(batch, input, at);
		if (batch->full || !find(batch, input, at, &piece))
			break;
		at += take(batch, input, &piece);
		batch->scanned = 0;
	}
	flush(batch);
	return at;
}
