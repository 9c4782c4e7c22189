/*
 * A link moves the bytes of a session (relp_session.h) between buffers and a
 * socket that does not block, in one loop for opening, sending and closing.
 *
 * Invariants: out has whole frames of messages that the session counts as sent,
 * of which the first out_at bytes are written.  lengths is a ring of the bytes
 * in the batch of each message in flight; its slot is the message's number,
 * counted from the first one of the session on.  Answers are read before
 * messages are written, so that no acknowledgement that has arrived is lost to
 * an error of writing.
 *
 * Tested by tests/peer/relp-rsyslog.t, relp-scripted.t and relp-tls.t.
 */
#include "relp/relp_link.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "relp/relp_session.h"
#include "relp/relp_tls.h"
#include "relp/socket_wait.h"
#include "relp/syslog_message.h"

enum { OUT_SIZE = 64 << 10, IN_SIZE = 4096 };

struct relp_link {
	int fd;
	struct relp_tls *tls; /* NULL: without TLS */
	int milliseconds, stop;
	bool failed;
	struct relp_session session;
	uint64_t sent;    /* messages of the session */
	uint64_t counted; /* of them, those whose acknowledgement was counted */
	size_t lengths[RELP_WINDOW];
	size_t out_at, out_len;
	char out[OUT_SIZE];
};

static int fail_link(struct stream_fault *fault, enum stream_fault_kind kind,
		     const char *text)
{
	stream_fault_set(fault, kind, text);
	return -1;
}

static int fail_server(struct stream_fault *fault,
		       const struct stream_server *server, const char *reason)
{
	char text[STREAM_FAULT_TEXT_MAX];

	snprintf(text, sizeof text, "%.160s:%u: %s", server->host,
		 (unsigned)server->port, reason);
	return fail_link(fault, STREAM_FAULT_NO_SERVER, text);
}

/* Sets the fault of a session that has ended. */
static int fail_session_of(const struct relp_link *link,
			   struct stream_fault *fault)
{
	const struct relp_session *session = &link->session;

	switch (session->reason) {
	case RELP_MALFORMED:
		return fail_link(fault, STREAM_FAULT_PROTOCOL,
				 "the server does not speak RELP");
	case RELP_UNEXPECTED:
		return fail_link(fault, STREAM_FAULT_PROTOCOL,
				 "unexpected answer of RELP");
	case RELP_ENDED:
		return fail_link(fault, STREAM_FAULT_DISCONNECTED,
				 "the server closes the session");
	default: return fail_link(fault, STREAM_FAULT_REFUSED, session->text);
	}
}

/* Waits for progress.  Returns 0, or -1 with *fault. */
static int wait_for_link(const struct socket_wait *wait,
			 const struct relp_link *link, short events,
			 struct stream_fault *fault)
{
	switch (socket_wait_for(wait, link->fd, events)) {
	case SOCKET_WAIT_READY: return 0;
	case SOCKET_WAIT_STOP:
		return fail_link(fault, STREAM_FAULT_STOPPED, NULL);
	default: return fail_link(fault, STREAM_FAULT_TIMEOUT, NULL);
	}
}

/* The result of recv and send that returned n; 0 is the end for recv alone. */
static ssize_t check_socket(ssize_t n, short event, short *events,
			    struct stream_fault *fault)
{
	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		*events = event;
		return 0;
	}
	return fail_link(fault, STREAM_FAULT_DISCONNECTED,
			 n ? strerror(errno) : NULL);
}

/*
 * Has TCP acknowledge at once what has arrived.  A server that writes its
 * answers one by one sends none while TCP delays the acknowledgement of the one
 * before, which is 40 ms for each batch.  The setting does not last.
 */
static void hasten_answers(const struct relp_link *link)
{
#ifdef TCP_QUICKACK
	const int on = 1;

	setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#else
	(void)link;
#endif
}

static ssize_t read_socket(struct relp_link *link, char *buf, size_t len,
			   short *events, struct stream_fault *fault)
{
	ssize_t n = link->tls
			? relp_tls_read(link->tls, buf, len, events, fault)
			: check_socket(recv(link->fd, buf, len, 0), POLLIN,
				       events, fault);

	hasten_answers(link);
	return n;
}

static ssize_t write_socket(struct relp_link *link, const char *buf, size_t len,
			    short *events, struct stream_fault *fault)
{
	if (link->tls)
		return relp_tls_write(link->tls, buf, len, events, fault);
	return check_socket(send(link->fd, buf, len, MSG_NOSIGNAL), POLLOUT,
			    events, fault);
}

/*
 * Reads and writes once, without waiting.  Returns 1 if bytes were moved, 0 if
 * *events have to be awaited, or -1 with *fault.
 */
static int move_bytes(struct relp_link *link, short *events,
		      struct stream_fault *fault)
{
	char in[IN_SIZE];
	short reads = 0, writes = 0;
	ssize_t got, put = 0;

