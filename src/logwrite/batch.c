/*
 * Batches.  Nearly all lines are whole, fit on the buffer and come near no
 * size: take_lines takes those and nothing else.  take_fragment takes all
 * others, and knows all rules.  A buffer's bytes from flushed to used have the
 * same selected outputs; flush_buffers makes vectors of them before a selection
 * changes.
 */
#include "logwrite/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/regex.h"
#include "logwrite/pattern.h"

enum { BATCH_MATCH = 1000 }; /* bytes of a line that patterns see */

_Static_assert(2 * (int)SCRIPT_ALERTS <= (int)BATCH_PART_MAX,
	       "too many alerts");

/* In a plain script all directories get all lines: nothing is selected. */
static void inspect_script(struct batch *batch)
{
	const struct script *script = batch->script;

	batch->plain = true;
	for (unsigned int i = 0; i < script->actions_n; i++) {
		if (script->actions[i].form)
			batch->shaped = true;
		if (script->actions[i].kind != ACTION_DIRECTORY)
			batch->plain = false;
	}
	if (batch->shaped)
		batch->plain = false;
	for (unsigned int i = 0; i < script->forms_n; i++)
		if (script->forms[i].escaping)
			batch->visible = true;
}

static void set_output(struct batch *batch, const struct action *action)
{
	const bool forward = action->kind == ACTION_FORWARD;
	struct batch_output *output =
	    &batch->outputs[forward ? batch->script->directories_n
				    : action->index];

	output->buffer = &batch->buffers[action->form];
	output->selected = true;
	batch_part_init(&output->part,
			forward ? UINT64_MAX : action->settings->size,
			action->settings->tolerance,
			batch->stamp.len + output->buffer->prefix_len,
			batch->visible ? ESCAPE_MAX : 1);
}

static int open_buffers(struct batch *batch)
{
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		if (format_buffer_open(&batch->buffers[i],
				       &batch->script->forms[i]) < 0)
			return -1;
	return 0;
}

int batch_open(struct batch *batch, const struct script *script)
{
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
	inspect_script(batch);
	for (unsigned int i = 0; i < script->actions_n; i++)
		if (script->actions[i].kind == ACTION_DIRECTORY ||
		    script->actions[i].kind == ACTION_FORWARD)
			set_output(batch, &script->actions[i]);
	return 0;
}

void batch_close(struct batch *batch)
{
	for (unsigned int i = 0; batch->buffers && i < batch->script->forms_n;
	     i++)
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
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		if (batch->buffers[i].used)
			return false;
	return true;
}

static void clear_batch(struct batch *batch)
{
	batch->full = false;
	batch_part_clear(&batch->alerts);
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		format_buffer_clear(&batch->buffers[i]);
	for (unsigned int i = 0; i < batch->script->statuses_n; i++)
		batch_part_clear(&batch->statuses[i]);
	for (unsigned int i = 0; i < batch->outputs_n; i++) {
		struct batch_output *output = &batch->outputs[i];

		output->due = false;
		batch_part_clear(&output->part);
		format_buffer_lower_near(output->buffer,
					 batch_part_before_due(&output->part));
	}
}

static void flush_output(struct batch *batch, struct batch_output *output)
{
	const struct format_buffer *buffer = output->buffer;
	const size_t len = buffer->used - buffer->flushed;

	if (!output->selected || !len)
		return;
	if (!batch_part_append(&output->part, buffer->bytes + buffer->flushed,
			       len))
		batch->full = true;
}

/*
 * Makes vectors, for the outputs that are selected, of the bytes that were put
 * on the buffers since the last call.
 */
static void flush_buffers(struct batch *batch)
{
	for (unsigned int i = 0; i < batch->outputs_n; i++)
		flush_output(batch, &batch->outputs[i]);
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		format_buffer_flush(&batch->buffers[i]);
}

/* Formats the fragment, once, for an action that writes it. */
static struct format_buffer *format_for(struct batch *batch,
					const struct action *action,
					const struct fragment *fragment)
{
	struct format_buffer *buffer = &batch->buffers[action->form];

	format_buffer_want(buffer, fragment);
	return buffer;
}

