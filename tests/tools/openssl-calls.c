/*
 * openssl-calls HOW [CALL...]: a server of TLS on descriptor 0 by OpenSSL, with
 * key.pem and cert.pem. It answers each line with "got " and the line, "big"
 * with 40,000 bytes, and ends at "quit". Before TLS begins it forbids itself
 * these system calls, which fail from then on; see refused_calls. HOW names
 * what it does:
 *
 *   plain    SSL_read and SSL_write
 *   ex       SSL_read_ex and SSL_write_ex
 *   peek     SSL_peek and SSL_peek_ex before each byte that it reads
 *   dup      TLS on a duplicate of descriptor 0, whose number is used again
 *   two      the same, with one duplicate for each direction
 *   socket   TLS on a BIO that was made for the descriptor
 *   update   new keys after a line, in TLS 1.2 by another handshake
 *   renew    the same with memory BIOs
 *   partial  parts of a buffer, while the socket takes nothing more
 *   threads  each call in a thread of its own
 *   clear    the object was that of another session before
 *   half     ends its direction first, and reads the rest of the lines
 *   early    takes early data first
 *   bio      TLS is a BIO in a chain, so that the library calls itself
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

enum { BIG = 40000, LINE = 65536 };

static const char *how;
static SSL_CTX *context;
static SSL *ssl;
static BIO *chain, *incoming, *outgoing; /* of some HOW only */

static bool is_how(const char *name)
{
	return strcmp(how, name) == 0;
}

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "openssl-calls: fatal: unable to %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(111);
}

/* The calls that it can forbid itself. */
static const struct {
	const char *name;
	unsigned int number;
} refused_calls[] = {
    {"sendmsg", SYS_sendmsg}, {"recvfrom", SYS_recvfrom},
    {"getpid", SYS_getpid},   {"fstat", SYS_newfstatat},
    {"fcntl", SYS_fcntl},
};

static void refuse_call(const char *name)
{
	for (size_t i = 0; i < sizeof refused_calls / sizeof *refused_calls;
	     i++) {
		struct sock_filter code[] = {
		    BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			     offsetof(struct seccomp_data, nr)),
		    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused_calls[i].number,
			     0, 1),
		    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog program = {sizeof code / sizeof *code, code};

		if (strcmp(name, refused_calls[i].name) != 0)
			continue;
		check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
			  prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
				&program) == 0,
		      "forbid a system call");
		return;
	}
	check(false, "know a system call");
}

/* Memory BIOs: what the library has written goes out, and what it needs in. */
static void move_bytes(bool needs)
{
	char bytes[4096];
	int n;

	while ((n = BIO_read(outgoing, bytes, sizeof bytes)) > 0)
		check(write(0, bytes, (size_t)n) == n, "send");
	if (!needs)
		return;
	n = (int)read(0, bytes, sizeof bytes);
	if (n > 0)
		BIO_write(incoming, bytes, n);
	else
		BIO_set_mem_eof_return(incoming, 0);
}

/* Returns true if the call that has returned this is to be made again. */
static bool is_again(int result)
{
	int error = SSL_get_error(ssl, result);
	struct pollfd wait = {0, POLLIN, 0};

	if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
		return false;
	if (outgoing) {
		move_bytes(error == SSL_ERROR_WANT_READ);
	} else {
		if (error == SSL_ERROR_WANT_WRITE)
			wait.events = POLLOUT;
		poll(&wait, 1, -1);
	}
	return true;
}

static void shake_hands(void)
{
	int result;

	do
		result = SSL_do_handshake(ssl);
	while (result <= 0 && is_again(result));
	check(result == 1, "agree");
	if (outgoing)
		move_bytes(false);
}

/* The client of another session, in a thread. */
static void *ask_other(void *arg)
{
	SSL_CTX *own = SSL_CTX_new(TLS_client_method());
	SSL *client = SSL_new(own);
	char answer[8];

	SSL_set_fd(client, *(int *)arg);
	if (SSL_connect(client) == 1 && SSL_write(client, "SECRET", 6) == 6)
		SSL_read(client, answer, sizeof answer);
	SSL_shutdown(client);
	SSL_free(client);
	SSL_CTX_free(own);
	return NULL;
}

/* Uses the object of the session for another one, and clears it. */
static void serve_other(void)
{
	pthread_t client;
	char line[8];
	int pair[2];

	check(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "make a pair");
	pthread_create(&client, NULL, ask_other, &pair[1]);
	SSL_set_fd(ssl, pair[0]);
	check(SSL_accept(ssl) == 1, "agree with the other client");
	check(SSL_read(ssl, line, sizeof line) == 6, "hear the other client");
	SSL_write(ssl, "SECRET", 6);
	SSL_shutdown(ssl);
	pthread_join(client, NULL);
	check(SSL_clear(ssl) == 1, "clear");
	SSL_set_accept_state(ssl);
	close(pair[0]);
	close(pair[1]);
}

/* Takes the early data of a client that knows a ticket of another process. */
static void take_early_data(void)
{
	static unsigned char keys[80] = "not secret";
	char data[LINE];
	size_t n = 0;
	int result;

	SSL_CTX_set_tlsext_ticket_keys(context, keys, sizeof keys);
	SSL_set_options(ssl, SSL_OP_NO_ANTI_REPLAY);
	SSL_set_max_early_data(ssl, LINE);
	while ((result = SSL_read_early_data(ssl, data, sizeof data, &n)) ==
	       SSL_READ_EARLY_DATA_SUCCESS)
		fprintf(stderr, "early %.*s", (int)n, data);
	check(result == SSL_READ_EARLY_DATA_FINISH, "take early data");
}

