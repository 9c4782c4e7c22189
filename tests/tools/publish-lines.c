/*
 * Publishes standard input to a stream in messages as rlogship sends them, each
 * behind the last one of its subject.
 *
 * usage: publish-lines URL HOST/NAME json|raw BYTES [pieces]
 *
 * A message has whole lines, at most BYTES of them unless one line is longer;
 * with "pieces" it has BYTES bytes, wherever they end. HOST/NAME may be any
 * header, "" for none. Prints the sequence of the last message.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/nats_link.h"

static _Noreturn void die_of_fault(const struct stream_fault *fault)
{
	fprintf(stderr, "publish-lines: %s: %s\n",
		stream_fault_words(fault->kind), fault->text);
	exit(111);
}

/* Returns how many of the n bytes are the next message. */
static size_t cut_message(const char *bytes, size_t n, size_t most, bool pieces)
{
	const char *newline;
	size_t len = n < most ? n : most;

	if (pieces || n <= most)
		return len;
	newline = memrchr(bytes, '\n', len);
	if (!newline)
		newline = memchr(bytes, '\n', n);
	return newline ? (size_t)(newline - bytes) + 1 : n;
}

static size_t read_all(char **bytes)
{
	size_t n = 0, size = 1 << 20, r;

	*bytes = malloc(size);
	while (*bytes && (r = fread(*bytes + n, 1, size - n, stdin))) {
		n += r;
		if (n == size)
			*bytes = realloc(*bytes, size *= 2);
	}
	return n;
}

int main(int argc, char **argv)
{
	struct stream_url url;
	struct stream_keys keys = {.jwt = NULL};
	const struct nats_options options = {&url, &keys, 5000, -1};
	struct nats_batch batch = {.expects_last = true};
	struct nats_link *link;
	struct nats_last last;
	struct stream_fault fault;
	char id[320], *bytes;
	size_t n, len;

	if (argc < 5 || stream_url_parse(&url, argv[1], STREAM_URL_PUBLISH))
		return 100;
	n = read_all(&bytes);
	if (nats_link_open(&link, &options, &fault) < 0 ||
	    nats_link_last(link, &last, &fault) < 0)
		die_of_fault(&fault);
	batch.name = *argv[2] ? argv[2] : NULL;
	batch.form = argv[3];
	batch.id = id;
	for (size_t at = 0; at < n; at += len) {
		len = cut_message(bytes + at, n - at,
				  strtoul(argv[4], NULL, 10), argc > 5);
		batch.bytes = bytes + at;
		batch.len = len;
		batch.last_sequence = last.sequence;
		snprintf(id, sizeof id, "%s-%" PRIu64 "-%zu", url.subject,
			 last.sequence, at);
		if (nats_link_send(link, &batch, &last.sequence, &fault) < 0)
			die_of_fault(&fault);
	}
	nats_link_close(link);
	free(bytes);
	printf("%" PRIu64 "\n", last.sequence);
	return 0;
}
