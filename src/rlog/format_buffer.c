/* Format buffers; see format_buffer.h. */
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

size_t format_buffer_open_end(const char *bytes, size_t len)
{
	size_t n, whole;
	unsigned char byte;

	if (len && bytes[len - 1] == '\r')
		return 1;
	for (n = 1; n <= 3 && n <= len; n++) {
		byte = (unsigned char)bytes[len - n];
		if ((byte & 0xc0) == 0x80)
			continue;
		whole = byte >= 0xf0   ? 4
			: byte >= 0xe0 ? 3
				       : 1 + (byte >= 0xc0);
		return whole > n ? n : 0;
	}
	return 0;
}

size_t format_buffer_boundary(const struct fragment *fragment, size_t n)
{
	const char *bytes = fragment->bytes;
	size_t back;

	if (n == fragment->len)
		return n - (n > 1 && fragment->ends && bytes[n - 1] == '\r');
	for (back = 1; back <= 3 && back < n; back++) {
		if (((unsigned char)bytes[n - back] & 0xc0) == 0x80)
			continue;
		if (escape_utf8(bytes + n - back, fragment->len - n + back) >
		    back)
			return n - back;
		break;
	}
	return n;
}
