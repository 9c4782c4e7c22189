/* Joining pieces; see coalescer.h. */
#include "recio/coalescer.h"

#include <string.h>

static void give_bytes(struct coalescer *p, size_t len)
{
	if (!len)
		return;
	p->give(p->ctx, p->dir, (struct record_span){p->buf, len, p->offset});
	p->len -= len;
	p->offset += len;
	p->waiting = false;
	memmove(p->buf, p->buf + len, p->len);
}

void coalescer_flush(struct coalescer *p)
{
	give_bytes(p, p->len);
}

static size_t whole_lines(const struct coalescer *p)
{
	const char *newline = memrchr(p->buf, '\n', p->len);

	return newline ? (size_t)(newline - p->buf) + 1 : 0;
}

static void give_full(struct coalescer *p)
{
	size_t whole = whole_lines(p);

	give_bytes(p, whole ? whole : p->len);
}

bool coalescer_has_gap(const struct coalescer *p, uint64_t offset)
{
	return offset != p->offset + p->len;
}

void coalescer_add(struct coalescer *p, enum relay_dir dir,
		   struct record_span span)
{
	size_t n;

	if (dir != p->dir)
		coalescer_flush(p);
	p->dir = dir;
	if (!p->len)
		p->offset = span.offset;
	for (; span.len; record_skip(&span, n)) {
		if (p->len == COALESCER_MAX)
			give_full(p);
		n = COALESCER_MAX - p->len;
		n = span.len < n ? span.len : n;
		memcpy(p->buf + p->len, span.at, n);
		p->len += n;
	}
}

void coalescer_settle(struct coalescer *p, bool lines)
{
	struct tain_s patience;

	give_bytes(p, lines ? whole_lines(p) : p->len);
	if (!p->len || p->waiting)
		return;
	p->waiting = true;
	tain_from_millisecs(&patience, COALESCER_WAIT_MS);
	tain_add_g(&p->deadline, &patience);
}
