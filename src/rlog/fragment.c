/*
 * Fragments.  The input is scanned for a newline once: bytes without one are
 * not scanned again when more follow.
 * Tested by tests/unit/rlog/batch.c.
 */
#include "rlog/fragment.h"

#include <stdint.h>
#include <string.h>

#include "base/escape.h"

bool fragment_find(struct fragment *fragment, struct fragment_input *input)
{
	const char *newline = memchr(input->bytes + input->scanned, '\n',
				     input->n - input->scanned);
	const bool last = !newline && input->more == FRAGMENT_END;

	input->scanned = newline ? 0 : input->n;
	if (!newline && !input->midline && !(last && input->n) &&
	    !(input->more == FRAGMENT_FULL && input->first))
		return false;
	if (!input->n && !last)
		return false;
	fragment->stamp = NULL;
	fragment->bytes = input->bytes;
	fragment->len = newline ? (size_t)(newline - input->bytes) : input->n;
	fragment->taken = fragment->len + (newline != NULL);
	fragment->ends = newline || last;
	return true;
}

/*
 * The length of the end whose escaping depends on the next byte: an incomplete
 * UTF-8 sequence, or a CR.
 */
static size_t measure_open_end(const char *bytes, size_t len)
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

void fragment_shorten(struct fragment *fragment, size_t len, bool escaped)
{
	if (escaped)
		len -= measure_open_end(fragment->bytes, len);
	fragment->len = fragment->taken = len;
	fragment->ends = false;
}

size_t fragment_boundary(const struct fragment *fragment, size_t n)
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
