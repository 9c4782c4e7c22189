/*
 * Counts down a range of bytes that may be octets or lines. Invariant: last
 * implies that no bytes of the range are left.
 * Tested by tests/unit/recio/imap.c and smtp.c.
 */
#include "recio/unsure_lines.h"

void unsure_lines_begin(struct unsure_lines *unsure, uint64_t size, bool secret)
{
	unsure->secret = secret || (unsure->running && unsure->secret);
	unsure->running = true;
	if (unsure->bytes < size)
		unsure->bytes = size;
	unsure->last = !unsure->bytes;
}

bool unsure_lines_pass(struct unsure_lines *unsure, const char *at, size_t len,
		       bool goes_on)
{
	bool last = unsure->last;

	if (!unsure->running)
		return false;
	unsure->bytes -= len < unsure->bytes ? len : unsure->bytes;
	unsure->last = !unsure->bytes;
	last = last || (unsure->last && !goes_on);
	return last && len && at[len - 1] == '\n';
}

void unsure_lines_set_tag(struct unsure_lines *unsure, uint64_t tag)
{
	unsure->tag = tag;
}

bool unsure_lines_end(struct unsure_lines *unsure)
{
	bool running = unsure->running;

	unsure->running = unsure->last = false;
	unsure->bytes = 0;
	return running;
}
