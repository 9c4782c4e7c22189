/* Notes; see note.h. */
#include "note.h"

#include <string.h>

/* Takes off what stands in front of this word, and the word. */
static bool skip_to(struct span *s, const char *word)
{
	size_t n = strlen(word);
	const char *at = s->len ? memmem(s->at, s->len, word, n) : NULL;

	if (!at)
		return false;
	s->len -= (size_t)(at + n - s->at);
	s->at = at + n;
	return true;
}

static bool contains(struct span s, const char *word)
{
	return skip_to(&s, word);
}

/* "N bytes, WHY; > N bytes, WHY; N.NNN seconds" */
static void end(struct note *n, struct span s)
{
	n->kind = NOTE_END;
	n->reset = contains(s, ", reset") || contains(s, ", timed out");
	n->counted = span_number(&s, UINT64_MAX, &n->in) &&
		     skip_to(&s, "; > ") &&
		     span_number(&s, UINT64_MAX, &n->out);
}

void note_parse(struct note *n, struct span s)
{
	*n = (struct note){.kind = NOTE_OTHER};
	if (span_prefix(&s, "start ")) {
		n->kind = NOTE_START;
	} else if (span_prefix(&s, "end < ")) {
		end(n, s);
	} else if (span_prefix(&s, "gave up: ")) {
		n->kind = NOTE_GAVE_UP;
	} else if (span_prefix(&s, "lost ")) {
		if (span_number(&s, UINT64_MAX, &n->in))
			n->kind = NOTE_LOST;
	} else if (span_equal(s, "TLS")) {
		n->kind = NOTE_TLS;
	} else if (span_prefix(&s, "< ") || span_prefix(&s, "> ")) {
		n->unfinished = contains(s, ", unfinished");
		if (contains(s, " of message") &&
		    span_number(&s, UINT64_MAX, &n->in))
			n->kind = NOTE_MESSAGE;
	}
}
