/*
 * Publishes batches, one at a time, by libnats.  A batch that is being sent is
 * the thread's work, so that the caller can make the next one.
 *
 * The message is made in the caller's thread, since its bytes are the caller's,
 * and belongs to the link from then on: the thread may still send it after the
 * caller has ceased to wait.  Headers are checked before they are set: a line
 * end in one would begin another header.  A server's answers count only if they
 * are complete: an acknowledgement without a sequence, or of a duplicate, whose
 * stored batch may be a shorter one, is no success.
 *
 * Tested by tests/peer/nats-link.t.
 */
#include "stream/nats_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/nats_session.h"

enum {
	/* Names and separators of all headers, two sequences, a count. */
	HEADER_NAMES = 160 + 3 * 20,
	HEADERS_MAX = HEADER_NAMES + NATS_ID_MAX + NATS_PLACE_MAX +
		      NATS_NAME_MAX + NATS_FORM_MAX
};

struct nats_link {
	struct nats_session *session; /* NULL: lost to its thread */
	struct publisher *publisher;  /* the session is its first member */
	size_t room, largest;
	bool sending; /* a batch was started, and its answer not taken */
};

/* What the thread works on. */
struct publisher {
	struct nats_session session;
	natsMsg *message; /* to be sent, or NULL */
	bool expects_last;
	uint64_t last_sequence;
	char id[NATS_ID_MAX];
	uint64_t stored; /* sequence of the sent message */
	struct nats_last last;
};

static void dispose_publisher(void *object)
{
	struct publisher *publisher = object;

	natsMsg_Destroy(publisher->message);
	nats_session_clear(&publisher->session);
	free(publisher);
}

int nats_link_open(struct nats_link **link, const struct nats_options *options,
		   struct stream_fault *fault)
{
	struct nats_link *made = calloc(1, sizeof *made);
	struct publisher *publisher = calloc(1, sizeof *publisher);
	size_t headers = HEADERS_MAX + strlen(options->url->stream);

	if (!made || !publisher) {
		free(made);
		free(publisher);
		stream_fault_set(fault, STREAM_FAULT_MEMORY, NULL);
		return -1;
	}
	if (nats_session_open(&publisher->session, options, 1,
			      dispose_publisher, fault) < 0) {
		free(made);
		return -1;
	}
	made->publisher = publisher;
	made->session = &publisher->session;
	made->largest = publisher->session.stream.largest;
	made->room = made->largest > headers ? made->largest - headers : 0;
	*link = made;
	return 0;
}

static bool is_fit_header(const char *text, size_t most)
{
	size_t len = 0;

	for (; text[len]; len++)
		if (len == most - 1 || text[len] < ' ' || text[len] > '~')
			return false;
	return len > 0;
}

/* False for 0, and for negative and overflown numbers as libnats reads them. */
static bool is_sequence(uint64_t sequence)
{
	return sequence && sequence <= INT64_MAX;
}

/* Copies a header of the subject's last message; to stays as it is without. */
static void copy_header(char *to, size_t size, natsMsg *message,
			const char *header)
{
	const char *text = NULL;

	if (natsMsgHeader_Get(message, header, &text) == NATS_OK && text &&
	    is_fit_header(text, size))
		strcpy(to, text);
}

/* Copies the headers that say how far the message goes, and of which log. */
static void copy_place(struct nats_last *last, natsMsg *message)
{
	copy_header(last->place, sizeof last->place, message, "Rlog-Place");
	copy_header(last->name, sizeof last->name, message, "Rlog-Name");
}

static void ask_last(void *object)
{
	struct publisher *publisher = object;
	struct nats_session *session = &publisher->session;
	struct nats_last *last = &publisher->last;
	natsMsg *message = NULL;
	jsErrCode code = 0;
	natsStatus status;

	*last = (struct nats_last){0};
	status = js_GetLastMsg(&message, session->js, session->url.stream,
			       session->url.subject, NULL, &code);
	if (code != JSNoMessageFoundErr) {
		if (!nats_session_check(session, status, (int)code))
			return;
		if (!message || !is_sequence(natsMsg_GetSequence(message))) {
			natsMsg_Destroy(message);
			stream_fault_set(&session->fault, STREAM_FAULT_PROTOCOL,
					 "a last message without a sequence");
			return;
		}
		last->found = true;
		last->sequence = natsMsg_GetSequence(message);
		copy_place(last, message);
		natsMsg_Destroy(message);
	}
	if (!nats_session_ask_stream(session))
		return;
	if (last->sequence > session->stream.last) {
		stream_fault_set(&session->fault, STREAM_FAULT_PROTOCOL,
				 "a last message behind the end of its stream");
		return;
	}
	last->stream_last = session->stream.last;
	last->created = session->stream.created;
	last->refuses_second = session->stream.refuses_second;
}

static int refuse_lost(struct stream_fault *fault)
{
	stream_fault_set(fault, STREAM_FAULT_DISCONNECTED,
			 "the connection was given up");
	return -1;
}

int nats_link_last(struct nats_link *link, struct nats_last *last,
		   struct stream_fault *fault)
{
	if (!link->session)
		return refuse_lost(fault);
	if (nats_session_run(&link->session, ask_last, 0, fault) < 0)
		return -1;
	*last = link->publisher->last;
	return 0;
}

