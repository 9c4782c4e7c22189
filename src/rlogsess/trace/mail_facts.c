/*
 * The store of facts: structs of one size, one behind the other.  Tested by
 * tests/unit/rlogsess/mail_links.c.
 */
#include "rlogsess/trace/mail_facts.h"

#include <string.h>

#include "rlogsess/line_time.h"

int mail_facts_init(struct mail_facts *facts)
{
	*facts = (struct mail_facts){.file = tmpfile()};
	return facts->file ? 0 : -1;
}

void mail_facts_free(struct mail_facts *facts)
{
	if (facts->file)
		fclose(facts->file);
	facts->file = NULL;
}

int mail_facts_add(struct mail_facts *facts, struct mail_fact *fact)
{
	fact->number = facts->count++;
	return fwrite(fact, sizeof *fact, 1, facts->file) == 1 ? 0 : -1;
}

int mail_facts_each(struct mail_facts *facts,
		    int (*visit)(void *ctx, const struct mail_fact *fact),
		    void *ctx)
{
	struct mail_fact fact;

	if (fflush(facts->file) != 0 || fseek(facts->file, 0, SEEK_SET) != 0)
		return -1;
	for (uint64_t i = 0; i < facts->count; i++) {
		if (fread(&fact, sizeof fact, 1, facts->file) != 1)
			return -1;
		if (visit(ctx, &fact) < 0)
			return -1;
	}
	return fseek(facts->file, 0, SEEK_END);
}

struct group_name mail_facts_name(const struct group *group, size_t log,
				  bool messages)
{
	bool timed = group->first != LINE_TIME_NONE;

	return (struct group_name){.messages = messages,
				   .log = log,
				   .key = group->key,
				   .number = timed ? 0 : group->number,
				   .first = group->first};
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int mail_facts_compare(const struct group_name *a, const struct group_name *b)
{
	int order = compare_numbers(a->messages, b->messages);

	if (!order)
		order = compare_numbers(a->log, b->log);
	if (!order)
		order = compare_numbers(a->key, b->key);
	if (!order)
		order = compare_numbers(a->number, b->number);
	return order ? order : (a->first > b->first) - (a->first < b->first);
}