static void add_alert(struct batch *batch, const struct format_buffer *buffer,
		      size_t most)
{
	const char *line = buffer->bytes + buffer->used;

	if (!most)
		most = SCRIPT_SHOWN;
	if (buffer->len <= most) {
		batch_part_add(&batch->alerts, line, buffer->len + 1);
	} else {
		batch_part_add(&batch->alerts, line, most);
		batch_part_add(&batch->alerts, "...\n", 4);
	}
	/* The next line may be two vectors for each alert of the script. */
	if (batch_part_lack(&batch->alerts, 2 * batch->script->alerts_n))
		batch->full = true;
}

static void keep_status(struct batch_part *part,
			const struct format_buffer *buffer)
{
	batch_part_clear(part);
	batch_part_add(part, buffer->bytes + buffer->used, buffer->len + 1);
}

static void select_output(struct batch *batch, struct batch_output *output,
			  bool selected)
{
	if (output->selected == selected)
		return;
	flush_buffers(batch);
	output->selected = selected;
}

/* Has an action that writes lines write the fragment, or not. */
static void write_line(struct batch *batch, const struct action *action,
		       const struct fragment *fragment, bool selected)
{
	struct format_buffer *buffer =
	    selected ? format_for(batch, action, fragment) : NULL;

	switch (action->kind) {
	case ACTION_ALERT:
		if (buffer)
			add_alert(batch, buffer, action->settings->alert_size);
		break;
	case ACTION_STATUS:
		if (buffer)
			keep_status(&batch->statuses[action->index], buffer);
		break;
	case ACTION_DIRECTORY:
		select_output(batch, &batch->outputs[action->index], selected);
		break;
	case ACTION_FORWARD:
		select_output(batch,
			      &batch->outputs[batch->script->directories_n],
			      selected);
		break;
	default: break;
	}
}

/* A note goes to all directories, and nowhere else. */
static bool write_note(struct batch *batch, const struct fragment *fragment)
{
	const struct script *script = batch->script;

	for (unsigned int i = 0; i < script->actions_n; i++)
		if (script->actions[i].kind >= ACTION_ALERT)
			write_line(batch, &script->actions[i], fragment,
				   script->actions[i].kind == ACTION_DIRECTORY);
	return true;
}

static bool expression_changes(const struct action *action,
			       const struct fragment *fragment, bool selected)
{
	return selected == (action->kind == ACTION_DESELECT_ERE) &&
	       regex_match(action->expression, fragment->bytes, fragment->len);
}

/*
 * Passes the line, which is formatted on the first buffer, through the script.
 * Returns true if an action has it selected.
 */
static bool select_line(struct batch *batch, const struct fragment *fragment)
{
	const struct script *script = batch->script;
	const struct format_buffer *buffer = batch->buffers;
	const char *line = buffer->bytes + buffer->used;
	const size_t len =
	    buffer->len < BATCH_MATCH ? buffer->len : BATCH_MATCH;
	bool selected = true, taken = false;

	if (batch->note)
		return write_note(batch, fragment);
	for (unsigned int i = 0; i < script->actions_n; i++) {
		const struct action *action = &script->actions[i];

		switch (action->kind) {
		case ACTION_PATTERNS:
			selected = pattern_select(
			    script->patterns + action->index,
			    action->patterns_n, line, len, selected);
			break;
		case ACTION_SELECT_ERE:
		case ACTION_DESELECT_ERE:
			if (expression_changes(action, fragment, selected))
				selected = !selected;
			break;
		case ACTION_REST: selected = !taken; break;
		case ACTION_ALERT:
		case ACTION_STATUS:
		case ACTION_DIRECTORY:
		case ACTION_FORWARD:
			write_line(batch, action, fragment, selected);
			taken = taken || selected;
			break;
		}
	}
	return taken;
}

