/*
 * Marks.  They are read on the machine that has written them: numbers have its
 * byte order.  The first bytes tell a mark from one of another program.
 */
#include "rlogfetch/fetch_mark.h"

#include <string.h>

enum {
	MIDLINE = 1,
	LABELLED = 2,
	BEHIND = 4,
	WHOLE = 8,
	ENDED = 16,
	MET = 32,
	WORDS = 7
};

static const char family[] = "fetch 1";

_Static_assert(sizeof family + sizeof(uint64_t[WORDS]) <= RING_MARK,
	       "the mark is too large");

void fetch_mark_pack(unsigned char bytes[RING_MARK],
		     const struct fetch_mark *mark)
{
	const struct fetch_join *join = &mark->join;
	const uint64_t flags =
	    (join->midline ? MIDLINE : 0U) | (join->labelled ? LABELLED : 0U) |
	    (join->behind ? BEHIND : 0U) | (join->ended ? ENDED : 0U) |
	    (join->met ? MET : 0U) | (mark->whole ? WHOLE : 0U);
	const uint64_t words[WORDS] = {flags | (uint64_t)join->last.nano << 8,
				       mark->stream,
				       mark->sequence,
				       mark->offset | (uint64_t)mark->subject
							  << 32,
				       join->last.sec.x,
				       join->missed,
				       (uint64_t)mark->time};

	memset(bytes, 0, RING_MARK);
	memcpy(bytes, family, sizeof family);
	memcpy(bytes + sizeof family, words, sizeof words);
}

bool fetch_mark_unpack(struct fetch_mark *mark,
		       const unsigned char bytes[RING_MARK])
{
	uint64_t words[WORDS];

	if (memcmp(bytes, family, sizeof family) != 0)
		return false;
	memcpy(words, bytes + sizeof family, sizeof words);
	*mark = (struct fetch_mark){
	    .stream = words[1],
	    .sequence = words[2],
	    .subject = (uint32_t)(words[3] >> 32),
	    .time = (int64_t)words[6],
	    .offset = (uint32_t)words[3],
	    .whole = words[0] & WHOLE,
	    .join = {.midline = words[0] & MIDLINE,
		     .ended = words[0] & ENDED,
		     .labelled = words[0] & LABELLED,
		     .behind = words[0] & BEHIND,
		     .met = words[0] & MET,
		     .last = {.sec = {words[4]},
			      .nano = (uint32_t)(words[0] >> 8)},
		     .missed = words[5]},
	};
	return true;
}
