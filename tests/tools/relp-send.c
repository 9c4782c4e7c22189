/*
 * Sends the lines of standard input as messages to a server of RELP, and never
 * gives up, as rlogship does:
 *
 *   relp-send URL [MILLISECONDS [BATCH [WINDOW]]]
 *
 * A line is a text; its id is RELP_ID (mx1/test/) and a number, from 1 on.  For
 * each fault a line on standard output says what it was and how many messages
 * of the batch were acknowledged before it.  A batch ends with the line after
 * which it has BATCH bytes (65536).  The end is "sent MESSAGES".  SIGTERM and a
 * closed standard output end it.  CAFILE, CERTFILE and KEYFILE are as in
 * stream_keys.h.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "relp/relp_link.h"
#include "relp/syslog_message.h"

#define LABEL "@400000006b00f8240000000a"

static int stop[2];

static void end_waits(int signal_number)
{
	(void)signal_number;
	if (write(stop[1], "", 1) < 0)
		abort();
}

struct batch {
	char *bytes;
	size_t len, size;
};

/* Appends the messages of a line. */
static void append_line(struct batch *batch, const char *text, size_t len,
			uint64_t number)
{
	const char *prefix = getenv("RELP_ID");
	char id[64], message[SYSLOG_MAX];
	struct syslog_part part = {.number = 0};
	struct syslog_line line = {
	    .host = "mx1",
	    .name = "test",
	    .id = id,
	    .dated = true,
	    .time = {1795216794, 123456789},
	    .label = LABEL,
	    .label_len = sizeof LABEL - 1,
	    .text = text,
	    .len = len,
	};
	size_t n;

	snprintf(id, sizeof id, "%s%llu", prefix ? prefix : "mx1/test/",
		 (unsigned long long)number);
	while ((n = syslog_message_next(message, &line, &part))) {
		if (batch->size - batch->len < n + 1) {
			batch->size = 2 * batch->size + n + 1;
			batch->bytes = realloc(batch->bytes, batch->size);
			if (!batch->bytes)
				abort();
		}
		memcpy(batch->bytes + batch->len, message, n);
		batch->len += n;
		batch->bytes[batch->len++] = '\n';
	}
}

static uint64_t count_messages(const char *bytes, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += bytes[i] == '\n';
	return n;
}

/* A pause of at most 100 ms.  False if the program is told to end. */
static bool pause_link(void)
{
	struct pollfd fd = {stop[0], POLLIN, 0};

	return poll(&fd, 1, 100) <= 0;
}

/* Sends a batch until all of it is acknowledged.  False: told to end. */
static bool send_batch(struct relp_link **link, struct relp_options *options,
		       const struct batch *batch)
{
	struct stream_fault fault;
	size_t done = 0, acked = 0;

	while (done < batch->len) {
		acked = 0;
		if ((*link || relp_link_open(link, options, &fault) == 0) &&
		    relp_link_send(*link, batch->bytes + done,
				   batch->len - done, &acked, &fault) == 0)
			return true;
		printf("%s: %s, %llu\n", stream_fault_words(fault.kind),
		       fault.text,
		       (unsigned long long)count_messages(batch->bytes + done,
							  acked));
		done += acked;
		relp_link_close(*link);
		*link = NULL;
		if (fault.kind == STREAM_FAULT_STOPPED || ferror(stdout) ||
		    !pause_link())
			return false;
	}
	return true;
}

static int send_lines(struct relp_options *options, size_t most)
{
	struct relp_link *link = NULL;
	struct batch batch = {NULL, 0, 0};
	uint64_t lines = 0, sent = 0;
	char *text = NULL;
	size_t size = 0;
	ssize_t len;
	bool goes_on = true;

	while (goes_on && (len = getline(&text, &size, stdin)) > 0) {
		len -= text[len - 1] == '\n';
		append_line(&batch, text, (size_t)len, ++lines);
		if (batch.len < most && !feof(stdin))
			continue;
		goes_on = send_batch(&link, options, &batch);
		sent += goes_on ? count_messages(batch.bytes, batch.len) : 0;
		batch.len = 0;
	}
	goes_on = goes_on && send_batch(&link, options, &batch);
	sent += goes_on ? count_messages(batch.bytes, batch.len) : 0;
	relp_link_close(link);
	printf("sent %llu\n", (unsigned long long)sent);
	free(batch.bytes);
	free(text);
	return goes_on ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = end_waits,
				   .sa_flags = SA_RESTART};
	char why[STREAM_KEYS_WHY_MAX];
	struct stream_url url;
	struct stream_keys keys;
	struct relp_options options = {&url, &keys, 10000, -1, 0};
	const char *reason = "usage: relp-send URL [MS [BATCH [WINDOW]]]";
	int rc;

	if (argc > 1)
		reason = stream_url_parse(&url, argv[1], STREAM_URL_PUBLISH);
	if (!reason && !stream_keys_read(&keys, why))
		reason = why;
	if (!reason && pipe(stop) < 0)
		reason = strerror(errno);
	if (reason) {
		fprintf(stderr, "relp-send: fatal: %s\n", reason);
		return 100;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	options.stop = stop[0];
	if (argc > 2)
		options.milliseconds = atoi(argv[2]);
	if (argc > 4)
		options.window = (unsigned int)atoi(argv[4]);
	rc = send_lines(&options, argc > 3 ? (size_t)atoi(argv[3]) : 65536);
	stream_keys_free(&keys);
	return rc;
}
