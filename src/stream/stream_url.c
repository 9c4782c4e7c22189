/*
 * URLs of streams.  The text is cut at its separators, and each part is copied
 * after it was found to be short enough and to consist of the bytes that its
 * kind may have: names of streams and subjects become parts of requests in JSON
 * and of lines of a protocol, so they have no quotes, backslashes and spaces.
 * A URL has no escapes, queries and fragments; their marks are refused.
 */
#include "stream/stream_url.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

enum { NATS_PORT = 4222, RELP_PORT = 2514 };

static const char alnum[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static const struct scheme_row {
	const char *prefix;
	enum stream_scheme scheme;
	bool tls;
	uint16_t port;
} schemes[] = {
    {"nats://", STREAM_NATS, false, NATS_PORT},
    {"natss://", STREAM_NATS, true, NATS_PORT},
    {"relp://", STREAM_RELP, false, RELP_PORT},
    {"relps://", STREAM_RELP, true, RELP_PORT},
};

static const struct scheme_row *find_scheme(const char *text)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (!strncmp(text, schemes[i].prefix,
			     strlen(schemes[i].prefix)))
			return &schemes[i];
	return NULL;
}

/* True if all bytes of a text are letters, digits, or in others. */
static bool has_only(const char *text, size_t len, const char *others)
{
	for (size_t i = 0; i < len; i++)
		if (!text[i] ||
		    (!strchr(alnum, text[i]) && !strchr(others, text[i])))
			return false;
	return true;
}

static bool copy_url_part(char *to, size_t size, const char *text, size_t len)
{
	if (!len || len >= size)
		return false;
	memcpy(to, text, len);
	to[len] = 0;
	return true;
}

static bool parse_port(uint16_t *port, const char *text, size_t len)
{
	char digits[8];
	uint64_t value;

	if (!copy_url_part(digits, sizeof digits, text, len) ||
	    !number_parse_count(&value, digits, UINT16_MAX) || !value)
		return false;
	*port = (uint16_t)value;
	return true;
}

/* Reads HOST[:PORT]; the port is preset. */
static bool parse_server(struct stream_server *server, const char *text,
			 size_t len)
{
	const char *end = text + len, *host = text, *host_end;

	if (len && *text == '[') {
		host++;
		host_end = memchr(host, ']', (size_t)(end - host));
		if (!host_end ||
		    !has_only(host, (size_t)(host_end - host), ":.") ||
		    !memchr(host, ':', (size_t)(host_end - host)))
			return false;
		text = host_end + 1;
	} else {
		host_end = memchr(host, ':', len);
		if (!host_end)
			host_end = end;
		if (host == host_end || *host == '-' || *host == '.' ||
		    !has_only(host, (size_t)(host_end - host), "-._"))
			return false;
		text = host_end;
	}
	if (!copy_url_part(server->host, sizeof server->host, host,
			   (size_t)(host_end - host)))
		return false;
	return text == end ||
	       (*text == ':' &&
		parse_port(&server->port, text + 1, (size_t)(end - text - 1)));
}

static const char *parse_servers(struct stream_url *url, const char *text,
				 size_t len, uint16_t port)
{
	const char *end = text + len, *comma;

	if (memchr(text, '@', len))
		return "a URL has no user and password, since other users of "
		       "the machine can see it";
	url->servers = 0;
	for (;;) {
		struct stream_server *server = &url->server[url->servers];

		if (url->servers == STREAM_URL_SERVERS)
			return "too many servers";
		comma = memchr(text, ',', (size_t)(end - text));
		server->port = port;
		if (!parse_server(server, text,
				  (size_t)((comma ? comma : end) - text)))
			return "a server is HOST or HOST:PORT, where an IPv6 "
			       "address is in brackets";
		url->servers++;
		if (!comma)
			return NULL;
		text = comma + 1;
	}
}

const char *stream_url_mask(const char *text)
{
	return strchr(text, '@') ? "..." : text;
}

/*
 * A server that hands a message over to another one of its cluster puts the
 * subject behind an @, and looks for the last one: nats-server 2.9.10 delivers
 * what follows an @ of the subject alone, without the message's number.
 */
bool stream_url_is_subject(const char *text, bool wildcards)
{
	size_t len = strlen(text), token;

	if (!len || len >= STREAM_URL_SUBJECT_MAX || *text == '$')
		return false;
	for (;; text += token + 1) {
		token = strcspn(text, ".");
		if (!token)
			return false;
		if (wildcards && token == 1 && *text == '>')
			return !text[1];
		if (!(wildcards && token == 1 && *text == '*') &&
		    !has_only(text, token, "!$&'()+,-:;=_~"))
			return false;
		if (!text[token])
			return true;
	}
}

static const char *parse_stream(struct stream_url *url, const char *text,
				enum stream_url_use use)
{
	size_t len = strcspn(text, "/");

	if (!copy_url_part(url->stream, sizeof url->stream, text, len) ||
	    !has_only(text, len, "-_=+"))
		return "a stream's name consists of letters, digits, "
		       "- _ = and +";
	text += len;
	if (!*text)
		return use == STREAM_URL_PUBLISH ? "the subject is missing"
						 : NULL;
	text++;
	if (!stream_url_is_subject(text, use == STREAM_URL_READ))
		return use == STREAM_URL_PUBLISH
			   ? "a subject consists of words with dots "
			     "between them, no wildcards and no @"
			   : "a filter consists of words, * and a last >, "
			     "with dots between them and no @";
	strcpy(url->subject, text);
	return NULL;
}

const char *stream_url_parse(struct stream_url *url, const char *text,
			     enum stream_url_use use)
{
	const struct scheme_row *row = find_scheme(text);
	const char *why;
	size_t len;

	if (!row)
		return "it begins with none of nats://, natss://, relp:// and "
		       "relps://";
	if (row->scheme == STREAM_RELP && use == STREAM_URL_READ)
		return "only nats:// and natss:// can be read";
	*url = (struct stream_url){.scheme = row->scheme, .tls = row->tls};
	text += strlen(row->prefix);
	len = strcspn(text, "/");
	why = parse_servers(url, text, len, row->port);
	if (why)
		return why;
	text += len;
	if (row->scheme == STREAM_RELP)
		return *text ? "nothing follows the servers of RELP" : NULL;
	return *text ? parse_stream(url, text + 1, use)
		     : "the stream is missing";
}

static int print_server(char *text, size_t size,
			const struct stream_server *server)
{
	bool v6 = strchr(server->host, ':') != NULL;

	return snprintf(text, size, "%s%s%s:%u", v6 ? "[" : "", server->host,
			v6 ? "]" : "", server->port);
}

void stream_url_print_target(char text[STREAM_URL_TEXT_MAX],
			     const struct stream_url *url)
{
	if (url->scheme == STREAM_NATS)
		snprintf(text, STREAM_URL_TEXT_MAX, "%s%s%s", url->stream,
			 *url->subject ? "/" : "", url->subject);
	else
		print_server(text, STREAM_URL_TEXT_MAX, &url->server[0]);
}
