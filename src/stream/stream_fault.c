/*
 * Faults of streams: the words of each kind, and the kind of each error code.
 * Texts may be a server's, so that only printable ASCII goes through.
 */
#include "stream/stream_fault.h"

#include <stddef.h>
#include <string.h>

/* The server has this code for all limits, which only its words tell apart. */
enum { STORE_FAILED = 10077 };

static const char *const words[STREAM_FAULT_KINDS] = {
    [STREAM_FAULT_NONE] = "no fault",
    [STREAM_FAULT_NO_LIBRARY] =
	"this program was built without a library that it needs",
    [STREAM_FAULT_KEYS] = "unusable certificate or key",
    [STREAM_FAULT_NO_SERVER] = "no server answers",
    [STREAM_FAULT_NO_TLS] = "the server does not speak TLS",
    [STREAM_FAULT_CERTIFICATE] = "the TLS handshake failed",
    [STREAM_FAULT_REFUSED_LOGIN] = "the server refuses the user",
    [STREAM_FAULT_NOT_PERMITTED] = "the user may not do this",
    [STREAM_FAULT_NO_JETSTREAM] = "the server has no JetStream",
    [STREAM_FAULT_NO_STREAM] = "there is no such stream",
    [STREAM_FAULT_OTHER_STREAM] = "the subject does not belong to the stream",
    [STREAM_FAULT_UNFIT_STREAM] = "the stream deletes messages that are read",
    [STREAM_FAULT_FULL] = "the stream is full",
    [STREAM_FAULT_TOO_LARGE] = "the message is too large",
    [STREAM_FAULT_TAKES_SECOND] = ("the stream takes a second message of a "
				   "subject, so that sessions could be stored "
				   "twice: make it with make-stream -s"),
    [STREAM_FAULT_KEPT] = "the stream has a message of this subject already",
    [STREAM_FAULT_OTHER_LOG] =
	("the last message of the subject is not of "
	 "this log: each log needs a subject of its own"),
    [STREAM_FAULT_SET_BACK] = "the server lacks messages that the stream had",
    [STREAM_FAULT_WRONG_SEQUENCE] = "wrong last sequence",
    [STREAM_FAULT_DUPLICATE] = "the server has this message already",
    [STREAM_FAULT_NO_RESPONDERS] = "no server answers for the stream",
    [STREAM_FAULT_TIMEOUT] = "the server did not answer in time",
    [STREAM_FAULT_DISCONNECTED] = "the connection broke",
    [STREAM_FAULT_GAP] = "a message is missing or out of order",
    [STREAM_FAULT_PROTOCOL] = "the server's answer makes no sense",
    [STREAM_FAULT_REFUSED] = "the server refuses the request",
    [STREAM_FAULT_STOPPED] = "told to stop",
    [STREAM_FAULT_LOCAL] = "a file or program of this machine fails",
    [STREAM_FAULT_MEMORY] = "out of memory",
};

/* Errors of JetStream's API, as its sources number them. */
static const struct {
	int code;
	enum stream_fault_kind kind;
} codes[] = {
    {10002, STREAM_FAULT_FULL}, /* resource limits exceeded for account */
    {10006, STREAM_FAULT_NO_RESPONDERS}, /* not in clustered mode, yet */
    {10007, STREAM_FAULT_NO_RESPONDERS}, /* request not assigned */
    {10008, STREAM_FAULT_NO_RESPONDERS}, /* temporarily unavailable */
    {10009, STREAM_FAULT_NO_RESPONDERS}, /* not the leader */
    {10014, STREAM_FAULT_DISCONNECTED},  /* the feed's consumer is gone */
    {10023, STREAM_FAULT_FULL},          /* insufficient resources */
    {10028, STREAM_FAULT_FULL},          /* insufficient memory */
    {10035, STREAM_FAULT_NO_JETSTREAM},  /* account not found */
    {10039, STREAM_FAULT_NO_JETSTREAM},  /* not enabled for account */
    {10047, STREAM_FAULT_FULL},          /* insufficient storage */
    {10054, STREAM_FAULT_TOO_LARGE},
    {10056, STREAM_FAULT_OTHER_STREAM}, /* stream name does not match */
    {10059, STREAM_FAULT_NO_STREAM},
    {10060, STREAM_FAULT_OTHER_STREAM},
    {10070, STREAM_FAULT_WRONG_SEQUENCE}, /* wrong last message id */
    {10071, STREAM_FAULT_WRONG_SEQUENCE},
    {10076, STREAM_FAULT_NO_JETSTREAM},  /* not enabled */
    {10077, STREAM_FAULT_FULL},          /* the limits of the stream */
    {10118, STREAM_FAULT_NO_RESPONDERS}, /* stream is offline */
    {10119, STREAM_FAULT_NO_RESPONDERS}, /* consumer is offline */
    {10122, STREAM_FAULT_FULL},
};

void stream_fault_set(struct stream_fault *fault, enum stream_fault_kind kind,
		      const char *text)
{
	size_t len = 0;

	if (!text || !*text)
		text = words[kind];
	fault->kind = kind;
	fault->code = 0;
	for (; len < sizeof fault->text - 1 && text[len]; len++)
		fault->text[len] =
		    text[len] >= ' ' && text[len] <= '~' ? text[len] : '?';
	fault->text[len] = 0;
}

void stream_fault_set_code(struct stream_fault *fault, int code,
			   const char *text)
{
	enum stream_fault_kind kind = STREAM_FAULT_REFUSED;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].code == code)
			kind = codes[i].kind;
	if (code == STORE_FAILED && text && strstr(text, "per subject"))
		kind = STREAM_FAULT_KEPT;
	stream_fault_set(fault, kind, text);
	fault->code = code;
}

const char *stream_fault_words(enum stream_fault_kind kind)
{
	return words[kind];
}
