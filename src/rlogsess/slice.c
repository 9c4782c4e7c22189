/*
 * Slices of text.  An operation that fails leaves the slice as it was, but for
 * slice_until, which then takes all of it.  Tested by
 * tests/unit/rlogsess/log_line.c, qmail.c and smtp_line.c.
 */
#include "rlogsess/slice.h"

#include <string.h>

#include <strings.h>

bool slice_prefix(struct slice *slice, const char *word)
{
	size_t n = strlen(word);

	if (slice->len < n || memcmp(slice->at, word, n) != 0)
		return false;
	slice_skip(slice, n);
	return true;
}

bool slice_word(struct slice *slice, const char *word)
{
	size_t n = strlen(word);

	if (slice->len < n || strncasecmp(slice->at, word, n) != 0)
		return false;
	slice_skip(slice, n);
	return true;
}

void slice_skip(struct slice *slice, size_t n)
{
	slice->at += n;
	slice->len -= n;
}

bool slice_equal(struct slice slice, const char *word)
{
	return slice_prefix(&slice, word) && slice.len == 0;
}

struct slice slice_until(struct slice *slice, char c)
{
	const char *found =
	    slice->len ? memchr(slice->at, c, slice->len) : NULL;
	struct slice taken = {slice->at, slice->len};

	if (found)
		taken.len = (size_t)(found - slice->at);
	slice->at += taken.len + (found != NULL);
	slice->len -= taken.len + (found != NULL);
	return taken;
}

struct slice slice_cut_last(struct slice *slice, char c)
{
	const char *found =
	    slice->len ? memrchr(slice->at, c, slice->len) : NULL;
	struct slice tail = {slice->at, 0};

	if (found) {
		tail.at = found + 1;
		tail.len = slice->len - (size_t)(tail.at - slice->at);
		slice->len = (size_t)(found - slice->at);
	}
	return tail;
}

void slice_copy(struct slice slice, char *to, size_t size)
{
	if (slice.len >= size)
		slice.len = size - 1;
	memcpy(to, slice.at, slice.len);
	to[slice.len] = 0;
}

bool slice_number(struct slice *slice, uint64_t max, uint64_t *number)
{
	uint64_t n = 0, digit;
	size_t i;

	for (i = 0;
	     i < slice->len && slice->at[i] >= '0' && slice->at[i] <= '9';
	     i++) {
		digit = (uint64_t)(slice->at[i] - '0');
		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	slice->at += i;
	slice->len -= i;
	return i > 0;
}
