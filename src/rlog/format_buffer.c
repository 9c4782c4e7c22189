/*
 * Format buffers: lines put together in one form.  A fragment is formatted
 * once, after the bytes that are kept, and is kept if an output gets it. Tested
 * by tests/unit/rlog/batch.c.
 */
#include "rlog/format_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

enum {
	GROWTH = 4, /* one bad byte is so many when escaped */
	SLACK = SCRIPT_PREFIX + 2 * LINE_STAMP_MAX
};

int format_buffer_open(struct format_buffer *buffer,
		       const struct output_form *form)
{
	memset(buffer, 0, sizeof *buffer);
	buffer->prefix = form->prefix;
	buffer->prefix_len = strlen(form->prefix);
	buffer->visible = form->visible;
	buffer->size = FORMAT_BUFFER_SIZE;
	if (buffer->visible)
		buffer->size *= GROWTH;
	if (buffer->visible || buffer->prefix_len)
		buffer->size += SLACK;
	/* A stamp is put there with all of its room. */
	buffer->bytes = malloc(buffer->size + LINE_STAMP_MAX);
	return buffer->bytes ? 0 : -1;
}

void format_buffer_close(struct format_buffer *buffer)
{
	free(buffer->bytes);
	buffer->bytes = NULL;
}

void format_buffer_clear(struct format_buffer *buffer)
{
	buffer->used = buffer->flushed = 0;
	buffer->near = UINT64_MAX;
	buffer->made = buffer->wanted = false;
}

bool format_buffer_fits(const struct format_buffer *buffer,
			const struct fragment *fragment)
{
	size_t most =
	    (buffer->visible ? GROWTH : 1) * fragment->len + fragment->ends;

	if (fragment->stamp)
		most += fragment->stamp->len + buffer->prefix_len;
	return most <= buffer->size - buffer->used;
}

/* Escapes all but a CR right before the newline, as records.5 has it. */
static char *put_escaped(const struct format_buffer *buffer, char *to,
			 const struct fragment *fragment)
{
	size_t room = (size_t)(buffer->bytes + buffer->size - to);
	bool cr = fragment->ends && fragment->len &&
		  fragment->bytes[fragment->len - 1] == '\r';
	size_t used;

	to += escape_text(to, room, fragment->bytes, fragment->len - cr, &used);
	if (cr)
		*to++ = '\r';
	return to;
}

void format_buffer_make(struct format_buffer *buffer,
			const struct fragment *fragment)
{
	char *begin = buffer->bytes + buffer->used, *to = begin;

	if (fragment->stamp) {
		if (fragment->stamp->len)
			line_stamp_write(fragment->stamp, to);
		to += fragment->stamp->len;
		memcpy(to, buffer->prefix, buffer->prefix_len);
		to += buffer->prefix_len;
	}
	if (buffer->visible) {
		to = put_escaped(buffer, to, fragment);
	} else {
		memcpy(to, fragment->bytes, fragment->len);
		to += fragment->len;
	}
	buffer->len = (size_t)(to - begin);
	if (fragment->ends)
		*to = '\n';
	buffer->made = true;
}

size_t format_buffer_measure(const struct format_buffer *buffer,
			     const struct fragment *fragment, uint64_t left)
{
	size_t head =
	    fragment->stamp ? fragment->stamp->len + buffer->prefix_len : 0;
	size_t room, n;

	left = left > head ? left - head : 1;
	if (!buffer->visible)
		return left < fragment->len ? (size_t)left : fragment->len;
	if (left < ESCAPE_MAX)
		left = ESCAPE_MAX;
	room = buffer->size - buffer->used;
	/* What is made here is made again when it is known how much of it. */
	escape_text(buffer->bytes + buffer->used, left < room ? left : room,
		    fragment->bytes, fragment->len, &n);
	return n;
}

void format_buffer_lower_near(struct format_buffer *buffer, uint64_t near)
{
	if (near < buffer->near)
		buffer->near = near;
}

void format_buffer_make_again(struct format_buffer *buffer,
			      const struct fragment *fragment)
{
	if (buffer->wanted)
		format_buffer_make(buffer, fragment);
}

bool format_buffer_is_near(const struct format_buffer *buffer,
			   const struct fragment *fragment)
{
	return buffer->wanted &&
	       buffer->used + format_buffer_made(buffer, fragment) >=
		   buffer->near;
}

void format_buffer_keep(struct format_buffer *buffer,
			const struct fragment *fragment)
{
	if (buffer->wanted)
		buffer->used += format_buffer_made(buffer, fragment);
	buffer->made = buffer->wanted = false;
}

void format_buffer_flush(struct format_buffer *buffer)
{
	buffer->flushed = buffer->used;
}
