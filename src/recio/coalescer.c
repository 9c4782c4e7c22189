/*
 * Joins bytes in one buffer. Invariant: the buffer holds bytes of one
 * direction, the first of which has the offset; waiting is set only while it
 * holds a part of a line.
 */
#include "recio/coalescer.h"

#include <string.h>

static void give_bytes(struct coalescer *coalescer, size_t len)
{
	if (!len)
		return;
	coalescer->give(
	    coalescer->ctx, coalescer->dir,
	    (struct record_span){coalescer->buf, len, coalescer->offset});
	coalescer->len -= len;
	coalescer->offset += len;
	coalescer->waiting = false;
	memmove(coalescer->buf, coalescer->buf + len, coalescer->len);
}

void coalescer_flush(struct coalescer *coalescer)
{
	give_bytes(coalescer, coalescer->len);
}

static size_t whole_lines(const struct coalescer *coalescer)
{
	const char *newline = memrchr(coalescer->buf, '\n', coalescer->len);

	return newline ? (size_t)(newline - coalescer->buf) + 1 : 0;
}

static void give_full(struct coalescer *coalescer)
{
	size_t whole = whole_lines(coalescer);

	give_bytes(coalescer, whole ? whole : coalescer->len);
}

bool coalescer_has_gap(const struct coalescer *coalescer, uint64_t offset)
{
	return offset != coalescer->offset + coalescer->len;
}

void coalescer_add(struct coalescer *coalescer, enum relay_dir dir,
		   struct record_span span)
{
	size_t n;

	if (dir != coalescer->dir)
		coalescer_flush(coalescer);
	coalescer->dir = dir;
	if (!coalescer->len)
		coalescer->offset = span.offset;
	for (; span.len; record_skip(&span, n)) {
		if (coalescer->len == COALESCER_MAX)
			give_full(coalescer);
		n = COALESCER_MAX - coalescer->len;
		n = span.len < n ? span.len : n;
		memcpy(coalescer->buf + coalescer->len, span.at, n);
		coalescer->len += n;
	}
}

void coalescer_settle(struct coalescer *coalescer, bool lines)
{
	struct tain_s patience;

	give_bytes(coalescer, lines ? whole_lines(coalescer) : coalescer->len);
	if (!coalescer->len || coalescer->waiting)
		return;
	coalescer->waiting = true;
	tain_from_millisecs(&patience, COALESCER_WAIT_MS);
	tain_add_g(&coalescer->deadline, &patience);
}
