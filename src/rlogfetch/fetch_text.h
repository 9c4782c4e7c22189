/*
 * The bytes of the log that a message stands for: of form raw as they are, of
 * form json restored from the objects.  Sessions, which are no lines of a log,
 * are the objects as they are.
 */
#ifndef FETCH_TEXT_H
#define FETCH_TEXT_H

#include <stddef.h>

#include "rlogfetch/fetch_mark.h"
#include "stream/nats_feed.h"

enum { FETCH_TEXT_WHY = 128 };

struct fetch_text {
	char *bytes;
	size_t len;
	size_t size;              /* of the memory at bytes */
	char why[FETCH_TEXT_WHY]; /* why the message was refused */
};

/*
 * Returns true if the form of the message is known; otherwise sets text->why.
 * for_log: its text is for a log, of which a session is no line.
 */
bool fetch_text_knows(struct fetch_text *text,
		      const struct nats_message *message, bool for_log);

/*
 * Makes the bytes of the message, whose form is known, that follow those of
 * *join, which becomes the join after them.  A line of the log's own tells of
 * messages that were not stored, or of lines that are missing, before.  Returns
 * 1; 0 if the message is refused, with text->why and *join as it was; or -1
 * with errno.
 */
int fetch_text_make(struct fetch_text *text, const struct nats_message *message,
		    struct fetch_join *join);

/* Frees the memory; also of a text that is all zero. */
void fetch_text_free(struct fetch_text *text);

#endif
