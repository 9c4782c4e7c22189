/*
 * gnutls-calls HOW: a server of TLS on descriptor 0 by GnuTLS, with key.pem and
 * cert.pem. It answers each line with "got " and the line, "big" with 40,000
 * bytes, and ends at "quit". HOW names the calls that it makes:
 *
 * - record: gnutls_record_recv and gnutls_record_send
 * - errno: the same; tells errno, which was 42, after each call
 * - seq: gnutls_record_recv_seq and gnutls_record_send2
 * - packet: gnutls_record_recv_packet and gnutls_record_send_range
 * - cork: gnutls_record_send between cork and uncork
 * - file: gnutls_record_send_file
 * - wiped: the same in a thread of its own; tells whether bytes of the file are
 *   left on the stack of that thread
 * - memory: the transport is a pair of functions
 * - bare: the same, and the functions get no address
 * - again: the transport is not ready at each second call
 * - flush: the same, and the call is repeated without the bytes
 * - tickets: as record; a client can resume a session, in another process too
 *
 * Or it is a client on descriptors 6 and 7, which says "hello" and "quit" to
 * such a server:
 *
 * - client: gnutls_record_recv and gnutls_record_send
 * - client-memory: the transport is a pair of functions
 */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

enum { BIG = 40000, STACK = 1 << 20, PIECE = 64 };

static const char *how;

static bool is_how(const char *name)
{
	return strcmp(how, name) == 0;
}

static void check(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "gnutls-calls: fatal: unable to %s: %s\n", what,
		gnutls_strerror(result));
	exit(111);
}

/* Tells what a call has left in errno, and sets it for the next one. */
static void tell_errno(const char *call)
{
	if (is_how("errno"))
		fprintf(stderr, "%s: errno %d\n", call, errno);
	errno = 42;
}

static bool is_client(void)
{
	return is_how("client") || is_how("client-memory");
}

/* The session's first descriptor; the next one is the same socket. */
static int descriptor(void)
{
	return is_client() ? 6 : 0;
}

static ssize_t pull(gnutls_transport_ptr_t ctx, void *data, size_t size)
{
	(void)ctx;
	return read(descriptor(), data, size);
}

static ssize_t push(gnutls_transport_ptr_t ctx, const void *data, size_t size)
{
	static bool is_ready;

	(void)ctx;
	is_ready =
	    !is_ready || is_how("memory") || is_how("bare") || is_client();
	if (is_ready)
		return write(descriptor(), data, size);
	errno = EAGAIN;
	return -1;
}

/* All processes have one key. */
static void offer_tickets(gnutls_session_t session)
{
	unsigned char secret[64];
	const gnutls_datum_t key = {secret, sizeof secret};

	memset(secret, 'k', sizeof secret);
	check(gnutls_session_ticket_enable_server(session, &key),
	      "offer tickets");
}

static gnutls_session_t
begin_session(gnutls_certificate_credentials_t credentials)
{
	gnutls_session_t session;
	int result;

	check(
	    gnutls_init(&session, is_client() ? GNUTLS_CLIENT : GNUTLS_SERVER),
	    "begin");
	check(gnutls_set_default_priority(session), "begin");
	check(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
				     credentials),
	      "begin");
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST);
	if (is_how("tickets"))
		offer_tickets(session);
	if (is_how("memory") || is_how("bare") || is_how("again") ||
	    is_how("flush") || is_how("client-memory")) {
		gnutls_transport_set_ptr(session, is_how("bare") ? NULL : &how);
		gnutls_transport_set_pull_function(session, pull);
		gnutls_transport_set_push_function(session, push);
	} else {
		gnutls_transport_set_int2(session, descriptor(),
					  descriptor() + 1);
	}
	errno = 42;
	do
		result = gnutls_handshake(session);
	while (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED);
	tell_errno("handshake");
	check(result, "agree");
	return session;
}

static ssize_t read_some(gnutls_session_t session, char *data, size_t size)
{
	unsigned char sequence[8];
	gnutls_packet_t packet;
	gnutls_datum_t bytes;
	ssize_t n;

	if (is_how("seq"))
		return gnutls_record_recv_seq(session, data, size, sequence);
	if (!is_how("packet"))
		return gnutls_record_recv(session, data, size);
	n = gnutls_record_recv_packet(session, &packet);
	if (n > 0) {
		gnutls_packet_get(packet, &bytes, sequence);
		memcpy(data, bytes.data, bytes.size);
	}
	gnutls_packet_deinit(packet);
	return n;
}

