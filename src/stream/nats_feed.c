/*
 * Reads a stream through a consumer of its own on the server, which sends only
 * what it is asked for: one request for some messages at a time, and the next
 * one when that was fulfilled or has expired.
 *
 * The consumer numbers what it sends, so that a message that was lost between
 * the server and here is noticed by its number; sequences in the stream must
 * rise.  Requests have numbered subjects for their answers, so that the late
 * end of one is not taken for that of the next one.  A request expires at the
 * server before the caller ceases to wait for it: an idle server is heard of,
 * too. The consumer keeps no acknowledgements, and so it may read no stream
 * that deletes what was acknowledged.  The server places it on any of those
 * that have the stream, which tells of messages that it has itself.
 *
 * Tested by tests/peer/nats-link.t and tests/peer/nats-hostile.t.
 */
#include "stream/nats_feed.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "stream/feed_reply.h"
#include "stream/nats_session.h"
#include "stream/next_reply.h"

enum {
	REQUEST_MESSAGES = 256,
	REQUEST_BYTES = 4 << 20, /* at least one message, too */
	/* Ends of requests and heartbeats that are not taken yet. */
	INBOX_MESSAGES = REQUEST_MESSAGES + 16,
	CONSUMER_LIFE = 300, /* seconds without a request */
	SUBJECT_MAX = 512,
	HEADER_MAX = 512
};

/* What the thread works on. */
struct subscriber {
	struct nats_session session;
	struct nats_feed_from from;
	natsSubscription *subscription;
	char inbox[128];    /* the request's number follows */
	char consumer[128]; /* name, or empty */
	uint64_t pending, start;
	uint64_t left_from, left_to; /* of nats_feed_left */
	bool left;
};

struct nats_feed {
	struct subscriber *subscriber; /* NULL: given up */
	uint64_t request;              /* number of the last request */
	size_t wanted;                 /* messages that it may still bring */
	size_t brought;                /* messages that it has brought */
	int64_t asked_at;              /* when the last request was sent */
	int64_t silent_at;             /* when the server is given up */
	uint64_t number, sequence;     /* of the last message */
	natsMsg *message;              /* that the caller looks at, or NULL */
	bool failed;
	struct stream_fault fault;
};

static void dispose_subscriber(void *object)
{
	struct subscriber *subscriber = object;
	struct nats_session *session = &subscriber->session;

	if (*subscriber->consumer &&
	    natsConnection_Status(session->connection) ==
		NATS_CONN_STATUS_CONNECTED)
		nats_session_check(
		    session,
		    js_DeleteConsumer(session->js, session->url.stream,
				      subscriber->consumer, NULL, NULL),
		    0);
	nats_session_disconnect(session);
	natsSubscription_Destroy(subscriber->subscription);
	nats_session_clear(session);
	free(subscriber);
}

static natsStatus subscribe_inbox(struct subscriber *subscriber)
{
	struct nats_session *session = &subscriber->session;
	char subject[sizeof subscriber->inbox + 2];
	natsInbox *inbox = NULL;
	natsStatus status = natsInbox_Create(&inbox);

	if (status != NATS_OK)
		return status;
	snprintf(subscriber->inbox, sizeof subscriber->inbox, "%s", inbox);
	snprintf(subject, sizeof subject, "%s.*", inbox);
	natsInbox_Destroy(inbox);
	status = natsConnection_Subscribe(
	    &subscriber->subscription, session->connection, subject,
	    nats_inbox_on_message, session->inbox);
	if (status != NATS_OK)
		return status;
	nats_inbox_hold(session->inbox);
	status = natsSubscription_SetOnCompleteCB(
	    subscriber->subscription, nats_inbox_on_complete, session->inbox);
	if (status != NATS_OK)
		nats_inbox_release(session->inbox);
	return status;
}

static void configure_consumer(jsConsumerConfig *config,
			       const struct subscriber *subscriber)
{
	const struct nats_feed_from *from = &subscriber->from;

	jsConsumerConfig_Init(config);
	config->AckPolicy = js_AckNone;
	config->InactiveThreshold = (int64_t)CONSUMER_LIFE * 1000000000;
	config->MemoryStorage = true;
	if (*subscriber->session.url.subject)
		config->FilterSubject = subscriber->session.url.subject;
	if (from->sequence) {
		config->DeliverPolicy = js_DeliverByStartSequence;
		config->OptStartSeq = from->sequence;
	} else if (from->time) {
		config->DeliverPolicy = js_DeliverByStartTime;
		config->OptStartTime = from->time;
	} else {
		config->DeliverPolicy = js_DeliverAll;
	}
}

