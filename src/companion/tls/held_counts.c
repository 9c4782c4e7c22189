/*
 * One thread at a time uses the counts; no thread waits for another one. A
 * thread that finds them in use sends what it has, which has no order to what
 * the other thread does at that moment.
 *
 * The counts belong to the process that has added the first of them: after a
 * fork both processes have them, and the child forgets them. If another thread
 * used them at that moment, the child never gets them, and sends all it has.
 *
 * Tested by tests/sh/companion-tls-content.t.
 */
#include "companion/tls/held_counts.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_flag in_use = ATOMIC_FLAG_INIT;
static struct {
	pid_t process; /* whose they are; 0: none wait */
	struct clear_head head;
	struct clear_content content;
} held;

static bool is_same_bytes(const struct clear_head *a,
			  const struct clear_head *b)
{
	return a->dir == b->dir && a->by_descriptor == b->by_descriptor &&
	       memcmp(a->random, b->random, CLEAR_RANDOM) == 0;
}

/* Appends counts; the last bytes of those before are counted as all others. */
static void append_counts(const struct clear_content *content)
{
	struct clear_content *sum = &held.content;

	for (size_t i = 0; i < CLEAR_CONTENT_LAST; i++)
		sum->lines += sum->last[i] == '\n';
	sum->bytes += content->bytes;
	sum->lines += content->lines;
	memcpy(sum->last, content->last, CLEAR_CONTENT_LAST);
}

bool held_counts_add(const struct clear_head *head,
		     const struct clear_content *content)
{
	pid_t self = getpid();
	bool added = true;

	if (content->bytes > HELD_COUNTS_MAX ||
	    atomic_flag_test_and_set(&in_use))
		return false;
	if (held.process != self) {
		held.process = self;
		held.head = *head;
		held.content = *content;
	} else if (is_same_bytes(&held.head, head) &&
		   held.content.bytes + content->bytes <= HELD_COUNTS_MAX) {
		append_counts(content);
	} else {
		added = false;
	}
	atomic_flag_clear(&in_use);
	return added;
}

bool held_counts_take(struct clear_head *head, struct clear_content *content)
{
	bool taken;

	if (atomic_flag_test_and_set(&in_use))
		return false;
	taken = held.process != 0 && held.process == getpid();
	if (taken) {
		*head = held.head;
		*content = held.content;
	}
	held.process = 0;
	explicit_bzero(&held.content, sizeof held.content);
	atomic_flag_clear(&in_use);
	return taken;
}
