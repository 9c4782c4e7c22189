/*
 * Notes of recio, by their first words (records.5).  A note of unknown form is
 * REMARK_OTHER and changes nothing.  Tested by tests/unit/rlogsess/dialogue.c.
 */
#include "rlogsess/grouping/remark.h"

#include <string.h>

/* Removes all bytes up to the end of the word; false if it is absent. */
static bool skip_past(struct slice *rest, const char *word)
{
	size_t n = strlen(word);
	const char *at =
	    rest->len ? memmem(rest->at, rest->len, word, n) : NULL;

	if (!at)
		return false;
	rest->len -= (size_t)(at + n - rest->at);
	rest->at = at + n;
	return true;
}

static bool has_word(struct slice rest, const char *word)
{
	return skip_past(&rest, word);
}

/* "N bytes, REASON; > N bytes, REASON; N.NNN seconds" */
static void parse_end_remark(struct remark *remark, struct slice rest)
{
	remark->kind = REMARK_END;
	remark->reset =
	    has_word(rest, ", reset") || has_word(rest, ", timed out");
	remark->counted = slice_number(&rest, UINT64_MAX, &remark->in) &&
			  skip_past(&rest, "; > ") &&
			  slice_number(&rest, UINT64_MAX, &remark->out);
}

void remark_parse(struct remark *remark, struct slice rest)
{
	*remark = (struct remark){.kind = REMARK_OTHER};
	if (slice_prefix(&rest, "start ")) {
		remark->kind = REMARK_START;
	} else if (slice_prefix(&rest, "end < ")) {
		parse_end_remark(remark, rest);
	} else if (slice_prefix(&rest, "gave up: ")) {
		remark->kind = REMARK_GAVE_UP;
	} else if (slice_prefix(&rest, "lost ")) {
		if (slice_number(&rest, UINT64_MAX, &remark->in))
			remark->kind = REMARK_LOST;
	} else if (slice_equal(rest, "TLS")) {
		remark->kind = REMARK_TLS;
	} else if (slice_prefix(&rest, "< ") || slice_prefix(&rest, "> ")) {
		remark->unfinished = has_word(rest, ", unfinished");
		if (has_word(rest, " of message") &&
		    slice_number(&rest, UINT64_MAX, &remark->in))
			remark->kind = REMARK_MESSAGE;
	}
}
