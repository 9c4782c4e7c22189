/* Notes; see remark.h. */
#include "rlogsess/grouping/remark.h"

#include <string.h>

/* Takes off what stands in front of this word, and the word. */
static bool skip_to(struct slice *s, const char *word)
{
	size_t n = strlen(word);
	const char *at = s->len ? memmem(s->at, s->len, word, n) : NULL;

	if (!at)
		return false;
	s->len -= (size_t)(at + n - s->at);
	s->at = at + n;
	return true;
}

static bool contains(struct slice s, const char *word)
{
	return skip_to(&s, word);
}

/* "N bytes, WHY; > N bytes, WHY; N.NNN seconds" */
static void end(struct remark *n, struct slice s)
{
	n->kind = REMARK_END;
	n->reset = contains(s, ", reset") || contains(s, ", timed out");
	n->counted = slice_number(&s, UINT64_MAX, &n->in) &&
		     skip_to(&s, "; > ") &&
		     slice_number(&s, UINT64_MAX, &n->out);
}

void remark_parse(struct remark *n, struct slice s)
{
	*n = (struct remark){.kind = REMARK_OTHER};
	if (slice_prefix(&s, "start ")) {
		n->kind = REMARK_START;
	} else if (slice_prefix(&s, "end < ")) {
		end(n, s);
	} else if (slice_prefix(&s, "gave up: ")) {
		n->kind = REMARK_GAVE_UP;
	} else if (slice_prefix(&s, "lost ")) {
		if (slice_number(&s, UINT64_MAX, &n->in))
			n->kind = REMARK_LOST;
	} else if (slice_equal(s, "TLS")) {
		n->kind = REMARK_TLS;
	} else if (slice_prefix(&s, "< ") || slice_prefix(&s, "> ")) {
		n->unfinished = contains(s, ", unfinished");
		if (contains(s, " of message") &&
		    slice_number(&s, UINT64_MAX, &n->in))
			n->kind = REMARK_MESSAGE;
	}
}
