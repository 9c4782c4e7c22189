/* Open groups of lines; see group_table.h. */
#include "rlogsess/group_table.h"

#include <stdlib.h>
#include <string.h>

#include "rlogsess/line_time.h"

void group_table_init(struct group_table *b, size_t size)
{
	memset(b, 0, sizeof *b);
	b->size = size;
}

static void free_list(struct group *g)
{
	struct group *next;

	for (; g; g = next) {
		next = g->behind;
		free(g);
	}
}

void group_table_free(struct group_table *b)
{
	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		free_list(b->list[i].head);
	free_list(b->spare);
	group_table_init(b, b->size);
}

/* Numbers that follow each other, as those of processes do, are spread. */
static struct group **bucket(struct group_table *b, uint64_t key)
{
	return &b->hash[(key * 0x9e3779b97f4a7c15u) >> 52];
}

_Static_assert(GROUP_TABLE_HASH == 1 << (64 - 52), "a bucket for each hash");

struct group *group_table_find(struct group_table *b, uint64_t key)
{
	struct group *g = b->latest;

	if (g && g->key == key)
		return g;
	for (g = *bucket(b, key); g && g->key != key;)
		g = g->same;
	if (g)
		b->latest = g;
	return g;
}

static void take_out(struct group_table *b, struct group *g)
{
	if (g->before)
		g->before->behind = g->behind;
	else
		b->list[g->list].head = g->behind;
	if (g->behind)
		g->behind->before = g->before;
	else
		b->list[g->list].tail = g->before;
}

static void put_in(struct group_table *b, struct group *g, int list)
{
	struct group *tail = b->list[list].tail;

	g->list = list;
	g->before = tail;
	g->behind = NULL;
	if (tail)
		tail->behind = g;
	else
		b->list[list].head = g;
	b->list[list].tail = g;
}

struct group *group_table_open(struct group_table *b, uint64_t key)
{
	struct group *g = b->spare, **at = bucket(b, key);

	if (g)
		b->spare = g->behind;
	else if (!(g = malloc(b->size)))
		return NULL;
	memset(g, 0, b->size);
	g->key = key;
	g->number = ++b->number;
	g->first = g->last = LINE_TIME_NONE;
	g->same = *at;
	*at = g;
	put_in(b, g, 0);
	b->count++;
	b->latest = g;
	return g;
}

void group_table_line(struct group *g, int64_t time, uint64_t nth)
{
	if (time != LINE_TIME_NONE) {
		if (g->first == LINE_TIME_NONE)
			g->first = time;
		g->last = time;
	}
	g->lines++;
	g->last_line = nth;
}

void group_table_move(struct group_table *b, struct group *g, int list)
{
	if (g->list == list && !g->behind)
		return;
	take_out(b, g);
	put_in(b, g, list);
}

/* The one of the heads of lists that had its last line first. */
static int earliest(struct group *const head[GROUP_TABLE_LISTS])
{
	int first = -1;

	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		if (head[i] &&
		    (first < 0 || head[i]->last_line < head[first]->last_line))
			first = i;
	return first;
}

struct group *group_table_quietest(const struct group_table *b)
{
	struct group *head[GROUP_TABLE_LISTS];
	int first;

	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		head[i] = b->list[i].head;
	first = earliest(head);
	return first < 0 ? NULL : head[first];
}

int group_table_each(struct group_table *b,
		     int (*give)(void *ctx, const struct group *g), void *ctx)
{
	struct group *head[GROUP_TABLE_LISTS];
	int first;

	for (int i = 0; i < GROUP_TABLE_LISTS; i++)
		head[i] = b->list[i].head;
	while ((first = earliest(head)) >= 0) {
		if (give(ctx, head[first]) < 0)
			return -1;
		head[first] = head[first]->behind;
	}
	return 0;
}

void group_table_close(struct group_table *b, struct line_spool_store *store,
		       struct group *g)
{
	struct group **at = bucket(b, g->key);

	while (*at != g)
		at = &(*at)->same;
	*at = g->same;
	take_out(b, g);
	line_spool_clear(store, &g->held);
	if (b->latest == g)
		b->latest = NULL;
	g->behind = b->spare;
	b->spare = g;
	b->count--;
}
