/*
 * Links between facts.  Facts are loaded until none of the file is missing that
 * shares a qp and a time with a loaded one, or a message; so all sides that a
 * link could have are there, and a link that is the only one is certain.
 * Tested by tests/unit/rlogsess/mail_links.c.
 */
#include "rlogsess/trace/mail_links.h"

#include <stdlib.h>
#include <string.h>

#include "rlogsess/line_time.h"

enum { CHAIN_MAX = 64 }; /* links from a message up to its mail */

static int compare_facts(const void *a, const void *b)
{
	const struct mail_fact *p = a, *q = b;

	if (p->mail.qp != q->mail.qp)
		return p->mail.qp < q->mail.qp ? -1 : 1;
	return (p->number > q->number) - (p->number < q->number);
}

static int compare_group_names(const void *a, const void *b)
{
	return mail_facts_compare(a, b);
}

static int add_fact(struct mail_links *links, const struct mail_fact *fact)
{
	struct mail_fact *grown;
	size_t room = links->room ? links->room * 2 : 64;

	if (links->count == MAIL_LINKS_MAX) {
		links->full = true;
		return 0;
	}
	if (links->count == links->room) {
		grown = reallocarray(links->fact, room, sizeof *grown);
		if (!grown)
			return -1;
		links->fact = grown;
		links->room = room;
	}
	links->fact[links->count++] = *fact;
	return 0;
}

/* True if a session or message is in the window, at least in part. */
static bool is_in_span(const struct mail_span *span,
		       const struct mail_fact *fact)
{
	int64_t first = fact->group.first;

	return first == LINE_TIME_NONE ||
	       (span->first != LINE_TIME_NONE && first <= span->last &&
		fact->last >= span->first);
}

static bool is_match(const struct mail_links *links,
		     const struct mail_fact *fact)
{
	return fact->mail.matches && is_in_span(links->span, fact);
}

static int load_match(void *ctx, const struct mail_fact *fact)
{
	return is_match(ctx, fact) ? add_fact(ctx, fact) : 0;
}

/* The facts of one qp; those of 0 have none. */
struct fact_range {
	size_t begin, end;
};

/* Returns the loaded facts of this qp, of the first `count` ones. */
static struct fact_range find_range(const struct mail_links *links,
				    size_t count, uint64_t qp)
{
	struct fact_range range = {0, count};
	size_t middle;

	while (range.begin < range.end) {
		middle = range.begin + (range.end - range.begin) / 2;
		if (links->fact[middle].mail.qp < qp)
			range.begin = middle + 1;
		else
			range.end = middle;
	}
	while (range.end < count && links->fact[range.end].mail.qp == qp)
		range.end++;
	return range;
}

/* The time from the end of one fact to the beginning of a later one. */
static int64_t time_between(const struct mail_fact *from,
			    const struct mail_fact *to)
{
	if (from->mail.end == LINE_TIME_NONE ||
	    to->mail.begin == LINE_TIME_NONE)
		return 0;
	return to->mail.begin - from->mail.end;
}

static bool are_near(const struct mail_fact *a, const struct mail_fact *b)
{
	return time_between(a, b) <= MAIL_LINKS_SPAN &&
	       time_between(b, a) <= MAIL_LINKS_SPAN;
}

static bool knows_group(const struct mail_links *links,
			const struct group_name *name)
{
	return links->names && bsearch(name, links->name, links->names,
				       sizeof *name, compare_group_names);
}

/* A reading of the file; loaded facts are the first `count` ones, sorted. */
struct load_pass {
	struct mail_links *links;
	size_t count;
};

static int load_related(void *ctx, const struct mail_fact *fact)
{
	const struct load_pass *pass = ctx;
	struct mail_links *links = pass->links;
	struct fact_range range = find_range(links, pass->count, fact->mail.qp);
	bool related = fact->group.messages && knows_group(links, &fact->group);

	for (size_t i = range.begin; i < range.end; i++) {
		if (links->fact[i].number == fact->number)
			return 0;
		related |= fact->mail.qp && are_near(fact, &links->fact[i]);
	}
	return related ? add_fact(links, fact) : 0;
}

