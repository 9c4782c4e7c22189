/*
 * Parts of batches.  A write may end anywhere in the vectors; first and skip
 * are the place.
 *
 * A stamp and a prefix are never cut, and an escape is not either: so a file
 * may be due a few bytes below its size.  The tolerance covers that.  The
 * newline that a torn file gets counts as one of its bytes from the start.
 *
 * Tested by tests/unit/logwrite/standard_output.c and batch.c.
 */
#include "logwrite/batch_part.h"

#include <unistd.h>

void batch_part_init(struct batch_part *part, uint64_t size, uint64_t tolerance,
		     size_t head, size_t least)
{
	batch_part_clear(part);
	part->size = size;
	part->least = least;
	part->head = head + least;
	part->tolerance = tolerance;
	if (part->tolerance < part->head - 1)
		part->tolerance = part->head - 1;
	part->bytes = 0;
	part->torn = false;
}

void batch_part_clear(struct batch_part *part)
{
	part->first = part->n = 0;
	part->skip = 0;
}

void batch_part_rewind(struct batch_part *part)
{
	part->first = 0;
	part->skip = 0;
}

bool batch_part_lack(const struct batch_part *part, unsigned int n)
{
	return part->n + n > BATCH_PART_MAX;
}

static inline void add_vector(struct batch_part *part, const char *bytes,
			      size_t len)
{
	struct iovec *next = &part->vector[part->n];

	if (part->n &&
	    (const char *)next[-1].iov_base + next[-1].iov_len == bytes) {
		next[-1].iov_len += len;
		return;
	}
	next->iov_base = (char *)bytes;
	next->iov_len = len;
	part->n++;
}

void batch_part_add(struct batch_part *part, const char *bytes, size_t len)
{
	add_vector(part, bytes, len);
}

bool batch_part_append(struct batch_part *part, const char *bytes, size_t len)
{
	if (part->torn) {
		add_vector(part, "\n", 1);
		part->bytes++;
	}
	part->torn = false;
	add_vector(part, bytes, len);
	part->bytes += len;
	return part->n + 2 <= BATCH_PART_MAX;
}

void batch_part_written(struct batch_part *part, size_t n)
{
	const struct iovec *vector = &part->vector[part->first];

	for (n += part->skip; n && n >= vector->iov_len;
	     vector++, part->first++)
		n -= vector->iov_len;
	part->skip = n;
}

const char *batch_part_next(const struct batch_part *part, size_t *len)
{
	const struct iovec *vector = &part->vector[part->first];

	if (part->first == part->n)
		return NULL;
	*len = vector->iov_len - part->skip;
	return (const char *)vector->iov_base + part->skip;
}

ssize_t batch_part_write(struct batch_part *part, int fd)
{
	const struct iovec *vector;
	ssize_t w;
	int n;

	if (part->first == part->n)
		return 0;
	vector = part->vector + part->first;
	n = (int)(part->n - part->first);
	/* A plain write costs less, and mostly there is one vector. */
	w = n == 1 || part->skip
		? write(fd, (const char *)vector->iov_base + part->skip,
			vector->iov_len - part->skip)
		: writev(fd, vector, n);
	if (w > 0)
		batch_part_written(part, (size_t)w);
	return w;
}

void batch_part_set_bytes(struct batch_part *part, uint64_t bytes)
{
	part->bytes = bytes;
}

void batch_part_set_torn(struct batch_part *part, bool torn)
{
	part->torn = torn;
}

uint64_t batch_part_left(const struct batch_part *part)
{
	const uint64_t bytes = part->bytes + part->torn;

	return bytes < part->size ? part->size - bytes : 0;
}

uint64_t batch_part_before_due(const struct batch_part *part)
{
	const uint64_t due = part->size - part->tolerance;
	const uint64_t bytes = part->bytes + part->torn;

	return bytes < due ? due - bytes : 0;
}

bool batch_part_is_reached(const struct batch_part *part, bool midline)
{
	return part->bytes + part->torn + (midline ? part->least : part->head) >
	       part->size;
}

bool batch_part_is_due(const struct batch_part *part, bool at_line_end)
{
	const uint64_t bytes = part->bytes + part->torn;

	return at_line_end ? bytes + part->tolerance >= part->size
			   : bytes + part->least > part->size;
}
