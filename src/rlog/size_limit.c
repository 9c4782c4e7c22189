/*
 * Size limits.  A stamp and a prefix are never cut, and an escape is not
 * either: so a file may be due a few bytes below its size.  The tolerance
 * covers that.
 * Tested by tests/unit/rlog/batch.c.
 */
#include "rlog/size_limit.h"

void size_limit_init(struct size_limit *limit, uint64_t size,
		     uint64_t tolerance, size_t head, size_t least)
{
	limit->size = size;
	limit->least = least;
	limit->head = head + least;
	limit->tolerance = tolerance;
	if (limit->tolerance < limit->head - 1)
		limit->tolerance = limit->head - 1;
	limit->bytes = 0;
}

void size_limit_set_bytes(struct size_limit *limit, uint64_t bytes)
{
	limit->bytes = bytes;
}

void size_limit_add(struct size_limit *limit, uint64_t bytes)
{
	limit->bytes += bytes;
}

uint64_t size_limit_left(const struct size_limit *limit)
{
	return limit->bytes < limit->size ? limit->size - limit->bytes : 0;
}

uint64_t size_limit_before_due(const struct size_limit *limit)
{
	const uint64_t due = limit->size - limit->tolerance;

	return limit->bytes < due ? due - limit->bytes : 0;
}

bool size_limit_is_reached(const struct size_limit *limit, bool midline)
{
	return limit->bytes + (midline ? limit->least : limit->head) >
	       limit->size;
}

bool size_limit_is_due(const struct size_limit *limit, bool at_line_end)
{
	return at_line_end ? limit->bytes + limit->tolerance >= limit->size
			   : limit->bytes + limit->least > limit->size;
}