/* The rest of a line goes to the outputs that have its beginning. */
static void continue_line(struct batch *batch, const struct fragment *fragment)
{
	for (unsigned int i = 0; i < batch->outputs_n; i++)
		if (batch->outputs[i].selected)
			format_buffer_want(batch->outputs[i].buffer, fragment);
}

static void keep_wanted(struct batch *batch, const struct fragment *fragment)
{
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		format_buffer_keep(&batch->buffers[i], fragment);
}

/*
 * In a plain script no line is selected.  A line that another script began may
 * have left out some outputs.
 */
static void select_all(struct batch *batch)
{
	for (unsigned int i = 0; i < batch->outputs_n; i++)
		select_output(batch, &batch->outputs[i], true);
}

/* True if an output may be due, or full, with this fragment. */
static bool is_near_size(const struct batch *batch,
			 const struct fragment *fragment)
{
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		if (format_buffer_is_near(&batch->buffers[i], fragment))
			return true;
	return false;
}

static bool fits_buffers(const struct batch *batch,
			 const struct fragment *fragment)
{
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		if (!format_buffer_fits(&batch->buffers[i], fragment))
			return false;
	return true;
}

/*
 * Finds the bytes of the next fragment, at `at`.  Returns false if it is not
 * whole yet and may not be taken in parts: bytes without a newline are not
 * scanned again when more follow.
 */
static bool scan_input(struct batch *batch, const struct batch_input *input,
		       size_t at, struct fragment *fragment)
{
	const char *bytes = input->bytes + at;
	const size_t n = input->n - at, scanned = at ? 0 : batch->scanned;
	const char *newline = memchr(bytes + scanned, '\n', n - scanned);
	const bool last = !newline && input->more == BATCH_END;

	batch->scanned = newline ? 0 : n;
	if (!newline && !batch->midline && !(last && n) &&
	    !(input->more == BATCH_FULL && !at))
		return false;
	if (!n && !last)
		return false;
	fragment->stamp = batch->midline ? NULL : &batch->stamp;
	fragment->bytes = bytes;
	fragment->len = newline ? (size_t)(newline - bytes) : n;
	fragment->taken = fragment->len + (newline != NULL);
	fragment->ends = newline || last;
	return true;
}

/* Finds the fragment at `at`.  Returns false if the batch ends before it. */
static bool find_fragment(struct batch *batch, const struct batch_input *input,
			  size_t at, struct fragment *fragment)
{
	if (!scan_input(batch, input, at, fragment))
		return false;
	if (!fragment->ends)
		fragment_shorten(fragment, fragment->len, batch->visible);
	if (!fragment->ends && !fragment->len)
		return false;
	if (fits_buffers(batch, fragment))
		return true;
	if (!batch_empty(batch))
		return false;
	fragment_shorten(fragment,
			 FORMAT_BUFFER_SIZE -
			     (batch->midline ? 0 : batch->stamp.len),
			 batch->visible);
	return true;
}

/*
 * Shortens a formatted fragment to the room in the fullest file that gets it,
 * but to one byte after the stamp at least: a stamp is never cut.
 */
static void cut_fragment(struct batch *batch, struct fragment *fragment)
{
	size_t most = fragment->len;
	bool whole = true;

	for (unsigned int i = 0; i < batch->outputs_n; i++) {
		const struct batch_output *output = &batch->outputs[i];
		const uint64_t left = batch_part_left(&output->part);
		size_t n;

		if (!output->selected ||
		    format_buffer_made(output->buffer, fragment) <= left)
			continue;
		n = format_buffer_measure(output->buffer, fragment, left);
		most = n < most ? n : most;
		whole = false;
	}
	if (whole)
		return;
	batch->full = true;
	if (batch->visible)
		most = fragment_boundary(fragment, most);
	fragment_shorten(fragment, most, false);
	for (unsigned int i = 0; i < batch->script->forms_n; i++)
		format_buffer_make_again(&batch->buffers[i], fragment);
}

