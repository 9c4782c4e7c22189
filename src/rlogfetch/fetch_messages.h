/* The messages of rlogfetch about its stream. */
#ifndef FETCH_MESSAGES_H
#define FETCH_MESSAGES_H

#include <stdbool.h>

#include "rlogfetch/fetch_news.h"

struct fetch_messages {
	const char *target; /* stream and filter */
	const char *cursor; /* path of the cursor's file, or NULL */
	bool verbose;
	bool copied;  /* the user knows that the stream has copies */
	bool refused; /* the user knows that messages are refused */
	bool unsaved; /* the user knows that the cursor can't be saved */
};

/* Reports the news; a fetch_listener whose ctx is struct fetch_messages. */
void fetch_messages_tell(void *ctx, const struct fetch_news *news);

#endif