	got = read_socket(link, in, sizeof in, &reads, fault);
	if (got < 0)
		return -1;
	if (got > 0 && !relp_session_receive(&link->session, in, (size_t)got))
		return link->session.phase == RELP_CLOSED
			   ? 1
			   : fail_session_of(link, fault);
	if (link->out_at < link->out_len) {
		put =
		    write_socket(link, link->out + link->out_at,
				 link->out_len - link->out_at, &writes, fault);
		if (put < 0)
			return -1;
		link->out_at += (size_t)put;
	}
	*events = reads | writes;
	return got > 0 || put > 0;
}

/* Moves bytes until the session leaves a phase.  Returns 0, or -1. */
static int leave_phase(struct relp_link *link, enum relp_phase phase,
		       const struct socket_wait *wait,
		       struct stream_fault *fault)
{
	short events = 0;
	int rc;

	while (link->session.phase == phase) {
		rc = move_bytes(link, &events, fault);
		if (rc < 0 ||
		    (rc == 0 && wait_for_link(wait, link, events, fault) < 0))
			return -1;
	}
	return 0;
}

static int shake_hands(struct relp_link *link, const struct socket_wait *wait,
		       struct stream_fault *fault)
{
	short events = 0;
	int rc;

	while ((rc = relp_tls_handshake(link->tls, link->fd, &events, fault)) ==
	       0)
		if (wait_for_link(wait, link, events, fault) < 0)
			return -1;
	return rc < 0 ? -1 : 0;
}

/* Connects the link's socket.  Returns 0, or -1 with *fault. */
static int connect_socket(struct relp_link *link,
			  const struct socket_address *address,
			  const struct stream_server *server,
			  const struct socket_wait *wait,
			  struct stream_fault *fault)
{
	int error = 0, on = 1;
	socklen_t len = sizeof error;

	link->fd = socket(address->address.ss_family,
			  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return fail_server(fault, server, strerror(errno));
	if (connect(link->fd, (const struct sockaddr *)&address->address,
		    address->len) < 0) {
		if (errno != EINPROGRESS)
			return fail_server(fault, server, strerror(errno));
		switch (socket_wait_for(wait, link->fd, POLLOUT)) {
		case SOCKET_WAIT_READY: break;
		case SOCKET_WAIT_STOP:
			return fail_link(fault, STREAM_FAULT_STOPPED, NULL);
		default: return fail_server(fault, server, strerror(ETIMEDOUT));
		}
	}
	getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		return fail_server(fault, server, strerror(error));
	setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return 0;
}

/* Opens a session with one address.  Returns 0, or -1 with *fault. */
static int open_address(struct relp_link *link,
			const struct relp_options *options,
			const struct stream_server *server,
			const struct socket_address *address,
			struct stream_fault *fault)
{
	unsigned int window = options->window ? options->window : RELP_WINDOW;
	struct socket_wait wait = {.stop = options->stop};

	if (options->url->tls) {
		link->tls = relp_tls_new(server->host, options->keys, fault);
		if (!link->tls)
			return -1;
	}
	socket_wait_limit(&wait, options->milliseconds);
	if (connect_socket(link, address, server, &wait, fault) < 0 ||
	    (link->tls && shake_hands(link, &wait, fault) < 0))
		return -1;
	link->out_len = relp_session_begin(&link->session, window, link->out);
	return leave_phase(link, RELP_OPENING, &wait, fault);
}

static void disconnect_link(struct relp_link *link)
{
	relp_tls_free(link->tls);
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
	link->tls = NULL;
}

/* True if the fault would be the same with another address. */
static bool is_own_fault(const struct stream_fault *fault)
{
	return fault->kind == STREAM_FAULT_STOPPED ||
	       fault->kind == STREAM_FAULT_KEYS ||
	       fault->kind == STREAM_FAULT_MEMORY ||
	       fault->kind == STREAM_FAULT_NO_LIBRARY;
}

/* Tries all addresses of a server.  Returns 0, or -1 with *fault. */
static int open_server(struct relp_link *link,
		       const struct relp_options *options,
		       const struct stream_server *server,
		       struct stream_fault *fault)
{
	struct socket_wait wait = {.stop = options->stop};
	struct socket_addresses found;
	enum socket_wait_end end;

	socket_wait_limit(&wait, options->milliseconds);
	end = socket_wait_addresses(&wait, &found, server->host, server->port);
	if (end == SOCKET_WAIT_STOP)
		return fail_link(fault, STREAM_FAULT_STOPPED, NULL);
	if (end == SOCKET_WAIT_TIMEOUT)
		return fail_server(fault, server, "no answer about its name");
	if (!found.n)
		return fail_server(fault, server, gai_strerror(found.error));
	for (size_t i = 0; i < found.n; i++) {
		if (open_address(link, options, server, &found.address[i],
				 fault) == 0)
			return 0;
		disconnect_link(link);
		if (is_own_fault(fault))
			break;
	}
	return -1;
}

int relp_link_open(struct relp_link **link, const struct relp_options *options,
		   struct stream_fault *fault)
{
	struct relp_link *new = calloc(1, sizeof *new);

