/*
 * Sessions with TLS that are measured.
 *
 *   tls-load answer              a program that answers each line by a line
 *   tls-load send BYTES          a program that sends a mail as POP3 does
 *   tls-load take                a program that takes a mail as SMTP does
 *   tls-load ask PORT LINES N    N clients in turn that say so many lines
 *   tls-load get PORT            a client of `send`
 *   tls-load put PORT BYTES      a client of `take`
 *
 * CERT names the file of the program's certificate and key, TLS_WAY how it uses
 * which library (enum way); "none" is a session without TLS, which the client
 * must be told as well.
 */
#include "tls_ways.h"

/* The structure may not be moved afterwards. */
static void begin_measured(struct tls *tls, bool is_server, int in, int out)
{
	enum way way = choose_way();

	*tls = (struct tls){
	    .way = is_server || way == NO_TLS ? way : OPENSSL_BLOCKING,
	    .is_server = is_server,
	    .in = in,
	    .out = out};
	if (!start_tls(tls))
		fail("the handshake");
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

static bool say_line(struct tls *tls, const char *line)
{
	return write_tls(tls, line, strlen(line));
}

static void ask_lines(struct tls *tls, int n)
{
	static const char line[] = "NOOP a line as long as usual\r\n";

	while (n-- > 0)
		if (!write_tls(tls, line, sizeof line - 1) || !read_lines(tls))
			fail("to ask");
	close_tls(tls);
}

/* Lines of 78 bytes, as base64 in mails, in writes of 16 KiB, and a dot. */
static void send_mail(struct tls *tls, uint64_t bytes)
{
	static char buf[16384 + 78];

	for (size_t i = 0; i < sizeof buf; i++)
		buf[i] = "x\r\n"[i % 78 > 75 ? i % 78 - 75 : 0];
	for (uint64_t n = 0; n < bytes; n += 16384)
		if (!write_tls(tls, buf + n % 78, 16384))
			fail("to send");
	if (!say_line(tls, "\r\n.\r\n"))
		fail("to end");
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
	struct tls tls;

	begin_measured(&tls, true, 0, 1);
	send_at_once(1);
	if (strcmp(argv[1], "take") == 0) {
		if (read_lines(&tls) && say_line(&tls, "354 go on\r\n"))
			read_all(&tls);
	} else if (strcmp(argv[1], "send") == 0) {
		if (say_line(&tls, "+OK hello\r\n") && read_lines(&tls) &&
		    say_line(&tls, "+OK it follows\r\n"))
			send_mail(&tls, strtoull(argv[2], NULL, 10));
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
	bool gets = strcmp(argv[1], "get") == 0;
	int fd = connect_to(argv[2]);
	struct tls tls;

	begin_measured(&tls, false, fd, fd);
	if (strcmp(argv[1], "ask") == 0) {
		ask_lines(&tls, atoi(argv[3]));
	} else if (gets) {
		if (!read_lines(&tls) || !say_line(&tls, "RETR 1\r\n"))
			fail("to ask");
	} else {
		if (!say_line(&tls, "DATA\r\n") || !read_lines(&tls))
			fail("to ask");
		send_mail(&tls, strtoull(argv[3], NULL, 10));
		close_tls(&tls);
	}
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
