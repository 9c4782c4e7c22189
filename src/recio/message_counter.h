/*
 * Counts the bytes and lines of messages and scripts, of a known size or up to
 * a line with a dot.
 */
#ifndef MESSAGE_COUNTER_H
#define MESSAGE_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum message_counter_end {
	MESSAGE_COUNTER_OPEN, /* it goes on */
	MESSAGE_COUNTER_END,  /* CRLF, dot, CRLF */
	/* A line with a dot and a bare LF around it: some take it for the end
	 */
	MESSAGE_COUNTER_DOUBT,
};

struct message_counter {
	bool running;
	uint64_t bytes, lines; /* without the dot's line */
	unsigned int state, tail;
	bool strict, cr;
};

/* Begins a message; strict: the line before it ended with CRLF. */
void message_counter_begin(struct message_counter *counter, bool strict);

/*
 * Takes bytes up to the dot's line, that one included, and returns how many;
 * *end says why it stopped.  After a doubt it can be called again if that was
 * not the end: then the dot's line is part of the content.
 */
size_t message_counter_dots(struct message_counter *counter, const char *at,
			    size_t len, enum message_counter_end *end);

/*
 * Counts n bytes, lines of them newlines, whose last line goes on, and that
 * have no dot's line. Returns false, and counts nothing, where a dot's line has
 * just been taken: the bytes must be looked at.
 */
bool message_counter_skip(struct message_counter *counter, uint64_t n,
			  uint64_t lines);

/* Counts these bytes, whatever they are. */
void message_counter_octets(struct message_counter *counter, const char *at,
			    size_t len);

/* Forgets the message: none is running. */
void message_counter_clear(struct message_counter *counter);

/* Returns true at the beginning of a line. */
bool message_counter_at_start(const struct message_counter *counter);

#endif
