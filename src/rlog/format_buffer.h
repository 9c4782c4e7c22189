/*
 * A format buffer: where the lines of a batch are put together, in one form,
 * before they are written.  A batch has one for each form of its script; the
 * first is that of plain lines, with their stamps, which patterns see too.
 *
 *      0            flushed            used        used + len
 *      | vectors have it | somebody has it | being made |
 */
#ifndef FORMAT_BUFFER_H
#define FORMAT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rlog/fragment.h"
#include "rlog/script.h"

enum { FORMAT_BUFFER_SIZE = 262144 };

struct format_buffer {
	const char *prefix;
	size_t prefix_len;
	bool visible; /* unsafe bytes are escaped */
	char *bytes;
	size_t size;
	size_t used;
	size_t flushed;
	uint64_t near; /* bytes from which an output may reach its size */
	size_t len;    /* of the line being made, without its newline */
	bool made;     /* it is there */
	bool wanted;   /* somebody has it */
};

/* Makes an empty buffer for lines of this form.  Returns 0, or -1 with errno.
 */
int format_buffer_open(struct format_buffer *buffer,
		       const struct output_form *form);

/* Frees the memory of the buffer. */
void format_buffer_close(struct format_buffer *buffer);

/* Nothing is on it. */
void format_buffer_clear(struct format_buffer *buffer);

/* Lowers the number of bytes from which an output may be due. */
void format_buffer_lower_near(struct format_buffer *buffer, uint64_t near);

/* Formats a fragment again that was cut, if an output gets it. */
void format_buffer_make_again(struct format_buffer *buffer,
			      const struct fragment *fragment);

/* Returns true if an output that gets the fragment may be due with it. */
bool format_buffer_is_near(const struct format_buffer *buffer,
			   const struct fragment *fragment);

/* Ends a fragment: keeps it if an output gets it. */
void format_buffer_keep(struct format_buffer *buffer,
			const struct fragment *fragment);

/* Notes that all bytes so far are in vectors. */
void format_buffer_flush(struct format_buffer *buffer);

/* True if the fragment has room, whatever it becomes. */
bool format_buffer_fits(const struct format_buffer *buffer,
			const struct fragment *fragment);

/* Makes the fragment behind what is used.  It must fit. */
void format_buffer_make(struct format_buffer *buffer,
			const struct fragment *fragment);

/* The bytes that were made, with the newline. */
static inline size_t format_buffer_made(const struct format_buffer *buffer,
					const struct fragment *fragment)
{
	return buffer->len + fragment->ends;
}

/* Formats the fragment if that is not done; an output gets it. */
static inline void format_buffer_want(struct format_buffer *buffer,
				      const struct fragment *fragment)
{
	if (!buffer->made)
		format_buffer_make(buffer, fragment);
	buffer->wanted = true;
}

/*
 * How many of the fragment's bytes fit, without a newline, into `left` bytes;
 * at least one character, and a stamp whole, even if there is no room.
 */
size_t format_buffer_measure(const struct format_buffer *buffer,
			     const struct fragment *fragment, uint64_t left);

#endif
