/*
 * A few sessions at a time: bytes wait to be reported only while the transport
 * of a session is not ready, and a process mostly has one that is recorded.
 *
 * Tested by tests/sh/companion-tls.t.
 */
#include "companion/tls/told_ahead.h"

#include <stdatomic.h>

enum { SESSIONS = 8 };

static struct {
	_Atomic uint64_t key; /* 0: free */
	atomic_size_t bytes;
} ahead[SESSIONS];

/* Returns the bytes that were told ahead for key, or NULL. */
static atomic_size_t *find_ahead(uint64_t key)
{
	for (size_t i = 0; i < SESSIONS; i++)
		if (ahead[i].key == key)
			return &ahead[i].bytes;
	return NULL;
}

bool told_ahead_keep(uint64_t key, size_t n)
{
	if (find_ahead(key))
		return false;
	for (size_t i = 0; i < SESSIONS; i++) {
		uint64_t owner = 0;

		if (!atomic_compare_exchange_strong(&ahead[i].key, &owner, key))
			continue;
		ahead[i].bytes = n;
		return true;
	}
	return false;
}

void told_ahead_forget(uint64_t key)
{
	for (size_t i = 0; i < SESSIONS; i++)
		if (ahead[i].key == key)
			ahead[i].key = 0;
}

size_t told_ahead_take(uint64_t key, size_t n)
{
	atomic_size_t *bytes = find_ahead(key);

	if (!bytes)
		return 0;
	if (n < *bytes) {
		*bytes -= n;
		return n;
	}
	n = *bytes;
	told_ahead_forget(key);
	return n;
}
