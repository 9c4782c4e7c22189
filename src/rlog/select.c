/* The walk through the script; see select.h. */
#include "rlog/select.h"

#include "base/regex.h"
#include "rlog/pattern.h"

void select_flush(struct batch *batch)
{
	struct batch_output *output = batch->outputs;
	struct batch_output *end = output + batch->outputs_n;
	struct stage *stage = batch->stages;
	size_t len;

	for (; output < end; output++) {
		len = output->stage->used - output->stage->flushed;
		if (!output->selected || !len)
			continue;
		if (output->torn)
			spans_add(&output->spans, "\n", 1);
		output->torn = false;
		spans_add(&output->spans,
			  output->stage->bytes + output->stage->flushed, len);
		output->bytes += len;
		if (spans_lack(&output->spans, 2))
			batch->full = true;
	}
	for (; stage < batch->stages + batch->script->forms_n; stage++)
		stage->flushed = stage->used;
}

_Static_assert(2 * (int)SCRIPT_ALERTS <= (int)SPANS_MAX, "too many alerts");

/* The stage that has the line in the action's form. */
static struct stage *make(struct batch *batch, const struct action *action,
			  const struct piece *piece)
{
	struct stage *stage = &batch->stages[action->form];

	if (!stage->made)
		stage_make(stage, piece);
	stage->wanted = true;
	return stage;
}

static void alert(struct batch *batch, const struct stage *stage, size_t most)
{
	const char *line = stage->bytes + stage->used;

	if (!most)
		most = SCRIPT_SHOWN;
	if (stage->len <= most) {
		spans_add(&batch->alerts, line, stage->len + 1);
	} else {
		spans_add(&batch->alerts, line, most);
		spans_add(&batch->alerts, "...\n", 4);
	}
	/* The next line may be two spans for each alert of the script. */
	if (spans_lack(&batch->alerts, 2 * batch->script->alerts_n))
		batch->full = true;
}

static void keep_status(struct batch_status *status, const struct stage *stage)
{
	status->line = stage->bytes + stage->used;
	status->len = stage->len;
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
		       const struct piece *piece, bool selected)
{
	struct stage *stage = selected ? make(batch, action, piece) : NULL;

	switch (action->kind) {
	case ACTION_ALERT:
		if (stage)
			alert(batch, stage, action->settings->alert_size);
		break;
	case ACTION_STATUS:
		if (stage)
			keep_status(&batch->statuses[action->index], stage);
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
static bool write_note(struct batch *batch, const struct piece *piece)
{
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;

	for (; action < end; action++)
		if (action->kind >= ACTION_ALERT)
			write_line(batch, action, piece,
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

static bool changes(const struct action *action, const struct piece *piece,
		    enum action_kind sought)
{
	return action->kind == sought &&
	       regex_match(action->expression, piece->bytes, piece->len);
}

bool select_line(struct batch *batch, const struct piece *piece)
{
	const struct action *action = batch->script->actions;
	const struct action *end = action + batch->script->actions_n;
	const struct stage *stage = batch->stages;
	bool selected = true, taken = false;
	struct pattern_line seen;

	if (batch->note)
		return write_note(batch, piece);
	pattern_line_set(&seen, stage->bytes + stage->used,
			 stage->len < SELECT_MATCH ? stage->len : SELECT_MATCH);
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
			if (changes(action, piece,
				    selected ? ACTION_DESELECT_ERE
					     : ACTION_SELECT_ERE))
				selected = !selected;
			break;
		case ACTION_REST: selected = !taken; break;
		case ACTION_ALERT:
		case ACTION_STATUS:
		case ACTION_DIRECTORY:
		case ACTION_FORWARD:
			write_line(batch, action, piece, selected);
			taken = taken || selected;
			break;
		}
	}
}
