/*
 * Sessions with TLS that are measured.
 *
 *   tls-load answer              a program that answers each line by a line
 *   tls-load send BYTES          a program that waits for a line and sends
 *   tls-load take                a program that reads to the end
 *   tls-load ask PORT LINES N    N clients in turn that say so many lines
 *   tls-load get PORT            a client that says a line and reads to the end
 *   tls-load put PORT BYTES      a client that sends a mail as SMTP does
 *
 * CERT names the file of the program's certificate and key, TLS_WAY how it uses
 * which library (enum way).
 */
#include "tls_ways.h"

static struct tls begin_measured(bool is_server, int in, int out)
{
	struct tls tls = {.way = is_server ? choose_way() : OPENSSL_BLOCKING,
			  .is_server = is_server,
			  .in = in,
			  .out = out};

	if (!start_tls(&tls))
		fail("the handshake");
	return tls;
}

/* Reads what ends with a line. False at the end. */
static bool read_lines(struct tls *tls)
{
	char buf[16384];
	ssize_t n;

	do
		n = read_tls(tls, buf, sizeof buf);
	while (n > 0 && buf[n - 1] != '\n');
	return n > 0;
}

static void ask_lines(struct tls *tls, int n)
{
	static const char line[] = "NOOP a line as long as usual\r\n";

	while (n-- > 0)
		if (!write_tls(tls, line, sizeof line - 1) || !read_lines(tls))
			fail("to ask");
	close_tls(tls);
}

static void send_lines(struct tls *tls, uint64_t bytes)
{
	static char buf[16384];

	for (size_t i = 0; i < sizeof buf; i++)
		buf[i] = "x\r\n"[i % 64 > 61 ? i % 64 - 61 : 0];
	for (uint64_t n = 0; n < bytes; n += sizeof buf)
		if (!write_tls(tls, buf, sizeof buf))
			fail("to send");
	close_tls(tls);
}

static void read_all(struct tls *tls)
{
	static char buf[16384];

	while (read_tls(tls, buf, sizeof buf) > 0)
		continue;
}

static int measure_program(char **argv)
{
	static const char said[] = "250 that is well said\r\n";
	struct tls tls = begin_measured(true, 0, 1);

	send_at_once(1);
	if (strcmp(argv[1], "take") == 0) {
		read_all(&tls);
	} else if (strcmp(argv[1], "send") == 0) {
		if (read_lines(&tls))
			send_lines(&tls, strtoull(argv[2], NULL, 10));
	} else {
		while (read_lines(&tls))
			if (!write_tls(&tls, said, sizeof said - 1))
				break;
	}
	close_tls(&tls);
	return 0;
}

static void measure_session(char **argv)
{
	static const char line[] = "DATA\r\n";
	int fd = connect_to(argv[2]);
	struct tls tls = begin_measured(false, fd, fd);

	if (strcmp(argv[1], "ask") == 0)
		ask_lines(&tls, atoi(argv[3]));
	else if (!write_tls(&tls, line, sizeof line - 1))
		fail("to ask");
	else if (strcmp(argv[1], "put") == 0)
		send_lines(&tls, strtoull(argv[3], NULL, 10));
	read_all(&tls);
	SSL_free(tls.ssl);
	close(fd);
}

static int measure_client(char **argv)
{
	int n = strcmp(argv[1], "ask") == 0 ? atoi(argv[4]) : 1;

	while (n-- > 0)
		measure_session(argv);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	if (strcmp(verb, "answer") == 0 || strcmp(verb, "take") == 0 ||
	    (argc == 3 && strcmp(verb, "send") == 0))
		return measure_program(argv);
	if ((argc == 5 && strcmp(verb, "ask") == 0) ||
	    (argc == 4 && strcmp(verb, "put") == 0) ||
	    (argc == 3 && strcmp(verb, "get") == 0))
		return measure_client(argv);
	fputs("usage: tls-load answer|send|take|ask|get|put ...\n", stderr);
	return 100;
}
