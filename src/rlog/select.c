/* The walk through the script; see select.h. */
#include "rlog/select.h"

#include "base/regex.h"
#include "rlog/pattern.h"

void select_flush(struct batch *batch)
{
	struct batch_output *output = batch->outputs;
	struct batch_output *end = output + batch->outputs_n;
	struct format_buffer *buffer = batch->buffers;
	size_t len;

	for (; output < end; output++) {
		len = output->buffer->used - output->buffer->flushed;
		if (!output->selected || !len)
			continue;
		if (output->torn)
			iovec_list_add(&output->iovecs, "\n", 1);
		output->torn = false;
		iovec_list_add(&output->iovecs,
			       output->buffer->bytes + output->buffer->flushed,
			       len);
		output->bytes += len;
		if (iovec_list_lack(&output->iovecs, 2))
			batch->full = true;
	}
	for (; buffer < batch->buffers + batch->script->forms_n; buffer++)
		buffer->flushed = buffer->used;
}

_Static_assert(2 * (int)SCRIPT_ALERTS <= (int)IOVEC_LIST_MAX,
	       "too many alerts");

/* The buffer that has the line in the action's form. */
static struct format_buffer *make(struct batch *batch,
				  const struct action *action,
				  const struct fragment *fragment)
{
	struct format_buffer *buffer = &batch->buffers[action->form];

	if (!buffer->made)
		format_buffer_make(buffer, fragment);
	buffer->wanted = true;
	return buffer;
}

static void alert(struct batch *batch, const struct format_buffer *buffer,
		  size_t most)
{
	const char *line = buffer->bytes + buffer->used;

	if (!most)
		most = SCRIPT_SHOWN;
	if (buffer->len <= most) {
		iovec_list_add(&batch->alerts, line, buffer->len + 1);
	} else {
		iovec_list_add(&batch->alerts, line, most);
		iovec_list_add(&batch->alerts, "...\n", 4);
	}
	/* The next line may be two vectors for each alert of the script. */
	if (iovec_list_lack(&batch->alerts, 2 * batch->script->alerts_n))
		batch->full = true;
}

static void keep_status(struct iovec_list *iovecs,
			const struct format_buffer *buffer)
{
	iovec_list_clear(iovecs);
	iovec_list_add(iovecs, buffer->bytes + buffer->used, buffer->len + 1);
}

static void select_output(struct batch *batch, struct batch_output *output,
			  bool selected)
{
	if (output->selected == selected)
		return;
	select_flush(batch);
	output->selected = selected;
}

/* An action that writes lines; this one, or not. */
static void write_line(struct batch *batch, const struct action *action,
		       const struct fragment *fragment, bool selected)
{
	struct format_buffer *buffer =
	    selected ? make(batch, action, fragment) : NULL;

	switch (action->kind) {
	case ACTION_ALERT:
		if (buffer)
			alert(batch, buffer, action->settings->alert_size);
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
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;

	for (; action < end; action++)
		if (action->kind >= ACTION_ALERT)
			write_line(batch, action, fragment,
				   action->kind == ACTION_DIRECTORY);
	return true;
}

/*
 * The next action that changes the selection or is no pattern.  Nearly all of
 * the time goes to patterns that do not match, so this loop has nothing else
 * in it; and only a pattern that could change something is tried.
 */
static const struct action *pass_patterns(const struct action *action,
					  const struct action *end,
					  struct pattern_line *line,
					  enum action_kind sought)
{
	for (; action < end && action->kind <= ACTION_DESELECT; action++)
		if (action->kind == sought &&
		    pattern_match(&action->pattern, line))
			break;
	return action;
}

static bool changes(const struct action *action,
		    const struct fragment *fragment, enum action_kind sought)
{
	return action->kind == sought &&
	       regex_match(action->expression, fragment->bytes, fragment->len);
}

bool select_line(struct batch *batch, const struct fragment *fragment)
{
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;
	const struct format_buffer *buffer = batch->buffers;
	bool selected = true, taken = false;
	struct pattern_line seen;

	if (batch->note)
		return write_note(batch, fragment);
	pattern_line_set(&seen, buffer->bytes + buffer->used,
			 buffer->len < SELECT_MATCH ? buffer->len
						    : SELECT_MATCH);
	for (;; action++) {
		action =
		    pass_patterns(action, end, &seen,
				  selected ? ACTION_DESELECT : ACTION_SELECT);
		if (action == end)
			return taken;
		switch (action->kind) {
		case ACTION_SELECT:
		case ACTION_DESELECT: selected = !selected; break;
		case ACTION_SELECT_ERE:
		case ACTION_DESELECT_ERE:
			if (changes(action, fragment,
				    selected ? ACTION_DESELECT_ERE
					     : ACTION_SELECT_ERE))
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
}