static void publish_message(void *object)
{
	struct publisher *publisher = object;
	struct nats_session *session = &publisher->session;
	jsPubAck *ack = NULL;
	jsErrCode code = 0;
	jsPubOptions o;
	natsStatus status;

	jsPubOptions_Init(&o);
	o.MaxWait = session->milliseconds;
	o.MsgId = publisher->id;
	o.ExpectStream = session->url.stream;
	o.ExpectLastSubjectSeq =
	    publisher->expects_last ? publisher->last_sequence : 0;
	o.ExpectNoMessage =
	    publisher->expects_last && !publisher->last_sequence;
	status =
	    js_PublishMsg(&ack, session->js, publisher->message, &o, &code);
	natsMsg_Destroy(publisher->message);
	publisher->message = NULL;
	if (!nats_session_check(session, status, (int)code))
		return;
	if (!ack || !is_sequence(ack->Sequence) || !ack->Stream ||
	    strcmp(ack->Stream, session->url.stream) != 0)
		stream_fault_set(
		    &session->fault, STREAM_FAULT_PROTOCOL,
		    "an acknowledgement without the stream's name or "
		    "a sequence");
	else if (ack->Duplicate)
		stream_fault_set(&session->fault, STREAM_FAULT_DUPLICATE, NULL);
	else
		publisher->stored = ack->Sequence;
	jsPubAck_Destroy(ack);
}

/* Returns the number of bytes that headers and payload have at most, or 0 if a
 * header is not fit. */
static size_t measure_batch(const struct nats_link *link,
			    const struct nats_batch *batch)
{
	const struct {
		const char *text;
		size_t most;
	} headers[] = {
	    {batch->id, NATS_ID_MAX},
	    {batch->name, NATS_NAME_MAX},
	    {batch->form, NATS_FORM_MAX},
	    {batch->place ? batch->place : "-", NATS_PLACE_MAX},
	};
	size_t size = HEADER_NAMES + strlen(link->session->url.stream);

	if (batch->subject && !stream_url_is_subject(batch->subject, false))
		return 0;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		if (!is_fit_header(headers[i].text, headers[i].most))
			return 0;
		size += strlen(headers[i].text);
	}
	return size + batch->len;
}

static natsStatus make_message(struct publisher *publisher,
			       const struct nats_batch *batch)
{
	char lines[24];
	natsMsg *message = NULL;
	natsStatus status;

	snprintf(lines, sizeof lines, "%llu", (unsigned long long)batch->lines);
	status = natsMsg_Create(&message,
				batch->subject ? batch->subject
					       : publisher->session.url.subject,
				NULL, batch->bytes, (int)batch->len);
	if (status == NATS_OK)
		status = natsMsgHeader_Set(message, "Rlog-Name", batch->name);
	if (status == NATS_OK && batch->place)
		status = natsMsgHeader_Set(message, "Rlog-Place", batch->place);
	if (status == NATS_OK)
		status = natsMsgHeader_Set(message, "Rlog-Form", batch->form);
	if (status == NATS_OK)
		status = natsMsgHeader_Set(message, "Rlog-Lines", lines);
	if (status == NATS_OK)
		publisher->message = message;
	else
		natsMsg_Destroy(message);
	return status;
}

int nats_link_start(struct nats_link *link, const struct nats_batch *batch,
		    struct stream_fault *fault)
{
	struct publisher *publisher = link->publisher;
	size_t size;

	if (!link->session)
		return refuse_lost(fault);
	size = measure_batch(link, batch);
	if (!size || size > link->largest) {
		stream_fault_set(
		    fault,
		    size ? STREAM_FAULT_TOO_LARGE : STREAM_FAULT_PROTOCOL,
		    size ? NULL : "a header is not fit to be sent");
		return -1;
	}
	strcpy(publisher->id, batch->id);
	publisher->expects_last = batch->expects_last;
	publisher->last_sequence = batch->last_sequence;
	if (make_message(publisher, batch) != NATS_OK) {
		stream_fault_set(fault, STREAM_FAULT_MEMORY, NULL);
		return -1;
	}
	nats_session_begin(link->session, publish_message);
	link->sending = true;
	return 0;
}

int nats_link_answer(struct nats_link *link, uint64_t *sequence,
		     struct stream_fault *fault)
{
	link->sending = false;
	if (nats_session_finish(&link->session, NATS_LAST_WAIT, fault) < 0)
		return -1;
	*sequence = link->publisher->stored;
	return 0;
}

int nats_link_send(struct nats_link *link, const struct nats_batch *batch,
		   uint64_t *sequence, struct stream_fault *fault)
{
	return nats_link_start(link, batch, fault) < 0
		   ? -1
		   : nats_link_answer(link, sequence, fault);
}

size_t nats_link_room(const struct nats_link *link)
{
	return link->room;
}

void nats_link_close(struct nats_link *link)
{
	struct stream_fault fault;
	uint64_t sequence;

	if (!link)
		return;
	if (link->sending)
		nats_link_answer(link, &sequence, &fault);
	if (link->session)
		nats_session_close(link->session);
	free(link);
}