static void mark_due_outputs(struct batch *batch, bool at_line_end)
{
	for (unsigned int i = 0; i < batch->outputs_n; i++) {
		struct batch_output *output = &batch->outputs[i];

		output->due = output->selected &&
			      batch_part_is_due(&output->part, at_line_end);
		if (output->due)
			batch->full = true;
	}
}

/* Takes one fragment.  Returns the number of the intake's bytes in it. */
static size_t take_fragment(struct batch *batch, struct fragment *fragment)
{
	bool near;

	if (fragment->stamp) {
		if (batch->stamp.len)
			line_stamp_next(&batch->stamp);
		format_buffer_make(&batch->buffers[0], fragment);
	}
	if (fragment->stamp && !batch->plain)
		select_line(batch, fragment);
	else
		continue_line(batch, fragment);
	near = is_near_size(batch, fragment);
	if (near) {
		flush_buffers(batch);
		cut_fragment(batch, fragment);
	}
	batch->midline = !fragment->ends;
	keep_wanted(batch, fragment);
	if (near) {
		flush_buffers(batch);
		mark_due_outputs(batch, fragment->ends);
	}
	if (fragment->ends && batch->plain)
		select_all(batch);
	return fragment->taken;
}

/*
 * Takes lines as long as they are whole, begin here, fit on the first buffer
 * and come near no size.  Returns the number of bytes of the input up to the
 * first other one.
 */
static size_t take_lines(struct batch *batch, const struct batch_input *input,
			 size_t at)
{
	struct fragment fragment = {.stamp = &batch->stamp, .ends = true};
	struct format_buffer *buffer = batch->buffers;
	const size_t limit = buffer->near < FORMAT_BUFFER_SIZE
				 ? (size_t)buffer->near
				 : FORMAT_BUFFER_SIZE;
	size_t n;

	if (batch->plain)
		return at + format_buffer_add_lines(buffer, &batch->stamp,
						    input->bytes + at,
						    input->n - at, limit);
	while (!batch->full && (n = format_buffer_make_line(
				    buffer, &batch->stamp, input->bytes + at,
				    input->n - at, limit))) {
		fragment.bytes = input->bytes + at;
		fragment.len = n - 1;
		at += n;
		select_line(batch, &fragment);
		format_buffer_keep(buffer, &fragment);
	}
	return at;
}

size_t batch_build(struct batch *batch, const struct batch_input *input)
{
	struct fragment fragment;
	size_t at = 0;

	clear_batch(batch);
	line_stamp_begin(&batch->stamp, &input->now);
	batch->note = input->note;
	while (!batch->full) {
		if (!batch->midline && !batch->scanned && !batch->shaped)
			at = take_lines(batch, input, at);
		if (batch->full || !find_fragment(batch, input, at, &fragment))
			break;
		at += take_fragment(batch, &fragment);
		batch->scanned = 0;
	}
	flush_buffers(batch);
	return at;
}

void batch_rescan(struct batch *batch)
{
	batch->scanned = 0;
}

void batch_continue(struct batch *batch, bool midline)
{
	batch->midline = midline;
}

void batch_select(struct batch *batch, unsigned int output, bool selected)
{
	batch->outputs[output].selected = selected;
}

void batch_mark_torn(struct batch *batch, unsigned int output, bool torn)
{
	batch_part_set_torn(&batch->outputs[output].part,
			    torn && !batch_is_within(batch, output));
}

void batch_set_bytes(struct batch *batch, unsigned int output, uint64_t bytes)
{
	batch_part_set_bytes(&batch->outputs[output].part, bytes);
}

bool batch_is_within(const struct batch *batch, unsigned int output)
{
	return batch->midline && batch->outputs[output].selected;
}

bool batch_take_due(struct batch *batch, unsigned int output, bool more)
{
	struct batch_output *o = &batch->outputs[output];
	const bool gets_next = !batch->midline || o->selected;
	const bool due =
	    o->due || (more && gets_next &&
		       batch_part_is_reached(&o->part, batch->midline));

	o->due = false;
	return due;
}