static void add_consumer(void *object)
{
	struct subscriber *subscriber = object;
	struct nats_session *session = &subscriber->session;
	jsConsumerInfo *info = NULL;
	jsConsumerConfig config;
	jsErrCode code = 0;
	natsStatus status;

	if (session->stream.deletes_read) {
		stream_fault_set(&session->fault, STREAM_FAULT_UNFIT_STREAM,
				 NULL);
		return;
	}
	if (!nats_session_check(session, subscribe_inbox(subscriber), 0))
		return;
	configure_consumer(&config, subscriber);
	status = js_AddConsumer(&info, session->js, session->url.stream,
				&config, NULL, &code);
	if (!nats_session_check(session, status, (int)code))
		return;
	if (!info || !info->Name || !*info->Name ||
	    strlen(info->Name) >= sizeof subscriber->consumer) {
		stream_fault_set(&session->fault, STREAM_FAULT_PROTOCOL,
				 "a consumer without a name");
	} else {
		strcpy(subscriber->consumer, info->Name);
		subscriber->pending = info->NumPending;
		subscriber->start = info->Delivered.Stream + 1;
	}
	jsConsumerInfo_Destroy(info);
}

/*
 * Asks the leader.  The leader of before may be another one by now, that does
 * not have all yet.
 */
static void ask_left(void *object)
{
	struct subscriber *subscriber = object;
	struct nats_session *session = &subscriber->session;
	const char *filter = session->url.subject;
	char subject[SUBJECT_MAX], json[SUBJECT_MAX];
	natsMsg *answer = NULL;
	uint64_t sequence = 0;
	natsStatus status;
	int code, n;

	snprintf(subject, sizeof subject, "$JS.API.STREAM.MSG.GET.%s",
		 session->url.stream);
	snprintf(json, sizeof json, "{\"seq\":%llu,\"next_by_subj\":\"%s\"}",
		 (unsigned long long)subscriber->left_from,
		 *filter ? filter : ">");
	status = natsConnection_RequestString(
	    &answer, session->connection, subject, json, session->milliseconds);
	if (!nats_session_check(session, status, 0))
		return;
	n = next_reply_parse(natsMsg_GetData(answer),
			     (size_t)natsMsg_GetDataLength(answer), &sequence,
			     &code);
	natsMsg_Destroy(answer);
	subscriber->left = n > 0 && sequence <= subscriber->left_to;
	if (n < 0 && code)
		stream_fault_set_code(&session->fault, code, NULL);
	else if (n < 0 || (n > 0 && sequence < subscriber->left_from))
		stream_fault_set(&session->fault, STREAM_FAULT_PROTOCOL,
				 "an answer without a message");
	else if (n == 0 && nats_session_ask_stream(session) &&
		 session->stream.last < subscriber->left_to)
		stream_fault_set(&session->fault, STREAM_FAULT_DISCONNECTED,
				 "the stream's leader has lost messages");
}

static int fail_feed(struct nats_feed *feed, enum stream_fault_kind kind,
		     const char *text)
{
	feed->failed = true;
	stream_fault_set(&feed->fault, kind, text);
	return -1;
}

/* Asks for the next messages. */
static int send_request(struct nats_feed *feed)
{
	struct subscriber *subscriber = feed->subscriber;
	struct nats_session *session = &subscriber->session;
	size_t bytes = session->stream.largest + SUBJECT_MAX;
	char subject[SUBJECT_MAX], reply[sizeof subscriber->inbox + 24],
	    json[160];
	int n;

	if (bytes < REQUEST_BYTES)
		bytes = REQUEST_BYTES;
	snprintf(subject, sizeof subject, "$JS.API.CONSUMER.MSG.NEXT.%s.%s",
		 session->url.stream, subscriber->consumer);
	snprintf(reply, sizeof reply, "%s.%llu", subscriber->inbox,
		 (unsigned long long)++feed->request);
	n = snprintf(json, sizeof json,
		     "{\"batch\":%d,\"max_bytes\":%zu,\"expires\":%lld}",
		     REQUEST_MESSAGES, bytes,
		     (long long)session->milliseconds * 1000000);
	feed->wanted = REQUEST_MESSAGES;
	feed->brought = 0;
	feed->asked_at = nats_worker_clock();
	feed->silent_at = feed->asked_at + 2 * session->milliseconds;
	if (natsConnection_PublishRequest(session->connection, subject, reply,
					  json, n) == NATS_OK)
		return 0;
	if (nats_inbox_has_fault(session->inbox, &feed->fault)) {
		feed->failed = true;
		return -1;
	}
	return fail_feed(feed, STREAM_FAULT_DISCONNECTED, NULL);
}

