/* Writes URLs of streams, for the tests that read them again. */
#ifndef PRINT_URL_H
#define PRINT_URL_H

#include <stdio.h>
#include <string.h>

#include "stream/stream_url.h"

/* Writes the URL with the ports of all its servers. */
static inline void print_url(char text[STREAM_URL_TEXT_MAX],
			     const struct stream_url *url)
{
	const char *nats = url->scheme == STREAM_NATS ? "/" : "";
	int n = sprintf(text, "%s%s://", *nats ? "nats" : "relp",
			url->tls ? "s" : "");

	for (size_t i = 0; i < url->servers; i++) {
		const struct stream_server *server = &url->server[i];
		const bool v6 = strchr(server->host, ':') != NULL;

		n += sprintf(text + n, "%s%s%s%s:%u", i ? "," : "",
			     v6 ? "[" : "", server->host, v6 ? "]" : "",
			     server->port);
	}
	sprintf(text + n, "%s%s%s%s", nats, url->stream,
		*url->subject ? "/" : "", url->subject);
}

#endif
