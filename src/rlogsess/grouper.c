/*
 * The grouper: one struct grouped_log holds all that is known of one log, so
 * that a number which two logs share names two groups; all logs together share
 * the numbers of groups, the store of lines and the limit of open groups.  A
 * phase of a group is its list in the log's table, hence only the heads of the
 * lists can have been silent for too long.  A group whose phase is
 * GROUP_RUNNING is incomplete; ending it leaves a mark.
 * Tested by tests/unit/rlogsess/connections.c and qmail.c, and
 * tests/sh/rlogsess-sources.t.
 */
#include "rlogsess/grouper.h"

#include <stdlib.h>
#include <string.h>

/* Starts a zeroed log. */
static int init_log(struct grouper *grouper, struct grouped_log *log)
{
	const struct grouping *grouping = grouper->grouping;
	struct grouping_context context = {grouper->filter, &grouper->events,
					   &grouper->load};

	log->now = LINE_TIME_NONE;
	group_table_init(&log->table, grouping->group_size, &grouper->store);
	log->state = calloc(1, grouping->state_size);
	if (!log->state)
		return -1;
	grouping->init(log->state, &context);
	return 0;
}

static void free_log(struct grouper *grouper, struct grouped_log *log)
{
	group_table_free(&log->table);
	if (log->state)
		grouper->grouping->free(log->state);
	free(log->state);
}

int grouper_init(struct grouper *grouper, const struct grouper_options *options)
{
	const struct grouping *grouping = options->grouping;
	int64_t quiet =
	    options->quiet ? options->quiet : grouping->limits.quiet;
	size_t count = options->logs ? options->logs : 1;

	memset(grouper, 0, sizeof *grouper);
	grouper->grouping = grouping;
	grouper->filter = options->filter;
	grouper->events = options->events;
	grouper->known = options->known;
	grouper->quiet = quiet * GROUPING_SECOND;
	grouper->hold_lines = options->hold_lines;
	grouper->parts = options->parts;
	line_spool_store_init(&grouper->store);
	grouper->logs = calloc(count, sizeof *grouper->logs);
	if (!grouper->logs)
		return -1;
	grouper->log = grouper->logs;
	for (; grouper->count < count; grouper->count++)
		if (init_log(grouper, &grouper->logs[grouper->count]) < 0)
			return -1;
	return 0;
}

void grouper_free(struct grouper *grouper)
{
	for (size_t i = 0; i < grouper->count; i++)
		free_log(grouper, &grouper->logs[i]);
	free(grouper->logs);
	grouper->logs = NULL;
	grouper->count = 0;
	line_spool_store_free(&grouper->store);
}

void grouper_name_log(struct grouper *grouper, size_t n, const char *name)
{
	group_table_set_source(&grouper->logs[n].table, name);
}

const char *grouper_source(const struct grouper *grouper)
{
	return grouper->log->table.source;
}

const struct line_time_reader *grouper_stamps(const struct grouper *grouper,
					      const char *source)
{
	size_t i = 0;

	while (i + 1 < grouper->count &&
	       grouper->logs[i].table.source != source)
		i++;
	return &grouper->logs[i].stamps;
}

void grouper_choose_log(struct grouper *grouper, size_t n)
{
	grouper->log = &grouper->logs[n];
}

void grouper_set_stamps(struct grouper *grouper, enum label_kind kind,
			struct stamp_span span)
{
	grouper->log->stamps.kind = kind;
	grouper->log->stamps.stamps.span = span;
}

/* True if the group has a line, or a silence that counts, in the window. */
static bool is_in_window(const struct grouper *grouper,
			 const struct group *group)
{
	const unsigned int around = 1u << WINDOW_BEFORE | 1u << WINDOW_AFTER;

	return group->sides & 1u << WINDOW_INSIDE ||
	       (grouper->grouping->spans && (group->sides & around) == around);
}

/* True if the group is in the window, or its next line can show that it is. */
static bool is_awaited(const struct grouper *grouper, const struct group *group)
{
	const unsigned int before = 1u << WINDOW_BEFORE;

	return is_in_window(grouper, group) ||
	       (grouper->grouping->spans && group->sides & before);
}

static int end_group(struct grouper *grouper, struct grouped_log *log,
		     struct group *group, unsigned int mark)
{
	const struct grouping *grouping = grouper->grouping;
	int r;

	if (grouping->lacks_start(log->state, group))
		mark |= GROUP_NO_START;
	group_table_mark(group, mark);
	grouper->crowded += (mark & GROUP_CROWDED) != 0;
	r = grouping->close(log->state, group, grouper->restoring);
	log->awaited -= is_awaited(grouper, group);
	grouper->nameless += mark & GROUP_NO_START &&
			     is_in_window(grouper, group) &&
			     !*grouping->peer(group);
	if (r == 0 && is_in_window(grouper, group) &&
	    grouping->is_wanted(group, grouper->filter))
		r = grouper->events.over(grouper->events.ctx, group);
	group_table_close(&log->table, group);
	grouper->open--;
	return r;
}