int nats_feed_open(struct nats_feed **feed, const struct nats_options *options,
		   const struct nats_feed_from *from,
		   struct nats_feed_stream *stream, struct stream_fault *fault)
{
	struct nats_feed *made = calloc(1, sizeof *made);
	struct subscriber *subscriber = calloc(1, sizeof *subscriber);
	struct nats_session *session = &subscriber->session;

	if (!made || !subscriber) {
		free(made);
		free(subscriber);
		stream_fault_set(fault, STREAM_FAULT_MEMORY, NULL);
		return -1;
	}
	subscriber->from = *from;
	if (nats_session_open(session, options, INBOX_MESSAGES,
			      dispose_subscriber, fault) < 0) {
		free(made);
		return -1;
	}
	made->subscriber = subscriber;
	if (nats_session_run(&session, add_consumer, 0, fault) < 0) {
		if (session)
			nats_session_close(session);
		free(made);
		return -1;
	}
	if (from->sequence && session->stream.last >= from->sequence - 1)
		made->sequence = from->sequence - 1;
	*stream = (struct nats_feed_stream){
	    session->stream.created, session->stream.first,
	    session->stream.last, subscriber->pending, subscriber->start};
	if (send_request(made) < 0) {
		*fault = made->fault;
		nats_feed_close(made);
		return -1;
	}
	*feed = made;
	return 0;
}

int nats_feed_descriptor(const struct nats_feed *feed)
{
	return !feed->subscriber
		   ? -1
		   : nats_inbox_descriptor(feed->subscriber->session.inbox);
}

