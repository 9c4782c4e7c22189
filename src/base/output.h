/*
 * Buffered output to a descriptor.  The first failure is kept: after it nothing
 * more is written, and whatever is added is dropped, so that callers may check
 * once, at the end of a line or of everything.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	OUTPUT_LARGE = 1 << 16, /* bytes of one write */
	OUTPUT_SMALL = 4096,    /* a pipe takes this whole or not at all */
};

/* Exact mode: how an output reports written lines and reacts to signals. */
struct output_exact {
	const volatile sig_atomic_t *stop; /* set by a signal handler */
	const sigset_t *waiting;           /* the signal mask to wait with */
	/*
	 * Called after a write of whole lines.  all: every line that was added
	 * is written; otherwise every line but the last.  Returns 0, or -1 with
	 * errno, which becomes the output's error.
	 */
	int (*written)(void *ctx, bool all);
	void *ctx;
};

struct output {
	int fd;
	int error;       /* errno of the first failure, or 0 */
	bool safe;       /* see output_set_safe */
	bool mid_line;   /* a line was begun and not ended */
	bool torn;       /* the first line in buf is partly written */
	bool interrupts; /* signals may end a write between two lines */
	struct output_exact exact;
	size_t unit;  /* bytes of one write */
	size_t whole; /* bytes of whole lines in buf */
	size_t len;   /* bytes in buf */
	char buf[2 * OUTPUT_LARGE];
};

/*
 * Makes an empty output to fd.  With fd -1 it composes text in memory, up to
 * the size of buf; see output_composed.
 */
void output_init(struct output *output, int fd);

/*
 * Switches to exact mode, for a program that saves its position: written lines
 * are reported, and a signal tears no line.  The caller blocks the signals that
 * set *stop, except in exact->waiting.  Once *stop is set the output fails with
 * EINTR, between two lines, or inside of a line after two seconds.
 */
void output_set_exact(struct output *output, const struct output_exact *exact);

/*
 * Marks the output as a terminal: callers then write text from logs with
 * output_shown.
 */
void output_set_safe(struct output *output, bool safe);
static inline bool output_is_safe(const struct output *output)
{
	return output->safe;
}

/* Adds bytes that do not fit into the buffer, or none; for output_bytes. */
void output_rest(struct output *output, const char *text, size_t len);

/* Adds bytes as they are; some are written if the buffer is full. */
static inline void output_bytes(struct output *output, const char *text,
				size_t len)
{
	const size_t at = output->len, size = sizeof output->buf;

	if (!len || output->error || at >= size || len > size - at) {
		output_rest(output, text, len);
		return;
	}
	output->mid_line = true;
	memcpy(output->buf + at, text, len);
	output->len = at + len;
}

/* Writes some bytes, so that there is room for others; for output_reserve. */
void output_make_room(struct output *output);

/*
 * Returns room for len bytes, at most OUTPUT_SMALL, which output_advance adds
 * after they were put there.
 */
static inline char *output_reserve(struct output *output, size_t len)
{
	if (len > sizeof output->buf - output->len)
		output_make_room(output);
	return output->buf + output->len;
}

/* Adds the first len bytes, at least 1, of the room. */
static inline void output_advance(struct output *output, size_t len)
{
	if (output->error)
		return;
	output->mid_line = true;
	output->len += len;
}

/* Adds text that ends with a NUL, as it is. */
static inline void output_string(struct output *output, const char *text)
{
	output_bytes(output, text, strlen(text));
}

/* Adds a number in decimal digits. */
void output_number(struct output *output, uint64_t number);

/*
 * Adds text with all bytes escaped that could drive a terminal; see
 * escape_shown.  Returns the number of bytes added.
 */
size_t output_shown(struct output *output, const char *text, size_t len);

/*
 * Adds whole lines of a log.  On a safe output, bytes that could drive a
 * terminal are escaped, and a CR before a newline is left out.
 */
void output_lines(struct output *output, const char *text, size_t len);

/*
 * Adds text as a field of a table: TAB and control bytes are escaped.  Returns
 * the number of bytes added.
 */
size_t output_field(struct output *output, const char *text, size_t len);

/*
 * Ends a line, or a piece of one: writes prefer to end here.  newline: adds a
 * newline first.
 */
void output_end_line(struct output *output, bool newline);

/*
 * True if bytes were added since the last newline of output_end_line or
 * output_block.
 */
static inline bool output_is_mid_line(const struct output *output)
{
	return output->mid_line;
}

/* Writes all that was added, then the text itself without copying it. */
void output_block(struct output *output, const char *text, size_t len);

/* Writes all that was added.  Returns 0, or -1 with errno of the failure. */
int output_flush(struct output *output);

/* Returns the bytes that one write takes, a good length of blocks. */
static inline size_t output_unit(const struct output *output)
{
	return output->unit;
}

/* Returns errno of the first failure, or 0. */
static inline int output_error(const struct output *output)
{
	return output->error;
}

/* Returns the bytes that were added and are not yet written, *len of them. */
const char *output_composed(const struct output *output, size_t *len);

#endif
