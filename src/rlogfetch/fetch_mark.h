/*
 * The mark of a directory (logwrite/fed_log.h): which message of which stream
 * its last byte is from, and how the next bytes follow.
 */
#ifndef FETCH_MARK_H
#define FETCH_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include <skalibs/tai.h>

#include "logwrite/ring.h"

/*
 * What has to be known of the bytes before a message in order to make its
 * bytes: the same join and message make the same bytes again.
 */
struct fetch_join {
	bool midline;  /* they end within a line */
	bool ended;    /* ...whose rest does not come: it is ended first */
	bool labelled; /* one of their lines has had a label: last */
	/*
	 * The stream was made anew or set back, and may bring lines that are
	 * there already: those up to the one that is labelled `last`, or up to
	 * the first one with a later label, are left out.
	 */
	bool behind;
	bool met; /* ...and the line labelled `last` was the one before */
	struct tain_s last;
	uint64_t missed; /* the first message that was not stored, or 0 */
};

struct fetch_mark {
	uint64_t stream;   /* a hash of the stream's identity */
	uint64_t sequence; /* of the message */
	uint32_t subject;  /* a hash of its subject */
	int64_t time;    /* when it was stored, ns; of copies: their message */
	uint32_t offset; /* bytes of it that were put */
	bool whole;      /* all of them were: join is that of the next one */
	struct fetch_join join;
};

void fetch_mark_pack(unsigned char bytes[RING_MARK],
		     const struct fetch_mark *mark);

/* Returns false if the bytes are no mark of rlogfetch. */
bool fetch_mark_unpack(struct fetch_mark *mark,
		       const unsigned char bytes[RING_MARK]);

#endif
