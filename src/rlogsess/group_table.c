/*
 * Open groups.  A group is in one bucket of the hash table and in one list;
 * moving it to the end of a list at each of its lines keeps every list in the
 * order of last lines, so that the group that has been silent for the longest
 * time is the head of a list.  Closed groups are kept for use again.
 */
#include "rlogsess/group_table.h"

#include <stdlib.h>
#include <string.h>

#include "rlogsess/line_time.h"

void group_table_init(struct group_table *table, size_t size,
		      struct line_spool_store *store)
{
	memset(table, 0, sizeof *table);
	table->size = size;
	table->store = store;
}

void group_table_set_source(struct group_table *table, const char *name)
{
	table->source = name;
}

static void free_groups(struct group *group)
{
	struct group *next;

	for (; group; group = next) {
		next = group->next;
		free(group);
	}
}

void group_table_free(struct group_table *table)
{
	for (size_t i = 0; i < GROUP_TABLE_LISTS; i++)
		while (table->list[i].head)
			group_table_close(table, table->list[i].head);
	free_groups(table->spare);
	group_table_init(table, table->size, table->store);
}

/* Consecutive numbers, such as process IDs, are spread over the buckets. */
static struct group **find_group_bucket(struct group_table *table, uint64_t key)
{
	return &table->hash[(key * 0x9e3779b97f4a7c15u) >> 52];
}

_Static_assert(GROUP_TABLE_HASH == 1 << (64 - 52), "a bucket for each hash");

struct group *group_table_find(struct group_table *table, uint64_t key)
{
	struct group *group = table->latest;

	if (group && group->key == key)
		return group;
	group = *find_group_bucket(table, key);
	while (group && group->key != key)
		group = group->same_hash;
	if (group)
		table->latest = group;
	return group;
}

static void unlink_group(struct group_table *table, struct group *group)
{
	if (group->previous)
		group->previous->next = group->next;
	else
		table->list[group->list].head = group->next;
	if (group->next)
		group->next->previous = group->previous;
	else
		table->list[group->list].tail = group->previous;
}

static void append_group(struct group_table *table, struct group *group,
			 int list)
{
	struct group *tail = table->list[list].tail;

	group->list = list;
	group->previous = tail;
	group->next = NULL;
	if (tail)
		tail->next = group;
	else
		table->list[list].head = group;
	table->list[list].tail = group;
}

struct group *group_table_open(struct group_table *table, uint64_t key)
{
	struct group *group = table->spare,
		     **bucket = find_group_bucket(table, key);

	if (group)
		table->spare = group->next;
	else if (!(group = malloc(table->size)))
		return NULL;
	memset(group, 0, table->size);
	group->key = key;
	group->number = ++table->number;
	group->source = table->source;
	group->first = group->last = LINE_TIME_NONE;
	group->same_hash = *bucket;
	*bucket = group;
	append_group(table, group, 0);
	table->count++;
	table->latest = group;
	return group;
}

void group_table_count_line(struct group *group, int64_t time, uint64_t nth)
{
	if (time != LINE_TIME_NONE) {
		if (group->first == LINE_TIME_NONE)
			group->first = time;
		group->last = time;
	}
	group->lines++;
	group->last_line = nth;
}

void group_table_note_side(struct group *group, enum window_side side)
{
	group->side = side;
	group->sides |= 1u << side;
}

void group_table_hold_line(struct group_table *table, struct group *group,
			   struct slice line)
{
	line_spool_add(table->store, &group->held, line.at, line.len);
}

void group_table_hold_row(struct group_table *table, struct group *group,
			  struct slice row)
{
	line_spool_add(table->store, &group->rows, row.at, row.len);
}

void group_table_set_live(struct group_table *table, struct group *group)
{
	group->live = true;
	line_spool_clear(table->store, &group->held);
}

void group_table_leave_out(struct group *group, uint64_t lines)
{
	group->lines += lines;
	line_spool_leave_out(&group->held, lines);
}

void group_table_mark(struct group *group, unsigned int marks)
{
	group->marks |= marks;
}

void group_table_move(struct group_table *table, struct group *group, int list)
{
	unlink_group(table, group);
	append_group(table, group, list);
}

void group_table_renumber(struct group_table *table, uint64_t number)
{
	table->number = number;
}

struct group *group_table_head(const struct group_table *table, int list)
{
	return table->list[list].head;
}

/* The list whose head has the oldest last line; -1 if all are empty. */
static int find_earliest(struct group *const head[GROUP_TABLE_LISTS])
{
	int first = -1;

	for (size_t i = 0; i < GROUP_TABLE_LISTS; i++)
		if (head[i] &&
		    (first < 0 || head[i]->last_line < head[first]->last_line))
			first = (int)i;
	return first;
}

struct group *group_table_quietest(const struct group_table *table)
{
	struct group *head[GROUP_TABLE_LISTS];
	int first;

	for (size_t i = 0; i < GROUP_TABLE_LISTS; i++)
		head[i] = table->list[i].head;
	first = find_earliest(head);
	return first < 0 ? NULL : head[first];
}

int group_table_each(struct group_table *table,
		     int (*visit)(void *ctx, const struct group *group),
		     void *ctx)
{
	struct group *head[GROUP_TABLE_LISTS];
	int first;

	for (size_t i = 0; i < GROUP_TABLE_LISTS; i++)
		head[i] = table->list[i].head;
	while ((first = find_earliest(head)) >= 0) {
		if (visit(ctx, head[first]) < 0)
			return -1;
		head[first] = head[first]->next;
	}
	return 0;
}

void group_table_close(struct group_table *table, struct group *group)
{
	struct group **at = find_group_bucket(table, group->key);

	while (*at != group)
		at = &(*at)->same_hash;
	*at = group->same_hash;
	unlink_group(table, group);
	if (table->store) {
		line_spool_clear(table->store, &group->held);
		line_spool_clear(table->store, &group->rows);
	}
	if (table->latest == group)
		table->latest = NULL;
	group->next = table->spare;
	table->spare = group;
	table->count--;
}
