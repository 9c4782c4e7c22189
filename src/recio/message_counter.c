/*
 * Counts messages at the speed of memchr: bytes between two newlines are not
 * read one by one. Invariant: tail is the length of the dot's line that was
 * taken last, 0 before one.
 */
#include "recio/message_counter.h"

#include <string.h>

enum { START, MIDDLE, DOT, DOT_CR };

void message_counter_begin(struct message_counter *counter, bool strict)
{
	*counter = (struct message_counter){
	    .running = true, .state = START, .strict = strict};
}

/* In the middle of a line: goes on after its newline. */
static size_t skip_middle(struct message_counter *counter, const char *at,
			  size_t len)
{
	const char *newline = memchr(at, '\n', len);

	if (!newline) {
		counter->cr = at[len - 1] == '\r';
		return len;
	}
	counter->strict = newline > at ? newline[-1] == '\r' : counter->cr;
	counter->lines++;
	counter->state = START;
	return (size_t)(newline - at) + 1;
}

/* The next state at a byte that is not in the middle, or MIDDLE. */
static unsigned int next_state(struct message_counter *counter, char byte)
{
	if (counter->state == START)
		return byte == '.' ? DOT : MIDDLE;
	if (counter->state == DOT && byte == '\r')
		return DOT_CR;
	if (byte != '\n')
		return MIDDLE;
	return START;
}

/* At the newline after a dot. */
static enum message_counter_end end_dot_line(struct message_counter *counter)
{
	bool crlf = counter->state == DOT_CR;
	bool sure = crlf && counter->strict;

	counter->tail = crlf ? 3 : 2;
	counter->state = START;
	counter->strict = crlf;
	return sure ? MESSAGE_COUNTER_END : MESSAGE_COUNTER_DOUBT;
}

size_t message_counter_dots(struct message_counter *counter, const char *at,
			    size_t len, enum message_counter_end *end)
{
	size_t i = 0;
	unsigned int next;

	if (counter->tail) { /* that was not the end */
		counter->bytes += counter->tail;
		counter->lines++;
		counter->tail = 0;
	}
	*end = MESSAGE_COUNTER_OPEN;
	while (i < len && *end == MESSAGE_COUNTER_OPEN) {
		if (counter->state == MIDDLE) {
			i += skip_middle(counter, at + i, len - i);
			continue;
		}
		next = next_state(counter, at[i]);
		if (next == START) {
			*end = end_dot_line(counter);
		} else if (next == MIDDLE) {
			counter->cr = counter->state == DOT_CR;
			counter->state = MIDDLE;
			continue;
		}
		counter->state = next;
		i++;
	}
	counter->bytes += i;
	if (*end != MESSAGE_COUNTER_OPEN)
		counter->bytes -= counter->tail;
	return i;
}

bool message_counter_skip(struct message_counter *counter, uint64_t n,
			  uint64_t lines)
{
	if (counter->tail)
		return false;
	counter->bytes += n;
	counter->lines += lines;
	counter->state = MIDDLE;
	counter->cr = false;
	return true;
}

void message_counter_octets(struct message_counter *counter, const char *at,
			    size_t len)
{
	const char *end = at + len;

	counter->bytes += len;
	if (len)
		counter->state = end[-1] == '\n' ? START : MIDDLE;
	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		counter->lines++;
		at++;
	}
}

bool message_counter_at_start(const struct message_counter *counter)
{
	return counter->state == START;
}

void message_counter_clear(struct message_counter *counter)
{
	*counter = (struct message_counter){.running = false};
}