static ssize_t send_file(gnutls_session_t session, const char *data, size_t n)
{
	FILE *file = tmpfile();
	off_t offset = 3;
	ssize_t sent = -1;

	if (file && fwrite("xyz", 1, 3, file) == 3 &&
	    fwrite(data, 1, n, file) == n && fseek(file, 0, SEEK_SET) == 0)
		sent =
		    gnutls_record_send_file(session, fileno(file), &offset, n);
	if (file)
		fclose(file);
	return sent;
}

/* A file that a thread sends. */
struct sending {
	gnutls_session_t session;
	const char *data;
	size_t n;
	ssize_t sent;
};

static void *send_in_thread(void *arg)
{
	struct sending *sending = arg;

	sending->sent = send_file(sending->session, sending->data, sending->n);
	return NULL;
}

static ssize_t send_by_thread(gnutls_session_t session, const char *data,
			      size_t n)
{
	struct sending sending = {session, data, n, -1};
	char *stack = aligned_alloc(4096, STACK);
	pthread_attr_t attr;
	pthread_t thread;

	memset(stack, 0, STACK);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, STACK);
	pthread_create(&thread, &attr, send_in_thread, &sending);
	pthread_join(thread, NULL);
	if (n >= PIECE)
		fprintf(stderr, "%s\n",
			memmem(stack, STACK, data, PIECE) ? "left" : "wiped");
	free(stack);
	return sending.sent;
}

static ssize_t send_some(gnutls_session_t session, const char *data, size_t n)
{
	const gnutls_range_st range = {n, n + 16};
	size_t pad =
	    gnutls_protocol_get_version(session) == GNUTLS_TLS1_3 ? 5 : 0;

	if (is_how("seq"))
		return gnutls_record_send2(session, data, n, pad, 0);
	if (is_how("packet") && n < 1000 &&
	    gnutls_record_can_use_length_hiding(session))
		return gnutls_record_send_range(session, data, n, &range);
	if (is_how("file"))
		return send_file(session, data, n);
	if (is_how("wiped"))
		return send_by_thread(session, data, n);
	return gnutls_record_send(session, data, n);
}

static void send_all(gnutls_session_t session, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t sent = send_some(session, data, n);

		while (sent == GNUTLS_E_AGAIN)
			sent = is_how("flush")
				   ? gnutls_record_send(session, NULL, 0)
				   : gnutls_record_send(session, data, n);
		tell_errno("send");
		check((int)sent, "send");
		data += sent;
		n -= (size_t)sent;
	}
}

static void answer_line(gnutls_session_t session, const char *line, size_t n)
{
	static char big[BIG];

	if (is_how("cork"))
		gnutls_record_cork(session);
	send_all(session, "got ", 4);
	if (n >= 3 && memcmp(line, "big", 3) == 0) {
		for (size_t i = 0; i < BIG; i++)
			big[i] = (char)('a' + i % 23);
		send_all(session, big, BIG);
	}
	send_all(session, line, n);
	if (is_how("cork"))
		check(gnutls_record_uncork(session, GNUTLS_RECORD_WAIT),
		      "uncork");
}

/* Says a line as a client, and takes the answer. */
static void ask_line(gnutls_session_t session, const char *line)
{
	char answer[100] = "";
	ssize_t n;

	send_all(session, line, strlen(line));
	do {
		n = gnutls_record_recv(session, answer, sizeof answer);
		if (n != GNUTLS_E_AGAIN)
			check(n ? (int)n : GNUTLS_E_PREMATURE_TERMINATION,
			      "read");
	} while (!memchr(answer, '\n', sizeof answer));
}

static void serve_lines(gnutls_session_t session)
{
	static char line[65536];
	size_t len = 0;
	ssize_t n;

	while ((n = read_some(session, line + len, sizeof line - len)) != 0) {
		tell_errno("read");
		check((int)n, "read");
		len += (size_t)n;
		if (line[len - 1] != '\n')
			continue;
		answer_line(session, line, len);
		if (memcmp(line, "quit", 4) == 0)
			break;
		len = 0;
	}
	while (gnutls_bye(session, GNUTLS_SHUT_WR) == GNUTLS_E_AGAIN)
		;
}

int main(int argc, char **argv)
{
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;

	if (argc != 2)
		return 100;
	how = argv[1];
	check(gnutls_certificate_allocate_credentials(&credentials), "begin");
	check(gnutls_certificate_set_x509_key_file(
		  credentials, "cert.pem", "key.pem", GNUTLS_X509_FMT_PEM),
	      "read key.pem");
	session = begin_session(credentials);
	if (is_client()) {
		ask_line(session, "hello\r\n");
		ask_line(session, "quit\r\n");
		while (gnutls_bye(session, GNUTLS_SHUT_RDWR) == GNUTLS_E_AGAIN)
			;
	} else {
		serve_lines(session);
	}
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
	return 0;
}
