/*
 * clear-reader [-c] [-w NAME] [-g N] [-a N] [-o] [-u N] FILE OBJECT PROG
 * [ARG...]: plays the relay's end of the channel of clear bytes
 * (base/clear_channel.h): runs PROG with OBJECT preloaded, and writes the
 * packets to FILE, a line each, the bytes that the program took to FILE.in and
 * those that it gave to FILE.out. The session is the one of descriptors 0
 * and 1.
 *
 *   -c       the program is a client, and the session that of descriptors 6 and
 * 7 -w NAME  the channel is small, and is not read until the file NAME exists;
 *            NAME.read is made when it was read to its end
 *   -g N     closes the channel after N packets
 *   -a N     grants counts (struct clear_grant) after each of the first N
 *            packets of bytes, of those that the program takes
 *   -o       and with -o of those that it gives
 *   -u N     needs no bytes that the program takes (0) or gives (1)
 *
 * A line has the kind of the packet, "D" for a session known by descriptor, the
 * first bytes of the random, and the payload; of counts the bytes, the lines
 * and the last bytes. A grant is a line, too. Exits as PROG does, with 128 and
 * the signal's number if a signal has ended it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/wait.h>

#include "base/clear_channel.h"
#include "base/companion.h"

enum { SHOWN = 200 };

struct options {
	bool is_client;
	long packets, grants;
	uint8_t granted;
	bool unneeded[2];
	const char *wait_for, *file, *object;
	char **program;
};

struct reader {
	FILE *lines, *bytes[2];
	uint64_t lost_records, lost_bytes;
	int fd;
	long grants;
	uint8_t granted;
};

static void die(const char *what)
{
	fprintf(stderr, "clear-reader: fatal: unable to %s: %s\n", what,
		strerror(errno));
	exit(111);
}

static void read_options(struct options *options, int argc, char **argv)
{
	int c;

	options->packets = -1;
	while ((c = getopt(argc, argv, "+cw:g:a:ou:")) >= 0)
		switch (c) {
		case 'c': options->is_client = true; break;
		case 'w': options->wait_for = optarg; break;
		case 'g': options->packets = atol(optarg); break;
		case 'a': options->grants = atol(optarg); break;
		case 'o': options->granted = 1; break;
		case 'u': options->unneeded[atoi(optarg) & 1] = true; break;
		default: exit(100);
		}
	if (argc - optind < 3)
		exit(100);
	options->file = argv[optind];
	options->object = argv[optind + 1];
	options->program = argv + optind + 2;
}

/* Places the program's end, and sets the variables. */
static void set_environment(const struct options *options, int end)
{
	struct clear_channel channel = {
	    .is_client = options->is_client,
	    .unneeded = {options->unneeded[0], options->unneeded[1]}};
	char word[CLEAR_CHANNEL_TEXT], text[4096 + CLEAR_CHANNEL_TEXT];
	int first = options->is_client ? 6 : 0;

	channel.fd = fcntl(end, F_DUPFD, 900);
	if (channel.fd < 0 ||
	    file_identity_get(&channel.channel, channel.fd) < 0 ||
	    file_identity_get(&channel.session[0], first) < 0 ||
	    file_identity_get(&channel.session[1], first + 1) < 0)
		die("describe the channel");
	close(end);
	clear_channel_write(word, &channel);
	snprintf(text, sizeof text, "%s %s", options->object, word);
	setenv(COMPANION_VARIABLE, text, 1);
	setenv("LD_PRELOAD", options->object, 1);
}

static void show_bytes(FILE *out, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n')
			fputs("\\n", out);
		else if (c == '\r')
			fputs("\\r", out);
		else if (c < ' ' || c > '~' || c == '\\')
			fprintf(out, "\\%02x", c);
		else
			putc(c, out);
	}
	putc('\n', out);
}

static void show_loss(struct reader *reader, const struct clear_head *head)
{
	if (head->lost_records == reader->lost_records &&
	    head->lost_bytes == reader->lost_bytes)
		return;
	reader->lost_records = head->lost_records;
	reader->lost_bytes = head->lost_bytes;
	fprintf(reader->lines, "lost %llu %llu\n",
		(unsigned long long)head->lost_records,
		(unsigned long long)head->lost_bytes);
}

