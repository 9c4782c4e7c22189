/*
 * The grouper: one struct holds all that is known of one log, so that several
 * logs can each have their own.  A phase of a group is its list in the table,
 * hence only the heads of the lists can have been silent for too long.  A group
 * whose phase is GROUP_RUNNING is incomplete; ending it leaves a mark.
 * Tested by tests/unit/rlogsess/connections.c and qmail.c.
 */
#include "rlogsess/grouper.h"

#include <stdlib.h>
#include <string.h>

int grouper_init(struct grouper *grouper, const struct grouper_options *options)
{
	const struct grouping *grouping = options->grouping;
	int64_t quiet =
	    options->quiet ? options->quiet : grouping->limits.quiet;
	struct grouping_context context = {options->filter, &grouper->events};

	memset(grouper, 0, sizeof *grouper);
	grouper->grouping = grouping;
	grouper->filter = options->filter;
	grouper->events = options->events;
	grouper->quiet = quiet * GROUPING_SECOND;
	grouper->hold_lines = options->hold_lines;
	grouper->now = LINE_TIME_NONE;
	line_spool_store_init(&grouper->store);
	group_table_init(&grouper->table, grouping->group_size,
			 &grouper->store);
	grouper->state = calloc(1, grouping->state_size);
	if (!grouper->state)
		return -1;
	grouping->init(grouper->state, &context);
	return 0;
}

void grouper_free(struct grouper *grouper)
{
	group_table_free(&grouper->table);
	line_spool_store_free(&grouper->store);
	if (grouper->state)
		grouper->grouping->free(grouper->state);
	free(grouper->state);
	grouper->state = NULL;
}

void grouper_set_labels(struct grouper *grouper, enum label_kind kind)
{
	grouper->stamps.kind = kind;
}

static int end_group(struct grouper *grouper, struct group *group,
		     unsigned int mark)
{
	const struct grouping *grouping = grouper->grouping;
	int r;

	if (grouping->lacks_start(grouper->state, group))
		mark |= GROUP_NO_START;
	group_table_mark(group, mark);
	r = grouping->close(grouper->state, group, grouper->restoring);
	if (r == 0 && grouping->is_wanted(group, grouper->filter))
		r = grouper->events.over(grouper->events.ctx, group);
	group_table_close(&grouper->table, group);
	return r;
}

/* Ends a group whose end was not seen, with this mark if it is incomplete. */
static int cut_group(struct grouper *grouper, struct group *group,
		     enum group_mark mark)
{
	return end_group(grouper, group,
			 group->list == GROUP_RUNNING ? mark : 0);
}

static bool was_silent(const struct grouper *grouper, const struct group *group)
{
	const struct grouping_patience *patience =
	    &grouper->grouping->limits.patience[group->list];
	int64_t time = patience->time ? patience->time : grouper->quiet;

	if (group->last == LINE_TIME_NONE)
		return patience->lines &&
		       grouper->lines - group->last_line >= patience->lines;
	return grouper->now > group->last && grouper->now - group->last > time;
}

static int end_silent_groups(struct grouper *grouper)
{
	struct group *group;

	for (int list = 0; list < GROUP_TABLE_LISTS; list++)
		while ((group = group_table_head(&grouper->table, list)) &&
		       was_silent(grouper, group))
			if (cut_group(grouper, group, GROUP_QUIET) < 0)
				return -1;
	return 0;
}

static int make_group_room(struct grouper *grouper)
{
	struct group *group;

	if (grouper->table.count < grouper->grouping->limits.groups)
		return 0;
	for (int list = GROUP_TABLE_LISTS - 1; list >= 0; list--) {
		group = group_table_head(&grouper->table, list);
		if (group)
			return cut_group(grouper, group, GROUP_CROWDED);
	}
	return 0;
}

static struct group *open_group(struct grouper *grouper, uint64_t key)
{
	if (make_group_room(grouper) < 0)
		return NULL;
	return group_table_open(&grouper->table, key);
}

/* Adds the parsed line, of this text, to its group. */
static int add_line(struct grouper *grouper, struct group *group, int64_t time,
		    struct slice text)
{
	const struct grouping *grouping = grouper->grouping;
	enum group_phase phase;

	group_table_count_line(group, time, grouper->lines);
	if (grouping->take_line(grouper->state, group, grouper->restoring) < 0)
		return -1;
	phase = grouping->is_over(group);
	if (phase != GROUP_OVER)
		group_table_move(&grouper->table, group, (int)phase);
	if (grouper->hold_lines)
		group_table_hold_line(&grouper->table, group, text);
	if (!grouper->restoring &&
	    grouper->events.line(grouper->events.ctx, group, text) < 0)
		return -1;
	return phase == GROUP_OVER ? end_group(grouper, group, 0) : 0;
}

static int group_line(struct grouper *grouper, int64_t time, struct slice text)
{
	const struct grouping *grouping = grouper->grouping;
	enum line_membership membership;
	struct group *group;
	uint64_t key;

	membership = grouping->key(grouper->state, &key);
	if (membership == LINE_OF_NONE)
		return 0;
	if (membership == LINE_OF_LOST_GROUP)
		return grouping->take_line(grouper->state, NULL,
					   grouper->restoring);
	group = group_table_find(&grouper->table, key);
	if (!group && membership == LINE_OF_OPEN_GROUP)
		return 0;
	if (group && grouping->is_another(grouper->state, group)) {
		if (cut_group(grouper, group, GROUP_NO_END) < 0)
			return -1;
		group = NULL;
	}
	if (!group && !(group = open_group(grouper, key)))
		return -1;
	return add_line(grouper, group, time, text);
}

int grouper_line(struct grouper *grouper, const char *text, size_t len)
{
	struct slice line = {text, len};
	int64_t time;

	if (len > LINE_SPOOL_LINE_MAX) {
		line.len = LINE_SPOOL_LINE_MAX;
		grouper->cut_lines++;
	}
	time = grouper->grouping->parse_line(grouper->state, &grouper->stamps,
					     line);
	grouper->lines++;
	if (time != LINE_TIME_NONE)
		grouper->now = time;
	if (!grouper->restoring && end_silent_groups(grouper) < 0)
		return -1;
	return group_line(grouper, time, line);
}

int grouper_pass(struct grouper *grouper, int64_t now)
{
	grouper->now = now;
	return end_silent_groups(grouper);
}

int grouper_finish(struct grouper *grouper)
{
	struct group *group;
	bool open;

	while ((group = group_table_quietest(&grouper->table))) {
		open = grouper->grouping->lacks_end(group);
		if (end_group(grouper, group, open ? GROUP_OPEN : 0) < 0)
			return -1;
	}
	return 0;
}

void grouper_restore(struct grouper *grouper, uint64_t number)
{
	grouper->restoring = true;
	group_table_renumber(&grouper->table, number - 1);
}

bool grouper_restored(struct grouper *grouper, uint64_t key, uint64_t number,
		      uint64_t left_out)
{
	struct group *group = group_table_find(&grouper->table, key);

	if (!group || group->number != number)
		return false;
	group_table_leave_out(group, left_out);
	return true;
}

void grouper_resume(struct grouper *grouper, uint64_t number)
{
	grouper->restoring = false;
	group_table_renumber(&grouper->table, number);
}