static void begin_session(void)
{
	int size = 4096;

	ssl = SSL_new(context);
	SSL_set_accept_state(ssl);
	if (is_how("clear"))
		serve_other();
	if (is_how("dup")) {
		SSL_set_fd(ssl, dup(0));
	} else if (is_how("two")) {
		SSL_set_rfd(ssl, dup(0));
		SSL_set_wfd(ssl, dup(1));
	} else if (is_how("socket")) {
		BIO *bio = BIO_new_socket(0, BIO_NOCLOSE);

		SSL_set_bio(ssl, bio, bio);
	} else if (is_how("renew")) {
		incoming = BIO_new(BIO_s_mem());
		outgoing = BIO_new(BIO_s_mem());
		BIO_set_mem_eof_return(incoming, -1);
		SSL_set_bio(ssl, incoming, outgoing);
	} else if (is_how("bio")) {
		chain = BIO_new(BIO_f_ssl());
		SSL_set_fd(ssl, 0);
		BIO_set_ssl(chain, ssl, BIO_CLOSE);
		return;
	} else {
		SSL_set_fd(ssl, 0);
	}
	if (is_how("dup") || is_how("two")) {
		close(0);
		check(open("/dev/null", O_RDWR) == 0, "open /dev/null");
	}
	if (is_how("partial")) {
		SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
		setsockopt(0, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
		fcntl(0, F_SETFL, O_NONBLOCK);
	}
	if (is_how("early"))
		take_early_data();
	shake_hands();
}

/* A call, with what it needs, for a thread. */
struct call {
	char *data;
	size_t size;
	bool reads;
	int result;
};

static int read_once(char *data, size_t size)
{
	size_t n = 0;

	if (is_how("bio"))
		return BIO_read(chain, data, (int)size);
	if (is_how("peek")) {
		char other[4];

		if (SSL_peek(ssl, other, sizeof other) > 0)
			SSL_peek_ex(ssl, other, sizeof other, &n);
		return SSL_read(ssl, data, 1);
	}
	if (is_how("ex"))
		return SSL_read_ex(ssl, data, size, &n) ? (int)n : 0;
	return SSL_read(ssl, data, (int)size);
}

static int write_once(const char *data, size_t size)
{
	size_t n = 0;

	if (is_how("bio"))
		return BIO_write(chain, data, (int)size);
	if (is_how("ex"))
		return SSL_write_ex(ssl, data, size, &n) ? (int)n : 0;
	return SSL_write(ssl, data, (int)size);
}

static void *make_call(void *arg)
{
	struct call *call = arg;

	call->result = call->reads ? read_once(call->data, call->size)
				   : write_once(call->data, call->size);
	return NULL;
}

static int call_once(struct call *call)
{
	pthread_t thread;

	if (!is_how("threads")) {
		make_call(call);
	} else {
		pthread_create(&thread, NULL, make_call, call);
		pthread_join(thread, NULL);
	}
	return call->result;
}

static int read_some(char *data, size_t size)
{
	struct call call = {data, size, true, 0};

	while (call_once(&call) <= 0 && !is_how("bio"))
		if (!is_again(call.result))
			break;
	return call.result;
}

static void send_all(const char *data, size_t n)
{
	while (n > 0) {
		struct call call = {(char *)data, n, false, 0};

		while (call_once(&call) <= 0)
			check(!is_how("bio") && is_again(call.result), "send");
		data += call.result;
		n -= (size_t)call.result;
		if (outgoing)
			move_bytes(false);
	}
}

/* The next bytes have other keys, in 1.2 with another random. */
static void renew_keys(void)
{
	if (SSL_version(ssl) == TLS1_3_VERSION)
		check(SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1,
		      "change keys");
	else
		check(SSL_renegotiate(ssl) == 1, "change keys");
	shake_hands();
}

static void answer_line(const char *line, size_t n)
{
	static char big[BIG];

	/* The client's part of it needs a later read. */
	if ((is_how("update") || is_how("renew")) && line[0] != 'q')
		renew_keys();
	send_all("got ", 4);
	if (n >= 3 && memcmp(line, "big", 3) == 0) {
		for (size_t i = 0; i < BIG; i++)
			big[i] = (char)('a' + i % 23);
		send_all(big, BIG);
	}
	send_all(line, n);
}

int main(int argc, char **argv)
{
	static char line[LINE];
	bool ended = false;
	size_t len = 0;
	int n;

	if (argc < 2)
		return 100;
	how = argv[1];
	signal(SIGPIPE, SIG_IGN);
	context = SSL_CTX_new(TLS_server_method());
	check(SSL_CTX_use_certificate_file(context, "cert.pem",
					   SSL_FILETYPE_PEM) == 1 &&
		  SSL_CTX_use_PrivateKey_file(context, "key.pem",
					      SSL_FILETYPE_PEM) == 1,
	      "read key.pem");
	for (int i = 2; i < argc; i++)
		refuse_call(argv[i]);
	begin_session();
	while ((n = read_some(line + len, sizeof line - len)) > 0) {
		len += (size_t)n;
		if (line[len - 1] != '\n')
			continue;
		if (!ended)
			answer_line(line, len);
		if (memcmp(line, "quit", 4) == 0 && !is_how("half"))
			break;
		if (memcmp(line, "quit", 4) == 0)
			ended = SSL_shutdown(ssl) >= 0;
		len = 0;
	}
	SSL_shutdown(ssl);
	if (outgoing)
		move_bytes(false);
	return 0;
}
