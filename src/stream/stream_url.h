/*
 * The target of rlogship and the source of rlogfetch, as it is written in a
 * command line:
 *
 *   nats://HOST[:PORT][,HOST[:PORT]...]/STREAM[/SUBJECT]
 *   natss://...                          with TLS
 *   relp://HOST[:PORT][,...]
 *   relps://...                          with TLS
 *
 * A HOST is a name, an IPv4 address or an IPv6 address in brackets.  A URL has
 * no user and no password, since every user of the machine can read the
 * arguments of a process.
 */
#ifndef STREAM_URL_H
#define STREAM_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STREAM_URL_SERVERS = 16,
	STREAM_URL_HOST_MAX = 254,    /* with the NUL, as the next ones */
	STREAM_URL_STREAM_MAX = 256,  /* name of a stream */
	STREAM_URL_SUBJECT_MAX = 256, /* subject or filter */
	STREAM_URL_TEXT_MAX = 16 +
			      STREAM_URL_SERVERS * (STREAM_URL_HOST_MAX + 8) +
			      STREAM_URL_STREAM_MAX + STREAM_URL_SUBJECT_MAX,
};

enum stream_scheme { STREAM_NATS, STREAM_RELP };

/* What the URL is for, which decides about its last part. */
enum stream_url_use {
	STREAM_URL_PUBLISH, /* one subject, without wildcards */
	STREAM_URL_READ,    /* nats only; a filter with * and >, or nothing */
};

struct stream_server {
	char host[STREAM_URL_HOST_MAX]; /* without brackets */
	uint16_t port;
};

struct stream_url {
	enum stream_scheme scheme;
	bool tls;
	size_t servers; /* 1 to STREAM_URL_SERVERS */
	struct stream_server server[STREAM_URL_SERVERS];
	char stream[STREAM_URL_STREAM_MAX];   /* empty for RELP */
	char subject[STREAM_URL_SUBJECT_MAX]; /* empty: none was given */
};

/*
 * Reads a URL.  Returns NULL, or a sentence without a full stop that says why
 * it is refused: *url is undefined then.
 */
const char *stream_url_parse(struct stream_url *url, const char *text,
			     enum stream_url_use use);

/* Returns the text of a URL for a message: "..." if it may have a password. */
const char *stream_url_mask(const char *text);

/*
 * True if the text is a subject: words with dots between them, and no @.  With
 * wildcards a word can be *, and the last one >.
 */
bool stream_url_is_subject(const char *text, bool wildcards);

/*
 * Writes STREAM/SUBJECT, or for RELP HOST:PORT of the first server: the part of
 * the URL that a position file belongs to, whichever servers answer for it.
 */
void stream_url_print_target(char text[STREAM_URL_TEXT_MAX],
			     const struct stream_url *url);

#endif
