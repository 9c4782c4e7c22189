/*
 * News: what rlogfetch has to tell the user of a stream.  main.c hands a
 * listener down; fetch_messages.c has the words.
 */
#ifndef FETCH_NEWS_H
#define FETCH_NEWS_H

#include <stdint.h>

#include "stream/stream_fault.h"

enum fetch_news_kind {
	FETCH_NEWS_FAULT,     /* fault: tried again until it works */
	FETCH_NEWS_CONNECTED, /* it works again, after seconds */
	FETCH_NEWS_READING,   /* connected; messages from first on */
	FETCH_NEWS_ANEW,      /* the stream is another one of the same name */
	FETCH_NEWS_SET_BACK,  /* it does not have our last message, first */
	FETCH_NEWS_REMOVED,   /* the stream has removed first to last */
	FETCH_NEWS_MISSING,   /* origin text got no messages first to last */
	FETCH_NEWS_COPY,      /* message first is a copy of an earlier one */
	FETCH_NEWS_REFUSED,   /* message first, for the reason text */
	FETCH_NEWS_CURSOR     /* the cursor can't be saved: errno */
};

/* Members that the kind does not name are 0. */
struct fetch_news {
	enum fetch_news_kind kind;
	const struct stream_fault *fault;
	long seconds;
	uint64_t first, last; /* sequences */
	const char *text;
};

typedef void fetch_listener(void *ctx, const struct fetch_news *news);

struct fetch_tell {
	fetch_listener *listen;
	void *ctx;
};

#endif
