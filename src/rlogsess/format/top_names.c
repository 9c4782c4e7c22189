/*
 * Names that occur most often, by the algorithm Space-Saving of Metwally,
 * Agrawal and El Abbadi: the name with the lowest count makes room, and the
 * name that takes its place begins with that count.  A heap has the lowest
 * count first, and a hash table finds names.  Entry N keeps its number, its
 * bucket changes with its name.
 */
#include "rlogsess/format/top_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { BUCKETS = 2 * TOP_NAMES, NO_ENTRY = UINT16_MAX };

struct top_name {
	uint64_t count;
	uint16_t place; /* in the heap */
	uint16_t next;  /* of its bucket, or NO_ENTRY */
	uint16_t len;
	char text[TOP_NAMES_TEXT];
};

struct top_names {
	size_t count;
	uint64_t error;           /* the highest count that a name took over */
	uint16_t heap[TOP_NAMES]; /* numbers of entries */
	uint16_t bucket[BUCKETS];
	struct top_name entry[TOP_NAMES];
};

struct top_names *top_names_new(void)
{
	struct top_names *names = calloc(1, sizeof *names);

	if (names)
		memset(names->bucket, 0xff, sizeof names->bucket);
	return names;
}

void top_names_free(struct top_names *names)
{
	free(names);
}

static uint16_t *find_name_bucket(struct top_names *names, const char *text,
				  size_t len)
{
	return &names->bucket[hash_fnv(HASH_FNV, text, len) % BUCKETS];
}

static void set_place(struct top_names *names, size_t place, uint16_t number)
{
	names->heap[place] = number;
	names->entry[number].place = (uint16_t)place;
}

static uint64_t count_at(const struct top_names *names, size_t place)
{
	return names->entry[names->heap[place]].count;
}

/* Moves an entry whose count has grown down to its place. */
static void sink_entry(struct top_names *names, uint16_t number)
{
	size_t place = names->entry[number].place;

	for (;;) {
		size_t child = 2 * place + 1;

		if (child + 1 < names->count &&
		    count_at(names, child + 1) < count_at(names, child))
			child++;
		if (child >= names->count ||
		    count_at(names, child) >= names->entry[number].count)
			break;
		set_place(names, place, names->heap[child]);
		place = child;
	}
	set_place(names, place, number);
}

static uint16_t find_top_name(struct top_names *names, struct slice name)
{
	uint16_t number = *find_name_bucket(names, name.at, name.len);

	while (number != NO_ENTRY) {
		const struct top_name *entry = &names->entry[number];

		if (entry->len == name.len &&
		    memcmp(entry->text, name.at, name.len) == 0)
			break;
		number = entry->next;
	}
	return number;
}

/* Takes the rarest name out of its bucket, and returns its number. */
static uint16_t remove_rarest(struct top_names *names)
{
	uint16_t number = names->heap[0];
	const struct top_name *entry = &names->entry[number];
	uint16_t *link = find_name_bucket(names, entry->text, entry->len);

	while (*link != number)
		link = &names->entry[*link].next;
	*link = entry->next;
	names->error = entry->count;
	return number;
}

/* A new entry has the count 0, lower than all others: it is the first. */
static uint16_t append_entry(struct top_names *names)
{
	uint16_t number = (uint16_t)names->count;
	size_t place = names->count++;

	for (; place; place = (place - 1) / 2)
		set_place(names, place, names->heap[(place - 1) / 2]);
	set_place(names, 0, number);
	return number;
}

static uint16_t insert_name(struct top_names *names, struct slice name)
{
	uint16_t number = names->count < TOP_NAMES ? append_entry(names)
						   : remove_rarest(names);
	struct top_name *entry = &names->entry[number];
	uint16_t *bucket = find_name_bucket(names, name.at, name.len);

	entry->len = (uint16_t)name.len;
	memcpy(entry->text, name.at, name.len);
	entry->next = *bucket;
	*bucket = number;
	return number;
}

void top_names_add(struct top_names *names, struct slice name)
{
	uint16_t number;

	if (name.len > TOP_NAMES_TEXT)
		name.len = TOP_NAMES_TEXT;
	number = find_top_name(names, name);
	if (number == NO_ENTRY)
		number = insert_name(names, name);
	names->entry[number].count++;
	sink_entry(names, number);
}

bool top_names_are_none(const struct top_names *names)
{
	return !names->count;
}

uint64_t top_names_error(const struct top_names *names)
{
	return names->error;
}

/* By counts, then texts. */
static int compare_top_names(const void *a, const void *b)
{
	const struct top_name *p = a, *q = b;
	size_t len = p->len < q->len ? p->len : q->len;
	int order;

	if (p->count != q->count)
		return p->count < q->count ? 1 : -1;
	order = memcmp(p->text, q->text, len);
	return order ? order : (p->len > q->len) - (p->len < q->len);
}

void top_names_show(struct output *output, struct top_names *names)
{
	char text[96];

	qsort(names->entry, names->count, sizeof *names->entry,
	      compare_top_names);
	for (size_t i = 0; i < names->count && i < TOP_NAMES_SHOWN; i++) {
		const struct top_name *entry = &names->entry[i];

		snprintf(text, sizeof text, "%12llu  ",
			 (unsigned long long)entry->count);
		output_string(output, text);
		output_field(output, entry->text, entry->len);
		output_string(output, "\n");
	}
	if (!names->error)
		return;
	snprintf(text, sizeof text,
		 "more than %d names: counts are at most %llu too high\n",
		 (int)TOP_NAMES, (unsigned long long)names->error);
	output_string(output, text);
}