static int sort_facts(struct mail_links *links)
{
	struct group_name *grown;

	if (!links->count)
		return 0;
	qsort(links->fact, links->count, sizeof *links->fact, compare_facts);
	grown = reallocarray(links->name, links->count, sizeof *grown);
	if (!grown)
		return -1;
	links->name = grown;
	links->names = 0;
	for (size_t i = 0; i < links->count; i++)
		if (links->fact[i].group.messages)
			links->name[links->names++] = links->fact[i].group;
	qsort(links->name, links->names, sizeof *links->name,
	      compare_group_names);
	return 0;
}

static int load_facts(struct mail_links *links, struct mail_facts *facts)
{
	struct load_pass pass = {.links = links};

	if (mail_facts_each(facts, load_match, links) < 0)
		return -1;
	while (pass.count < links->count) {
		pass.count = links->count;
		if (sort_facts(links) < 0 ||
		    mail_facts_each(facts, load_related, &pass) < 0)
			return -1;
	}
	return 0;
}

/* True if qmail-send gives a bounce of the message this sender. */
static bool is_bounce_sender(const struct mail_fact *bounce,
			     const struct mail_fact *message)
{
	uint64_t empty = mail_query_hash((struct slice){"", 0}),
		 twice = mail_query_hash((struct slice){"#@[]", 4});

	if (bounce->group.log != message->group.log)
		return false;
	if (!bounce->mail.has_sender)
		return message->mail.sender == empty ||
		       message->mail.sender == twice;
	return message->mail.sender ==
	       (bounce->mail.sender == empty ? twice : empty);
}

/* True if the log of the message tells of the time of the mail. */
static bool is_covered(const struct mail_links *links,
		       const struct mail_fact *from,
		       const struct mail_fact *message)
{
	int64_t begin = links->span->begins[message->group.log];

	return begin == LINE_TIME_NONE || from->mail.end == LINE_TIME_NONE ||
	       begin <= from->mail.end;
}

/* True if the times let a mail or bounce become the message. */
static bool is_in_time(const struct mail_links *links,
		       const struct mail_fact *from,
		       const struct mail_fact *message, int64_t span)
{
	int64_t late = time_between(from, message);

	return time_between(message, from) <= MAIL_LINKS_PROMPT &&
	       late <= span &&
	       (late <= MAIL_LINKS_PROMPT || is_covered(links, from, message));
}

/* True if a mail or bounce may have become the message. */
static bool may_become(const struct mail_links *links,
		       const struct mail_fact *from,
		       const struct mail_fact *message, int64_t span)
{
	if (from->kind == FACT_QUEUED || message->kind != FACT_QUEUED ||
	    !is_in_time(links, from, message, span))
		return false;
	if (from->kind == FACT_BOUNCE)
		return is_bounce_sender(from, message);
	return from->mail.accepted &&
	       (!from->mail.has_sender ||
		from->mail.sender == message->mail.sender);
}

/* True if facts `at` and `other`, in either order, may be linked. */
static bool may_link(const struct mail_links *links, size_t at, size_t other,
		     int64_t span)
{
	const struct mail_fact *a = &links->fact[at], *b = &links->fact[other];

	return a->kind == FACT_QUEUED ? may_become(links, b, a, span)
				      : may_become(links, a, b, span);
}

/* Finds another side of a fact behind `*other`, which is SIZE_MAX at first. */
static bool find_side(const struct mail_links *links, size_t at, int64_t span,
		      size_t *other)
{
	uint64_t qp = links->fact[at].mail.qp;
	struct fact_range range = find_range(links, links->count, qp);

	if (*other != SIZE_MAX)
		range.begin = *other + 1;
	for (size_t i = range.begin; qp && i < range.end; i++)
		if (may_link(links, at, i, span)) {
			*other = i;
			return true;
		}
	return false;
}

