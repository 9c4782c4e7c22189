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
/* Of the bytes that were measured last, see mark_end; 0: others came after. */
static _Atomic uint64_t last_measured;

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
	last_measured = 0;
}

/* The end of bytes: a part of the session's random, the direction, the byte. */
static uint64_t mark_end(const struct clear_head *head, char byte)
{
	uint64_t part;

	memcpy(&part, head->random + CLEAR_RANDOM - sizeof part, sizeof part);
	return part << 16 | UINT64_C(0x8000) | (uint64_t)head->dir << 8 |
	       (unsigned char)byte;
}

void content_grant_pass(const struct clear_head *head, char last)
{
	last_measured = mark_end(head, last);
}

typedef unsigned char vector __attribute__((vector_size(16)));

/* A block has few enough vectors that a byte can count one of each. */
enum { BLOCK = 64 * sizeof(vector) };

/* Has 0xff for each byte that is c, 0 for others. */
static vector find_byte(const char *data, unsigned char c)
{
	vector v;

	memcpy(&v, data, sizeof v);
	return (vector)(v == c);
}

/*
 * Adds the newlines of a block, after which there is one byte more. Returns
 * false if a dot follows one of them; then *lines is as it was.
 */
static bool measure_block(uint64_t *lines, const char *data)
{
	const uint64_t even = 0x00ff00ff00ff00ff, ones = 0x0001000100010001;
	vector count = {0}, dots = {0};
	uint64_t half[2], found[2];

	for (size_t i = 0; i < BLOCK; i += sizeof count) {
		vector end = find_byte(data + i, '\n');

		count -= end;
		dots |= end & find_byte(data + i + 1, '.');
	}
	memcpy(found, &dots, sizeof found);
	if (found[0] | found[1])
		return false;
	memcpy(half, &count, sizeof half);
	for (size_t i = 0; i < 2; i++)
		*lines +=
		    ((half[i] & even) + (half[i] >> 8 & even)) * ones >> 48;
	return true;
}

/*
 * Returns how many bytes stand before the first line that begins with a dot.
 * Blocks are faster, and change nothing.
 */
static size_t measure_lines(uint64_t *lines, const char *data, size_t n)
{
	const char *at = data, *end = data + n;

	*lines = 0;
	while ((size_t)(end - at) > BLOCK && measure_block(lines, at))
		at += BLOCK;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		if (at + 1 < end && at[1] == '.')
			return (size_t)(at - data);
		++*lines;
		at++;
	}
	return n;
}

/*
 * Returns true if a line that consists of a dot could begin before this byte,
 * and go on with it. After measured bytes none can, but one that begins here.
 */
static bool may_end_message(const struct clear_head *head, char byte)
{
	uint64_t before = last_measured;

	if (byte != '.' && byte != '\r' && byte != '\n')
		return false;
	return before >> 8 != mark_end(head, 0) >> 8 ||
	       (byte == '.' && (char)before == '\n');
}

size_t content_grant_measure(struct clear_content *content,
			     const struct clear_head *head, const char *data,
			     size_t n)
{
	uint64_t lines;

	if (n < CLEAR_CONTENT_MIN || may_end_message(head, *data) ||
	    last_grant >> 32 != pack_grant(head->dir, 0) >> 32)
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
