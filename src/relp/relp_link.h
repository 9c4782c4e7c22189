/*
 * A connection to a server of RELP that sends batches of messages, each at
 * least once.
 *
 * Every call ends when the server makes no progress for `milliseconds`, and
 * soon after `stop` is readable.  After a fault of any call the link is of no
 * more use: close it, pause, open another, and send what is not acknowledged.
 * The server then has at most RELP_WINDOW messages twice.
 *
 * The program ignores SIGPIPE.  Descriptors are closed on exec.
 */
#ifndef RELP_LINK_H
#define RELP_LINK_H

#include <stddef.h>

#include "stream/stream_fault.h"
#include "stream/stream_keys.h"
#include "stream/stream_url.h"

enum {
	RELP_LAST_WAIT = 2000, /* ms that a send waits once stop is readable */
	RELP_CLOSE_WAIT = 1000 /* ms that closing waits for the server */
};

struct relp_link;

struct relp_options {
	const struct stream_url *url;
	const struct stream_keys *keys; /* for relps:// */
	int milliseconds;               /* at least 1 */
	int stop;            /* a descriptor that ends waits, or -1 */
	unsigned int window; /* 1 to RELP_WINDOW; 0 is RELP_WINDOW */
};

/*
 * Connects to the first server of the URL that opens a session, and tries each
 * address of each; `milliseconds` are for each address.  Returns 0 with *link,
 * or -1 with *fault: that of the last address.
 */
int relp_link_open(struct relp_link **link, const struct relp_options *options,
		   struct stream_fault *fault);

/*
 * Sends messages of 1 to SYSLOG_MAX bytes, each of them ended by a newline, and
 * waits until the server has acknowledged all of them.  Returns 0; or -1 with
 * *fault: some of the messages after the first *acked bytes may be stored.
 * *acked ends at the end of a message, and is len if 0 is returned.
 */
int relp_link_send(struct relp_link *link, const char *bytes, size_t len,
		   size_t *acked, struct stream_fault *fault);

/* Ends the session, if it has not failed, and disconnects.  NULL is no link. */
void relp_link_close(struct relp_link *link);

#endif