/* Finds the side that alone is prompt, and has no other prompt side. */
static bool find_prompt_pair(const struct mail_links *links, size_t at,
			     size_t *other)
{
	size_t more, back = SIZE_MAX;

	*other = SIZE_MAX;
	if (!find_side(links, at, MAIL_LINKS_PROMPT, other))
		return false;
	more = *other;
	if (find_side(links, at, MAIL_LINKS_PROMPT, &more))
		return false;
	return find_side(links, *other, MAIL_LINKS_PROMPT, &back) &&
	       !find_side(links, *other, MAIL_LINKS_PROMPT, &back);
}

/* Finds the sides of a fact that have no prompt pair. */
static enum mail_link find_free_side(const struct mail_links *links, size_t at,
				     size_t *other)
{
	size_t side = SIZE_MAX, pair, found = 0;

	while (found < 2 && find_side(links, at, MAIL_LINKS_SPAN, &side)) {
		if (find_prompt_pair(links, side, &pair))
			continue;
		*other = side;
		found++;
	}
	if (!found)
		return LINK_NONE;
	return found == 1 ? LINK_FOUND : LINK_AMBIGUOUS;
}

enum mail_link mail_links_side(const struct mail_links *links, size_t at,
			       size_t *other)
{
	enum mail_link link;
	size_t back;

	if (find_prompt_pair(links, at, other))
		return LINK_FOUND;
	link = find_free_side(links, at, other);
	if (link == LINK_FOUND &&
	    find_free_side(links, *other, &back) != LINK_FOUND)
		return LINK_AMBIGUOUS;
	return link;
}

/* Finds the next fact of this kind, of the same message. */
static bool find_of_message(const struct mail_links *links, size_t message,
			    enum mail_fact_kind kind, size_t *at)
{
	const struct group_name *name = &links->fact[message].group;

	for (size_t i = *at + 1; i < links->count; i++)
		if (links->fact[i].kind == kind &&
		    mail_facts_compare(&links->fact[i].group, name) == 0) {
			*at = i;
			return true;
		}
	return false;
}

bool mail_links_bounce(const struct mail_links *links, size_t message,
		       size_t *at)
{
	return find_of_message(links, message, FACT_BOUNCE, at);
}

/* Returns the first fact of the mail that a fact belongs to. */
static size_t find_root(const struct mail_links *links, size_t at)
{
	size_t up, message;

	for (size_t i = 0; i < CHAIN_MAX; i++) {
		if (links->fact[at].kind == FACT_BOUNCE) {
			message = SIZE_MAX;
			if (!find_of_message(links, at, FACT_QUEUED, &message))
				return at;
			at = message;
			continue;
		}
		if (links->fact[at].kind == FACT_SENT ||
		    mail_links_side(links, at, &up) != LINK_FOUND)
			return at;
		at = up;
	}
	return at;
}

/* Mails are in the order of time, and those without times before messages. */
static bool is_before(const struct mail_fact *a, const struct mail_fact *b)
{
	if (a->mail.begin != b->mail.begin)
		return a->mail.begin < b->mail.begin;
	return a->kind < b->kind;
}

static void add_root(struct mail_links *links, size_t root)
{
	const struct mail_fact *fact = links->fact;
	size_t i = links->roots;

	for (size_t k = 0; k < links->roots; k++)
		if (links->root[k] == root)
			return;
	if (i == MAIL_LINKS_ROOTS) {
		links->more = true;
		return;
	}
	for (; i && is_before(&fact[root], &fact[links->root[i - 1]]); i--)
		links->root[i] = links->root[i - 1];
	links->root[i] = root;
	links->roots++;
}

int mail_links_find(struct mail_links *links, struct mail_facts *facts,
		    const struct mail_span *span)
{
	*links = (struct mail_links){.span = span};
	if (load_facts(links, facts) < 0)
		return -1;
	for (size_t i = 0; i < links->count; i++)
		if (is_match(links, &links->fact[i]))
			add_root(links, find_root(links, i));
	return 0;
}

void mail_links_free(struct mail_links *links)
{
	free(links->fact);
	free(links->name);
	*links = (struct mail_links){0};
}
