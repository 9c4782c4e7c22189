/*
 * nats-load [-h] URL STREAM SUBJECT BYTES <lines: publishes whole lines of a
 * file in messages of up to BYTES bytes, each with an id, by libnats alone: the
 * next one when the one before is acknowledged. With -h, each has the headers
 * of rlogship too, and expects the one before to be the last of its subject.
 * Measures what rlogship may reach.
 */

#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is published, and where. */
struct load {
	jsCtx *js;
	const char *stream, *subject;
	uint64_t last; /* the message before, in the stream */
	unsigned long number;
	bool headers;
};

static void check_status(natsStatus status, const char *what)
{
	if (status == NATS_OK)
		return;
	fprintf(stderr, "nats-load: %s: %s\n", what,
		natsStatus_GetText(status));
	exit(111);
}

/* The bytes of the file on descriptor 0. */
static const char *map_input(size_t *len)
{
	struct stat st;
	void *bytes;

	if (fstat(0, &st) < 0)
		exit(111);
	*len = (size_t)st.st_size;
	bytes = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, 0, 0);
	if (bytes == MAP_FAILED)
		exit(111);
	return bytes;
}

/* How many bytes of whole lines there are, at most `most`. */
static size_t cut_batch(const char *bytes, size_t len, size_t most)
{
	const char *end;

	if (len <= most)
		return len;
	end = memrchr(bytes, '\n', most);
	return end ? (size_t)(end + 1 - bytes) : most;
}

/* Headers as long as those of rlogship. */
static void add_headers(natsMsg *message, unsigned long number)
{
	char lines[24];

	snprintf(lines, sizeof lines, "%lu", number);
	natsMsgHeader_Set(message, "Rlog-Name", "h/s1");
	natsMsgHeader_Set(message, "Rlog-Place",
			  "0123456789abcdef 0123456789abcdef 1234567 "
			  "@400000006b02f8960b47a090");
	natsMsgHeader_Set(message, "Rlog-Form", "json");
	natsMsgHeader_Set(message, "Rlog-Lines", lines);
}

static void publish_batch(struct load *load, const char *bytes, size_t len)
{
	jsPubOptions options;
	jsPubAck *ack = NULL;
	natsMsg *message;
	char id[128];

	check_status(jsPubOptions_Init(&options), "options");
	snprintf(id, sizeof id, "%s/@400000006b02f8960b47a090-%lu",
		 load->subject, ++load->number);
	options.MsgId = id;
	options.ExpectStream = load->stream;
	check_status(
	    natsMsg_Create(&message, load->subject, NULL, bytes, (int)len),
	    "message");
	if (load->headers) {
		options.ExpectLastSubjectSeq = load->last;
		options.ExpectNoMessage = load->last == 0;
		add_headers(message, load->number);
	}
	check_status(js_PublishMsg(&ack, load->js, message, &options, NULL),
		     "publish");
	load->last = ack->Sequence;
	jsPubAck_Destroy(ack);
	natsMsg_Destroy(message);
}

int main(int argc, char **argv)
{
	struct load load = {.headers = argc > 1 && !strcmp(argv[1], "-h")};
	natsConnection *connection;
	size_t len, n, most;
	const char *bytes;

	argv += load.headers;
	if (argc - load.headers != 5) {
		fputs("usage: nats-load [-h] URL STREAM SUBJECT BYTES\n",
		      stderr);
		return 100;
	}
	load.stream = argv[2];
	load.subject = argv[3];
	most = strtoul(argv[4], NULL, 10);
	bytes = map_input(&len);
	check_status(natsConnection_ConnectTo(&connection, argv[1]), "connect");
	check_status(natsConnection_JetStream(&load.js, connection, NULL),
		     "JetStream");
	for (size_t i = 0; i < len; i += n) {
		n = cut_batch(bytes + i, len - i, most);
		publish_batch(&load, bytes + i, n);
	}
	jsCtx_Destroy(load.js);
	natsConnection_Destroy(connection);
	nats_Close();
	return 0;
}