int nats_feed_timeout(const struct nats_feed *feed)
{
	int64_t left = feed->silent_at - nats_worker_clock();

	if (feed->failed || left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

/* Returns a header of the message if it is printable ASCII, or NULL. */
static const char *find_header(natsMsg *message, const char *name)
{
	const char *value = NULL;
	size_t len = 0;

	if (natsMsgHeader_Get(message, name, &value) != NATS_OK || !value)
		return NULL;
	for (; value[len]; len++)
		if (len == HEADER_MAX || value[len] < ' ' || value[len] > '~')
			return NULL;
	return value;
}

static bool find_number(uint64_t *number, natsMsg *message, const char *name)
{
	const char *text = find_header(message, name);

	return text && number_parse_count(number, text, UINT64_MAX);
}

/* Fills in what the caller sees of the message that the feed keeps. */
static void describe_message(struct nats_message *message, natsMsg *from,
			     const struct feed_reply *reply)
{
	*message = (struct nats_message){
	    .sequence = reply->sequence,
	    .time = reply->time,
	    .pending = reply->pending,
	    .subject = natsMsg_GetSubject(from),
	    .bytes = natsMsg_GetData(from),
	    .len = (size_t)natsMsg_GetDataLength(from),
	    .id = find_header(from, "Nats-Msg-Id"),
	    .place = find_header(from, "Rlog-Place"),
	    .name = find_header(from, "Rlog-Name"),
	    .form = find_header(from, "Rlog-Form"),
	};
	if (!find_number(&message->lines, from, "Rlog-Lines"))
		message->lines = 0;
	message->chained = find_number(&message->follows, from,
				       "Nats-Expected-Last-Subject-Sequence");
}

/*
 * True if a request has ended as it should: it has expired, or the next message
 * is larger than the rest of what it asks for.  A server that ends requests
 * without reason would be asked again and again.
 */
static bool has_expired(const struct nats_feed *feed, const char *status,
			const char *words)
{
	int64_t lasted = nats_worker_clock() - feed->asked_at;

	if (!strcmp(status, "408"))
		return feed->brought ||
		       lasted >= feed->subscriber->session.milliseconds / 2;
	return !strcmp(status, "409") && words && feed->brought &&
	       strstr(words, "MaxBytes");
}

/*
 * Acts on the end of a request, which a server tells by a message with a
 * status. Returns 0 if the feed goes on, or -1.
 */
static int end_request(struct nats_feed *feed, natsMsg *message)
{
	const char *status = find_header(message, "Status");
	const char *words = find_header(message, "Description");
	const char *subject = natsMsg_GetSubject(message);
	const char *dot = strrchr(subject, '.');
	uint64_t request;

	if (!status || !dot ||
	    !number_parse_count(&request, dot + 1, UINT64_MAX))
		return fail_feed(feed, STREAM_FAULT_PROTOCOL,
				 "a message without a number");
	if (!strcmp(status, "100") || request != feed->request)
		return 0;
	if (!strcmp(status, "503"))
		return fail_feed(feed, STREAM_FAULT_NO_RESPONDERS, NULL);
	if (has_expired(feed, status, words))
		return send_request(feed);
	return fail_feed(feed, STREAM_FAULT_DISCONNECTED,
			 words ? words : "the server ended a request");
}

/* Checks that a message is the next one.  Returns 1, or -1. */
static int accept_message(struct nats_feed *feed,
			  const struct feed_reply *reply)
{
	char text[STREAM_FAULT_TEXT_MAX];

	if (reply->number != feed->number + 1 || reply->delivered != 1 ||
	    reply->sequence <= feed->sequence) {
		snprintf(text, sizeof text,
			 "message %llu (delivery %llu) follows message %llu "
			 "(delivery %llu)",
			 (unsigned long long)reply->sequence,
			 (unsigned long long)reply->number,
			 (unsigned long long)feed->sequence,
			 (unsigned long long)feed->number);
		return fail_feed(feed, STREAM_FAULT_GAP, text);
	}
	if (!feed->wanted)
		return fail_feed(feed, STREAM_FAULT_PROTOCOL,
				 "more messages than were asked for");
	feed->number = reply->number;
	feed->sequence = reply->sequence;
	feed->brought++;
	feed->silent_at =
	    nats_worker_clock() + 2 * feed->subscriber->session.milliseconds;
	return --feed->wanted || send_request(feed) == 0 ? 1 : -1;
}

/* Takes the next message of the inbox.  Returns 1, 0 if there is none, or -1.
 */
static int take_message(struct nats_feed *feed, struct nats_message *message)
{
	struct subscriber *subscriber = feed->subscriber;
	struct feed_reply reply;
	const char *to;
	int n = 0;

	while (n == 0) {
		natsMsg *from = nats_inbox_take(subscriber->session.inbox);

		if (!from)
			return 0;
		feed->message = from;
		to = natsMsg_GetReply(from);
		if (to &&
		    feed_reply_parse(&reply, to, subscriber->session.url.stream,
				     subscriber->consumer))
			n = accept_message(feed, &reply);
		else
			n = end_request(feed, from);
		if (n != 0)
			break;
		natsMsg_Destroy(from);
		feed->message = NULL;
	}
	if (n > 0)
		describe_message(message, feed->message, &reply);
	return n;
}

int nats_feed_next(struct nats_feed *feed, struct nats_message *message,
		   struct stream_fault *fault)
{
	int n = 0;

	natsMsg_Destroy(feed->message);
	feed->message = NULL;
	if (!feed->failed)
		n = take_message(feed, message);
	if (n == 0 && !feed->failed) {
		if (nats_inbox_has_fault(feed->subscriber->session.inbox,
					 &feed->fault))
			feed->failed = true;
		else if (nats_worker_clock() >= feed->silent_at)
			fail_feed(feed, STREAM_FAULT_TIMEOUT, NULL);
	}
	if (!feed->failed)
		return n;
	*fault = feed->fault;
	return -1;
}

int nats_feed_left(struct nats_feed *feed, uint64_t from, uint64_t to,
		   struct stream_fault *fault)
{
	struct subscriber *subscriber = feed->subscriber;
	struct nats_session *session = subscriber ? &subscriber->session : NULL;

	if (feed->failed) {
		*fault = feed->fault;
		return -1;
	}
	subscriber->left_from = from;
	subscriber->left_to = to;
	if (nats_session_run(&session, ask_left, 0, fault) == 0)
		return subscriber->left;
	feed->failed = true;
	feed->fault = *fault;
	if (!session)
		feed->subscriber = NULL;
	return -1;
}

void nats_feed_close(struct nats_feed *feed)
{
	if (!feed)
		return;
	natsMsg_Destroy(feed->message);
	if (feed->subscriber)
		nats_session_close(&feed->subscriber->session);
	free(feed);
}
