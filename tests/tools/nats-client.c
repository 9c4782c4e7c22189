/*
 * Opens links and feeds of src/stream by commands on descriptor 0, a line each,
 * and prints what they answer.
 *
 *   nats-client [-t MILLISECONDS] URL        SIGTERM ends waits
 *
 *   open              room BYTES of a batch
 *   last              found SEQUENCE PLACE, or none, then last SEQUENCE
 *   send ID EXPECTED BYTES [SUBJECT]         EXPECTED: a sequence or -
 *   burst COUNT BYTES                        sends COUNT batches from last on
 *   close
 *   feed SEQUENCE     opens a feed, and prints first, last and pending
 *   take COUNT        prints COUNT messages; "all": until none is pending; with
 *                     "-count" their number and bytes instead
 *   left FROM TO      asks the leader for messages from FROM to TO
 *   leave             closes the feed
 *   children          runs a program that lists its open descriptors
 *   slow LOCKS        the thread of libnats that receives waits 200 ms before
 *                     each of so many locks that follow what it receives next,
 *                     and each end of a connection or a subscription 300 ms
 *
 * A fault is printed as "fault: WORDS: TEXT".
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/socket.h>

#include <nats/nats.h>

#include "stream/nats_feed.h"
#include "stream/nats_link.h"

struct client {
	struct stream_url url;
	struct stream_keys keys;
	struct nats_options options;
	struct nats_link *link;
	struct nats_feed *feed;
	struct stream_fault fault;
	uint64_t pending; /* messages that the feed has to deliver */
};

static int stop_pipe[2];

/* The locks of the command slow, and those that the receiving thread has still
 * to wait for. */
static atomic_int slow_locks;
static _Thread_local int locks_left;

