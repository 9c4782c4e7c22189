/* Taking a text apart; see slice.h. */
#include "rlogsess/slice.h"

#include <string.h>

bool slice_prefix(struct slice *s, const char *word)
{
	size_t n = strlen(word);

	if (s->len < n || memcmp(s->at, word, n) != 0)
		return false;
	s->at += n;
	s->len -= n;
	return true;
}

bool slice_equal(struct slice s, const char *word)
{
	return slice_prefix(&s, word) && s.len == 0;
}

struct slice slice_until(struct slice *s, char c)
{
	const char *found = s->len ? memchr(s->at, c, s->len) : NULL;
	struct slice taken = {s->at, s->len};

	if (found)
		taken.len = (size_t)(found - s->at);
	s->at += taken.len + (found != NULL);
	s->len -= taken.len + (found != NULL);
	return taken;
}

struct slice slice_cut_last(struct slice *s, char c)
{
	const char *found = s->len ? memrchr(s->at, c, s->len) : NULL;
	struct slice tail = {s->at, 0};

	if (found) {
		tail.at = found + 1;
		tail.len = s->len - (size_t)(tail.at - s->at);
		s->len = (size_t)(found - s->at);
	}
	return tail;
}

void slice_copy(struct slice s, char *to, size_t size)
{
	if (s.len >= size)
		s.len = size - 1;
	memcpy(to, s.at, s.len);
	to[s.len] = 0;
}

bool slice_number(struct slice *s, uint64_t max, uint64_t *number)
{
	uint64_t n = 0, digit;
	size_t i;

	for (i = 0; i < s->len && s->at[i] >= '0' && s->at[i] <= '9'; i++) {
		digit = (uint64_t)(s->at[i] - '0');
		if (n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	s->at += i;
	s->len -= i;
	return i > 0;
}