/* Ends a group whose end was not seen, with this mark if it is incomplete. */
static int cut_group(struct grouper *grouper, struct grouped_log *log,
		     struct group *group, enum group_mark mark)
{
	return end_group(grouper, log, group,
			 group->list == GROUP_RUNNING ? mark : 0);
}

/*
 * Returns how long ago the silent time of a group has passed, in nanoseconds or
 * in lines; -1 if it has not.
 */
static int64_t count_overdue(const struct grouper *grouper,
			     const struct grouped_log *log,
			     const struct group *group)
{
	const struct grouping_patience *patience =
	    &grouper->grouping->limits.patience[group->list];
	int64_t time = patience->time ? patience->time : grouper->quiet;
	uint64_t lines;

	if (group->last == LINE_TIME_NONE) {
		lines = log->lines - group->last_line;
		return patience->lines && lines >= patience->lines
			   ? (int64_t)(lines - patience->lines)
			   : -1;
	}
	return log->now > group->last && log->now - group->last > time
		   ? log->now - group->last - time
		   : -1;
}

/* Returns the silent group that was over first, or NULL. */
static struct group *find_silent(const struct grouper *grouper,
				 const struct grouped_log *log)
{
	struct group *first = NULL, *head;
	int64_t longest = -1, overdue;

	for (int list = 0; list < GROUP_TABLE_LISTS; list++) {
		head = group_table_head(&log->table, list);
		overdue = head ? count_overdue(grouper, log, head) : -1;
		if (overdue > longest) {
			longest = overdue;
			first = head;
		}
	}
	return first;
}

/* Groups are over in the order of the times at which they ended. */
static int end_silent_groups(struct grouper *grouper, struct grouped_log *log)
{
	struct group *group;

	while ((group = find_silent(grouper, log)))
		if (cut_group(grouper, log, group, GROUP_QUIET) < 0)
			return -1;
	return 0;
}

/*
 * Returns the group of a list, or of all if list is -1, whose last line is the
 * oldest one of all logs, and its log in *log; NULL if there is no group.
 */
static struct group *find_quietest(struct grouper *grouper, int list,
				   struct grouped_log **log)
{
	struct group *quietest = NULL, *head;

	for (size_t i = 0; i < grouper->count; i++) {
		const struct group_table *table = &grouper->logs[i].table;

		head = list < 0 ? group_table_quietest(table)
				: group_table_head(table, list);
		if (!head || (quietest && head->last >= quietest->last))
			continue;
		quietest = head;
		*log = &grouper->logs[i];
	}
	return quietest;
}

static int make_group_room(struct grouper *grouper)
{
	struct grouped_log *log;
	struct group *group;

	if (grouper->open < grouper->grouping->limits.groups)
		return 0;
	for (int list = GROUP_TABLE_LISTS - 1; list >= 0; list--) {
		group = find_quietest(grouper, list, &log);
		if (group)
			return cut_group(grouper, log, group, GROUP_CROWDED);
	}
	return 0;
}

static struct group *open_group(struct grouper *grouper, uint64_t key)
{
	struct group_table *table = &grouper->log->table;
	struct group *group;

	if (make_group_room(grouper) < 0)
		return NULL;
	group_table_renumber(table, grouper->number);
	group = group_table_open(table, key);
	if (!group)
		return NULL;
	grouper->number = group->number;
	grouper->open++;
	return group;
}

/* True if the filter will accept the group, whatever its later lines are. */
static bool is_certain(const struct grouper *grouper, const struct group *group)
{
	return !filter_needs_end(grouper->filter) &&
	       is_in_window(grouper, group) &&
	       grouper->grouping->is_wanted(group, grouper->filter);
}

static int tell_if_certain(struct grouper *grouper, struct grouped_log *log,
			   struct group *group)
{
	if (!is_certain(grouper, group))
		return 0;
	if (grouper->known(grouper->events.ctx, group) < 0)
		return -1;
	group_table_set_live(&log->table, group);
	return 0;
}

static int tell_certain_groups(struct grouper *grouper, struct grouped_log *log)
{
	struct group *group;

	for (int list = 0; list < GROUP_TABLE_LISTS; list++) {
		group = group_table_head(&log->table, list);
		for (; group; group = group->next)
			if (tell_if_certain(grouper, log, group) < 0)
				return -1;
	}
	return 0;
}

int grouper_go_live(struct grouper *grouper)
{
	grouper->live = true;
	for (size_t i = 0; i < grouper->count; i++)
		if (tell_certain_groups(grouper, &grouper->logs[i]) < 0)
			return -1;
	return 0;
}

static int tell_line(struct grouper *grouper, struct group *group,
		     struct slice text)
{
	if (grouper->live && !group->live)
		return tell_if_certain(grouper, grouper->log, group);
	return grouper->events.line(grouper->events.ctx, group, text);
}

