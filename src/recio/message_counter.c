/*
 * Content; see message_counter.h.  What lies between two newlines is never
 * looked at byte by byte.
 */
#include "recio/message_counter.h"

#include <string.h>

enum { START, MIDDLE, DOT, DOT_CR };

void message_counter_begin(struct message_counter *c, bool strict)
{
	*c = (struct message_counter){
	    .running = true, .state = START, .strict = strict};
}

/* In the middle of a line: goes on behind its newline. */
static size_t skip_middle(struct message_counter *c, const char *at, size_t len)
{
	const char *newline = memchr(at, '\n', len);

	if (!newline) {
		c->cr = at[len - 1] == '\r';
		return len;
	}
	c->strict = newline > at ? newline[-1] == '\r' : c->cr;
	c->lines++;
	c->state = START;
	return (size_t)(newline - at) + 1;
}

/* The next state at a byte that is not in the middle, or MIDDLE. */
static unsigned int next_state(struct message_counter *c, char byte)
{
	if (c->state == START)
		return byte == '.' ? DOT : MIDDLE;
	if (c->state == DOT && byte == '\r')
		return DOT_CR;
	if (byte != '\n')
		return MIDDLE;
	return START;
}

/* At the newline behind a dot. */
static enum message_counter_end end_dot_line(struct message_counter *c)
{
	bool crlf = c->state == DOT_CR;
	bool sure = crlf && c->strict;

	c->tail = crlf ? 3 : 2;
	c->state = START;
	c->strict = crlf;
	return sure ? MESSAGE_COUNTER_END : MESSAGE_COUNTER_DOUBT;
}

size_t message_counter_dots(struct message_counter *c, const char *at,
			    size_t len, enum message_counter_end *end)
{
	size_t i = 0;
	unsigned int next;

	if (c->tail) { /* that was not the end */
		c->bytes += c->tail;
		c->lines++;
		c->tail = 0;
	}
	*end = MESSAGE_COUNTER_OPEN;
	while (i < len && *end == MESSAGE_COUNTER_OPEN) {
		if (c->state == MIDDLE) {
			i += skip_middle(c, at + i, len - i);
			continue;
		}
		next = next_state(c, at[i]);
		if (next == START) {
			*end = end_dot_line(c);
		} else if (next == MIDDLE) {
			c->cr = c->state == DOT_CR;
			c->state = MIDDLE;
			continue;
		}
		c->state = next;
		i++;
	}
	c->bytes += i;
	if (*end != MESSAGE_COUNTER_OPEN)
		c->bytes -= c->tail;
	return i;
}

void message_counter_octets(struct message_counter *c, const char *at,
			    size_t len)
{
	const char *end = at + len;

	c->bytes += len;
	if (len)
		c->state = end[-1] == '\n' ? START : MIDDLE;
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		c->lines++;
		at++;
	}
}

bool message_counter_at_start(const struct message_counter *c)
{
	return c->state == START;
}

void message_counter_clear(struct message_counter *c)
{
	*c = (struct message_counter){.running = false};
}
