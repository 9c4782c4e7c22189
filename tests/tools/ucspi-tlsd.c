/*
 * A server of UCSPI-TLS on OpenSSL, for programs under tcpserver or tcpclient,
 * since Debian 12 has neither s6-ucspitlsd nor sslserver:
 *
 *   ucspi-tlsd [-c] CERTIFICATE KEY PROGRAM...
 *
 * This process becomes PROGRAM, as s6-ucspitlsd does. Its child waits for a
 * byte on the control socket, speaks TLS on descriptors 0 and 1 (-c: as a
 * client on 6 and 7), answers "Y" with variables, and relays clear bytes. It
 * ends without TLS if the program closes the control socket, and without an
 * answer if the handshake fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

struct server {
	SSL *ssl;
	int in, out;  /* the connection */
	int from, to; /* the program's clear bytes */
};

static void die(const char *what)
{
	fprintf(stderr, "ucspi-tlsd: %s\n", what);
	_exit(111);
}

static void set_number(const char *name, int fd)
{
	char text[16];

	snprintf(text, sizeof text, "%d", fd);
	setenv(name, text, 1);
}

/* Waits until the call that failed can be tried again. False: it can't. */
static bool may_retry(const struct server *server, int result)
{
	struct pollfd p = {.fd = server->in};

	switch (SSL_get_error(server->ssl, result)) {
	case SSL_ERROR_WANT_READ: p.events = POLLIN; break;
	case SSL_ERROR_WANT_WRITE: p.events = POLLOUT; break;
	default: return false;
	}
	return poll(&p, 1, -1) > 0;
}

static void shake_hands(struct server *server, bool client)
{
	int n;

	do
		n = client ? SSL_connect(server->ssl) : SSL_accept(server->ssl);
	while (n <= 0 && may_retry(server, n));
	if (n <= 0)
		die("the handshake failed");
}

static void send_variables(const struct server *server, int control)
{
	const char *name =
	    SSL_get_servername(server->ssl, TLSEXT_NAMETYPE_host_name);
	char text[1024];
	int n = snprintf(text, sizeof text,
			 "SSL_PROTOCOL=%s%cSSL_CIPHER=%s%c"
			 "SSL_TLS_SNI_SERVERNAME%s%s%c%c",
			 SSL_get_version(server->ssl), 0,
			 SSL_get_cipher(server->ssl), 0, name ? "=" : "",
			 name ? name : "", 0, 0);

	if (write(control, text, (size_t)n) != n)
		die("unable to answer");
}

static bool write_all(int fd, const char *at, size_t len)
{
	ssize_t n;

	for (; len; at += n, len -= (size_t)n) {
		n = write(fd, at, len);
		if (n < 0)
			return false;
	}
	return true;
}

/* Reads records of the connection. False: there will be no more. */
static bool take_records(struct server *server)
{
	char buf[16384];
	int n, error;

	while ((n = SSL_read(server->ssl, buf, sizeof buf)) > 0)
		if (!write_all(server->to, buf, (size_t)n))
			return false;
	error = SSL_get_error(server->ssl, n);
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

/* Passes on bytes of the program. False: it has closed its descriptor. */
static bool give_records(struct server *server)
{
	char buf[16384];
	ssize_t len = read(server->from, buf, sizeof buf);
	int n;

	if (len <= 0) {
		SSL_shutdown(server->ssl);
		shutdown(server->out, SHUT_WR);
		return false;
	}
	do
		n = SSL_write(server->ssl, buf, (int)len);
	while (n <= 0 && may_retry(server, n));
	if (n <= 0)
		die("unable to write");
	return true;
}

static void relay_clear_bytes(struct server *server)
{
	struct pollfd p[] = {{server->in, POLLIN, 0},
			     {server->from, POLLIN, 0},
			     {server->to, 0, 0}};

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		if (poll(p, 3, -1) < 0)
			die("unable to poll");
		if (p[2].revents ||
		    (p[0].fd >= 0 && p[0].revents && !take_records(server))) {
			p[0].fd = p[2].fd = -1;
			close(server->to);
		}
		if (p[1].revents && !give_records(server))
			p[1].fd = -1;
	}
}

static SSL_CTX *make_context(bool client, char **argv)
{
	SSL_CTX *ctx =
	    SSL_CTX_new(client ? TLS_client_method() : TLS_server_method());

	if (!ctx)
		die("no memory");
	SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (!client &&
	    (SSL_CTX_use_certificate_file(ctx, argv[0], SSL_FILETYPE_PEM) <=
		 0 ||
	     SSL_CTX_use_PrivateKey_file(ctx, argv[1], SSL_FILETYPE_PEM) <= 0))
		die("unable to use the certificate");
	return ctx;
}

static void serve(struct server *server, int control, bool client, char **argv)
{
	char byte;

	if (read(control, &byte, 1) != 1)
		_exit(0);
	signal(SIGPIPE, SIG_IGN);
	server->ssl = SSL_new(make_context(client, argv));
	if (!server->ssl || !SSL_set_rfd(server->ssl, server->in) ||
	    !SSL_set_wfd(server->ssl, server->out))
		die("no memory");
	fcntl(server->in, F_SETFL, O_NONBLOCK);
	fcntl(server->out, F_SETFL, O_NONBLOCK);
	shake_hands(server, client);
	if (byte == 'Y')
		send_variables(server, control);
	close(control);
	relay_clear_bytes(server);
	_exit(0);
}

int main(int argc, char **argv)
{
	int control[2], clear_in[2], clear_out[2];
	bool client = argc > 1 && strcmp(argv[1], "-c") == 0;
	struct server server = {.in = client ? 6 : 0, .out = client ? 7 : 1};
	pid_t pid;

	argv += 1 + client;
	if (argc < 4 + client)
		die("usage: ucspi-tlsd [-c] CERTIFICATE KEY PROGRAM...");
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, control) < 0 ||
	    pipe(clear_in) < 0 || pipe(clear_out) < 0)
		die(strerror(errno));
	pid = fork();
	if (pid < 0)
		die(strerror(errno));
	if (pid == 0) {
		close(control[1]);
		close(clear_in[0]);
		close(clear_out[1]);
		server.to = clear_in[1];
		server.from = clear_out[0];
		serve(&server, control[0], client, argv);
	}
	close(control[0]);
	close(clear_in[1]);
	close(clear_out[0]);
	set_number("SSLCTLFD", control[1]);
	set_number("SSLREADFD", clear_in[0]);
	set_number("SSLWRITEFD", clear_out[1]);
	execvp(argv[2], argv + 2);
	die(strerror(errno));
}