/* Adds the parsed line, of this text, to its group. */
static int add_line(struct grouper *grouper, struct group *group, int64_t time,
		    struct slice text)
{
	const struct grouping *grouping = grouper->grouping;
	struct grouped_log *log = grouper->log;
	enum group_phase phase;
	bool awaited = is_awaited(grouper, group);

	grouper->grouped += log->side == WINDOW_INSIDE;
	group_table_count_line(group, time, log->lines);
	group_table_note_side(group, log->side);
	log->awaited += is_awaited(grouper, group) && !awaited;
	if (grouping->take_line(log->state, group, grouper->restoring) < 0)
		return -1;
	phase = grouping->is_over(group);
	if (phase != GROUP_OVER)
		group_table_move(&log->table, group, (int)phase);
	if (grouper->hold_lines && !group->live)
		group_table_hold_line(&log->table, group, text);
	if (!grouper->restoring && tell_line(grouper, group, text) < 0)
		return -1;
	return phase == GROUP_OVER ? end_group(grouper, log, group, 0) : 0;
}

static int tell_rest(const struct grouper *grouper, struct slice text)
{
	const struct group_events *events = &grouper->events;

	return events->rest && grouper->log->side == WINDOW_INSIDE
		   ? events->rest(events->ctx, text)
		   : 0;
}

static int group_line(struct grouper *grouper, int64_t time, struct slice text)
{
	const struct grouping *grouping = grouper->grouping;
	struct grouped_log *log = grouper->log;
	enum line_membership membership;
	struct group *group;
	uint64_t key;

	membership = grouping->key(log->state, &key);
	if (membership == LINE_OF_NONE)
		return tell_rest(grouper, text);
	if (membership == LINE_OF_LOST_GROUP) {
		if (log->side != WINDOW_INSIDE)
			return 0;
		grouper->grouped++;
		return grouping->take_line(log->state, NULL,
					   grouper->restoring);
	}
	group = group_table_find(&log->table, key);
	if (!group && membership == LINE_OF_OPEN_GROUP)
		return tell_rest(grouper, text);
	if (group && grouping->is_another(log->state, group)) {
		if (cut_group(grouper, log, group, GROUP_NO_END) < 0)
			return -1;
		group = NULL;
	}
	if (!group && !(group = open_group(grouper, key)))
		return -1;
	return add_line(grouper, group, time, text);
}

void grouper_set_side(struct grouper *grouper, enum window_side side)
{
	struct grouping_load *load = &grouper->load;
	struct grouped_log *log = grouper->log;

	load->outside = side != WINDOW_INSIDE;
	/* The window begins with the groups that run. */
	if (log->side == WINDOW_BEFORE && side != WINDOW_BEFORE &&
	    load->running > load->most)
		load->most = load->running;
	log->side = side;
}

bool grouper_is_done(const struct grouper *grouper)
{
	const struct grouped_log *log = grouper->log;

	if (log->side != WINDOW_AFTER)
		return false;
	return grouper->parts ? !grouper->grouping->open_parts(log->state)
			      : !log->awaited;
}

int grouper_line(struct grouper *grouper, const char *text, size_t len)
{
	struct grouped_log *log = grouper->log;
	struct slice line = {text, len};
	int64_t time;

	if (len > LINE_SPOOL_LINE_MAX) {
		line.len = LINE_SPOOL_LINE_MAX;
		grouper->cut_lines++;
	}
	time = grouper->grouping->parse_line(log->state, &log->stamps, line);
	log->lines++;
	grouper->lines += !grouper->restoring && log->side == WINDOW_INSIDE;
	grouper->restored += grouper->restoring && log->side == WINDOW_INSIDE;
	if (time != LINE_TIME_NONE)
		log->now = time;
	if (!grouper->restoring && end_silent_groups(grouper, log) < 0)
		return -1;
	return group_line(grouper, time, line);
}

int grouper_pass(struct grouper *grouper, int64_t now)
{
	for (size_t i = 0; i < grouper->count; i++) {
		grouper->logs[i].now = now;
		if (end_silent_groups(grouper, &grouper->logs[i]) < 0)
			return -1;
	}
	return 0;
}

int grouper_finish(struct grouper *grouper)
{
	struct grouped_log *log;
	struct group *group;
	bool open;

	while ((group = find_quietest(grouper, -1, &log))) {
		open = grouper->grouping->lacks_end(group);
		if (end_group(grouper, log, group, open ? GROUP_OPEN : 0) < 0)
			return -1;
	}
	return 0;
}

void grouper_restore(struct grouper *grouper, uint64_t number)
{
	grouper->restoring = true;
	grouper->number = number - 1;
}

bool grouper_restored(struct grouper *grouper, uint64_t key, uint64_t number,
		      uint64_t left_out)
{
	struct group *group = group_table_find(&grouper->log->table, key);

	if (!group || group->number != number)
		return false;
	group_table_leave_out(group, left_out);
	return true;
}

void grouper_resume(struct grouper *grouper, uint64_t number)
{
	grouper->restoring = false;
	grouper->number = number;
}
