/* Joining pieces; see packet.h. */
#include "recio/packet.h"

#include <string.h>

static void give(struct packet *p, size_t len)
{
	if (!len)
		return;
	p->give(p->ctx, p->dir, (struct record_span){p->buf, len, p->offset});
	p->len -= len;
	p->offset += len;
	p->waiting = false;
	memmove(p->buf, p->buf + len, p->len);
}

void packet_flush(struct packet *p)
{
	give(p, p->len);
}

static size_t whole_lines(const struct packet *p)
{
	const char *newline = memrchr(p->buf, '\n', p->len);

	return newline ? (size_t)(newline - p->buf) + 1 : 0;
}

static void make_room(struct packet *p)
{
	size_t whole = whole_lines(p);

	give(p, whole ? whole : p->len);
}

bool packet_has_gap(const struct packet *p, uint64_t offset)
{
	return offset != p->offset + p->len;
}

void packet_add(struct packet *p, enum relay_dir dir, struct record_span span)
{
	size_t n;

	if (dir != p->dir)
		packet_flush(p);
	p->dir = dir;
	if (!p->len)
		p->offset = span.offset;
	for (; span.len; record_skip(&span, n)) {
		if (p->len == PACKET_MAX)
			make_room(p);
		n = PACKET_MAX - p->len;
		n = span.len < n ? span.len : n;
		memcpy(p->buf + p->len, span.at, n);
		p->len += n;
	}
}

void packet_settle(struct packet *p, bool lines)
{
	struct tain_s patience;

	give(p, lines ? whole_lines(p) : p->len);
	if (!p->len || p->waiting)
		return;
	p->waiting = true;
	tain_from_millisecs(&patience, PACKET_WAIT_MS);
	tain_add_g(&p->deadline, &patience);
}