static void pass_time(long milliseconds)
{
	const struct timespec time = {milliseconds / 1000,
				      milliseconds % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* These five stand before those of the libraries. */
ssize_t recv(int fd, void *bytes, size_t size, int flags)
{
	ssize_t (*next)(int, void *, size_t, int) = dlsym(RTLD_NEXT, "recv");
	ssize_t n = next(fd, bytes, size, flags);

	if (n > 0)
		locks_left = atomic_exchange(&slow_locks, 0);
	return n;
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int (*next)(pthread_mutex_t *) =
	    dlsym(RTLD_NEXT, "pthread_mutex_trylock");

	if (locks_left) {
		locks_left--;
		pass_time(200);
	}
	return next(mutex);
}

static bool slow_destruction;

void natsSubscription_Destroy(natsSubscription *subscription)
{
	void (*next)(natsSubscription *) =
	    dlsym(RTLD_NEXT, "natsSubscription_Destroy");

	if (slow_destruction && subscription)
		pass_time(300);
	next(subscription);
}

void natsConnection_Close(natsConnection *connection)
{
	void (*next)(natsConnection *) =
	    dlsym(RTLD_NEXT, "natsConnection_Close");

	if (slow_destruction)
		pass_time(300);
	next(connection);
}

void natsConnection_Destroy(natsConnection *connection)
{
	void (*next)(natsConnection *) =
	    dlsym(RTLD_NEXT, "natsConnection_Destroy");

	if (slow_destruction)
		pass_time(300);
	next(connection);
}

static void tell_stop(int number)
{
	(void)number;
	if (write(stop_pipe[1], "", 1) < 0)
		_exit(111);
}

static void print_fault(const struct client *client)
{
	printf("fault: %s: %s\n", stream_fault_words(client->fault.kind),
	       client->fault.text);
}

static void open_link(struct client *client)
{
	if (nats_link_open(&client->link, &client->options, &client->fault) < 0)
		print_fault(client);
	else
		printf("open: room %zu\n", nats_link_room(client->link));
}

static void print_last(struct client *client)
{
	struct nats_last last;

	if (nats_link_last(client->link, &last, &client->fault) < 0)
		print_fault(client);
	else if (last.found)
		printf("found %" PRIu64 " [%s], last %" PRIu64 "%s\n",
		       last.sequence, last.place, last.stream_last,
		       last.refuses_second ? ", one a subject" : "");
	else
		printf("none, last %" PRIu64 "%s\n", last.stream_last,
		       last.refuses_second ? ", one a subject" : "");
}

/* Sends bytes that begin with the id. */
static int send_batch(struct client *client, const char *id,
		      const char *expected, size_t size, const char *subject,
		      uint64_t *sequence)
{
	char *bytes = malloc(size + 1), place[64];
	struct nats_batch batch = {.bytes = bytes,
				   .len = size,
				   .subject = subject,
				   .id = id,
				   .place = place,
				   .name = "host/name",
				   .form = "raw",
				   .lines = 1,
				   .expects_last = strcmp(expected, "-") != 0,
				   .last_sequence =
				       strtoull(expected, NULL, 10)};
	int result;

	if (!bytes)
		return -1;
	memset(bytes, 'x', size);
	memcpy(bytes, id, strlen(id) < size ? strlen(id) : size);
	snprintf(place, sizeof place, "behind %s", id);
	result = nats_link_send(client->link, &batch, sequence, &client->fault);
	free(bytes);
	return result;
}

static void send_one(struct client *client, char *words)
{
	const char *id = strtok(words, " "), *expected = strtok(NULL, " "),
		   *size = strtok(NULL, " "), *subject = strtok(NULL, " ");
	uint64_t sequence;

	if (!size)
		printf("send ID EXPECTED BYTES [SUBJECT]\n");
	else if (send_batch(client, id, expected, strtoul(size, NULL, 10),
			    subject, &sequence) < 0)
		print_fault(client);
	else
		printf("sent %" PRIu64 "\n", sequence);
}

/* Sends batches one after the other, each expecting the one before it. */
static void send_burst(struct client *client, char *words)
{
	unsigned long n = strtoul(words, &words, 10);
	size_t size = strtoul(words, NULL, 10);
	char id[32], expected[32] = "0";
	struct nats_last last;
	uint64_t sequence;

	if (nats_link_last(client->link, &last, &client->fault) < 0) {
		print_fault(client);
		return;
	}
	sequence = last.sequence;
	for (unsigned long i = 0; i < n; i++) {
		snprintf(id, sizeof id, "burst-%" PRIu64, sequence + 1);
		snprintf(expected, sizeof expected, "%" PRIu64, sequence);
		if (send_batch(client, id, expected, size, NULL, &sequence) <
		    0) {
			print_fault(client);
			return;
		}
	}
	printf("sent %" PRIu64 "\n", sequence);
}

static void open_feed(struct client *client, const char *words)
{
	const struct nats_feed_from from = {
	    *words == '@' ? 0 : strtoull(words, NULL, 10),
	    *words == '@' ? strtoll(words + 1, NULL, 10) : 0};
	struct nats_feed_stream stream;

	if (nats_feed_open(&client->feed, &client->options, &from, &stream,
			   &client->fault) < 0) {
		client->feed = NULL;
		print_fault(client);
		return;
	}
	client->pending = stream.pending;
	printf("feed: first %" PRIu64 ", last %" PRIu64 ", pending %" PRIu64
	       "\n",
	       stream.first, stream.last, stream.pending);
}

static void print_message(const struct nats_message *message)
{
	printf("%" PRIu64 " %s %zu bytes [%.*s], id %s, %s %s, place [%s]",
	       message->sequence, message->subject, message->len,
	       (int)(message->len < 20 ? message->len : 20), message->bytes,
	       message->id ? message->id : "-",
	       message->name ? message->name : "-",
	       message->form ? message->form : "-",
	       message->place ? message->place : "-");
	if (message->chained)
		printf(", follows %" PRIu64, message->follows);
	printf(", pending %" PRIu64 "\n", message->pending);
}

/* Waits for the next message.  Returns 1, or -1 after a fault. */
static int wait_message(struct client *client, struct nats_message *message)
{
	int n;

	while ((n = nats_feed_next(client->feed, message, &client->fault)) ==
	       0) {
		struct pollfd polled = {nats_feed_descriptor(client->feed),
					POLLIN, 0};

		poll(&polled, 1, nats_feed_timeout(client->feed));
	}
	if (n < 0)
		print_fault(client);
	return n;
}

static void take_messages(struct client *client, const char *words)
{
	bool all = !strncmp(words, "all", 3);
	bool count = strstr(words, "-count") != NULL;
	unsigned long most = all ? 0 : strtoul(words, NULL, 10), n = 0;
	struct nats_message message;
	size_t bytes = 0;

	if (!client->feed)
		return;
	while (all ? client->pending > 0 : n < most) {
		if (wait_message(client, &message) < 0)
			return;
		client->pending = message.pending;
		bytes += message.len;
		n++;
		if (!count)
			print_message(&message);
	}
	if (count)
		printf("took %lu messages, %zu bytes\n", n, bytes);
}

static void ask_left(struct client *client, char *words)
{
	uint64_t from = strtoull(words, &words, 10);
	uint64_t to = strtoull(words, NULL, 10);
	int n;

	if (!client->feed)
		return;
	n = nats_feed_left(client->feed, from, to, &client->fault);
	if (n < 0)
		print_fault(client);
	else
		printf("%s\n", n ? "some are left" : "none is left");
}

/* A child that is executed must have the three first descriptors alone. */
static void list_children(void)
{
	fflush(stdout);
	if (system("for f in /proc/self/fd/*; do f=${f##*/}; "
		   "[ $f -lt 3 ] || readlink /proc/self/fd/$f; done "
		   "| grep -v ^/proc/; echo children") < 0)
		printf("%s\n", strerror(errno));
}

static void obey(struct client *client, char *line)
{
	char *words = strchr(line, ' ');

	words = words ? words + 1 : line + strlen(line);
	if (!strcmp(line, "open")) {
		open_link(client);
	} else if (!strcmp(line, "close")) {
		nats_link_close(client->link);
		client->link = NULL;
		printf("closed\n");
	} else if (!strncmp(line, "feed ", 5)) {
		open_feed(client, words);
	} else if (!strncmp(line, "take ", 5)) {
		take_messages(client, words);
	} else if (!strncmp(line, "left ", 5)) {
		ask_left(client, words);
	} else if (!strcmp(line, "leave")) {
		nats_feed_close(client->feed);
		client->feed = NULL;
		printf("left\n");
	} else if (!strcmp(line, "children")) {
		list_children();
	} else if (!strncmp(line, "slow ", 5)) {
		slow_destruction = true;
		slow_locks = atoi(words);
	} else if (!client->link) {
		printf("no link\n");
	} else if (!strcmp(line, "last")) {
		print_last(client);
	} else if (!strncmp(line, "send ", 5)) {
		send_one(client, words);
	} else if (!strncmp(line, "burst ", 6)) {
		send_burst(client, words);
	} else {
		printf("unknown command: %s\n", line);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct client client = {.options = {.milliseconds = 10000}};
	char why[STREAM_KEYS_WHY_MAX], line[1024];
	const char *reason;
	int option;

	while ((option = getopt(argc, argv, "t:")) != -1)
		client.options.milliseconds = atoi(optarg);
	reason =
	    optind == argc - 1
		? stream_url_parse(&client.url, argv[optind], STREAM_URL_READ)
		: "usage: nats-client [-t MILLISECONDS] URL";
	if (reason || !stream_keys_read(&client.keys, why)) {
		fprintf(stderr, "%s\n", reason ? reason : why);
		return 100;
	}
	if (pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return 111;
	signal(SIGTERM, tell_stop);
	client.options.url = &client.url;
	client.options.keys = &client.keys;
	client.options.stop = stop_pipe[0];
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = 0;
		obey(&client, line);
	}
	nats_link_close(client.link);
	nats_feed_close(client.feed);
	stream_keys_free(&client.keys);
	return 0;
}
