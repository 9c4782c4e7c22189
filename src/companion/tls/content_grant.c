/*
 * A grant is about the packets up to its number. It holds as long as each
 * packet after that one has bytes of the same direction, which were measured
 * and so can't have ended the message: then the relay still reads a message
 * when it has taken all of them. So it does not matter by how many packets the
 * relay is behind.
 *
 * The last grant is one atomic number, and so is the number of the last packet
 * that ended all grants. Two threads that use one TLS session at the same time
 * have no order among them; the relay takes counts for which it sees no message
 * as lost bytes.
 *
 * Tested by tests/sh/companion-tls-content.t.
 */
#include "companion/tls/content_grant.h"

#include <stdatomic.h>
#include <string.h>

#include <sys/socket.h>

/* Of the last grant: GRANTED, the direction, the number. */
#define GRANTED (UINT64_C(1) << 63)

static _Atomic uint64_t last_grant;
static _Atomic uint32_t last_packet, last_end;

static uint64_t pack_grant(uint8_t dir, uint32_t number)
{
	return GRANTED | (uint64_t)dir << 32 | number;
}

uint32_t content_grant_next(void)
{
	return ++last_packet;
}

void content_grant_end(uint32_t number)
{
	last_end = number;
}

/* Returns how many bytes stand before the first line that begins with a dot. */
static size_t measure_lines(uint64_t *lines, const char *data, size_t n)
{
	const char *at = data, *end = data + n;

	*lines = 0;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		if (at + 1 < end && at[1] == '.')
			return (size_t)(at - data);
		++*lines;
		at++;
	}
	return n;
}

static bool may_end_line(char byte)
{
	return byte == '.' || byte == '\r' || byte == '\n';
}

size_t content_grant_measure(struct clear_content *content, uint8_t dir,
			     const char *data, size_t n)
{
	uint64_t lines;

	if (n < CLEAR_CONTENT_MIN || may_end_line(*data) ||
	    last_grant >> 32 != pack_grant(dir, 0) >> 32)
		return 0;
	n = measure_lines(&lines, data, n);
	if (n < CLEAR_CONTENT_MIN)
		return 0;
	*content = (struct clear_content){.bytes = n, .lines = lines};
	data += n - CLEAR_CONTENT_LAST;
	memcpy(content->last, data, CLEAR_CONTENT_LAST);
	for (size_t i = 0; i < CLEAR_CONTENT_LAST; i++)
		content->lines -= data[i] == '\n';
	return n;
}

bool content_grant_holds(uint8_t dir)
{
	uint64_t grant = last_grant;

	return grant >> 32 == pack_grant(dir, 0) >> 32 &&
	       (int32_t)((uint32_t)grant - last_end) >= 0;
}

void content_grant_receive(int fd)
{
	struct clear_grant grant;

	while (recv(fd, &grant, sizeof grant, MSG_DONTWAIT) ==
	       (ssize_t)sizeof grant)
		last_grant = pack_grant(grant.dir & 1, grant.number);
}