static void show_counts(const struct reader *reader, const char *payload,
			size_t n)
{
	struct clear_content content;

	if (n != sizeof content)
		die("read counts");
	memcpy(&content, payload, n);
	fprintf(reader->lines, "%llu %llu ", (unsigned long long)content.bytes,
		(unsigned long long)content.lines);
	show_bytes(reader->lines, content.last, sizeof content.last);
}

/* Grants counts if any grant is left. */
static void grant_counts(struct reader *reader, uint32_t number)
{
	const struct clear_grant grant = {.number = number,
					  .dir = reader->granted};

	if (reader->grants-- <= 0)
		return;
	if (send(reader->fd, &grant, sizeof grant, MSG_NOSIGNAL) !=
	    (ssize_t)sizeof grant)
		die("send a grant");
	fputs("grant\n", reader->lines);
	fflush(reader->lines);
}

static void show_packet(struct reader *reader, const struct clear_head *head,
			const char *payload, size_t n)
{
	static const char *const kinds[] = {
	    "loaded", "hello", NULL, "trouble", "loss", "begun", "content"};
	const char *kind = head->kind == CLEAR_DATA ? (head->dir ? ">" : "<")
						    : kinds[head->kind];

	show_loss(reader, head);
	fprintf(reader->lines, "%s %c %02x%02x%02x%02x ", kind,
		head->by_descriptor ? 'D' : '-', head->random[0],
		head->random[1], head->random[2], head->random[3]);
	if (head->kind == CLEAR_CONTENT)
		show_counts(reader, payload, n);
	else
		show_bytes(reader->lines, payload, n);
	fflush(reader->lines);
	if (head->kind == CLEAR_DATA) {
		grant_counts(reader, head->number);
		fwrite(payload, 1, n, reader->bytes[head->dir & 1]);
		fflush(reader->bytes[head->dir & 1]);
	}
}

static FILE *open_file(const char *path, const char *suffix)
{
	char name[4096];
	FILE *file;

	snprintf(name, sizeof name, "%s%s", path, suffix);
	file = fopen(name, "we");
	if (!file)
		die("open a file");
	return file;
}

/* Reads one packet. False if there is none. */
static bool read_packet(int fd, struct reader *reader, int flags)
{
	static char packet[sizeof(struct clear_head) + CLEAR_DATA_MAX + 1];
	struct clear_head head;
	ssize_t n = recv(fd, packet, sizeof packet, flags);

	if (n == 0 || (n < 0 && (errno == ECONNRESET || errno == EAGAIN)))
		return false;
	if (n < (ssize_t)sizeof head || n == sizeof packet)
		die("read a packet");
	memcpy(&head, packet, sizeof head);
	show_packet(reader, &head, packet + sizeof head,
		    (size_t)n - sizeof head);
	return true;
}

/* Waits for the file, and tells by another one that the channel is empty. */
static void wait_for_file(const char *name, int fd, struct reader *reader)
{
	while (access(name, F_OK) < 0)
		usleep(10000);
	while (read_packet(fd, reader, MSG_DONTWAIT))
		;
	fclose(open_file(name, ".read"));
}

static void read_channel(const struct options *options, int fd)
{
	struct reader reader = {
	    open_file(options->file, ""),
	    {open_file(options->file, ".in"), open_file(options->file, ".out")},
	    0,
	    0,
	    fd,
	    options->grants,
	    options->granted};

	if (options->wait_for)
		wait_for_file(options->wait_for, fd, &reader);
	for (long i = 0; i != options->packets; i++)
		if (!read_packet(fd, &reader, 0))
			break;
	close(fd);
}

int main(int argc, char **argv)
{
	struct options options = {0};
	int ends[2], status, small = 1;
	pid_t pid;

	read_options(&options, argc, argv);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		die("make a channel");
	if (options.wait_for)
		setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &small,
			   sizeof small);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		set_environment(&options, ends[1]);
		execvp(options.program[0], options.program);
		die("run the program");
	}
	close(ends[1]);
	close(0);
	close(1);
	if (options.is_client) {
		close(6);
		close(7);
	}
	read_channel(&options, ends[0]);
	if (waitpid(pid, &status, 0) < 0)
		die("wait");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