	*link = new;
	if (!new)
		return fail_link(fault, STREAM_FAULT_MEMORY, NULL);
	new->fd = -1;
	new->milliseconds = options->milliseconds;
	new->stop = options->stop;
	for (size_t i = 0; i < options->url->servers; i++) {
		if (open_server(new, options, &options->url->server[i],
				fault) == 0)
			return 0;
		if (is_own_fault(fault))
			break;
	}
	free(new);
	*link = NULL;
	return -1;
}

/*
 * Adds messages to out, as many as the session and out have room for.  Returns
 * the number of bytes that were taken, or -1 with *fault.
 */
static ssize_t queue_messages(struct relp_link *link, const char *bytes,
			      size_t len, struct stream_fault *fault)
{
	size_t at = 0, n;

	if (link->out_at == link->out_len)
		link->out_at = link->out_len = 0;
	while (at < len && relp_session_room(&link->session) &&
	       OUT_SIZE - link->out_len > RELP_HEADER_MAX + SYSLOG_MAX) {
		const char *message = bytes + at;
		const char *newline = memchr(message, '\n', len - at);

		n = newline ? (size_t)(newline - message) : 0;
		if (n < 1 || n > SYSLOG_MAX)
			return fail_link(fault, STREAM_FAULT_TOO_LARGE, NULL);
		link->lengths[link->sent++ % RELP_WINDOW] = n + 1;
		link->out_len += relp_session_add(&link->session, n,
						  link->out + link->out_len);
		memcpy(link->out + link->out_len, message, n + 1);
		link->out_len += n + 1;
		at += n + 1;
	}
	return (ssize_t)at;
}

/* Returns the bytes of the messages that were acknowledged since. */
static size_t count_acked(struct relp_link *link)
{
	size_t n = 0;

	while (link->counted < relp_session_acked(&link->session))
		n += link->lengths[link->counted++ % RELP_WINDOW];
	return n;
}

/*
 * Waits for the server.  Once the program is told to end, *ending becomes true
 * and the wait short.  Returns 0, or -1 with *fault.
 */
static int wait_for_answers(struct relp_link *link, struct socket_wait *wait,
			    short events, bool *ending,
			    struct stream_fault *fault)
{
	if (wait_for_link(wait, link, events, fault) == 0)
		return 0;
	if (fault->kind == STREAM_FAULT_STOPPED && !*ending) {
		*ending = true;
		wait->stop = -1;
		socket_wait_limit(wait, RELP_LAST_WAIT);
		return 0;
	}
	if (*ending)
		stream_fault_set(fault, STREAM_FAULT_STOPPED, NULL);
	return -1;
}

static int send_messages(struct relp_link *link, const char *bytes, size_t len,
			 size_t *acked, struct stream_fault *fault)
{
	struct socket_wait wait = {.stop = link->stop};
	bool ending = false;
	size_t at = 0, n;
	ssize_t taken;
	short events;
	int rc;

	socket_wait_limit(&wait, link->milliseconds);
	while (*acked < len) {
		taken = ending
			    ? 0
			    : queue_messages(link, bytes + at, len - at, fault);
		if (taken < 0)
			return -1;
		at += (size_t)taken;
		if (ending && *acked == at)
			return fail_link(fault, STREAM_FAULT_STOPPED, NULL);
		rc = move_bytes(link, &events, fault);
		n = count_acked(link);
		*acked += n;
		if (n && !ending)
			socket_wait_limit(&wait, link->milliseconds);
		if (rc < 0 || (rc == 0 && wait_for_answers(link, &wait, events,
							   &ending, fault) < 0))
			return -1;
	}
	return 0;
}

int relp_link_send(struct relp_link *link, const char *bytes, size_t len,
		   size_t *acked, struct stream_fault *fault)
{
	int rc;

	*acked = 0;
	rc = send_messages(link, bytes, len, acked, fault);
	if (rc < 0)
		link->failed = true;
	return rc;
}

void relp_link_close(struct relp_link *link)
{
	struct socket_wait wait = {.stop = -1};
	struct stream_fault fault;

	if (!link)
		return;
	if (!link->failed) {
		socket_wait_limit(&wait, RELP_CLOSE_WAIT);
		link->out_at = 0;
		link->out_len = relp_session_finish(&link->session, link->out);
		leave_phase(link, RELP_CLOSING, &wait, &fault);
	}
	disconnect_link(link);
	free(link);
}
