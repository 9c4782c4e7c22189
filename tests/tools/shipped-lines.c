/*
 * shipped-lines URL: writes the stored lines of all messages of a stream to
 * descriptor 1, restored from JSON or as they are.  A record of missing lines
 * becomes the line "missing AFTER BEFORE".  Fails if an object is malformed, an
 * id repeats within a message, or a header is wrong.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/line_restore.h"
#include "stream/nats_feed.h"

static bool mid_line;

static void fail(const char *why, const char *text, size_t len)
{
	fflush(stdout);
	fprintf(stderr, "shipped-lines: %s: %.*s\n", why, (int)len, text);
	exit(1);
}

static void print_object(const char *json, size_t len)
{
	char *text = malloc(len + 1);
	struct restored_line line;

	if (!text || !line_restore(&line, text, json, len))
		fail("malformed", json, len);
	if (mid_line && !line.rest)
		putchar('\n');
	mid_line = line.cut;
	if (line.kind == LINE_RESTORE_MISSING)
		printf("missing %.*s %.*s", (int)line.after_len, line.after,
		       (int)line.before_len, line.before);
	fwrite(line.text, 1, line.len, stdout);
	if (!line.cut)
		putchar('\n');
	free(text);
}

static void print_message(const struct nats_message *message)
{
	const char *at = message->bytes, *end = at + message->len, *newline;
	uint64_t lines = 0;

	if (!message->form || !message->name || !message->place)
		fail("without headers", message->subject,
		     strlen(message->subject));
	if (strcmp(message->form, "json") != 0) {
		fwrite(at, 1, message->len, stdout);
		return;
	}
	for (; at < end; at = newline + 1, lines++) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			fail("no newline", at, (size_t)(end - at));
		print_object(at, (size_t)(newline - at));
	}
	if (lines != message->lines)
		fail("another number of lines", message->id,
		     strlen(message->id));
}

static int read_all(struct nats_feed *feed, uint64_t pending)
{
	struct nats_message message;
	struct stream_fault fault;
	int n;

	while (pending) {
		n = nats_feed_next(feed, &message, &fault);
		if (n < 0)
			fail("fault", fault.text, strlen(fault.text));
		if (n > 0) {
			print_message(&message);
			pending = message.pending;
			continue;
		}
		poll(&(struct pollfd){nats_feed_descriptor(feed), POLLIN, 0}, 1,
		     nats_feed_timeout(feed));
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct stream_keys keys;
	struct stream_url url;
	struct nats_options options = {&url, &keys, 10000, -1};
	const struct nats_feed_from from = {1, 0};
	struct nats_feed_stream stream;
	struct stream_fault fault;
	struct nats_feed *feed;

	if (argc != 2 || stream_url_parse(&url, argv[1], STREAM_URL_READ))
		return 100;
	if (nats_feed_open(&feed, &options, &from, &stream, &fault) < 0)
		fail("fault", fault.text, strlen(fault.text));
	read_all(feed, stream.pending);
	nats_feed_close(feed);
	return 0;
}
