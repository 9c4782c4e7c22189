/*
 * Faults of a connection to a server, of the server, and of its stream.  After
 * any of them the caller closes the link or feed and opens another one, at once
 * or after a pause.
 */
#ifndef STREAM_FAULT_H
#define STREAM_FAULT_H

enum { STREAM_FAULT_TEXT_MAX = 256 };

/*
 * Milliseconds for which a stream has to lack messages that it had before that
 * is believed.  A server that was stopped, or has lost its cluster, may answer
 * from an old state: nats-server looks every 10 s whether it has heard of most
 * others for 10 s, and only then gives up the lead of a stream
 * (lostQuorumCheckInterval and lostQuorumInterval in its raft.go).
 */
enum { STREAM_SET_BACK_SURE = 21000 };

enum stream_fault_kind {
	STREAM_FAULT_NONE,
	STREAM_FAULT_NO_LIBRARY,  /* the text says which; never passes */
	STREAM_FAULT_KEYS,        /* the library refuses a certificate or key */
	STREAM_FAULT_NO_SERVER,   /* no connection, or an unknown name */
	STREAM_FAULT_NO_TLS,      /* the server does not speak TLS */
	STREAM_FAULT_CERTIFICATE, /* server's certificate, or a failed TLS
				     handshake */
	STREAM_FAULT_REFUSED_LOGIN, /* also at random with libnats before 3.8 */
	STREAM_FAULT_NOT_PERMITTED, /* the user may not do this */
	STREAM_FAULT_NO_JETSTREAM,  /* not enabled for server or account */
	STREAM_FAULT_NO_STREAM,     /* no stream of this name */
	STREAM_FAULT_OTHER_STREAM,  /* the subject belongs to another stream, or
				       to none */
	STREAM_FAULT_UNFIT_STREAM,  /* rlogfetch: the stream deletes messages
				       that are read */
	STREAM_FAULT_FULL,          /* stream or server has no room */
	STREAM_FAULT_TOO_LARGE, /* message is larger than the stream or server
				   takes */
	STREAM_FAULT_TAKES_SECOND, /* the stream takes a second message of a
				      subject */
	STREAM_FAULT_KEPT, /* the stream keeps a message of this subject and
			      refuses a second one */
	STREAM_FAULT_OTHER_LOG, /* the subject's last message is of another log
				 */
	STREAM_FAULT_SET_BACK,  /* the stream lacks messages that it had */
	STREAM_FAULT_WRONG_SEQUENCE, /* another last sequence than expected */
	STREAM_FAULT_DUPLICATE,      /* the server knows the message's id */
	STREAM_FAULT_NO_RESPONDERS,  /* no server answers for the stream now */
	STREAM_FAULT_TIMEOUT,        /* no answer in time */
	STREAM_FAULT_DISCONNECTED,   /* the connection broke */
	STREAM_FAULT_GAP,      /* feed: a message is missing or out of order */
	STREAM_FAULT_PROTOCOL, /* an answer that no server should give */
	STREAM_FAULT_REFUSED,  /* any other refusal of the server */
	STREAM_FAULT_STOPPED,  /* options.stop became readable */
	STREAM_FAULT_LOCAL,    /* a file or program of this machine fails */
	STREAM_FAULT_MEMORY,
	STREAM_FAULT_KINDS /* number of kinds */
};

struct stream_fault {
	enum stream_fault_kind kind;
	int code;                         /* of JetStream's API, or 0 */
	char text[STREAM_FAULT_TEXT_MAX]; /* printable ASCII, one line */
};

/*
 * Sets kind and text.  Bytes of text that are not printable ASCII become '?';
 * what is too long is cut.  An empty or NULL text becomes the kind's.
 */
void stream_fault_set(struct stream_fault *fault, enum stream_fault_kind kind,
		      const char *text);

/* Sets a fault by an error of JetStream's API: its err_code and its text. */
void stream_fault_set_code(struct stream_fault *fault, int code,
			   const char *text);

/* Returns the kind's words, as "wrong last sequence". */
const char *stream_fault_words(enum stream_fault_kind kind);

#endif
